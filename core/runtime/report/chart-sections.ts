import type { BacktestDocument } from '../backtest-document.ts';
import { detailParts } from './detail-parts.ts';
import { drawdownChart, equityChart } from './equity-chart.ts';
import type { MarketSeries, ReportSeries } from './html-report.ts';
import { html, type Html } from './html-text.ts';
import { LEGEND_LINE, type LegendItem, legendLine } from './legend-line.ts';
import { groupedNumber } from './number-text.ts';
import { paneChart } from './pane-chart.ts';
import { plainText } from './plain-text.ts';
import { type DrawnPlot, drawnPlots, MAX_PLOTS } from './plot-lines.ts';
import { hasCandles, MAX_MARKS, priceChart, priceDetail } from './price-chart.ts';
import { rollingChart } from './rolling-chart.ts';

const LONG: LegendItem = ['entry long', 'M7 2l-5 9h10z', 'long entry'];
const SHORT: LegendItem = ['entry short', 'M7 12l-5 -9h10z', 'short entry'];
const EXITS: readonly LegendItem[] = [
  ['exit', 'M3 3l8 8m0 -8l-8 8', 'exit'],
  ['stop', 'M7 1l6 6l-6 6l-6 -6z', 'stop'],
  ['held won', LEGEND_LINE, 'won'],
  ['held lost', LEGEND_LINE, 'lost'],
];
const MARK: LegendItem = ['mark hue-purple', 'M3.5 7a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z', 'mark of the strategy'];

/** So many markets are drawn, and so many with their parts: the file stays small. */
const MAX_MARKETS = 12;
const MAX_DETAILED_MARKETS = 2;
/** So many of the plots on the price are drawn into its parts too, and none when there are many in all: the file stays small. */
const MAX_DETAIL_PLOTS = 4;
const MANY_PLOTS = 8;

/** Prices with trades and plots, the panes, equity, drawdown and the rolling Sharpe ratio. */
export function chartSections(document: BacktestDocument, series: ReportSeries): Html {
  const { capital, currency, isInverse } = document.settings;
  return html`${series.markets === undefined ? marketSections(document, { ...series, market: document.data[0]?.market ?? '' }, true) : null}
    <section>
      <h2>Equity in ${currency}</h2>
      ${equityChart(series, document.settings)}${legendLine([
        ['equity', LEGEND_LINE, 'equity'],
        [
          'hold',
          LEGEND_LINE,
          isInverse === true
            ? `the ${currency} itself, held`
            : series.markets === undefined
              ? 'buy and hold without costs'
              : 'equal money in every market, held without costs',
        ],
        ['capital', LEGEND_LINE, 'starting capital'],
      ])}
    </section>
    <section>
      <h2>Drawdown</h2>
      ${drawdownChart(series, capital)}
    </section>
    ${rollingChart(series, document.settings.conventions.calendar ?? null)}
    ${series.markets === undefined ? null : eachMarket(document, series.markets)}`;
}

/** The markets in the order of what they earned or lost, each by strategy; of many those that moved the account most. */
function eachMarket(document: BacktestDocument, markets: readonly MarketSeries[]): Html {
  const profits = markets.map(({ market, strategy }) =>
    document.trades.reduce((sum, trade) => (trade.market === market && trade.strategy === strategy ? sum + (trade.profit ?? 0) : sum), 0),
  );
  const moved = (series: MarketSeries): number => Math.abs(profits[markets.indexOf(series)]!);
  const shown = markets.toSorted((a, b) => moved(b) - moved(a)).slice(0, MAX_MARKETS);
  const rest = markets.length - shown.length;
  return html`${shown.map((series) => marketSections(document, series, markets.length <= MAX_DETAILED_MARKETS))}
  ${rest > 0 ? html`<p class="note">The other ${rest} markets moved the account less and are not drawn.</p>` : null}`;
}

/** `BTC/USDT`, with its strategy where there are several. */
function nameOf({ market, strategy }: MarketSeries): string {
  return strategy === undefined ? market : `${plainText(strategy, 60)}, ${market}`;
}

/** Prices of a market with its trades and plots, and its panes. */
function marketSections(document: BacktestDocument, series: MarketSeries, isDetailed: boolean): Html {
  const plots = drawnPlots(series.plots);
  const panes = [...Map.groupBy(plots, ({ plot }) => plot.pane)].filter(([pane]) => pane !== null);
  const overlays = plots.filter(({ plot }) => plot.pane === null);
  const whose = document.markets === undefined ? '' : `${nameOf(series)}: `;
  return html`${priceSection(document, series, overlays, isDetailed)}
  ${panes.map(
    ([pane, drawn]) =>
      html`<section>
        <h2>${whose}${plainText(pane ?? '', 60)}</h2>
        ${paneChart(series, pane ?? '', drawn)}${legendLine(legendOf(drawn))}
      </section>`,
  )}`;
}

function priceSection(document: BacktestDocument, series: MarketSeries, overlays: readonly DrawnPlot[], isDetailed: boolean): Html {
  const { market, strategy } = series;
  const trades = document.trades.filter((trade) => trade.market === market && trade.strategy === strategy);
  const view = { series, trades, market, overlays };
  const close: readonly LegendItem[] = hasCandles(series.to - series.from) ? [] : [['price', LEGEND_LINE, 'close']];
  const isThere = (side: string): boolean => trades.some((trade) => trade.side === side);
  const legend = [
    ...close,
    ...legendOf(overlays),
    ...(isThere('long') ? [LONG] : []),
    ...(isThere('short') ? [SHORT] : []),
    ...(trades.length > 0 ? EXITS : []),
    ...(series.marks.length > 0 ? [MARK] : []),
  ];
  const notes = [
    ...(trades.length > MAX_MARKS.wide
      ? [`Of ${groupedNumber(trades.length, 0)} exits, ${groupedNumber(MAX_MARKS.wide, 0)} are marked, evenly spread.`]
      : []),
    ...(series.marks.length > MAX_MARKS.wide
      ? [`Of ${groupedNumber(series.marks.length, 0)} marks of the strategy, ${groupedNumber(MAX_MARKS.wide, 0)} are drawn, evenly spread.`]
      : []),
    ...(series.plots.length > MAX_PLOTS ? [`The first ${MAX_PLOTS} of ${series.plots.length} plots are drawn.`] : []),
  ];
  const parts = isDetailed ? detailParts(series, trades) : [];
  const details = parts.map(
    (part) =>
      html`<details>
        <summary>${part.title}: ${groupedNumber(part.trades.length, 0)} exit${part.trades.length === 1 ? '' : 's'}</summary>
        ${priceDetail({ ...view, series: part.series, trades: part.trades, overlays: overlays.slice(0, series.plots.length > MANY_PLOTS ? 0 : MAX_DETAIL_PLOTS) })}
      </details>`,
  );
  return html`<section>
    <h2>${document.markets === undefined ? 'Price and trades' : `${nameOf(series)}: price and trades`}</h2>
    ${priceChart(view)}${legendLine(legend)}${notes.map((note) => html`<p class="note">${note}</p>`)}
    ${
      details.length === 0
        ? null
        : html`<div class="parts">
            <h3>Larger, part by part</h3>
            ${details}
          </div>`
    }
  </section>`;
}

function legendOf(drawn: readonly DrawnPlot[]): readonly LegendItem[] {
  return drawn.map(({ look, label }) => [look, LEGEND_LINE, label] as const);
}
