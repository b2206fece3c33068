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
  for (let i = from; i < to;) {
    const value = equity[i]!;
    if (value >= peak) {
      peak = value;
      peakTime = time[i]!;
      i++;
      continue;
    }
    // The lowest equity below a peak has both the greatest fall and the greatest share: one division a peak, none a bar.
    const start = i;
    let low = value;
    for (; i < to; i++) {
      const below = equity[i]!;
      if (below >= peak) break;
      if (below < low) low = below;
    }
    barsBelow += i - start;
    longestMs = Math.max(longestMs, time[i < to ? i : to - 1]! - peakTime);
    maxMoney = Math.max(maxMoney, peak - low);
    maxShare = Math.max(maxShare, (peak - low) / peak);
  }
  return { maxShare, maxMoney, longestDays: longestMs / DAY_MS, barsBelow };
}
