import { describe, expect, it } from 'vitest';
import { sharedColumns } from '#core/model/columns.ts';
import { LOG_KIND } from '#core/model/strategy-abi.ts';
import { fillsOf } from '../log-rows.ts';
import { tradesOf } from '../trades.ts';
import { type DoubtedRun, doubtsOf } from './doubts.ts';
import { type Metrics, metricsOf } from './metrics.ts';

const DAY = 86_400_000;

/** Daily bars, and positions of one unit that are held for one bar each, with the given profits. */
function runOf(profits: readonly number[], metrics: Partial<Metrics> = {}): DoubtedRun {
  const bars = profits.length * 2 + 3;
  const columns = sharedColumns(bars);
  for (let i = 0; i < bars; i++) {
    columns.time[i] = i * DAY;
    columns.open[i] = columns.close[i] = 100 + i;
    columns.high[i] = 101 + i;
    columns.low[i] = 99 + i;
    columns.volume[i] = 5;
  }
  const log = profits.flatMap((profit, n) =>
    [
      [LOG_KIND.entry, 1 + 2 * n, 1, 100, 100, 0, 0],
      [LOG_KIND.exit, 2 + 2 * n, -1, 100 + profit, 100 + profit, 0, 0],
    ].flat(),
  );
  const fills = fillsOf(Float64Array.from(log));
  const trades = tradesOf(Float64Array.from(log), columns, { market: 'X', setups: [null], reasonOf: () => null });
  const equity = new Float64Array(bars).fill(1000);
  const own = metricsOf({ columns, equity, from: 0, to: bars, capital: 1000, fills, trades });
  return { columns, from: 0, to: bars, fills, trades, metrics: { ...own, ...metrics } };
}

const kinds = (run: DoubtedRun): string[] => doubtsOf(run).map(({ kind }) => kind);
const many = Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? 3 : -2));

describe('doubts', () => {
  it('are none about a plain result, nor about no trade at all', () => {
    expect(kinds(runOf(many))).toEqual([]);
    expect(kinds(runOf([]))).toEqual([]);
  });

  it('are about few trades: 29, not 30', () => {
    expect(doubtsOf(runOf(many.slice(0, 29)))).toEqual([{ kind: 'fewTrades', count: 29 }]);
    expect(kinds(runOf([5]))).toEqual(['fewTrades']);
  });

  it('are about a profit that one trade made', () => {
    expect(doubtsOf(runOf([...many, 100]))).toContainEqual({ kind: 'oneTrade', sharePct: (100 / 115) * 100 });
    expect(kinds(runOf([...many, 15]))).toEqual([]);
    // Of a loss there is no share.
    expect(kinds(runOf([...many, 100, -200]))).toEqual([]);
  });

  it('are about much profit without a drawdown, not about less, deeper, or with a market that rose as much', () => {
    const good = { netProfitPct: 31, buyAndHoldPct: 10, maxDrawdownPct: 1.9 };
    expect(doubtsOf(runOf(many, good))).toEqual([{ kind: 'tooGood', ...good }]);
    expect(kinds(runOf(many, { ...good, buyAndHoldPct: -50 }))).toEqual(['tooGood']);
    for (const other of [
      { netProfitPct: 29 },
      { maxDrawdownPct: 2 },
      { buyAndHoldPct: 20 },
      { netProfitPct: 9, buyAndHoldPct: 0 },
      { buyAndHoldPct: null },
    ])
      expect(kinds(runOf(many, { ...good, ...other }))).toEqual([]);
  });

  it('are about a Sharpe ratio that holds for a month', () => {
    expect(kinds(runOf(many, { sharpe: 4.1 }))).toEqual(['highSharpe']);
    expect(kinds(runOf(many, { sharpe: 4 }))).toEqual([]);
    // 13 bars.
    expect(kinds(runOf([3, 3, 3, 3, 3], { sharpe: 9 }))).toEqual(['fewTrades']);
  });

  it('are about fills where nobody traded: no volume, or one price that has not moved', () => {
    const quiet = runOf(many);
    quiet.columns.volume[3] = 0;
    expect(doubtsOf(quiet)).toEqual([{ kind: 'stalePrices', fills: 1, of: 60, firstTime: 3 * DAY }]);
    const still = runOf(many);
    for (const name of ['open', 'high', 'low', 'close'] as const) still.columns[name][4] = still.columns.close[3]!;
    expect(doubtsOf(still)).toEqual([{ kind: 'stalePrices', fills: 1, of: 60, firstTime: 4 * DAY }]);
    // One price that is a new one is a trade; without any volume in the data, none of it says anything.
    for (const name of ['open', 'high', 'low', 'close'] as const) still.columns[name][4] = 500;
    expect(kinds(still)).toEqual([]);
    quiet.columns.volume.fill(0);
    expect(kinds(quiet)).toEqual([]);
  });
});
