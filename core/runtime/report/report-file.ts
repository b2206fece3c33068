import type { BacktestDocument } from '../backtest-document.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';
import type { RunOutcome } from '../result-document.ts';
import { plotSeries } from '../plot-series.ts';
import { renderHtmlReport } from './html-report.ts';

/** The HTML report of a finished run, as `--report` writes it. */
export function reportOf(document: BacktestDocument, outcome: RunOutcome, prepared: PreparedStrategy): string {
  const { columns, equity, fromIndex } = outcome;
  const plots = plotSeries(prepared, columns, fromIndex);
  return renderHtmlReport(document, { columns, equity, plots, from: fromIndex, to: columns.time.length }, prepared.source.text);
}
