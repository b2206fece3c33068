import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bar } from '#core/model/bar.ts';
import { barsOf } from '#core/model/columns.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { barsFromTrades } from '../bars-from-trades/bars-from-trades.ts';
import { LiveBars, type LiveNote, type LiveTrade } from './live-bars.ts';
import { noteText } from './note-text.ts';

const MINUTE = 60_000;
const START = Date.UTC(2024, 0, 1);
const TIMEFRAME = parseTimeframe('1m') ?? expect.fail();
const LATENESS = 5000;

interface Made {
  readonly live: LiveBars;
  readonly bars: Bar[];
  readonly notes: LiveNote[];
}

function builder(latenessMs = LATENESS): Made {
  const bars: Bar[] = [];
  const notes: LiveNote[] = [];
  const live = new LiveBars({
    timeframe: TIMEFRAME,
    latenessMs,
    onBar: (bar) => void bars.push(bar),
    onNote: (note) => void notes.push(note),
  });
  return { live, bars, notes };
}

function history(trades: readonly LiveTrade[]): readonly Bar[] {
  const of = (value: (trade: LiveTrade) => number): Float64Array => Float64Array.from(trades, value);
  const { columns } = barsFromTrades(
    { time: of(({ time }) => time), price: of(({ price }) => price), qty: of(({ qty }) => qty) },
    { kind: 'time', timeframe: TIMEFRAME },
  );
  return barsOf(columns);
}

