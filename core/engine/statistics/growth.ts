import { meanOf } from './risk-adjusted.ts';

const YEAR_MS = 365.25 * 86_400_000;
/** Below this, a spread of logarithms is rounding. */
const ROUNDING = 1e-15;

/**
 * Compound growth a year as a share, over calendar years of 365.25 days (as ffn and backtesting.py); null without a span.
 * A final value of zero or less is a loss of everything: -1.
 */
export function compoundAnnualGrowth(startValue: number, endValue: number, spanMs: number): number | null {
  if (!(spanMs > 0) || !(startValue > 0)) return null;
  if (endValue <= 0) return -1;
  return Math.pow(endValue / startValue, YEAR_MS / spanMs) - 1;
}

/**
 * How well a straight line fits the logarithm of the growth: R squared of the least squares line, 1 = steady growth (or decline).
 * Null for fewer than two returns, or when nothing is left.
 */
export function stability(returns: Float64Array): number | null {
  const n = returns.length;
  if (n < 2) return null;
  const logs = new Float64Array(n);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    sum += Math.log1p(returns[i]!);
    logs[i] = sum;
  }
  if (!Number.isFinite(sum)) return null;
  const centre = (n - 1) / 2;
  const mean = meanOf(logs);
  let products = 0;
  let times = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    products += (i - centre) * (logs[i]! - mean);
    times += (i - centre) ** 2;
    squares += (logs[i]! - mean) ** 2;
  }
  return squares > ROUNDING ? (products * products) / (times * squares) : null;
}
