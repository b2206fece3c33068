import { describe, expect, it } from 'vitest';
import { deflatedSharpe, expectedBestSharpe, normalQuantile } from './deflated-sharpe.ts';

describe('the deflated Sharpe ratio', () => {
  // The numerical example of the paper: 100 trials with a variance of 1/2 a year, and a best of 2.5 a year over 5 years of 250 days.
  const luck = expectedBestSharpe(100, 0.5 / 250);

  it('is that of the example of Bailey and López de Prado', () => {
    expect(luck).toBeCloseTo(0.1132, 4);
    const best = { sharpe: 2.5 / Math.sqrt(250), count: 1250, skewness: -3, excessKurtosis: 7 };
    expect(deflatedSharpe(best, luck)).toBeCloseTo(0.9004, 4);
    expect(deflatedSharpe({ ...best, skewness: 0, excessKurtosis: 0 }, luck)!).toBeGreaterThan(0.9004);
  });

  it('grows with what luck alone gives', () => {
    expect(expectedBestSharpe(1000, 0.002)).toBeGreaterThan(luck);
    expect(expectedBestSharpe(100, 0)).toBe(0);
  });

  it('has no value where the spread has none', () => {
    expect(deflatedSharpe({ sharpe: 1, count: 100, skewness: 5, excessKurtosis: 0 }, 0.1)).toBeNull();
  });

  it.each([
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.99, 2.3263478740408408],
    [0.001, -3.090232306167813],
  ])('takes quantiles from tables: %d', (p, x) => {
    expect(normalQuantile(p)).toBeCloseTo(x, 10);
  });
});
