import type { AttributionRow } from '#core/engine/statistics/attribution.ts';
import { closedPositions } from '#core/engine/statistics/positions.ts';
import type { TradeRecord } from '../backtest-document.ts';
import { HALF } from './chart-frame.ts';
import { linearScale, niceTicks, place } from './chart-scale.ts';
import { html, type Html } from './html-text.ts';
import { moneyText } from './money-text.ts';
import { groupedNumber } from './number-text.ts';
import { thinned } from './price-chart.ts';

const HEIGHT = 250;
const TOP = 12;
const BOTTOM = 40;
const RIGHT = 12;
/** About so many bars in the histogram. */
const BINS = 24;
const MAX_POINTS = 400;

interface Bin {
  readonly from: number;
  readonly to: number;
  count: number;
}

/** How the trades are spread, and how deep each was before it ended; nothing under five trades. */
export function tradeCharts(trades: readonly TradeRecord[]): Html | null {
  const returns = closedPositions(trades).map(({ profitPct }) => profitPct);
  if (returns.length < 5) return null;
  return html`<div class="pair">
    <section>
      <h2>Distribution of the trades</h2>
      ${histogram(returns)}
    </section>
    <section>
      <h2>Worst move and result of each exit</h2>
      ${excursions(trades.filter(({ profitPct }) => profitPct !== null))}
    </section>
  </div>`;
}

/** Bars of equal width on round numbers, zero among their borders, so that none holds both gains and losses. */
export function binsOf(values: readonly number[], count: number): Bin[] {
  const low = values.reduce((a, b) => Math.min(a, b), 0);
  const high = values.reduce((a, b) => Math.max(a, b), 0);
  if (low === high) return [{ from: -0.5, to: 0.5, count: values.length }];
  const { values: ticks } = niceTicks(low, high, count);
  const step = ticks.length > 1 ? ticks[1]! - ticks[0]! : high - low;
  const first = Math.floor(low / step + 1e-9);
  const bins = Array.from({ length: Math.ceil(high / step - 1e-9) - first }, (_, i): Bin => ({
    from: (first + i) * step,
    to: (first + i + 1) * step,
    count: 0,
  }));
  for (const value of values) {
    const at = Math.floor(value / step + 1e-9) - first;
    bins[Math.min(at, bins.length - 1)]!.count += 1;
  }
  return bins;
}

function histogram(returns: readonly number[]): Html {
  const bins = binsOf(returns, BINS);
  const most = Math.max(...bins.map(({ count }) => count));
  const x = linearScale(bins[0]!.from, bins.at(-1)!.to, HALF.left, HALF.width - RIGHT);
  const y = linearScale(0, most, HEIGHT - BOTTOM, TOP);
  const bars = bins
    .filter(({ count }) => count > 0)
    .map((bin) => {
      const [left, right, top] = [x(bin.from) + 0.5, x(bin.to) - 0.5, y(bin.count)];
      const digits = bin.to - bin.from < 1 ? 2 : 0;
      const label = `${bin.count} of ${returns.length}: ${groupedNumber(bin.from, digits)} to ${groupedNumber(bin.to, digits)} %`;
      return html`<path
        class="bar ${bin.from >= 0 ? 'gain' : 'loss'}"
        d="M${place(left)} ${HEIGHT - BOTTOM}V${place(top)}H${place(right)}V${HEIGHT - BOTTOM}z"
        ><title>${label}</title></path
      >`;
    });
  const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
  return picture('Distribution of the returns of the trades', 'return of a trade in percent; the line is the mean', [
    axisY(0, most, y, 0),
    bars,
    axisX(bins[0]!.from, bins.at(-1)!.to, x),
    html`<path class="mean" d="M${place(x(mean))} ${TOP}V${HEIGHT - BOTTOM}"><title>mean ${groupedNumber(mean, 2)} %</title></path>`,
  ]);
}

