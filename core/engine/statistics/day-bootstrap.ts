import { meanOf } from './risk-adjusted.ts';
import { drawIndex, type RandomSource, type Spread, spreadOf } from './resampling.ts';

/** What else the same days could have given: intervals of the figures of a run, by resampling blocks of its days. */
export interface DayBootstrap {
  readonly resamples: number;
  /** Length of a block in days: neighbours stay together, so that calm and wild times do. */
  readonly blockDays: number;
  /** Null when no resample has one. */
  readonly sharpe: Spread | null;
  readonly cagrPct: Spread;
  readonly maxDrawdownPct: Spread;
  /** Share of the resamples that end with a loss, percent points. */
  readonly lossPct: number;
}

/** Below this, a deviation of daily returns is rounding. */
const ROUNDING = 1e-15;

/**
 * Circular block bootstrap of the daily returns: D. Politis and J. Romano, "A Circular Block-Resampling Procedure for Stationary Data",
 * 1992; blocks of n^(1/3) days, rounded up (P. Hall, J. Horowitz and B.-Y. Jing, Biometrika 82, 1995, give the order). The intervals are those of percentiles.
 * @param returns simple daily returns, at least two
 */
export function dayBootstrap(returns: Float64Array, perYear: number, resamples: number, random: RandomSource): DayBootstrap {
  const count = returns.length;
  // A cube root that falls just short of a whole number is that number.
  const blockDays = Math.ceil(Math.cbrt(count) - 1e-9);
  const centre = meanOf(returns);
  const sharpes = new Float64Array(resamples);
  const growths = new Float64Array(resamples);
  const drawdowns = new Float64Array(resamples);
  let losses = 0;
  for (let k = 0; k < resamples; k++) {
    // Distances from the mean of all days: small numbers, whose squares do not cancel.
    let sum = 0;
    let squares = 0;
    let value = 1;
    let peak = 1;
    let deepest = 0;
    let at = 0;
    for (let i = 0; i < count; i++) {
      if (i % blockDays === 0) at = drawIndex(random, count);
      const one = returns[at]!;
      at = at + 1 === count ? 0 : at + 1;
      const distance = one - centre;
      sum += distance;
      squares += distance * distance;
      value *= 1 + one;
      if (value > peak) peak = value;
      else if (1 - value / peak > deepest) deepest = 1 - value / peak;
    }
    const shift = sum / count;
    const deviation = Math.sqrt(Math.max(0, squares - sum * shift) / (count - 1));
    sharpes[k] = deviation > ROUNDING ? ((centre + shift) / deviation) * Math.sqrt(perYear) : NaN;
    growths[k] = value > 0 ? (Math.pow(value, perYear / count) - 1) * 100 : -100;
    drawdowns[k] = deepest * 100;
    if (value < 1) losses += 1;
  }
  return {
    resamples,
    blockDays,
    sharpe: spreadOf(sharpes),
    cagrPct: spreadOf(growths)!,
    maxDrawdownPct: spreadOf(drawdowns)!,
    lossPct: (losses / resamples) * 100,
  };
}
