import type { Metrics } from '#core/engine/statistics/metrics.ts';
import type { ChartMark } from '#core/model/chart-mark.ts';
import type { Columns } from '#core/model/columns.ts';
import { type BacktestDocument, titleOf } from '../backtest-document.ts';
import type { PlotSeries } from '../drawings.ts';
import { ambiguousSection } from './ambiguous-section.ts';
import { chartSections } from './chart-sections.ts';
import { html, type Html } from './html-text.ts';
import { luckSection } from './luck-section.ts';
import { METRIC_GROUPS, metricText, metricTone } from './metric-groups.ts';
import { monthlyTable } from './monthly-table.ts';
import { groupedNumber } from './number-text.ts';
import { attributionSection, costSection } from './profit-sections.ts';
import { originSection } from './origin-section.ts';
import { pageHead } from './page-head.ts';
import { REPORT_STYLE } from './report-style.ts';
import { runNotes, sourceTexts } from './run-notes.ts';
import { tradeCharts } from './trade-charts.ts';
import { tradeTable } from './trade-table.ts';

/** What the charts of a report are drawn from. Bars [from, to) count; the equity is indexed like the columns. */
export interface ReportSeries extends PricedSeries {
  readonly equity: Float64Array;
  /** Several markets on one account: each with its own bars, and `columns` has the value of equal money in all. Left out: the one of `columns`. */
  readonly markets?: readonly MarketSeries[];
}

/** One of several markets, or of several strategies. */
export interface MarketSeries extends PricedSeries {
  readonly market: string;
  /** The strategy whose chart it is, where several share the account. */
  readonly strategy?: string;
}

/** Candles of one market with what is drawn on them. */
export interface PricedSeries {
  readonly columns: Columns;
  /** The strategy's `plot` lines, indexed like the columns. */
  readonly plots: readonly PlotSeries[];
  /** What its `mark` lines set, in the order of time. */
  readonly marks: readonly ChartMark[];
  readonly from: number;
  readonly to: number;
}

const KEY_METRICS: readonly { readonly name: keyof Metrics; readonly label: string }[] = [
  { name: 'netProfitPct', label: 'Total return' },
  { name: 'buyAndHoldPct', label: 'Buy and hold' },
  { name: 'maxDrawdownPct', label: 'Max drawdown' },
  { name: 'sharpe', label: 'Sharpe ratio' },
  { name: 'tradeCount', label: 'Trades' },
  { name: 'winRatePct', label: 'Win rate' },
];

/**
 * One HTML file without scripts and without anything fetched: it can be mailed, archived and opened offline. All text from
 * strategy files, data and names is escaped (threats.md 28 and 46), and the content policy forbids scripts and requests.
 * @param sources texts of the strategy, or of all, shown folded at the end
 */
export function renderHtmlReport(document: BacktestDocument, series: ReportSeries, sources: readonly string[] = []): string {
  const page = html`<!doctype html>
    <html lang="en">
      ${pageHead(`${titleOf(document)} - backtest`, REPORT_STYLE)}
      <body>
        <main>
          ${heading(document)} ${warnings(document)} ${series.to > series.from ? chartSections(document, series) : null}
          ${metrics(document)} ${luckSection(document)}
          ${
            document.periods.months.length > 0
              ? html`<section>
                  <h2>Months, change of the equity in percent</h2>
                  ${monthlyTable(document.periods)}
                </section>`
              : null
          }
          ${tradeCharts(document.trades)} ${document.trades.length > 0 ? costSection(document) : null} ${attributionSection(document)}
          ${ambiguousSection(document)}
          <section>
            <h2>Trades</h2>
            ${tradeTable(document.trades)}
          </section>
          ${originSection(document, sources)}
          <footer>${document.engine}. Past results on recorded prices say little about the future.</footer>
        </main>
      </body>
    </html> `;
  return page.text;
}

function heading(document: BacktestDocument): Html {
  const { first, more } = sourceTexts(document);
  const lines = (texts: readonly string[]): readonly Html[] => texts.map((text) => html`<p>${text}</p>`);
  const { currency } = document.settings;
  const keys = KEY_METRICS.map(({ name, label }) => {
    const unit = METRIC_GROUPS.flatMap(({ lines }) => lines).find((line) => line.name === name)?.unit ?? 'ratio';
    const value = document.metrics[name];
    return html`<div><span>${label}</span><b class="${toneClass(metricTone(name, value))}">${metricText(value, unit, currency)}</b></div>`;
  });
  return html`<header>
      <h1>${titleOf(document)}</h1>
      ${lines(first)}
      ${
        more.length === 0
          ? null
          : html`<details>
              <summary>and ${groupedNumber(more.length, 0)} more markets</summary>
              ${lines(more)}
            </details>`
      }
    </header>
    <div class="key">${keys}</div>`;
}

function warnings(document: BacktestDocument): Html {
  const list = document.warnings.map(({ code, message }) => html`<li><code>${code}</code> ${message}</li>`);
  const notes = runNotes(document).map((note) => html`<li>${note}</li>`);
  return html`${
      list.length > 0
        ? html`<section class="warnings">
            <h2>Warnings</h2>
            <ul>
              ${list}
            </ul>
          </section>`
        : null
    }
    <section class="notes">
      <h2>How to read this</h2>
      <ul>
        ${notes}
      </ul>
    </section>`;
}

function metrics(document: BacktestDocument): Html {
  const { currency } = document.settings;
  const groups = METRIC_GROUPS.map(({ title, lines }) => {
    const rows = lines.map(({ name, label, unit }) => {
      const value = document.metrics[name];
      return html`<tr>
        <th scope="row">${label}</th>
        <td class="${toneClass(metricTone(name, value))}">${metricText(value, unit, currency)}</td>
      </tr>`;
    });
    return html`<div>
      <h3>${title}</h3>
      <table>
        ${rows}
      </table>
    </div>`;
  });
  return html`<section>
    <h2>Metrics</h2>
    <div class="groups">${groups}</div>
  </section>`;
}

function toneClass(tone: number): string {
  return tone > 0 ? 'good' : tone < 0 ? 'bad' : '';
}
