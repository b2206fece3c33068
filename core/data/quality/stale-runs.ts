import type { Columns } from '#core/model/columns.ts';

/** Bars that repeat a price, `[from, from + bars)`. */
export interface StaleRun {
  readonly from: number;
  readonly bars: number;
  /** Volumes are zero: somebody filled a gap, or nobody traded. */
  readonly isSilent: boolean;
}

const LEAST_BARS = 5;
/** Runs that a market of so many flat bars has by chance, in all of its bars. */
const BY_CHANCE = 1e-3;
/** So long a run is worth a word in any market. */
const LONG_RUN = 60;

/**
 * Runs of bars that do not move at all and repeat the close before them: longer than chance makes them where so many bars are flat. Thin markets
 * have many flat bars, and need longer runs.
 */
export function staleRuns({ open, high, low, close, volume }: Columns): readonly StaleRun[] {
  const isFlat = (row: number): boolean => high[row] === low[row] && open[row] === close[row - 1] && close[row] === close[row - 1];
  const runs: StaleRun[] = [];
  let flat = 0;
  for (let row = 1; row < close.length; row++) {
    if (!isFlat(row)) continue;
    const from = row;
    let silent = 0;
    let same = 0;
    for (; row < close.length && isFlat(row); row++) {
      if (volume[row] === 0) silent++;
      if (volume[row] === volume[from]) same++;
    }
    const bars = row - from;
    flat += bars;
    // Other volumes at one price are trades, which a feed that stands still does not have.
    if (bars >= LEAST_BARS && (same === bars || bars >= LONG_RUN)) runs.push({ from, bars, isSilent: silent === bars });
  }
  // Runs long enough to be listed say little about how often a bar is flat by itself.
  const listed = runs.reduce((sum, { bars }) => sum + bars, 0);
  const share = Math.max(flat - listed, 1) / Math.max(close.length - listed, 1);
  const least = Math.max(LEAST_BARS, Math.min(LONG_RUN, Math.ceil(Math.log(BY_CHANCE / close.length) / Math.log(share))));
  return runs.filter(({ bars }) => bars >= least);
}
