import type { Columns } from '#core/model/columns.ts';
/** What the charts of a report are drawn from. Bars [from, to) count. */
export interface ReportSeries {
  readonly columns: Columns;
  readonly equity: Float64Array;
  readonly from: number;
  readonly to: number;
}
