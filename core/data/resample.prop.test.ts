import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bar } from '#core/model/bar.ts';
import type { Columns } from '#core/model/columns.ts';
import { barsOf, sharedColumns } from '#core/model/columns.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { resampleColumns } from './resample.ts';

const of = (name: string): Timeframe => parseTimeframe(name) ?? expect.fail(name);

function toColumns(bars: readonly Bar[]): Columns {
  const columns = sharedColumns(bars.length);
  for (const [i, bar] of bars.entries()) {
    columns.time[i] = bar.time;
    columns.open[i] = bar.open;
    columns.high[i] = bar.high;
    columns.low[i] = bar.low;
    columns.close[i] = bar.close;
    columns.volume[i] = bar.volume;
  }
  return columns;
}

/** Start of the longer bar by the calendar of Date, not by the code under test. */
const STARTS: Readonly<Record<string, (date: Date) => number>> = {
  '15m': (d) => Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate(), d.getUTCHours(), Math.floor(d.getUTCMinutes() / 15) * 15),
  '1h': (d) => Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate(), d.getUTCHours()),
  '4h': (d) => Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate(), Math.floor(d.getUTCHours() / 4) * 4),
  '1d': (d) => Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate()),
  '1w': (d) => Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate() - ((d.getUTCDay() + 6) % 7)),
  '1mo': (d) => Date.UTC(d.getUTCFullYear(), d.getUTCMonth()),
  '3mo': (d) => Date.UTC(d.getUTCFullYear(), Math.floor(d.getUTCMonth() / 3) * 3),
};
const PAIRS = [
  ['5m', '15m'],
  ['5m', '1h'],
  ['15m', '4h'],
  ['1h', '4h'],
  ['1h', '1d'],
  ['4h', '1w'],
  ['1d', '1w'],
  ['1d', '1mo'],
  ['1d', '3mo'],
  ['1h', '1h'],
] as const;

function bruteForce(bars: readonly Bar[], to: string): Bar[] {
  const start = STARTS[to] ?? (() => NaN);
  const groups = Map.groupBy(bars, (bar) => start(new Date(bar.time)));
  return [...groups].map(([time, group]) => ({
    time,
    open: group[0]?.open ?? NaN,
    high: Math.max(...group.map((bar) => bar.high)),
    low: Math.min(...group.map((bar) => bar.low)),
    close: group.at(-1)?.close ?? NaN,
    volume: group.reduce((sum, bar) => sum + bar.volume, 0),
  }));
}

const price = fc.integer({ min: 1, max: 1_000_000 }).map((x) => x / 100);
/** Bars of a timeframe with gaps of up to 40 bars, from any place of its grid. */
const series = (from: Timeframe): fc.Arbitrary<Bar[]> =>
  fc
    .tuple(
      fc.integer({ min: 0, max: Math.floor(Date.UTC(2030, 0, 1) / from.stepMs) }),
      fc.array(
        fc.record({
          skip: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 40 })),
          prices: fc.tuple(price, price, price, price),
          volume: price,
        }),
        {
          minLength: 1,
          maxLength: 120,
        },
      ),
    )
    .map(([first, rows]) => {
      let slot = first;
      return rows.map(({ skip, prices, volume }) => {
        slot += skip;
        const [open, close] = prices;
        return { time: slot * from.stepMs, open, high: Math.max(...prices), low: Math.min(...prices), close, volume };
      });
    });

describe('resampleColumns', () => {
  test.for(PAIRS)('%s to %s equals grouping by the calendar', ([fromName, toName]) => {
    const from = of(fromName);
    fc.assert(
      fc.property(series(from), (bars) => {
        expect(barsOf(resampleColumns(toColumns(bars), from, of(toName)).columns)).toEqual(bruteForce(bars, toName));
      }),
    );
  });

  test('the last bar is complete exactly when the source reaches its end', () => {
    const hour = of('1h');
    fc.assert(
      fc.property(series(hour), (bars) => {
        const lastHour = new Date(bars.at(-1)?.time ?? NaN).getUTCHours();
        expect(resampleColumns(toColumns(bars), hour, of('4h')).lastIsComplete).toBe(lastHour % 4 === 3);
      }),
    );
  });

  test('no bars give no bars', () => {
    expect(resampleColumns(sharedColumns(0), of('1h'), of('1d'))).toMatchObject({ lastIsComplete: false });
  });

  test.for([
    ['4h', '1h', 'they are shorter'],
    ['7m', '1h', 'no whole multiple'],
    ['1w', '1mo', 'no whole multiple'],
  ] as const)('%s to %s is refused: %s', ([from, to, reason]) => {
    expect(() => resampleColumns(sharedColumns(1), of(from), of(to))).toThrow(reason);
  });
});
