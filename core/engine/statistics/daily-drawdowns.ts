import type { DailyEquity } from './daily-equity.ts';

const DAY_MS = 86_400_000;

export interface DailyDrawdowns {
  /** Root of the mean square of the depth, as a share. P. Martin and B. McCann, "The Investor's Guide to Fidelity Funds", 1989. */
  readonly ulcerIndex: number | null;
  /** Mean of the deepest point of each drawdown, as a share; null without one. */
  readonly averageShare: number | null;
  /** Mean time from the last day at the peak to the first day that is back there, or the end; days. */
  readonly averageDays: number | null;
}

/** The drawdowns of the daily equity; the starting capital is the first peak. */
export function dailyDrawdowns({ day, equity }: DailyEquity, capital: number): DailyDrawdowns {
  const count = equity.length;
  if (count === 0) return { ulcerIndex: null, averageShare: null, averageDays: null };
  let peak = capital;
  let peakDay = day[0]!;
  let deepest = 0;
  let squares = 0;
  let falls = 0;
  let depths = 0;
  let days = 0;
  const end = (at: number): void => {
    if (deepest === 0) return;
    falls += 1;
    depths += deepest;
    days += (at - peakDay) / DAY_MS;
    deepest = 0;
  };
  for (let i = 0; i < count; i++) {
    const value = equity[i]!;
    if (value >= peak) {
      end(day[i]!);
      peak = value;
      peakDay = day[i]!;
      continue;
    }
    const depth = (peak - value) / peak;
    squares += depth * depth;
    deepest = Math.max(deepest, depth);
  }
  end(day[count - 1]!);
  return {
    ulcerIndex: Math.sqrt(squares / count),
    averageShare: falls > 0 ? depths / falls : null,
    averageDays: falls > 0 ? days / falls : null,
  };
}
