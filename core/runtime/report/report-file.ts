import type { BacktestDocument } from '../backtest-document.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';
import type { BacktestResult } from '../backtest.ts';
import { drawingsOf } from '../drawings.ts';
import { renderHtmlReport } from './html-report.ts';

/** The HTML report of a finished run, as `--report` writes it. */
export function reportOf(document: BacktestDocument, outcome: BacktestResult['outcome'], prepared: PreparedStrategy): string {
  const { columns, further, equity, fromIndex, detail, stock } = outcome;
  const market = document.data[0]?.market ?? '';
  // Candles that were restated are not those that finer ones make up.
  const inner = stock === undefined ? detail?.inner : undefined;
  const drawn = drawingsOf(prepared, market, columns, further, fromIndex, undefined, inner);
  return renderHtmlReport(document, { columns, equity, ...drawn, from: fromIndex, to: columns.time.length }, prepared.source.text);
}
