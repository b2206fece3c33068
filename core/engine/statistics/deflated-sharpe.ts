import { normalDistribution } from './probability.ts';

const EULER_MASCHERONI = 0.5772156649015329;

/**
 * The Sharpe ratio of one period that the best of `trials` strategies without any skill is expected to have: D. Bailey and M. López de Prado, "The Deflated Sharpe
 * Ratio", J. of Portfolio Management 40(5), 2014.
 * @param trials from 2
 * @param variance of the Sharpe ratios of one period over the trials
 */
export function expectedBestSharpe(trials: number, variance: number): number {
  const first = normalQuantile(1 - 1 / trials);
  const second = normalQuantile(1 - 1 / (trials * Math.E));
  return Math.sqrt(variance) * ((1 - EULER_MASCHERONI) * first + EULER_MASCHERONI * second);
}

/**
 * The probability that the true Sharpe ratio of the best is above what the best of so many tries has by luck alone; null where it has no value.
 * @param sharpe of one period, and the count (from 2), skewness and excess kurtosis of its returns
 */
export function deflatedSharpe(
  {
    sharpe,
    count,
    skewness,
    excessKurtosis,
  }: { readonly sharpe: number; readonly count: number; readonly skewness: number; readonly excessKurtosis: number },
  luck: number,
): number | null {
  const spread = 1 - skewness * sharpe + ((excessKurtosis + 2) / 4) * sharpe * sharpe;
  if (!(spread > 0)) return null;
  return normalDistribution(((sharpe - luck) * Math.sqrt(count - 1)) / Math.sqrt(spread));
}

/** x with P(Z <= x) = p, by halving. */
export function normalQuantile(p: number): number {
  let [low, high] = [-9, 9];
  while (high - low > 1e-13) {
    const middle = (low + high) / 2;
    if (normalDistribution(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
