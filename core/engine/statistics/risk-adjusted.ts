/**
 * Ratios of periodic returns, risk-free rate 0, as empyrical, quantstats and ffn compute them. Null where a ratio has no
 * value: too few returns, or nothing to divide by.
 */

/** Below this, a spread of returns is the rounding of equal returns (each is exact to about 2e-16). */
const ROUNDING = 1e-15;

export function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Sample standard deviation (ddof 1); null for fewer than two values. */
export function sampleDeviation(values: Float64Array): number | null {
  if (values.length < 2) return null;
  const mean = meanOf(values);
  let squares = 0;
  for (const value of values) squares += (value - mean) * (value - mean);
  return Math.sqrt(squares / (values.length - 1));
}

/** Root mean square of the negative returns over all returns: deviation from the fixed target 0, so no degree of freedom is lost. */
export function downsideDeviation(values: Float64Array): number | null {
  if (values.length === 0) return null;
  let squares = 0;
  for (const value of values) if (value < 0) squares += value * value;
  return Math.sqrt(squares / values.length);
}

/** Mean over sample deviation, times sqrt(periods a year). W. F. Sharpe, "The Sharpe Ratio", 1994. */
export function sharpeRatio(returns: Float64Array, perYear: number): number | null {
  const deviation = sampleDeviation(returns);
  return deviation === null || deviation <= ROUNDING ? null : (meanOf(returns) / deviation) * Math.sqrt(perYear);
}

/** Mean over downside deviation, times sqrt(periods a year). F. Sortino and L. Price, 1994. */
export function sortinoRatio(returns: Float64Array, perYear: number): number | null {
  const deviation = returns.length < 2 ? null : downsideDeviation(returns);
  return deviation === null || deviation <= ROUNDING ? null : (meanOf(returns) / deviation) * Math.sqrt(perYear);
}

/** Sample deviation times sqrt(periods a year), as a share: 0.2 = 20 % a year. */
export function annualVolatility(returns: Float64Array, perYear: number): number | null {
  const deviation = sampleDeviation(returns);
  return deviation === null ? null : deviation * Math.sqrt(perYear);
}
