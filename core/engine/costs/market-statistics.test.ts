import { describe, expect, it } from 'vitest';
import { MARKET_STATISTIC as M, MARKET_STATISTICS, observeBar } from './market-statistics.ts';

const DAY = 86_400_000;

/** Of bars with closes 100, 110, 110, ... that trade 7 each. */
function after(bars: number, stepMs: number): Float64Array {
  const s = new Float64Array(MARKET_STATISTICS).fill(0);
  s[M.lastClose] = Number.NaN;
  for (let bar = 0; bar < bars; bar++) observeBar(s, stepMs, bar === 0 ? 100 : 110, 7);
  return s;
}

describe('what is known of a market', () => {
  it.each([
    ['hours', DAY / 24, 480],
    ['days', DAY, 20],
    ['weeks', 7 * DAY, 20],
  ])('forgets as a mean of twenty days does, of %s at least as one of twenty bars', (_, stepMs, window) => {
    // The one change of 10 % has the share a of the weights, and loses a of that with each bar after it.
    const a = 2 / (window + 1);
    const bars = 9;
    const s = after(bars, stepMs);
    expect(s[M.variance]).toBeCloseTo(a * (1 - a) ** (bars - 2) * 0.01, 12);
    expect(s[M.weight]).toBeCloseTo(1 - (1 - a) ** (bars - 1), 12);
    expect(s[M.volume]! / s[M.weight]!).toBeCloseTo(7, 12);
  });

  it('is nothing before there is a change', () => {
    expect(after(1, DAY)[M.weight]).toBe(0);
  });
});
