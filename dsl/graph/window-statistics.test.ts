import { expect, test } from 'vitest';
import { seriesValues } from '../prelude/testing/series-values.ts';
import { windowStatistic } from './window-statistics.ts';

const SMALL = [3, 1, 4, 1, 5, 9, 2, 6];

test.each(['skewness', 'kurtosis', 'medianDeviation', 'entropy', 'rankCorrelation'] as const)(
  '%s of large prices is that of their last digits, and of small ones too',
  (op) => {
    const plain = windowStatistic(op, SMALL, 4);
    const moved = windowStatistic(
      op,
      SMALL.map((x) => 1e8 + x),
      4,
    );
    expect(moved).toBe(plain);
    // A power of two near to 1e-8 changes no digit.
    const tiny = windowStatistic(
      op,
      SMALL.map((x) => x * 2 ** -27),
      4,
    );
    expect(tiny).toBe(op === 'medianDeviation' ? plain * 2 ** -27 : plain);
  },
);

test('statistics of one price, whatever it is, have no rounding errors for moves', () => {
  const still = Array.from({ length: 24 }, () => 0.1 + 0.2);
  const calls = ['skew(7)', 'kurtosis(7)', 'mad(7)', 'mode(7)', 'entropy(7)', 'rci(7)', 'hurst(16)', 'hurst_corrected(16)'];
  const last = seriesValues(calls, { close: still }).map((values) => values.at(-1)!);
  expect(Object.fromEntries(calls.map((call, place) => [call, last[place]]))).toEqual({
    'skew(7)': Number.NaN,
    'kurtosis(7)': Number.NaN,
    'mad(7)': 0,
    'mode(7)': 0.1 + 0.2,
    'entropy(7)': 0,
    'rci(7)': 0,
    'hurst(16)': Number.NaN,
    'hurst_corrected(16)': Number.NaN,
  });
});

/**
 * Brownian motion with a Hurst exponent of its own has no short formula, but its extremes do: returns that turn at every bar have the smallest range whatever
 * the size of a part, so that R/S does not grow with it.
 */
test('the exponent of returns that turn at every bar is 0, of a walk up and then down it is 1', () => {
  const turning = Array.from({ length: 64 }, (_, bar) => (bar % 2 === 0 ? 1 : -1));
  expect(windowStatistic('rescaledRange', turning, 0)).toBeCloseTo(0, 12);
  // Of steps 1, 2, 3, ... every part has the same shape: R grows with the square of its size, S with the size itself.
  const rising = Array.from({ length: 4096 }, (_, bar) => bar);
  expect(windowStatistic('rescaledRange', rising, 0)).toBeCloseTo(1, 4);
});
