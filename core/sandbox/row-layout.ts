import type { ChartColumn } from '#core/model/chart-column.ts';
import { COLUMN_NAMES } from '#core/model/columns.ts';
import { ACCOUNT_FIELDS } from '#core/model/strategy-abi.ts';

/** Doubles of one bar in COLUMN_NAMES order. */
export const BAR_FIELDS = COLUMN_NAMES.length;
/** A bar and the account at its close, side by side: what every packed row begins with. */
export const ROW_FIELDS = BAR_FIELDS + ACCOUNT_FIELDS;

/**
 * Packed rows are what a decider is fed with. Behind ROW_FIELDS comes a tail: the values of the strategy's further columns of the traded chart; then, if
 * it reads other charts, the number of their bars that closed by now, and for each the chart's number and the values of its columns.
 */
export interface RowLayout {
  /** For each chart by its number, the places of its columns among `CompiledStrategy.columns`. */
  readonly places: readonly (readonly number[])[];
  readonly hasOtherCharts: boolean;
}

export function rowLayout(columns: readonly ChartColumn[]): RowLayout {
  const last = columns.reduce((most, { chart }) => Math.max(most, chart), 0);
  const places = Array.from({ length: last + 1 }, (_, chart) =>
    columns.flatMap((column, place) => (column.chart === chart ? [place] : [])),
  );
  return { places, hasOtherCharts: last > 0 };
}

/** Where the row that begins at `from` ends; null when it is cut off, or names a chart that there is not. */
export function rowEnd({ places, hasOtherCharts }: RowLayout, rows: Float64Array, from: number): number | null {
  let at = from + ROW_FIELDS + places[0]!.length;
  if (hasOtherCharts) {
    const closed = rows[at];
    at += 1;
    if (closed === undefined || !Number.isInteger(closed) || closed < 0) return null;
    for (let left = closed; left > 0 && at <= rows.length; left--) {
      const chart = rows[at] ?? 0;
      const own = places[chart];
      if (chart === 0 || own === undefined) return null;
      at += 1 + own.length;
    }
  }
  return at <= rows.length ? at : null;
}

/** How many whole rows these are; null when they are not. */
export function countRows(layout: RowLayout, rows: Float64Array): number | null {
  let count = 0;
  for (let at = 0; at < rows.length; count++) {
    const end = rowEnd(layout, rows, at);
    if (end === null) return null;
    at = end;
  }
  return count;
}
