import type { BacktestDocument } from '../backtest-document.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';
import type { BacktestResult } from '../backtest.ts';
import { drawingsOf } from '../drawings.ts';
import { renderHtmlReport } from './html-report.ts';

/** The HTML report of a finished run, as `--report` writes it. */
export function reportOf(document: BacktestDocument, outcome: BacktestResult['outcome'], prepared: PreparedStrategy): string {
  const { columns, further, equity, fromIndex } = outcome;
  const strategies = outcome.strategies ?? [{ label: null, prepared }];
  const markets = outcome.markets?.map(({ strategy = 0, ...one }) => ({
    market: one.market,
    ...(outcome.strategies === undefined ? {} : { strategy: outcome.strategies[strategy]!.label }),
    columns: one.columns,
    ...drawingsOf(strategies[strategy]!.prepared, one.market, one.columns, one.further, one.fromIndex, { isOneOfMany: true }),
    from: one.fromIndex,
    to: one.columns.time.length,
  }));
  const { stock, detail, ask, mark, depth } = outcome.data ?? {};
  // Candles that were restated are not those that finer ones make up.
  const inner = stock === undefined ? detail?.inner : undefined;
  const drawn =
    markets === undefined
      ? drawingsOf(prepared, document.data[0]?.market ?? '', columns, further, fromIndex, {
          inner,
          ask: ask?.columns,
          mark: mark?.columns,
          books: depth?.books,
        })
      : { plots: [], marks: [] };
  const series = { columns, equity, ...drawn, from: fromIndex, to: columns.time.length, ...(markets === undefined ? {} : { markets }) };
  return renderHtmlReport(
    document,
    series,
    strategies.map((one) => one.prepared.source.text),
  );
}
