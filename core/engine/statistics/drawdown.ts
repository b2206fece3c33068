const DAY_MS = 86_400_000;

export interface Drawdown {
  /** Deepest fall below the highest equity so far, as a share of that peak; 0 = never below. */
  readonly maxShare: number;
  /** Greatest fall in money; not always the one of the deepest share. */
  readonly maxMoney: number;
  /** Longest time from a peak until the equity is back at it, or until the end; days of 24 hours. */
  readonly longestDays: number;
  /** Bars whose close is below the peak. */
  readonly barsBelow: number;
}

/**
 * Falls of the equity at the closes of bars [from, to) below its running peak; the starting capital is the first peak,
 * at the first bar. Durations count from the last bar at the peak to the bar that reaches it again (as backtesting.py).
 */
export function drawdownOf(time: Float64Array, equity: Float64Array, from: number, to: number, capital: number): Drawdown {
  let peak = capital;
  let peakTime = time[from] ?? 0;
  let maxShare = 0;
  let maxMoney = 0;
  let longestMs = 0;
  let barsBelow = 0;
  let isBelow = false;
  for (let i = from; i < to; i++) {
    const value = equity[i]!;
    if (value >= peak) {
      if (isBelow) longestMs = Math.max(longestMs, time[i]! - peakTime);
      isBelow = false;
      peak = value;
      peakTime = time[i]!;
      continue;
    }
    isBelow = true;
    barsBelow += 1;
    maxMoney = Math.max(maxMoney, peak - value);
    maxShare = Math.max(maxShare, (peak - value) / peak);
  }
  if (isBelow) longestMs = Math.max(longestMs, time[to - 1]! - peakTime);
  return { maxShare, maxMoney, longestDays: longestMs / DAY_MS, barsBelow };
}
