import { describe, expect, test } from 'vitest';
import { type Candle, flat, runCandles } from './candle-run.ts';

/** The ask lies two above the bid. */
const above = (candles: readonly Candle[], spread = 2): Candle[] =>
  candles.map(([open, high, low, close]) => [open + spread, high + spread, low + spread, close + spread]);

const fillsOf = async (rules: string, candles: readonly Candle[], spread = 2): Promise<readonly string[]> =>
  (await runCandles({ rules, candles, asks: above(candles, spread) })).fills;

describe('bid and ask', () => {
  test('buys fill on the ask, sales on the bid, on the way in and out', async () => {
    const candles = [flat(100), flat(100), flat(100), flat(100), flat(100)];
    expect(await fillsOf('enter long when bar_index == 0\nexit long when bar_index == 2\nsize 1 BTC\nstop 50%', candles)).toEqual([
      '1 entry 1 @102',
      '3 exit -1 @100',
    ]);
    expect(await fillsOf('enter short when bar_index == 0\nexit short when bar_index == 2\nsize 1 BTC\nstop 50%', candles)).toEqual([
      '1 entry -1 @100',
      '3 exit 1 @102',
    ]);
  });

  test('a stop of a long is met by the bid, of a short by the ask', async () => {
    const long = 'enter long when bar_index == 0\nsize 1 BTC\nstop at 95';
    expect(await fillsOf(long, [flat(100), flat(100), [100, 100, 95, 100]])).toEqual(['1 entry 1 @102', '2 stop -1 @95']);
    expect(await fillsOf(long, [flat(100), flat(100), [100, 100, 95.5, 100]])).toEqual(['1 entry 1 @102']);
    const short = 'enter short when bar_index == 0\nsize 1 BTC\nstop at 105';
    // The bid never was above 103.
    expect(await fillsOf(short, [flat(100), flat(100), [100, 103, 100, 100]])).toEqual(['1 entry -1 @100', '2 stop 1 @105']);
    expect(await fillsOf(short, [flat(100), flat(100), [100, 102.5, 100, 100]])).toEqual(['1 entry -1 @100']);
  });

  test('targets are met by the side that closes', async () => {
    const long = 'enter long when bar_index == 0\nsize 1 BTC\nstop 50%\ntake at 5%';
    // Its target is at 107.1, which the ask passes first.
    expect(await fillsOf(long, [flat(100), flat(100), [100, 106, 100, 105], [105, 108, 105, 106]])).toEqual([
      '1 entry 1 @102',
      '3 take -1 @107.1',
    ]);
    const short = 'enter short when bar_index == 0\nsize 1 BTC\nstop 50%\ntake at 5%';
    expect(await fillsOf(short, [flat(100), flat(100), [100, 100, 94, 94], [94, 94, 92, 94]])).toEqual(['1 entry -1 @100', '3 take 1 @95']);
  });

  test('entries that rest: a limit buy needs the ask to come down, a stop buy the ask to come up', async () => {
    const limit = 'enter long when bar_index == 0 at limit 98\nsize 1 BTC\nstop 50%';
    expect(await fillsOf(limit, [flat(100), [100, 100, 97, 100], [100, 100, 95, 100]])).toEqual(['2 entry 1 @98']);
    const stop = 'enter long when bar_index == 0 at stop 105\nsize 1 BTC\nstop 50%';
    expect(await fillsOf(stop, [flat(100), [100, 103, 100, 100]])).toEqual(['1 entry 1 @105']);
    const sale = 'enter short when bar_index == 0 at stop 95\nsize 1 BTC\nstop 50%';
    expect(await fillsOf(sale, [flat(100), [100, 100, 96, 100], [100, 100, 94, 96]])).toEqual(['2 entry -1 @95']);
  });

  test('a trail of a short follows what it could be bought back for', async () => {
    const rules = 'enter short when bar_index == 0\nsize 1 BTC\nstop 50%\ntrail 10%';
    // Lowest ask 92 (bid 90): the stop is at 101.2, which an ask of 101.2 is a bid of 99.2.
    const candles: Candle[] = [flat(100), flat(100), flat(90), [90, 99.1, 90, 95], [95, 99.3, 95, 95]];
    expect(await fillsOf(rules, candles)).toEqual(['1 entry -1 @100', '4 trail 1 @101.2']);
  });

  test('sizes go by the price of the side: so much money buys fewer', async () => {
    const { fills } = await runCandles({
      rules: 'enter long when bar_index == 0\nsize 10200 USDT\nstop 50%',
      candles: [flat(100), flat(100)],
      asks: above([flat(100), flat(100)]),
    });
    expect(fills).toEqual(['1 entry 100 @102']);
  });

  test('weekend gap: a stop that the market passed while it was closed fills at the open after it', async () => {
    const long = 'enter long when bar_index == 0\nsize 1 BTC\nstop at 95';
    expect(await fillsOf(long, [flat(100), flat(100), flat(90)])).toEqual(['1 entry 1 @102', '2 stop -1 @90']);
    const short = 'enter short when bar_index == 0\nsize 1 BTC\nstop at 105';
    expect(await fillsOf(short, [flat(100), flat(100), flat(110)])).toEqual(['1 entry -1 @100', '2 stop 1 @112']);
  });

  test('nothing is known of the bars that follow, on either side', async () => {
    const bars = (shift: number): Candle[] =>
      Array.from({ length: 60 }, (_, i) => {
        const [open, close] = [100 + 8 * Math.sin(i), 100 + 8 * Math.sin(i + 1)].map((price) => (i < 40 ? price : price + shift)) as [
          number,
          number,
        ];
        return [open, Math.max(open, close) + 1, Math.min(open, close) - 1, close];
      });
    const rules =
      'enter long when close > close[1] at limit low good for 3 bars\nenter short when close < close[1] at stop low\nexit short when close > close[1]\nsize 20% of equity\nstop 2%\ntrail 3%\ntake 50% at 1%, rest at 3%';
    const run = async (shift: number, spread: number): Promise<Float64Array> => {
      const candles = bars(shift);
      const asks = above(candles, 0.1).map(([open, high, low, close], i): Candle =>
        i < 40 ? [open, high, low, close] : [open + spread, high + spread, low + spread, close + spread],
      );
      return (await runCandles({ rules, candles, asks, costs: { swapLong: 0.02, swapShort: 0.01 } })).equity;
    };
    const [one, other] = [await run(0, 0), await run(30, 5)];
    expect(other.slice(0, 40)).toEqual(one.slice(0, 40));
    expect(other.at(-1)).not.toBe(one.at(-1));
  });

  test('one price for both sides is a run without asks, to the last bit', async () => {
    const candles: Candle[] = Array.from({ length: 60 }, (_, i) => {
      const [open, close] = [100 + 8 * Math.sin(i), 100 + 8 * Math.sin(i + 1)];
      return [open, Math.max(open, close) + 1, Math.min(open, close) - 1, close];
    });
    const run = {
      rules:
        'enter long when close > close[1] at limit low good for 3 bars\nexit long when close < open\nenter short when close < close[1] at stop low\nexit short when close > close[1]\nsize 20% of equity\nstop 2%\ntrail 3%\ntake 50% at 1%, rest at 3%',
      candles,
      feeRate: 0.001,
    };
    const [without, same] = [await runCandles(run), await runCandles({ ...run, asks: candles })];
    expect(same.rows).toEqual(without.rows);
    expect(same.equity).toEqual(without.equity);
    expect(without.fills.length).toBeGreaterThan(20);
  });
});

