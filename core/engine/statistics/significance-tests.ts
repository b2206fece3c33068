import { normalDistribution, studentTwoSided } from './probability.ts';
import { meanOf, sampleDeviation } from './risk-adjusted.ts';

/** Could a result as good as this come from chance? */

export interface MeanTest {
  /** Mean over its standard error: the distance from zero in standard errors. */
  readonly t: number;
  /** How often values without any edge have a mean at least so far from zero, 0 to 1, two-sided. */
  readonly p: number;
}

/** Student's t test that the mean is zero ("Student" 1908). Null for fewer than two values, or when they do not vary. */
export function meanTest(values: Float64Array): MeanTest | null {
  const deviation = sampleDeviation(values);
  if (deviation === null) return null;
  const mean = meanOf(values);
  if (deviation <= Math.abs(mean) * 1e-12) return null;
  const t = (mean / deviation) * Math.sqrt(values.length);
  return { t, p: studentTwoSided(t, values.length - 1) };
}

/**
 * The probability that the true Sharpe ratio is above zero, given how long, skewed and heavy-tailed the returns are: D. Bailey and M. López
 * de Prado, "The Sharpe Ratio Efficient Frontier", J. of Risk 15(2), 2012.
 * @param sharpe of one period, not annualised
 * @param count of returns, from 2
 */
export function probabilisticSharpe(sharpe: number, count: number, skewness: number, excessKurtosis: number): number | null {
  const variance = 1 - skewness * sharpe + ((excessKurtosis + 2) / 4) * sharpe * sharpe;
  if (!(variance > 0)) return null;
  return normalDistribution((sharpe * Math.sqrt(count - 1)) / Math.sqrt(variance));
}
