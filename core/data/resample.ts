import { type Columns, sharedColumns, sharedDoubles } from '#core/model/columns.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import { isWholeMultiple, nextOpen } from '#core/model/timeframe.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { utcGrid } from './bar-grid.ts';
import type { Merging } from './longer-bars.ts';

/** Bars of a longer timeframe. */
export interface ResampledColumns {
  /** In shared memory; open times are on the grid of the longer timeframe. */
  readonly columns: Columns;
  /** As given to `resampleColumns`, a value a bar. */
  readonly values: readonly Float64Array[];
  /** Whether the last source bar ends where the last bar does. A market that closes earlier (a session, a month that ends on a weekend) never fills it. */
  readonly lastIsComplete: boolean;
}

/** Values besides the candles, a value a source bar, and what becomes of them. */
export interface MergedValues {
  readonly values: Float64Array;
  readonly merging: Merging;
}

/** @throws StratError DATA_TIMEFRAME unless bars of `to` are made of whole bars of `from` */
export function refuseUneven(from: Timeframe, to: Timeframe): void {
  if (isWholeMultiple(to, from)) return;
  throw new StratError('DATA_TIMEFRAME', {
    from: from.name,
    to: to.name,
    reason: to.stepMs < from.stepMs ? 'they are shorter, and candles cannot be split' : 'they are no whole multiple',
    hint: `Give data of ${to.name} bars, or of bars that fit into them`,
  });
}

/**
 * Makes bars of `to`, on the grid of UTC, from the bars of `from`, by the rules of `LongerBars`: what that does bar by bar as they come, this does on whole
 * columns. A bar exists when at least one source bar ends in it; none is invented. Throws DATA_TIMEFRAME unless `to` is a whole multiple of `from`
 * (see `isWholeMultiple`). O(rows).
 */
export function resampleColumns(source: Columns, from: Timeframe, to: Timeframe, merged: readonly MergedValues[] = []): ResampledColumns {
  refuseUneven(from, to);
  const parts = partsOf(source.time, from, to);
  const { count, firsts } = parts;
  const columns = sharedColumns(count);
  columns.time.set(parts.opens.subarray(0, count));
  // Columns by names of their own: a look into `source` for each value would cost as much as all the rest.
  const { open, high, low, close, volume } = source;
  for (let bar = 0; bar < count; bar++) {
    const first = firsts[bar]!;
    const end = firsts[bar + 1]!;
    let highest = high[first]!;
    let lowest = low[first]!;
    let sum = volume[first]!;
    for (let row = first + 1; row < end; row++) {
      const rowHigh = high[row]!;
      const rowLow = low[row]!;
      if (rowHigh > highest) highest = rowHigh;
      if (rowLow < lowest) lowest = rowLow;
      sum += volume[row]!;
    }
    columns.open[bar] = open[first]!;
    columns.high[bar] = highest;
    columns.low[bar] = lowest;
    columns.close[bar] = close[end - 1]!;
    columns.volume[bar] = sum;
  }
  const values = merged.map((one) => mergedColumn(one, firsts, count));
  const rows = source.time.length;
  return { columns, values, lastIsComplete: rows > 0 && nextOpen(from, source.time[rows - 1]!) >= parts.end };
}

interface Parts {
  /** Longer bars. */
  readonly count: number;
  /** When each opens; longer than `count`. */
  readonly opens: Float64Array;
  /** First source row of each, and behind the last one the number of rows. */
  readonly firsts: Uint32Array;
  /** When the last one ends. */
  readonly end: number;
}

/** Which source bars make up each longer one: a bar is a part of the one in which it ends. */
function partsOf(time: Float64Array, from: Timeframe, to: Timeframe): Parts {
  const grid = utcGrid(to);
  const rows = time.length;
  // Both ends may be parts of bars; a month is no shorter than 28 days, which is 0.91 of what it counts as.
  const most = rows === 0 ? 0 : Math.min(rows, Math.ceil((time[rows - 1]! - time[0]!) / (to.stepMs * 0.9)) + 2);
  const opens = new Float64Array(most);
  const firsts = new Uint32Array(most + 1);
  // Bars of months have no one length.
  const stepMs = from.unit === 'mo' ? null : from.stepMs;
  let count = 0;
  let end = -Infinity;
  for (let row = 0; row < rows; row++) {
    const at = time[row]!;
    const close = stepMs === null ? nextOpen(from, at) : at + stepMs;
    if (close <= end) continue;
    opens[count] = grid.open(close - 1);
    end = grid.end(close - 1);
    firsts[count++] = row;
  }
  firsts[count] = rows;
  return { count, opens, firsts, end };
}

/** A sum is na when a part is; the last value is the last that is known. */
function mergedColumn({ values, merging }: MergedValues, firsts: Uint32Array, count: number): Float64Array {
  const column = sharedDoubles(count);
  for (let bar = 0; bar < count; bar++) {
    let value = values[firsts[bar]!]!;
    for (let row = firsts[bar]! + 1; row < firsts[bar + 1]!; row++) {
      const next = values[row]!;
      if (merging === 'sum') value += next;
      else if (!Number.isNaN(next)) value = next;
    }
    column[bar] = value;
  }
  return column;
}
