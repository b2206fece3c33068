import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Xoshiro128 } from '#core/model/xoshiro128.ts';
import { dayBootstrap } from './day-bootstrap.ts';
import { drawIndex, type RandomSource, resampleCount, spreadOf } from './resampling.ts';
import { growthFactors, tradeOrder, tradeReturns } from './trade-resampling.ts';

/** Gives the numbers of a list, one after the other. */
const scripted = (...units: readonly number[]): RandomSource => {
  const left = [...units];
  return { nextUnit: () => left.shift() ?? NaN };
};
/** The middle of the part of [0, 1) that stands for an index. */
const unitOf = (index: number, count: number): number => (index + 0.5) / count;
const returnsOf = (count: number, seed = 7): Float64Array => {
  const random = Xoshiro128.fromSeed(seed);
  return Float64Array.from({ length: count }, () => (random.nextUnit() + random.nextUnit() + random.nextUnit() - 1.45) * 0.02);
};

describe('the bootstrap of days', () => {
  it('draws blocks around the end, and computes the figures of what it drew', () => {
    const returns = Float64Array.of(0.1, -0.2, 0.05, 0.02, -0.01, 0.03, 0.04, -0.05);
    // The cube root of 8: blocks of 2. From 7 (7, 0), from 1 (1, 2), from 1 again, from 4 (4, 5).
    const random = scripted(...[7, 1, 1, 4].map((index) => unitOf(index, 8)));
    const drawn = [7, 0, 1, 2, 1, 2, 4, 5].map((index) => returns[index]!);
    const { blockDays, sharpe, cagrPct, maxDrawdownPct, lossPct } = dayBootstrap(returns, 365, 1, random);
    const mean = drawn.reduce((sum, value) => sum + value, 0) / 8;
    const deviation = Math.sqrt(drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 7);
    const ends = drawn.map((_, i) => drawn.slice(0, i + 1).reduce((product, value) => product * (1 + value), 1));
    const falls = ends.map((value, i) => 1 - value / Math.max(1, ...ends.slice(0, i + 1)));
    expect(blockDays).toBe(2);
    expect(sharpe!.median).toBeCloseTo((mean / deviation) * Math.sqrt(365), 10);
    expect(cagrPct.median).toBeCloseTo((ends.at(-1)! ** (365 / 8) - 1) * 100, 8);
    expect(maxDrawdownPct.median).toBeCloseTo(Math.max(...falls) * 100, 10);
    expect(lossPct).toBe(100);
  });

  it('spreads the mean as theory says: 1.96 standard errors on either side, for days that are independent', () => {
    const returns = returnsOf(1000);
    const mean = returns.reduce((sum, value) => sum + value, 0) / 1000;
    const deviation = Math.sqrt(returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 999);
    const { sharpe } = dayBootstrap(returns, 1, 4000, Xoshiro128.fromSeed(3));
    // Of a Sharpe ratio S of n independent returns, the standard error is about sqrt((1 + S^2 / 2) / n) (A. Lo 2002).
    const error = Math.sqrt((1 + (mean / deviation) ** 2 / 2) / 1000);
    expect((sharpe!.high - sharpe!.low) / (2 * 1.96 * error)).toBeGreaterThan(0.85);
    expect((sharpe!.high - sharpe!.low) / (2 * 1.96 * error)).toBeLessThan(1.15);
    expect(sharpe!.median).toBeCloseTo(mean / deviation, 2);
  });

  it('keeps neighbours together: days that swing back and forth give a narrower spread than independent ones', () => {
    const swinging = Float64Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? 0.02 : -0.019));
    const shuffled = Float64Array.from(swinging);
    const random = Xoshiro128.fromSeed(5);
    for (let i = 999; i > 0; i--) {
      const other = drawIndex(random, i + 1);
      [shuffled[i], shuffled[other]] = [shuffled[other]!, shuffled[i]!];
    }
    const width = (returns: Float64Array): number => {
      const { sharpe } = dayBootstrap(returns, 1, 500, Xoshiro128.fromSeed(1));
      return sharpe!.high - sharpe!.low;
    };
    expect(width(swinging)).toBeLessThan(width(shuffled) / 3);
  });

  it('has no Sharpe ratio of days that do not vary, and no spread of their growth', () => {
    const { sharpe, cagrPct, maxDrawdownPct, lossPct } = dayBootstrap(new Float64Array(40).fill(0.001), 365, 50, Xoshiro128.fromSeed(1));
    expect(sharpe).toBeNull();
    expect(cagrPct.low).toBeCloseTo(cagrPct.high, 10);
    expect(cagrPct.median).toBeCloseTo((1.001 ** 365 - 1) * 100, 8);
    expect([maxDrawdownPct, lossPct]).toEqual([{ low: 0, median: 0, high: 0 }, 0]);
  });
});

