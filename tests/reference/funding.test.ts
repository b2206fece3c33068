import { describe, expect, test } from 'vitest';
import { type Candle, runCandles } from '../engine/candle-run.ts';
import { hasSharedData, sharedText } from './shared-data.ts';

const HOUR = 3_600_000;

/** Rows of numbers under a header. */
const table = (name: string): readonly (readonly number[])[] =>
  sharedText(name)
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));

describe.skipIf(!hasSharedData)('funding of a perpetual (../shared/data)', () => {
  test('comes when the venue paid it; freqtrade values the position at the mark price, a little away from the trades', async () => {
    const bars = table('candles/perp_XRP-USDT_1h.csv.gz');
    const marks = new Map(table('candles/perp-mark_XRP-USDT_8h.csv.gz').map(([time, open]) => [time!, open!]));
    // The venue's times are some milliseconds late.
    const rates = new Map(table('ticks/perp_XRP-USDT_funding-rate_8h.csv').map(([time, rate]) => [Math.floor(time! / HOUR) * HOUR, rate!]));
    const qty = 1000;
    const { charges } = await runCandles({
      rules: `costs { funding true }\nenter short when bar_index == 0 size ${qty} BTC`,
      start: bars[0]![0]!,
      candles: bars.map(([, open, high, low, close]) => [open, high, low, close] as unknown as Candle),
      funding: bars.map(([time]) => rates.get(time!) ?? Number.NaN),
    });
    const due = bars.flatMap(([time, open], bar) => (rates.has(time!) ? [{ bar, time: time!, open: open! }] : []));
    expect(due).toHaveLength(10);
    const costs = charges.map((charge) => charge.split(' ').map(Number));
    expect(costs.map(([bar]) => bar)).toEqual(due.map(({ bar }) => bar));
    for (const [at, { time, open }] of due.entries()) {
      const cost = costs[at]![2]!;
      expect(cost).toBeCloseTo(-qty * open * rates.get(time)!, 9);
      expect(Math.abs(cost / (-qty * marks.get(time)! * rates.get(time)!) - 1)).toBeLessThan(0.002);
    }
  });
});
