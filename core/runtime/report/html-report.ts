import { createHash } from 'node:crypto';
import type { Metrics } from '#core/engine/statistics/metrics.ts';
import type { Columns } from '#core/model/columns.ts';
import type { BacktestDocument } from '../backtest-document.ts';
import type { PlotSeries } from '../plot-series.ts';
import { drawdownChart, equityChart } from './equity-chart.ts';
import { escapeHtml, html, Html } from './html-text.ts';
import { plainText } from './plain-text.ts';
import { METRIC_GROUPS, metricText, metricTone } from './metric-groups.ts';
import { monthlyTable } from './monthly-table.ts';
import { groupedNumber, shareText } from './number-text.ts';
import { paneChart } from './pane-chart.ts';
import { drawnPlots, MAX_PLOTS } from './plot-lines.ts';
import { MAX_CANDLES, MAX_MARKED_TRADES, priceChart } from './price-chart.ts';
import { REPORT_STYLE } from './report-style.ts';
import { conventionLines, periodText, riskText, runNotes } from './run-notes.ts';
import { tradeTable } from './trade-table.ts';

/** What the charts of a report are drawn from. Bars [from, to) count; the equity is indexed like the columns. */
export interface ReportSeries {
  readonly columns: Columns;
  readonly equity: Float64Array;
  /** The strategy's `plot` lines, indexed like the columns. */
  readonly plots: readonly PlotSeries[];
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
 * @param source text of the strategy, shown folded at the end when given
 */
export function renderHtmlReport(document: BacktestDocument, series: ReportSeries, source: string | null = null): string {
  const styleHash = createHash('sha256').update(REPORT_STYLE).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${new Html(policy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <link rel="icon" href="data:," />
        <title>${document.strategy.name} - backtest</title>
        ${new Html(`<style>${REPORT_STYLE}</style>`)}
      </head>
      <body>
        <main>
          ${heading(document)} ${warnings(document)} ${series.to > series.from ? charts(document, series) : null} ${metrics(document)}
          ${
            series.to > series.from
              ? html`<section>
                  <h2>Months, change of the equity in percent</h2>
                  ${monthlyTable(series, document.settings.capital)}
                </section>`
              : null
          }
          <section>
            <h2>Trades</h2>
            ${tradeTable(document.trades)}
          </section>
          ${origin(document, source)}
          <footer>${document.engine}. Past results on recorded prices say little about the future.</footer>
        </main>
      </body>
    </html> `;
  return page.text;
}

function heading(document: BacktestDocument): Html {
  const sources = document.data.map((source) => {
    const kind = source.synthetic === true ? ' (synthetic)' : '';
    return html`<p>${source.market} ${source.timeframe}${kind}, ${periodText(document, source)}</p>`;
  });
  const { currency } = document.settings;
  const keys = KEY_METRICS.map(({ name, label }) => {
    const unit = METRIC_GROUPS.flatMap(({ lines }) => lines).find((line) => line.name === name)?.unit ?? 'ratio';
    const value = document.metrics[name];
    return html`<div><span>${label}</span><b class="${toneClass(metricTone(name, value))}">${metricText(value, unit, currency)}</b></div>`;
  });
  return html`<header>
      <h1>${document.strategy.name}</h1>
      ${sources}
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

function charts(document: BacktestDocument, series: ReportSeries): Html {
  const market = document.data[0]?.market ?? '';
  const { capital, currency } = document.settings;
  const thinning =
    document.trades.length > MAX_MARKED_TRADES
      ? html`<p class="note">
          Of ${groupedNumber(document.trades.length, 0)} exits, ${groupedNumber(MAX_MARKED_TRADES, 0)} are marked, evenly spread.
        </p>`
      : null;
  const legend = [
    ['entry long', 'M7 2l-5 9h10z', 'long entry'],
    ['entry short', 'M7 12l-5 -9h10z', 'short entry'],
    ['exit', 'M3 3l8 8m0 -8l-8 8', 'exit'],
    ['stop', 'M7 1l6 6l-6 6l-6 -6z', 'stop'],
    ['held won', 'M0 7H14', 'won'],
    ['held lost', 'M0 7H14', 'lost'],
  ] as const;
  const plots = drawnPlots(series.plots);
  const overlays = plots.filter(({ plot }) => plot.pane === null);
  const panes = [...Map.groupBy(plots, ({ plot }) => plot.pane)].filter(([pane]) => pane !== null);
  const lines = (drawn: typeof plots): (readonly [string, string, string])[] =>
    drawn.map(({ look, label }) => [look, 'M0 7H14', label] as const);
  const close = series.to - series.from > MAX_CANDLES ? ([['price', 'M0 7H14', 'close']] as const) : [];
  const uncounted =
    series.plots.length > MAX_PLOTS ? html`<p class="note">The first ${MAX_PLOTS} of ${series.plots.length} plots are drawn.</p>` : null;
  return html`<section>
      <h2>Price and trades</h2>
      ${priceChart(series, document.trades, market, overlays)}${legendLine([...close, ...lines(overlays), ...legend])}${thinning}${uncounted}
    </section>
    ${panes.map(
      ([pane, drawn]) =>
        html`<section>
          <h2>${plainText(pane ?? '', 60)}</h2>
          ${paneChart(series, pane ?? '', drawn)}${legendLine(lines(drawn))}
        </section>`,
    )}
    <section>
      <h2>Equity in ${currency}</h2>
      ${equityChart(series, capital)}${legendLine([
        ['equity', 'M0 7H14', 'equity'],
        ['hold', 'M0 7H14', 'buy and hold without costs'],
        ['capital', 'M0 7H14', 'starting capital'],
      ])}
    </section>
    <section>
      <h2>Drawdown</h2>
      ${drawdownChart(series, capital)}
    </section>`;
}

function legendLine(items: readonly (readonly [string, string, string])[]): Html {
  const list = items.map(
    ([name, d, label]) =>
      html`<span
        ><svg viewBox="0 0 14 14" aria-hidden="true"><path class="${name}" d="${d}" /></svg>${label}</span
      >`,
  );
  return html`<p class="legend">${list}</p>`;
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

/** Everything that is needed to repeat the run. */
function origin(document: BacktestDocument, source: string | null): Html {
  const { settings, strategy } = document;
  const params = Object.entries(document.params).map(([name, value]): [string, string] => [name, String(value)]);
  const money: [string, string][] = [
    ['capital', `${groupedNumber(settings.capital, 2)} ${settings.currency}`],
    ['fee a fill', shareText(settings.feeRate)],
    ['slippage a fill', shareText(settings.slippageRate)],
    ['risk plugins', riskText(document)],
  ];
  const files: [string, string][] = [
    ['strategy', `${strategy.file}, SHA-256 ${strategy.sha256}`],
    ...(strategy.modules ?? []).map((module): [string, string] => ['module', `${module.path}, SHA-256 ${module.sha256}`]),
    ...(strategy.plugins ?? []).map(({ name, version, code }): [string, string] => ['plugin', `${name} ${version}, ${code}`]),
    ...document.data.map((source): [string, string] => [`${source.market} ${source.timeframe}`, `SHA-256 ${source.sha256}`]),
    ['engine', document.engine],
    ['result', `SHA-256 ${document.resultHash}`],
    [
      'time',
      Object.entries(document.timing)
        .map(([name, ms]) => `${name} ${groupedNumber(ms, 1)}`)
        .join(', '),
    ],
  ];
  const conventions = conventionLines(document).map(({ name, value, meaning }): [string, string] => [name, `${value}: ${meaning}`]);
  const facts = (title: string, rows: readonly [string, string][], wide = ''): Html =>
    html`<div class="${wide}">
      <h3>${title}</h3>
      <table class="facts">
        ${rows.map(
          ([name, value]) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td>${value}</td>
            </tr>`,
        )}
      </table>
    </div>`;
  return html`<section>
    <h2>To repeat this run</h2>
    <div class="groups">
      ${params.length > 0 ? facts('Parameters', params) : null}${facts('Settings', money)}${facts('Conventions', conventions)}
    </div>
    ${facts('Files and versions', files, 'wide')}${source === null ? null : sourceText(source)}
  </section>`;
}

/** The strategy line by line, so that escaping leaves its line breaks alone. */
function sourceText(source: string): Html {
  const lines = source.split(/\r?\n/).map((line) => escapeHtml(line));
  return html`<details>
    <summary>Source of the strategy</summary>
    ${new Html(`<pre>${lines.join('\n')}</pre>`)}
  </details>`;
}

function toneClass(tone: number): string {
  return tone > 0 ? 'good' : tone < 0 ? 'bad' : '';
}
