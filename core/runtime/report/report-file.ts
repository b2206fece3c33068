import type { BacktestDocument } from '../backtest-document.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';
import type { RunOutcome } from '../result-document.ts';
import { renderHtmlReport } from './html-report.ts';

/** The HTML report of a finished run, as `--report` writes it. */
export function reportOf(document: BacktestDocument, outcome: RunOutcome, prepared: PreparedStrategy): string {
  const { columns, equity, fromIndex } = outcome;
  return renderHtmlReport(document, { columns, equity, from: fromIndex, to: columns.time.length }, prepared.source.text);
}
