import { meanOf } from './risk-adjusted.ts';

/**
 * Shape of a set of returns, as numpy, pandas, empyrical and quantstats compute it. Null where a figure has no value: too few returns, or
 * nothing to divide by. All take returns in any order; those that need an order take them sorted, so that one sort serves them all.
 */

/** The tail that value at risk looks at: the worst 5 % of the days. */
const TAIL = 0.05;

export function sortedCopy(values: Float64Array): Float64Array {
  return Float64Array.from(values).sort();
}

/**
 * The value below which a share of the values lies, between neighbours on a line (numpy's default, type 7 of R. Hyndman and Y. Fan 1996).
 * @param sorted ascending, at least one value
 * @param share 0 to 1
 */
export function quantile(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (at - below);
}

/** Sum of the gains over the sum of the losses (threshold 0). C. Keating and W. Shadwick 2002. Null without a loss. */
export function omegaRatio(returns: Float64Array): number | null {
  let gains = 0;
  let losses = 0;
  for (const value of returns) {
    if (value > 0) gains += value;
    else losses -= value;
  }
  return losses > 0 ? gains / losses : null;
}

/** How far the best 5 % reach, over how far the worst 5 % do. Null when the 5 % quantile is zero. */
export function tailRatio(sorted: Float64Array): number | null {
  if (sorted.length === 0) return null;
  const low = Math.abs(quantile(sorted, TAIL));
  return low > 0 ? Math.abs(quantile(sorted, 1 - TAIL)) / low : null;
}

/** The return that all but the worst 5 % of the days were above: historical simulation, no normal distribution assumed. */
export function valueAtRisk(sorted: Float64Array): number | null {
  return sorted.length === 0 ? null : quantile(sorted, TAIL);
}

/** Mean of the worst 5 % of the returns, rounded up to whole returns (expected shortfall). */
export function conditionalValueAtRisk(sorted: Float64Array): number | null {
  return sorted.length === 0 ? null : meanOf(sorted.subarray(0, Math.floor((sorted.length - 1) * TAIL) + 1));
}

/** The adjusted Fisher-Pearson coefficient, which corrects for the size of the sample (pandas `skew`). Null for fewer than three values. */
export function sampleSkewness(values: Float64Array): number | null {
  const n = values.length;
  if (n < 3) return null;
  const { second, third } = centralSums(values);
  if (!(second > 0)) return null;
  return ((third / n / (second / n) ** 1.5) * Math.sqrt(n * (n - 1))) / (n - 2);
}

/** Excess over the 3 of the normal distribution, corrected for the size of the sample (pandas `kurt`). Null for fewer than four values. */
export function sampleExcessKurtosis(values: Float64Array): number | null {
  const n = values.length;
  if (n < 4) return null;
  const { second, fourth } = centralSums(values);
  if (!(second > 0)) return null;
  const scale = (n - 2) * (n - 3);
  return (n * (n + 1) * (n - 1) * (fourth / (second * second))) / scale - (3 * (n - 1) ** 2) / scale;
}

/** Sums of the second, third and fourth powers of the distances from the mean; rounding of equal values counts as no distance. */
function centralSums(values: Float64Array): { readonly second: number; readonly third: number; readonly fourth: number } {
  const mean = meanOf(values);
  const noise = Math.abs(mean) * 1e-12;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (const value of values) {
    const distance = value - mean;
    if (Math.abs(distance) <= noise) continue;
    const square = distance * distance;
    second += square;
    third += square * distance;
    fourth += square * square;
  }
  return { second, third, fourth };
}
