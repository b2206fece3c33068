/** Rows of several series side by side. */
export interface AlignedBars {
  /** When the bars open, ms: every time that at least one of the series has. */
  readonly time: Float64Array;
  /** Of each series the row of each time; -1 where it has no bar. */
  readonly rows: readonly Int32Array[];
}

/**
 * Puts series of one timeframe side by side, by the time at which their bars open. A bar that one of them lacks stays lacking: nothing is carried on, so that a row knows only what its own
 * bars knew. O(rows × series).
 * @param times rising, one array a series
 */
export function alignBars(times: readonly Float64Array[]): AlignedBars {
  const most = times.reduce((sum, { length }) => sum + length, 0);
  const time = new Float64Array(most);
  const rows = times.map(() => new Int32Array(most).fill(-1));
  const next = new Int32Array(times.length);
  let count = 0;
  for (;;) {
    let at = Infinity;
    for (const [place, own] of times.entries()) {
      const value = own[next[place]!];
      if (value !== undefined && value < at) at = value;
    }
    if (at === Infinity) break;
    time[count] = at;
    for (const [place, own] of times.entries()) if (own[next[place]!] === at) rows[place]![count] = next[place]!++;
    count++;
  }
  return { time: time.slice(0, count), rows: rows.map((row) => row.slice(0, count)) };
}

/**
 * Of each bar of a series the row of the last bar of another one that had closed when it closed; -1 where there is none, or where that one closed longer ago than `mostAgeMs`. For series of other
 * timeframes and of markets with other hours: what was known at a close, and nothing that came later.
 * @param closes when the bars close, rising
 * @param others when those of the other series close, rising
 */
export function lastClosedRows(closes: Float64Array, others: Float64Array, mostAgeMs: number): Int32Array {
  const rows = new Int32Array(closes.length);
  let next = 0;
  for (const [bar, close] of closes.entries()) {
    while (next < others.length && others[next]! <= close) next++;
    rows[bar] = next > 0 && close - others[next - 1]! <= mostAgeMs ? next - 1 : -1;
  }
  return rows;
}