/** Trades in the order of the venue, with the time that each took to come. */
const recording = fc
  .array(
    fc.record({
      wait: fc.integer({ min: 0, max: 20_000 }),
      cents: fc.integer({ min: 1, max: 500 }),
      qty: fc.double({ min: 1e-8, max: 1e6, noNaN: true }),
      delay: fc.integer({ min: 0, max: LATENESS }),
      isTwice: fc.boolean(),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((rows) => {
    let time = START;
    return rows.map(({ wait, cents, qty, delay, isTwice }, id) => {
      time += wait;
      return { trade: { id, time, price: cents / 100, qty }, delay, isTwice };
    });
  });

describe('bars made live', () => {
  test('are those of history in every bit, in whatever order and however often trades come within the lateness, by whatever clock', () => {
    fc.assert(
      fc.property(recording, fc.integer({ min: -1e9, max: 1e9 }), fc.boolean(), (rows, clockOff, isWatched) => {
        const { live, bars, notes } = builder();
        const arrivals = rows
          .flatMap(({ trade, delay, isTwice }) => [
            { trade, at: trade.time + delay },
            ...(isTwice ? [{ trade, at: trade.time + LATENESS }] : []),
          ])
          .toSorted((a, b) => a.at - b.at);
        for (const { trade, at } of arrivals) {
          // The clock of this machine is another one, and looked at before each trade.
          if (isWatched) live.passLocalTime(at + clockOff);
          live.addTrade(trade, at + clockOff);
        }
        live.passTime(Infinity);
        expect(bars).toEqual(history(rows.map(({ trade }) => trade)));
        expect(notes).toEqual([]);
        expect(live.duplicates).toBe(rows.filter(({ isTwice }) => isTwice).length);
      }),
    );
  });

  test('end once, in order, and never before their end', () => {
    fc.assert(
      fc.property(recording, (rows) => {
        const { live, bars } = builder();
        for (const { trade } of rows) {
          const before = bars.length;
          live.addTrade(trade);
          for (const bar of bars.slice(before)) expect(bar.time + MINUTE + LATENESS).toBeLessThanOrEqual(trade.time);
        }
        expect(bars.map(({ time }) => time)).toEqual([...new Set(bars.map(({ time }) => time))].toSorted((a, b) => a - b));
      }),
    );
  });
});

const candle = (minute: number, close: number): Bar => ({ time: START + minute * MINUTE, open: 100, high: 110, low: 90, close, volume: 5 });
const trade = (id: number, second: number, price: number, qty = 1): LiveTrade => ({ id, time: START + second * 1000, price, qty });

describe('what does not fit is told', () => {
  test('a trade that is too late is in no bar, and both bars are told', () => {
    const { live, bars, notes } = builder();
    for (const one of [trade(1, 10, 100), trade(2, 70, 101), trade(3, 50, 120)]) live.addTrade(one);
    expect(bars).toEqual([{ time: START, open: 100, high: 100, low: 100, close: 100, volume: 1 }]);
    const later = { ...bars[0]!, high: 120, close: 120, volume: 2 };
    expect(notes).toEqual([{ kind: 'late-trade', trade: trade(3, 50, 120), open: START, live: bars[0], later }]);
    expect(notes.map(noteText)).toEqual([
      'a trade of 2024-01-01T00:00:50.000Z came when the bar of 2024-01-01T00:00:00.000Z had ended: it is in none. Live it was 100 100 100 100, volume 1, a download will have 100 120 100 120, volume 2',
    ]);
  });

  test('one of a minute that had no bar, and one of a bar that is no longer kept', () => {
    const { live, notes } = builder(0);
    live.addTrade(trade(1, 0, 100));
    live.addTrade(trade(2, 200, 100));
    live.addTrade(trade(3, 70, 90));
    expect(notes[0]).toMatchObject({ live: null, later: { time: START + MINUTE, close: 90 } });
    for (let minute = 4; minute < 20; minute++) live.addTrade(trade(minute, minute * 60, 100));
    live.addTrade(trade(99, 1, 100));
    expect(notes[1]).toMatchObject({ kind: 'late-trade', live: null, later: null });
  });

  test('a number that comes again with other values', () => {
    const { live, bars, notes } = builder();
    live.addTrade(trade(1, 10, 100));
    live.addTrade(trade(1, 10, 150));
    live.passTime(Infinity);
    expect(bars).toMatchObject([{ high: 100, volume: 1 }]);
    expect(notes.map(({ kind }) => kind)).toEqual(['other-trade']);
  });

  test('candles of a venue: the last that is told before the end counts, another one behind it is told with both values', () => {
    const { live, bars, notes } = builder();
    for (const one of [candle(0, 100), candle(0, 101), candle(1, 99), candle(0, 102)]) live.addCandle(one);
    expect(bars).toEqual([]);
    live.passTime(START + MINUTE + LATENESS);
    live.addCandle(candle(0, 102));
    live.addCandle(candle(0, 103));
    expect(bars).toEqual([candle(0, 102)]);
    expect(notes).toEqual([{ kind: 'revised-bar', open: START, live: candle(0, 102), later: candle(0, 103) }]);
  });

  test('the same correction is told once, and another one again', () => {
    const { live, notes } = builder();
    const unsold = (close: number): Bar => ({ ...candle(0, close), volume: Number.NaN });
    live.addCandle(unsold(100));
    live.passTime(START + MINUTE + LATENESS);
    for (const close of [100, 101, 101, 102, 102, 100]) live.addCandle(unsold(close));
    expect(notes.map((note) => (note.kind === 'revised-bar' ? [note.live.close, note.later.close] : note.kind))).toEqual([
      [100, 101],
      [100, 102],
      [100, 100],
    ]);
  });

  test('a candle that comes first when its bar was taken for none is told, and is none', () => {
    const { live, bars, notes } = builder();
    live.passTime(START + MINUTE + LATENESS);
    const late = candle(0, 100);
    live.addCandle(late);
    live.addCandle(late);
    live.passTime(Infinity);
    expect(bars).toEqual([]);
    expect(notes).toEqual([{ kind: 'late-bar', open: START, later: late }]);
    expect(notes.map(noteText)).toEqual([
      'the venue told the bar of 2024-01-01T00:00:00.000Z when it was taken for none. Live it was no bar, a download will have 100 110 90 100, volume 5',
    ]);
  });

  test('bars from before a restart are not told again, and their corrections are', () => {
    const { live, bars, notes } = builder();
    live.recall(candle(0, 100));
    live.recall(candle(1, 101));
    for (const one of [candle(0, 100), candle(1, 99), candle(2, 102)]) live.addCandle(one);
    live.passTime(START + 3 * MINUTE + LATENESS);
    expect(bars).toEqual([candle(2, 102)]);
    expect(notes).toEqual([{ kind: 'revised-bar', open: START + MINUTE, live: candle(1, 101), later: candle(1, 99) }]);
  });

  test('a clock that is wrong by hours ends nothing too early, and a quiet market ends its bars', () => {
    const { live, bars } = builder();
    const off = 3 * 3_600_000;
    live.passLocalTime(START + 10 * off);
    live.addTrade(trade(1, 10, 100), START + 10_000 + off + 80);
    live.passLocalTime(START + off + MINUTE + LATENESS + 79);
    expect(bars).toEqual([]);
    live.passLocalTime(START + off + MINUTE + LATENESS + 80);
    expect(bars).toHaveLength(1);
  });
});