function excursions(trades: readonly TradeRecord[]): Html {
  const points = thinned(trades, MAX_POINTS);
  const results = points.map(({ profitPct }) => profitPct!);
  const x = linearScale(0, Math.max(...points.map(({ mae }) => mae), 0.01), HALF.left, HALF.width - RIGHT);
  const [low, high] = [Math.min(...results, 0), Math.max(...results, 0.01)];
  const y = linearScale(low, high, HEIGHT - BOTTOM, TOP);
  const dots = points.map(({ mae, profitPct, exitReason }) => {
    const tone = profitPct! > 0 ? 'gain' : 'loss';
    return html`<circle class="dot ${tone}" cx="${place(x(mae))}" cy="${place(y(profitPct!))}" r="3"
      ><title>${exitReason}: ${groupedNumber(profitPct, 2)} %, ${groupedNumber(mae, 2)} % under water on the way</title></circle
    >`;
  });
  return picture('Worst move against each trade, and its result', 'worst move against it in percent; upwards its return', [
    axisY(low, high, y, 0),
    axisX(0, Math.max(...points.map(({ mae }) => mae), 0.01), x),
    html`<path class="capital" d="M${HALF.left} ${place(y(0))}H${HALF.width - RIGHT}" />`,
    dots,
  ]);
}

/** Profit by the hour of the entry, as bars from zero. */
export function hourChart(rows: readonly AttributionRow[], currency: string): Html {
  const profits = rows.map(({ profit }) => profit);
  const [low, high] = [Math.min(0, ...profits), Math.max(0, ...profits)];
  const x = linearScale(0, 24, HALF.left, HALF.width - RIGHT);
  const y = linearScale(low, high, HEIGHT - BOTTOM, TOP);
  const bars = rows.map(({ name, exits, winRatePct, profit }) => {
    const hour = Number(name);
    const label = `${name}:00 UTC: ${moneyText(profit, currency)} in ${exits} exit${exits === 1 ? '' : 's'}, ${groupedNumber(winRatePct, 0)} % won`;
    return html`<path
      class="bar ${profit >= 0 ? 'gain' : 'loss'}"
      d="M${place(x(hour) + 1)} ${place(y(0))}V${place(y(profit))}H${place(x(hour + 1) - 1)}V${place(y(0))}z"
      ><title>${label}</title></path
    >`;
  });
  return picture('Profit by the hour of the entry', 'hour of the entry, UTC', [
    axisY(low, high, y, 0),
    axisX(0, 24, x),
    bars,
    html`<path class="capital" d="M${HALF.left} ${place(y(0))}H${HALF.width - RIGHT}" />`,
  ]);
}

function axisY(low: number, high: number, y: (value: number) => number, least: number): Html {
  const ticks = niceTicks(low, high, 4);
  return html`<g class="axes">
    ${ticks.values.map(
      (value) =>
        html`<path class="grid" d="M${HALF.left} ${place(y(value))}H${HALF.width - RIGHT}" /><text
            x="${HALF.left - 8}"
            y="${place(y(value))}"
            dy="4"
            text-anchor="end"
            >${groupedNumber(value, Math.max(least, ticks.digits))}</text
          >`,
    )}
  </g>`;
}

function axisX(low: number, high: number, x: (value: number) => number): Html {
  const ticks = niceTicks(low, high, 8);
  return html`<g class="axes">
    ${ticks.values.map(
      (value) =>
        html`<path class="tick" d="M${place(x(value))} ${HEIGHT - BOTTOM}v5" /><text
            x="${place(x(value))}"
            y="${HEIGHT - BOTTOM + 18}"
            text-anchor="middle"
            >${groupedNumber(value, ticks.digits)}</text
          >`,
    )}
  </g>`;
}

function picture(title: string, caption: string, content: readonly (Html | readonly Html[])[]): Html {
  return html`<svg class="chart half" viewBox="0 0 ${HALF.width} ${HEIGHT}" role="img" aria-label="${title}">
    ${content}
    <text x="${(HALF.left + HALF.width - RIGHT) / 2}" y="${HEIGHT - 4}" text-anchor="middle">${caption}</text>
  </svg>`;
}
