import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalDistribution, studentTwoSided } from './probability.ts';
import { meanTest, probabilisticSharpe } from './significance-tests.ts';

describe('the normal distribution', () => {
  it.each([
    // NIST/SEMATECH e-Handbook, table 1.3.6.7.1, and Abramowitz and Stegun, table 26.1.
    [0, 0.5],
    [1, 0.841344746068543],
    [1.959963984540054, 0.975],
    [2.575829303548901, 0.995],
    [3, 0.99865010196837],
    [-1.644853626951473, 0.05],
    [-6, 9.865876450377e-10],
  ])('is %f -> %f', (x, probability) => expect(normalDistribution(x)).toBeCloseTo(probability, 14));

  it('is symmetric, rises, and stays between 0 and 1', () => {
    fc.assert(
      fc.property(fc.double({ min: -40, max: 40, noNaN: true }), fc.double({ min: 0, max: 5, noNaN: true }), (x, step) => {
        expect(normalDistribution(x) + normalDistribution(-x)).toBeCloseTo(1, 14);
        expect(normalDistribution(x + step)).toBeGreaterThanOrEqual(normalDistribution(x) - 1e-15);
      }),
    );
    expect([normalDistribution(Infinity), normalDistribution(-Infinity)]).toEqual([1, 0]);
  });
});

describe("Student's distribution", () => {
  const probability = fc.double({ min: -1e4, max: 1e4, noNaN: true });

  it('has the closed forms of 1, 2 and 3 degrees of freedom', () => {
    fc.assert(
      fc.property(probability, (value) => {
        const t = Math.abs(value);
        expect(studentTwoSided(t, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 12);
        expect(studentTwoSided(t, 2)).toBeCloseTo(1 - t / Math.sqrt(2 + t * t), 12);
        const s = t / Math.sqrt(3);
        expect(studentTwoSided(t, 3)).toBeCloseTo(1 - (2 / Math.PI) * (s / (1 + s * s) + Math.atan(s)), 12);
      }),
    );
  });

  it.each([
    // Critical values of the usual tables, two-sided.
    [10, 2.228139, 0.05],
    [10, 3.169273, 0.01],
    [30, 2.042272, 0.05],
    [120, 1.97993, 0.05],
    [5, 4.032143, 0.01],
  ])('reaches, with %i degrees, |t| = %f in %f of the cases', (freedom, t, p) => expect(studentTwoSided(t, freedom)).toBeCloseTo(p, 6));

  it('is the same for both signs, and comes near the normal one', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 6, noNaN: true }), fc.integer({ min: 1, max: 500 }), (t, freedom) => {
        expect(studentTwoSided(-t, freedom)).toBe(studentTwoSided(t, freedom));
        expect(studentTwoSided(t, 1e7)).toBeCloseTo(2 * normalDistribution(-t), 6);
      }),
    );
  });
});

describe('the t test', () => {
  it('gives the example of Student 1908: ten patients, additional hours of sleep', () => {
    // Data and result as R's `t.test(extra ~ group, paired)` on its data set `sleep`: t = -4.0621, df = 9, p = 0.002833.
    const differences = Float64Array.of(1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4);
    const { t, p } = meanTest(differences)!;
    expect(t).toBeCloseTo(4.0621, 4);
    expect(p).toBeCloseTo(0.002833, 6);
  });

  it('has no value for one value, or for equal ones', () => {
    expect([meanTest(Float64Array.of(1)), meanTest(Float64Array.of(0.1, 0.1, 0.1)), meanTest(new Float64Array(0))]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe('the probabilistic Sharpe ratio', () => {
  it('is that of the example in the paper', () => {
    // Bailey and Lopez de Prado 2012, section "confidence in the Sharpe ratio": monthly 0.458, 24 months, skewness -2.448, kurtosis 10.164
    // (not the excess): 0.982 for normal returns, 0.913 for these.
    expect(probabilisticSharpe(0.458, 24, 0, 0)).toBeCloseTo(0.982, 3);
    expect(probabilisticSharpe(0.458, 24, -2.448, 10.164 - 3)).toBeCloseTo(0.913, 3);
  });

  it('is one half without any return, and grows with the number of returns', () => {
    expect(probabilisticSharpe(0, 100, -1, 5)).toBe(0.5);
    expect(probabilisticSharpe(0.1, 400, 0, 0)!).toBeGreaterThan(probabilisticSharpe(0.1, 100, 0, 0)!);
  });
});
