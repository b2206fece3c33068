import type { Bar } from '#core/model/bar.ts';
import { COLUMN_NAMES, type Columns, sharedColumns, sharedDoubles } from '#core/model/columns.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import { isWholeMultiple, nextOpen } from '#core/model/timeframe.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { utcGrid } from './bar-grid.ts';
import { type LongerBar, LongerBars, type Merging } from './longer-bars.ts';

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
 * Makes bars of `to`, on the grid of UTC, from the bars of `from` (`LongerBars`). A bar exists when at least one source bar ends in it; none is
 * invented. Throws DATA_TIMEFRAME unless `to` is a whole multiple of `from` (see `isWholeMultiple`). O(rows).
 */
export function resampleColumns(source: Columns, from: Timeframe, to: Timeframe, merged: readonly MergedValues[] = []): ResampledColumns {
  refuseUneven(from, to);
  const longer = new LongerBars(
    utcGrid(to),
    merged.map(({ merging }) => merging),
  );
  const made: LongerBar[] = [];
  const keep = (bar: LongerBar | null): void => {
    if (bar !== null) made.push(bar);
  };
  const rows = source.time.length;
  const values = new Float64Array(merged.length);
  for (let i = 0; i < rows; i++) {
    const bar: Bar = {
      time: source.time[i]!,
      open: source.open[i]!,
      high: source.high[i]!,
      low: source.low[i]!,
      close: source.close[i]!,
      volume: source.volume[i]!,
    };
    for (let at = 0; at < merged.length; at++) values[at] = merged[at]!.values[i]!;
    keep(longer.add(bar, nextOpen(from, bar.time), values));
  }
  keep(longer.forming());
  const columns = sharedColumns(made.length);
  const longerValues = merged.map(() => sharedDoubles(made.length));
  for (const [i, { bar, values: own }] of made.entries()) {
    for (const name of COLUMN_NAMES) columns[name][i] = bar[name];
    for (const [at, column] of longerValues.entries()) column[i] = own[at]!;
  }
  const lastEnd = made.at(-1)?.end ?? Infinity;
  return { columns, values: longerValues, lastIsComplete: rows > 0 && nextOpen(from, source.time[rows - 1]!) >= lastEnd };
}
