import type { BacktestDocument } from '../backtest-document.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';
import type { BacktestResult } from '../backtest.ts';
import { plotSeries } from '../plot-series.ts';
import { renderHtmlReport } from './html-report.ts';

/** The HTML report of a finished run, as `--report` writes it. */
export function reportOf(document: BacktestDocument, outcome: BacktestResult['outcome'], prepared: PreparedStrategy): string {
  const { columns, further, equity, fromIndex, detail } = outcome;
  const plots = plotSeries(prepared, columns, further, fromIndex, undefined, detail?.inner);
  return renderHtmlReport(document, { columns, equity, plots, from: fromIndex, to: columns.time.length }, prepared.source.text);
}