describe('trades in another order', () => {
  const profits = fc.array(fc.integer({ min: -50, max: 60 }), { minLength: 1, maxLength: 15 });

  it('are shares of what the account held, which compound to what it ended with', () => {
    expect([...growthFactors([100, -55, 0], 1000)!]).toEqual([1.1, 1 - 55 / 1100, 1]);
    expect(growthFactors([-1000, 5], 1000)).toBeNull();
    expect(growthFactors([-1500], 1000)).toBeNull();
    fc.assert(
      fc.property(profits, (list) => {
        const end = growthFactors(list, 10_000)!.reduce((product, factor) => product * factor, 10_000);
        expect(end).toBeCloseTo(10_000 + list.reduce((sum, profit) => sum + profit, 0), 6);
      }),
    );
  });

  it('come in each order equally often', () => {
    // 0.5 before 1.5 and 0.9: the drawdowns of the six orders of these three tell four kinds of orders apart.
    const factors = Float64Array.of(0.5, 1.5, 0.9);
    const drawdownOf = (order: readonly number[]): number => {
      const ends = order.map((_, i) => order.slice(0, i + 1).reduce((product, factor) => product * factor, 1));
      return Math.max(0, ...ends.map((value, i) => 1 - value / Math.max(1, ...ends.slice(0, i + 1)))) * 100;
    };
    const orders = [
      [0.5, 1.5, 0.9],
      [0.5, 0.9, 1.5],
      [1.5, 0.5, 0.9],
      [1.5, 0.9, 0.5],
      [0.9, 0.5, 1.5],
      [0.9, 1.5, 0.5],
    ];
    const expected = orders.map(drawdownOf);
    const { maxDrawdownPct, deeperPct, actualMaxDrawdownPct } = tradeOrder(factors, 20_000, Xoshiro128.fromSeed(11));
    expect(actualMaxDrawdownPct).toBeCloseTo(drawdownOf([0.5, 1.5, 0.9]), 10);
    // 50 % twice (0.5 1.5 0.9 and 0.9 1.5 0.5), 55 % in the four others.
    expect(expected.map((value) => Math.round(value))).toEqual([50, 55, 55, 55, 55, 50]);
    expect(Math.abs(deeperPct - 400 / 6)).toBeLessThan(1.5);
    expect([maxDrawdownPct.low, maxDrawdownPct.high].map((value) => Math.round(value))).toEqual([50, 55]);
  });

  it('stay the same trades: nothing is drawn twice or lost', () => {
    fc.assert(
      fc.property(profits, fc.integer({ min: 0, max: 999 }), (list, seed) => {
        const factors = growthFactors(list, 10_000)!;
        const { maxDrawdownPct } = tradeOrder(factors, 20, Xoshiro128.fromSeed(seed));
        // The worst order has all losses first and in a row, the best cannot avoid the largest one.
        const losses = [...factors].filter((factor) => factor < 1);
        const worst = (1 - losses.reduce((product, factor) => product * factor, 1)) * 100;
        const best = (1 - Math.min(1, ...factors)) * 100;
        expect(maxDrawdownPct.high).toBeLessThanOrEqual(worst + 1e-9);
        expect(maxDrawdownPct.low).toBeGreaterThanOrEqual(best - 1e-9);
        // The input is left as it was.
        expect([...factors]).toEqual([...growthFactors(list, 10_000)!]);
      }),
    );
  });
});

describe('trades drawn anew', () => {
  it('compound what was drawn', () => {
    const random = scripted(...[2, 2, 0].map((index) => unitOf(index, 3)), ...[1, 0, 0].map((index) => unitOf(index, 3)));
    const { netProfitPct, maxDrawdownPct, lossPct, halvedPct } = tradeReturns(Float64Array.of(1.2, 0.4, 1.1), 2, random);
    // 1.1 * 1.1 * 1.2 = 1.452 without a fall, and 0.4 * 1.2 * 1.2 = 0.576 after a fall to 0.4.
    expect(netProfitPct.low).toBeCloseTo(45.2 * 0.025 - 42.4 * 0.975, 8);
    expect(netProfitPct.median).toBeCloseTo((45.2 - 42.4) / 2, 8);
    expect(maxDrawdownPct.high).toBeCloseTo(60 * 0.975, 8);
    expect([lossPct, halvedPct]).toEqual([50, 50]);
  });

  it('win and lose as often as the binomial distribution says', () => {
    // Three draws, each a loss with probability 1/3: two or three losses in 7 of 27 cases.
    const { lossPct } = tradeReturns(Float64Array.of(1.1, 1.1, 1 / 1.1), 20_000, Xoshiro128.fromSeed(2));
    expect(Math.abs(lossPct - 700 / 27)).toBeLessThan(1);
  });
});

describe('spreads', () => {
  it('are the quantiles of numpy', () => {
    // numpy.percentile(range(101), [2.5, 50, 97.5]), and of two values.
    expect(spreadOf(Float64Array.from({ length: 101 }, (_, i) => 100 - i))).toEqual({ low: 2.5, median: 50, high: 97.5 });
    expect(spreadOf(Float64Array.of(10, NaN, 20))).toEqual({ low: 10.25, median: 15, high: 19.75 });
    expect(spreadOf(Float64Array.of(NaN))).toBeNull();
  });

  it('come from fewer resamples when each is long', () =>
    expect([1, 5000, 10_000, 1e7].map(resampleCount)).toEqual([1000, 1000, 500, 100]));
});
