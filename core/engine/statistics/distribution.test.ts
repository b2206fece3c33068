import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { benchmarkFigures } from './benchmark.ts';
import { dailyDrawdowns } from './daily-drawdowns.ts';
import {
  conditionalValueAtRisk,
  omegaRatio,
  quantile,
  sampleExcessKurtosis,
  sampleSkewness,
  sortedCopy,
  tailRatio,
  valueAtRisk,
} from './distribution.ts';
import { dayShapeOf } from './day-shape.ts';
import { stability } from './growth.ts';
import { rollingSharpe } from './rolling-sharpe.ts';
import { sharpeRatio } from './risk-adjusted.ts';

const DAY = 86_400_000;
const floats = (...values: readonly number[]): Float64Array => Float64Array.from(values);
const returns = fc
  .array(fc.integer({ min: -400, max: 400 }), { minLength: 4, maxLength: 60 })
  .map((list) => floats(...list.map((n) => n / 1e4)));

describe('the shape of returns', () => {
  it('has quantiles between neighbours', () => {
    expect([0, 0.25, 0.5, 0.75, 1].map((share) => quantile(floats(1, 2, 4, 8), share))).toEqual([1, 1.75, 3, 5, 8]);
    expect(quantile(floats(5), 0.3)).toBe(5);
  });

  it('has the moments of hand-made samples', () => {
    // 0, 0, 3: mean 1, m2 = 2, m3 = 2; sqrt(6) / 1 * 2 / 2^1.5 = sqrt(3).
    expect(sampleSkewness(floats(0, 0, 3))).toBeCloseTo(Math.sqrt(3), 12);
    expect(sampleSkewness(floats(1, 2, 3, 4))).toBeCloseTo(0, 12);
    // The excess of 1, 2, 3, 4 is -1.2 in the corrected form, that of an even spread.
    expect(sampleExcessKurtosis(floats(1, 2, 3, 4))).toBeCloseTo(-1.2, 12);
    expect(sampleExcessKurtosis(floats(1, 2, 3, 4, 5))).toBeCloseTo(-1.2, 12);
  });

  it('is null where there is nothing to say', () => {
    const none = floats();
    expect([omegaRatio(none), omegaRatio(floats(0.1)), tailRatio(none), valueAtRisk(none), conditionalValueAtRisk(none)]).toEqual(
      Array.from({ length: 5 }, () => null),
    );
    expect([
      sampleSkewness(floats(1, 2)),
      sampleExcessKurtosis(floats(1, 2, 3)),
      stability(floats(0.1)),
      stability(floats(-1, 0.1)),
    ]).toEqual(Array.from({ length: 4 }, () => null));
    const even = new Float64Array(40).fill(0.001);
    expect([sampleSkewness(even), sampleExcessKurtosis(even), dayShapeOf(even).probabilisticSharpePct]).toEqual([null, null, null]);
    expect(Object.values(dayShapeOf(floats(0.1))).every((value) => value === null)).toBe(true);
  });

  it('orders its figures: the worst day, the mean of the tail, value at risk, the best day', () => {
    fc.assert(
      fc.property(returns, (values) => {
        const sorted = sortedCopy(values);
        const [tail, risk] = [conditionalValueAtRisk(sorted)!, valueAtRisk(sorted)!];
        expect(sorted[0]! <= tail + 1e-15 && tail <= risk + 1e-15 && risk <= sorted.at(-1)!).toBe(true);
      }),
    );
  });

  it('turns around with its returns: the skew changes sign, omega becomes its inverse, the tails change places', () => {
    fc.assert(
      fc.property(returns, (values) => {
        const turned = values.map((value) => -value);
        const [skew, other] = [sampleSkewness(values), sampleSkewness(turned)];
        expect((skew ?? 0) + (other ?? 0)).toBeCloseTo(0, 9);
        expect(sampleExcessKurtosis(turned) ?? 0).toBeCloseTo(sampleExcessKurtosis(values) ?? 0, 9);
        const [omega, inverse] = [omegaRatio(values), omegaRatio(turned)];
        expect(!omega || !inverse ? 1 : omega * inverse).toBeCloseTo(1, 9);
        const [ratio, swapped] = [tailRatio(sortedCopy(values)), tailRatio(sortedCopy(turned))];
        expect(!ratio || !swapped ? 1 : ratio * swapped).toBeCloseTo(1, 9);
      }),
    );
  });
});