describe('swap', () => {
  // Bars of an hour from Wednesday 17 January 2024 20:00 UTC: the rollover is at 22:00.
  const start = Date.UTC(2024, 0, 17, 20);
  const run = (side: string, swap: { readonly long: number; readonly short: number }): ReturnType<typeof runCandles> =>
    runCandles({
      rules: `enter ${side} when bar_index == 0\nsize 10 BTC\nstop 50%`,
      candles: Array.from({ length: 30 }, () => flat(100)),
      start,
      costs: { swapLong: swap.long, swapShort: swap.short },
    });

  test('is paid for the nights, three of them on a Wednesday, on the position before the open', async () => {
    const { charges, document, equity } = await run('long', { long: 0.0365, short: 0 });
    // 1000 at 3.65 % a year are 0.1 a night.
    expect(charges).toEqual(['2 swap 0.3', '26 swap 0.1']);
    expect(document.metrics.swap).toBeCloseTo(0.4, 9);
    expect(equity.at(-1)).toBeCloseTo(100_000 - 0.4, 9);
  });

  test('by the rate of the side, which may be earned', async () => {
    expect((await run('short', { long: 0.0365, short: -0.0365 })).charges).toEqual(['2 swap -0.3', '26 swap -0.1']);
    expect((await run('short', { long: 0.0365, short: 0 })).charges).toEqual([]);
  });
});
