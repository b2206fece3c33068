import { quantile } from './distribution.ts';

/** Where random numbers come from: an explicit input, so that equal seeds give equal results. Uniform in [0, 1). */
export interface RandomSource {
  nextUnit(): number;
}

/** How a figure is spread over the resamples: 2.5 %, half, and 97.5 % of them lie below. low..high is the 95 % interval. */
export interface Spread {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** Draws of one figure, NaN where a resample has no value of it. */
export function spreadOf(draws: Float64Array): Spread | null {
  const sorted = draws.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return null;
  return { low: quantile(sorted, 0.025), median: quantile(sorted, 0.5), high: quantile(sorted, 0.975) };
}

/** As many resamples as are worth their time: 1000, fewer where each is very long, never under 100. */
export function resampleCount(length: number): number {
  return Math.max(100, Math.min(1000, Math.floor(5_000_000 / Math.max(1, length))));
}

/** A whole number from 0 to below `count`. */
export function drawIndex(random: RandomSource, count: number): number {
  return Math.floor(random.nextUnit() * count);
}