describe('a benchmark', () => {
  it('of which the returns are a multiple and a constant gives these back', () => {
    fc.assert(
      fc.property(returns, fc.constantFrom(-30, -7, 1, 10, 25), fc.integer({ min: -10, max: 10 }), (benchmark, times, extra) => {
        fc.pre(benchmark.some((value) => value !== benchmark[0]));
        const [factor, constant] = [times / 10, extra / 1e4];
        const { alpha, beta, correlation } = benchmarkFigures(
          benchmark.map((value) => factor * value + constant),
          benchmark,
          252,
        );
        expect(beta).toBeCloseTo(factor, 9);
        expect(alpha).toBeCloseTo((1 + constant) ** 252 - 1, 9);
        expect(correlation).toBeCloseTo(Math.sign(times), 6);
      }),
    );
  });

  it('that stands still has no beta, and one that is followed exactly no information ratio', () => {
    const values = floats(0.01, -0.02, 0.03);
    expect(benchmarkFigures(values, floats(0, 0, 0), 252)).toMatchObject({ beta: null, alpha: null, correlation: null });
    expect(benchmarkFigures(values, floats(0, 0, 0), 252).informationRatio).toBeCloseTo(sharpeRatio(values, 252)!, 12);
    expect(benchmarkFigures(values, values, 252).informationRatio).toBeNull();
    expect(benchmarkFigures(floats(), floats(), 252).beta).toBeNull();
  });
});

describe('the drawdowns of days', () => {
  const dailyOf = (...equity: readonly number[]) => ({ day: floats(...equity.map((_, i) => i * DAY)), equity: floats(...equity) });

  it('are counted from peak to peak', () => {
    // Down to 90 and back after 3 days (from day 0), then from day 4 on to the end: 10 % and 50 %.
    const { ulcerIndex, averageShare, averageDays } = dailyDrawdowns(dailyOf(100, 90, 95, 100, 200, 100, 150), 100);
    expect(averageShare).toBeCloseTo(0.3, 12);
    expect(averageDays).toBe(2.5);
    expect(ulcerIndex).toBeCloseTo(Math.sqrt((0.1 ** 2 + 0.05 ** 2 + 0.5 ** 2 + 0.25 ** 2) / 7), 12);
  });

  it('begin at the capital, and may be none', () => {
    expect(dailyDrawdowns(dailyOf(90, 95), 100)).toMatchObject({ averageShare: expect.closeTo(0.1, 12), averageDays: 1 });
    expect(dailyDrawdowns(dailyOf(100, 110), 100)).toEqual({ ulcerIndex: 0, averageShare: null, averageDays: null });
    expect(dailyDrawdowns(dailyOf(), 100)).toEqual({ ulcerIndex: null, averageShare: null, averageDays: null });
  });
});

describe('steady growth', () => {
  it('is a straight line in the logarithm', () => {
    expect(stability(new Float64Array(50).fill(0.01))).toBeCloseTo(1, 12);
    expect(stability(floats(0.1, 1 / 1.1 - 1, 0.1, 1 / 1.1 - 1))).toBeCloseTo(0.2, 9);
  });
});

describe('the rolling Sharpe ratio', () => {
  it('is that of each window alone, and starts with the first whole one', () => {
    const values = floats(0.01, -0.02, 0.03, 0.01, 0.01);
    const rolled = [...rollingSharpe(values, 3, 365)];
    expect(rolled.slice(0, 2)).toEqual([NaN, NaN]);
    expect(rolled.slice(2)).toEqual([0, 1, 2].map((i) => sharpeRatio(values.slice(i, i + 3), 365)));
    expect([...rollingSharpe(values, 9, 365)].every(Number.isNaN)).toBe(true);
  });
});
