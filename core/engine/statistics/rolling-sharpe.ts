import { sharpeRatio } from './risk-adjusted.ts';

/** The Sharpe ratio of the last `window` returns, at each return; NaN before there are so many, and where they do not vary. */
export function rollingSharpe(returns: Float64Array, window: number, perYear: number): Float64Array {
  const ratios = new Float64Array(returns.length).fill(NaN);
  for (let end = window; end <= returns.length; end++) ratios[end - 1] = sharpeRatio(returns.subarray(end - window, end), perYear) ?? NaN;
  return ratios;
}
