import { describe, expect, it } from 'vitest';
import { type Columns, sharedColumns } from '#core/model/columns.ts';
import { LOG_KIND } from '#core/model/strategy-abi.ts';
import { eventsOf, fillsOf, logRows } from './log-rows.ts';
import { tradesOf, type TradeNames } from './trades.ts';

const HOUR = 3_600_000;

/** Hourly bars from [open, high, low, close]. */
function bars(rows: readonly (readonly [number, number, number, number])[]): Columns {
  const columns = sharedColumns(rows.length);
  for (const [i, [open, high, low, close]] of rows.entries()) {
    columns.time[i] = i * HOUR;
    columns.open[i] = open;
    columns.high[i] = high;
    columns.low[i] = low;
    columns.close[i] = close;
  }
  return columns;
}

const log = (...rows: readonly (readonly number[])[]): Float64Array => Float64Array.from(rows.flat());
const names: TradeNames = {
  market: 'BTC/USDT',
  setups: ['breakout', null],
  reasonOf: ({ kind, rule }) => (kind === 'exit' && rule === 0 ? 'target reached' : null),
};
const flatBars = bars([
  [100, 101, 99, 100],
  [100, 110, 95, 105],
  [105, 120, 104, 110],
  [110, 200, 50, 110],
]);

describe('log rows', () => {
  it('come out as fills and events in order', () => {
    const rows = log(
      [LOG_KIND.entry, 1, 2, 100.5, 100, 0.2, 0],
      [LOG_KIND.droppedInvalid, 2, Number.NaN, 110, 110, 0, 1],
      [LOG_KIND.cutToCash, 2, 7, 110, 110, 0, 1],
      [LOG_KIND.stop, 3, -2, 90, 91, 0.18, -1],
    );
    expect(logRows(rows).map((row) => row.kind)).toEqual(['entry', 'droppedInvalid', 'cutToCash', 'stop']);
    expect(eventsOf(rows).map((event) => event.qty)).toEqual([null, 7]);
    expect(fillsOf(rows)[1]).toEqual({ type: 'fill', kind: 'stop', bar: 3, qty: -2, price: 90, refPrice: 91, fee: 0.18, rule: -1 });
  });

  it('of an unknown kind or a broken length are refused', () => {
    expect(() => logRows(log([99, 0, 0, 0, 0, 0, 0]))).toThrow(/kind 99/);
    expect(() => logRows(Float64Array.of(1, 2, 3))).toThrow(/3 numbers/);
  });
});

