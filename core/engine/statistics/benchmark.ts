import { meanOf, sampleDeviation } from './risk-adjusted.ts';

/** How the returns go with those of a benchmark over the same days. Null where a figure has no value. */
export interface BenchmarkFigures {
  /** Covariance with the benchmark over the benchmark's variance. */
  readonly beta: number | null;
  /** What is left of the mean return without beta times the benchmark's, compounded to a year; a share. */
  readonly alpha: number | null;
  readonly correlation: number | null;
  /** Mean of the differences over their deviation (ddof 1), times sqrt(periods a year). */
  readonly informationRatio: number | null;
}

/** Below this, a deviation of daily returns is rounding. */
const ROUNDING = 1e-15;
const NONE: BenchmarkFigures = { beta: null, alpha: null, correlation: null, informationRatio: null };

/**
 * M. Jensen 1968 with risk-free rate 0, in the form of empyrical: alpha = (1 + mean(r - beta b))^P - 1.
 * @param returns simple returns, as many as `benchmark`
 */
export function benchmarkFigures(returns: Float64Array, benchmark: Float64Array, perYear: number): BenchmarkFigures {
  const spread = sampleDeviation(returns);
  const benchmarkSpread = sampleDeviation(benchmark);
  if (spread === null || benchmarkSpread === null) return NONE;
  const differences = returns.map((value, i) => value - benchmark[i]!);
  const tracking = sampleDeviation(differences)!;
  const informationRatio = tracking > ROUNDING ? (meanOf(differences) / tracking) * Math.sqrt(perYear) : null;
  if (benchmarkSpread <= ROUNDING) return { ...NONE, informationRatio };
  const mean = meanOf(returns);
  const benchmarkMean = meanOf(benchmark);
  let products = 0;
  for (let i = 0; i < returns.length; i++) products += (returns[i]! - mean) * (benchmark[i]! - benchmarkMean);
  const covariance = products / (returns.length - 1);
  const beta = covariance / (benchmarkSpread * benchmarkSpread);
  const rest = 1 + mean - beta * benchmarkMean;
  return {
    beta,
    alpha: rest > 0 ? Math.pow(rest, perYear) - 1 : -1,
    correlation: spread > ROUNDING ? covariance / (spread * benchmarkSpread) : null,
    informationRatio,
  };
}
