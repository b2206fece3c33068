import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bar } from '#core/model/bar.ts';
import { barsOf } from '#core/model/columns.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { parseBarRule, type BarRule } from './bar-rule.ts';
import { barsFromTrades, type Trades } from './bars-from-trades.ts';

const START = Date.UTC(2024, 0, 1);

/** Trades on a grid of prices and quantities that doubles hold exactly. */
const tradeList = fc
  .array(
    fc.record({ wait: fc.integer({ min: 0, max: 90_000 }), step: fc.integer({ min: -12, max: 12 }), qty: fc.integer({ min: 1, max: 64 }) }),
    { minLength: 1, maxLength: 200 },
  )
  .map((list): Trades => {
    let [time, price] = [START, 200];
    const rows = list.map(({ wait, step, qty }) => {
      time += wait;
      price = Math.max(1, price + step / 4);
      return { time, price, qty: qty / 8 };
    });
    return {
      time: Float64Array.from(rows, (row) => row.time),
      price: Float64Array.from(rows, (row) => row.price),
      qty: Float64Array.from(rows, (row) => row.qty),
    };
  });
const ruleOf = (text: string): BarRule => parseBarRule(text) ?? expect.fail(text);
const rows = ({ time, price, qty }: Trades) => Array.from(time, (at, row) => ({ time: at, price: price[row]!, qty: qty[row]! }));
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const barOf = (part: readonly { readonly time: number; readonly price: number; readonly qty: number }[]) => ({
  open: part[0]!.price,
  high: Math.max(...part.map(({ price }) => price)),
  low: Math.min(...part.map(({ price }) => price)),
  close: part.at(-1)!.price,
  volume: sum(part.map(({ qty }) => qty)),
});
const pricesOf = (bars: readonly Bar[]) => bars.map(({ open, high, low, close, volume }) => ({ open, high, low, close, volume }));
const MINUTE = parseTimeframe('1m')!;

/** Cuts a list behind each row at which `isFull` of the part so far says so; what is left at the end is no part. */
function cut<T>(list: readonly T[], isFull: (part: readonly T[]) => boolean): T[][] {
  const parts: T[][] = [];
  let part: T[] = [];
  for (const one of list) {
    part.push(one);
    if (!isFull(part)) continue;
    parts.push(part);
    part = [];
  }
  return parts;
}

describe('bars of trades are those of the definition', () => {
  test('by time', () => {
    fc.assert(
      fc.property(tradeList, (trades) => {
        const minutes = Map.groupBy(rows(trades), ({ time }) => Math.floor(time / 60_000) * 60_000);
        const expected = [...minutes].map(([time, part]) => ({ time, ...barOf(part) }));
        expect(barsOf(barsFromTrades(trades, { kind: 'time', timeframe: MINUTE }).columns)).toEqual(expected);
      }),
    );
  });

  test.each<[string, (part: readonly { price: number; qty: number }[]) => boolean]>([
    ['tick:7', (part) => part.length === 7],
    ['volume:20', (part) => sum(part.map(({ qty }) => qty)) >= 20],
    ['dollar:5000', (part) => sum(part.map(({ qty, price }) => qty * price)) >= 5000],
    ['range:6', (part) => Math.max(...part.map(({ price }) => price)) - Math.min(...part.map(({ price }) => price)) >= 6],
  ])('%s', (text, isFull) => {
    fc.assert(
      fc.property(tradeList, (trades) => {
        const parts = cut(rows(trades), isFull);
        const expected = parts.map(barOf);
        const { columns, left } = barsFromTrades(trades, ruleOf(text));
        const found = barsOf(columns);
        expect(pricesOf(found)).toEqual(expected);
        expect(left).toBe(trades.time.length - sum(parts.map((part) => part.length)));
        // At the time of the first trade, or later where a moment has several bars.
        expect(found.every((bar, at) => bar.time === Math.max(parts[at]![0]!.time, (found[at - 1]?.time ?? -1) + 1))).toBe(true);
      }),
    );
  });

  test.each(['volume:5:split', 'dollar:1000:split'])('%s: every bar holds exactly so much, and nothing is lost', (text) => {
    fc.assert(
      fc.property(tradeList, (trades) => {
        const rule = ruleOf(text) as BarRule & { readonly kind: 'volume' | 'dollar' };
        const { columns } = barsFromTrades(trades, rule);
        const amounts = rows(trades).map(({ price, qty }) => qty * (rule.kind === 'volume' ? 1 : price));
        // Rounding may keep the last bar open, or close it.
        expect(Math.abs(columns.time.length - sum(amounts) / rule.size)).toBeLessThan(1 + 1e-6);
        const isExact = (volume: number, bar: number): boolean =>
          Math.abs(rule.kind === 'volume' ? volume - rule.size : Math.min(0, columns.high[bar]! * volume - rule.size)) < 1e-6;
        expect(columns.volume.every(isExact)).toBe(true);
        expect(columns.time.every((time, at) => at === 0 || time > columns.time[at - 1]!)).toBe(true);
      }),
    );
  });

  test('renko: bricks follow each other edge to edge, and every price stays within a brick beyond the last one', () => {
    fc.assert(
      fc.property(tradeList, (trades) => {
        const bricks = pricesOf(barsOf(barsFromTrades(trades, ruleOf('renko:2')).columns));
        let [top, bottom] = [Math.floor(trades.price[0]! / 2) * 2, Math.floor(trades.price[0]! / 2) * 2];
        const expected: { open: number; close: number }[] = [];
        for (const price of trades.price) {
          for (; price >= top + 2; [bottom, top] = [top, top + 2]) expected.push({ open: top, close: top + 2 });
          for (; price <= bottom - 2; [top, bottom] = [bottom, bottom - 2]) expected.push({ open: bottom, close: bottom - 2 });
        }
        expect(bricks.map(({ open, close }) => ({ open, close }))).toEqual(expected);
        expect(bricks.every(({ open, high, low, close }) => high === Math.max(open, close) && low === Math.min(open, close))).toBe(true);
        expect(sum(bricks.map(({ volume }) => volume))).toBeLessThanOrEqual(sum([...trades.qty]));
      }),
    );
  });
});

test.each(['tick:0', 'tick:1.5', 'volume:-1', 'volume:5:half', 'range:2:split', 'candle:5', 'tick', 'volume:', 'dollar:1:split:2', ''])(
  '"%s" is no rule',
  (text) => {
    expect(parseBarRule(text)).toBeNull();
  },
);

test('no trades make no bars', () => {
  const none = { time: new Float64Array(0), price: new Float64Array(0), qty: new Float64Array(0) };
  for (const rule of ['tick:2', 'volume:1', 'renko:1'].map(ruleOf)) expect(barsFromTrades(none, rule)).toMatchObject({ left: 0 });
});
