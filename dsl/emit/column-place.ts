import { COLUMN_NAMES } from '#core/model/columns.ts';
import { type ChartColumn, columnKey } from '#core/model/chart-column.ts';
import type { Program } from '../program.ts';

/** Place of a column in C: the candles of the traded chart, then the columns of the program. */
export function columnPlace(program: Program, column: ChartColumn): number {
  if (column.chart === 0 && column.column.kind === 'bar') return COLUMN_NAMES.indexOf(column.column.name);
  const key = columnKey(column);
  return COLUMN_NAMES.length + program.columns.findIndex((other) => columnKey(other) === key);
}

/** Text of the place of a column's row, given the text of its index. */
export type RowText = (index: string) => string;

/** Local that counts the bars of a chart. */
export const indexName = (chart: number): string => (chart === 0 ? 'i' : `j${chart}`);

/** Local with the close time of a chart's bar at hand. */
export const closedName = (chart: number): string => (chart === 0 ? 'now' : `y${chart}`);