describe('tradesOf', () => {
  it('gives each part of a position its share of what holding it cost', () => {
    const rows = tradesOf(
      log(
        [LOG_KIND.entry, 1, 2, 100, 100, 0, 0],
        [LOG_KIND.funding, 2, 2, 105, 0.01, 2, -1],
        [LOG_KIND.add, 2, 1, 105, 105, 0, 0],
        [LOG_KIND.borrow, 3, 3, 110, 0.1, 3, -1],
        [LOG_KIND.exit, 3, -1, 110, 110, 0, 0],
        [LOG_KIND.exit, 3, -2, 110, 110, 0, 1],
      ),
      flatBars,
      names,
    );
    // The first two bear 2 + 2, the third 1: half of the first two leave, then the other half and the third.
    expect(rows.map(({ carry, profit }) => [carry, profit])).toEqual([
      [2, 8],
      [3, 12],
    ]);
  });

  it('makes one row of a long position with its costs, moves and reason', () => {
    const rows = tradesOf(log([LOG_KIND.entry, 1, 2, 100, 100, 0.2, 0], [LOG_KIND.exit, 3, -2, 110, 110, 0.22, 0]), flatBars, names);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      positionId: 1,
      market: 'BTC/USDT',
      side: 'long',
      setup: 'breakout',
      entryTime: HOUR,
      entryPrice: 100,
      exitTime: 3 * HOUR,
      exitPrice: 110,
      qty: 2,
      bars: 2,
      exitReason: 'target reached',
    });
    // 2 * 10 gained, 0.42 paid; of an entry value of 200.
    expect(rows[0]!.fees).toBeCloseTo(0.42, 12);
    expect(rows[0]!.profit).toBeCloseTo(19.58, 12);
    expect(rows[0]!.profitPct).toBeCloseTo(9.79, 12);
    // Bars 1 and 2: low 95, high 120. Bar 3's 50 and 200 come after the exit at its open.
    expect(rows[0]!.mae).toBeCloseTo(5, 12);
    expect(rows[0]!.mfe).toBeCloseTo(20, 12);
  });

  it('turns the moves around for a short position and counts the exit price itself', () => {
    const rows = tradesOf(log([LOG_KIND.entry, 1, -1, 100, 100, 0, 1], [LOG_KIND.stop, 2, 1, 130, 130, 0, -1]), flatBars, names);
    expect(rows[0]).toMatchObject({ side: 'short', setup: null, profit: -30, profitPct: -30, exitReason: 'stop', bars: 1 });
    expect(rows[0]!.mae).toBeCloseTo(30, 12);
    expect(rows[0]!.mfe).toBeCloseTo(5, 12);
  });

  it('does not look at the entry bar when fills happen at its close', () => {
    const fills = log([LOG_KIND.entry, 1, 1, 105, 105, 0, 0], [LOG_KIND.exit, 2, -1, 110, 110, 0, 1]);
    const row = tradesOf(fills, flatBars, { ...names, fillAt: 'close' })[0]!;
    expect(row.mae).toBeCloseTo((1 / 105) * 100, 12);
    expect(row.mfe).toBeCloseTo((15 / 105) * 100, 12);
  });

  it('gives each partial exit its row and its share of the entry fee', () => {
    const rows = tradesOf(
      log([LOG_KIND.entry, 0, 4, 100, 100, 0.4, 0], [LOG_KIND.exit, 1, -1, 100, 100, 0.1, 1], [LOG_KIND.trail, 2, -3, 105, 105, 0.3, -1]),
      flatBars,
      names,
    );
    expect(rows.map((row) => row.positionId)).toEqual([1, 1]);
    expect(rows.map((row) => row.exitReason)).toEqual(['exit', 'trail']);
    expect(rows[0]!.fees).toBeCloseTo(0.2, 12);
    expect(rows[1]!.fees).toBeCloseTo(0.6, 12);
    expect(rows[0]!.profit).toBeCloseTo(-0.2, 12);
    expect(rows[1]!.profit).toBeCloseTo(14.4, 12);
  });

  it('matches several entries first in, first out', () => {
    const rows = tradesOf(
      log(
        [LOG_KIND.entry, 0, 1, 100, 100, 0, 0],
        [LOG_KIND.entry, 1, 2, 110, 110, 0, 1],
        [LOG_KIND.exit, 2, -2, 120, 120, 0, 1],
        [LOG_KIND.end, 3, -1, 120, 120, 0, -1],
      ),
      flatBars,
      names,
    );
    // The first exit takes 1 at 100 and 1 at 110, the second 1 at 110.
    expect(rows.map((row) => [row.entryPrice, row.profit, row.setup, row.entryTime, row.exitReason])).toEqual([
      [105, 30, 'breakout', 0, 'exit'],
      [110, 10, null, HOUR, 'end'],
    ]);
  });

  it('keeps an open remainder as a row without exit and profit', () => {
    const rows = tradesOf(log([LOG_KIND.entry, 1, 2, 100, 100, 0.2, 0], [LOG_KIND.exit, 2, -1, 110, 110, 0.1, 1]), flatBars, names);
    expect(rows).toHaveLength(2);
    expect(rows[1]).toMatchObject({
      exitTime: null,
      exitPrice: null,
      profit: null,
      profitPct: null,
      qty: 1,
      fees: 0.1,
      bars: 2,
      exitReason: 'open',
    });
    expect(rows[1]!.mfe).toBeCloseTo(100, 12);
    expect(tradesOf(log([LOG_KIND.entry, 1, 2, 100, 100, 0.2, 0]), flatBars, names, 3)[0]!.bars).toBe(1);
  });

  it('calls an exit a reversal when the other side opens with it, unless its rule has a text', () => {
    const reversal = (rule: number): string =>
      tradesOf(
        log([LOG_KIND.entry, 0, 1, 100, 100, 0, 0], [LOG_KIND.exit, 2, -1, 105, 105, 0, rule], [LOG_KIND.entry, 2, -1, 105, 105, 0, 1]),
        flatBars,
        names,
      )[0]!.exitReason;
    expect(reversal(1)).toBe('reverse');
    expect(reversal(0)).toBe('target reached');
    const rows = tradesOf(
      log([LOG_KIND.entry, 0, 1, 100, 100, 0, 0], [LOG_KIND.exit, 2, -1, 105, 105, 0, 1], [LOG_KIND.entry, 2, 1, 105, 105, 0, 1]),
      flatBars,
      names,
    );
    expect(rows.map((row) => [row.positionId, row.exitReason])).toEqual([
      [1, 'exit'],
      [2, 'open'],
    ]);
  });

  it('refuses a log that cannot be', () => {
    expect(() => tradesOf(log([LOG_KIND.exit, 1, -1, 1, 1, 0, 0]), flatBars, names)).toThrow(/without a position/);
    expect(() => tradesOf(log([LOG_KIND.entry, 0, 1, 1, 1, 0, 0], [LOG_KIND.exit, 1, -2, 1, 1, 0, 0]), flatBars, names)).toThrow(
      /more than/,
    );
  });
});
