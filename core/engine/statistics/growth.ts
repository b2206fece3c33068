const YEAR_MS = 365.25 * 86_400_000;

/**
 * Compound growth a year as a share, over calendar years of 365.25 days (as ffn and backtesting.py); null without a span.
 * A final value of zero or less is a loss of everything: -1.
 */
export function compoundAnnualGrowth(startValue: number, endValue: number, spanMs: number): number | null {
  if (!(spanMs > 0) || !(startValue > 0)) return null;
  if (endValue <= 0) return -1;
  return Math.pow(endValue / startValue, YEAR_MS / spanMs) - 1;
}
