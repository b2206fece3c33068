import type { Columns } from '#core/model/columns.ts';
import { chartFrame, type ChartFrame, type ChartSize, clipped, WIDE } from '../report/chart-frame.ts';
import { place } from '../report/chart-scale.ts';
import { html, type Html } from '../report/html-text.ts';
import { plainText } from '../report/plain-text.ts';
import { type DrawnPlot, drawnPlots, plotLine, rangeOf } from '../report/plot-lines.ts';
import { drawnPrices } from '../report/price-chart.ts';
import { CHART_STYLE, REPORT_COLORS } from '../report/report-style.ts';
import type { ComputedSeries, Series } from './compute-series.ts';
import { panesOf } from './panes.ts';

const PRICE_HEIGHT = 300;
const LINES_HEIGHT = 170;
/** Of a condition, and of each state. */
const STRIP_HEIGHT = 14;
const LEGEND_HEIGHT = 26;
const DIGIT_WIDTH = 7.2;
const MAX_LABEL = 60;
/** The prices may take so much more room for what is drawn among them, as a share of their range on either side. */
const ROOM = 0.5;

const STYLE = `${REPORT_COLORS}
svg{font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
.back{fill:var(--card)}.strip{stroke:none;fill:var(--blue)!important}.chart .title{fill:var(--ink)}
${CHART_STYLE}`;

/** A part of the picture: `at` draws it so far from the top. */
interface Part {
  readonly height: number;
  readonly at: (top: number) => Html;
}

/**
 * A picture (an SVG document that needs nothing else): prices of the bars [from, to) with the results that lie among them, below them the other results, conditions and
 * states as strips.
 */
export function seriesPicture(
  computed: Pick<ComputedSeries, 'expressions'>,
  columns: Columns,
  [from, to]: readonly [number, number],
  title: string,
  size: ChartSize = WIDE,
): string {
  const bars = { columns, from, to };
  const panes = panesOf(computed, columns, from, to);
  const priced = panes.find(({ kind }) => kind === 'price');
  const parts = [
    pricePart(bars, priced?.results ?? [], size, title),
    ...panes
      .filter((pane) => pane !== priced)
      .map(({ kind, results }) => (kind === 'strip' ? stripPart(bars, results[0]!, size) : linesPart(bars, results, size))),
  ];
  const height = parts.reduce((sum, part) => sum + part.height, 0);
  let top = 0;
  const drawn = parts.map((part) => {
    const piece = part.at(top);
    top += part.height;
    return piece;
  });
  const { width } = size;
  const picture = html`<svg
    xmlns="http://www.w3.org/2000/svg"
    class="chart"
    width="${width}"
    height="${height}"
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-label="${plainText(title)}"
  >
    <rect class="back" width="${width}" height="${height}" />
    ${drawn}
  </svg>`;
  // The style sheet is ours, and > of its text needs no escape.
  return `${picture.text.replace('<rect', () => `<style>${STYLE}</style><rect`)}\n`;
}

interface Bars {
  readonly columns: Columns;
  readonly from: number;
  readonly to: number;
}

const plotsOf = (results: readonly Series[]): readonly DrawnPlot[] =>
  drawnPlots(results.map(({ label, values }) => ({ label, values, color: null, pane: null, style: null })));

function pricePart(bars: Bars, results: readonly Series[], size: ChartSize, title: string): Part {
  const { columns, from, to } = bars;
  const prices = { low: rangeOf(columns.low, from, to)!.low, high: rangeOf(columns.high, from, to)!.high };
  const room = (prices.high - prices.low) * ROOM;
  const ranges = [prices, ...results.flatMap(({ values }) => rangeOf(values, from, to) ?? [])];
  const frame = frameOf(bars, size, PRICE_HEIGHT, {
    low: Math.max(prices.low - room, Math.min(...ranges.map(({ low }) => low))),
    high: Math.min(prices.high + room, Math.max(...ranges.map(({ high }) => high))),
  });
  const plots = plotsOf(results);
  const lines = plots.map((plot) => plotLine(plot, columns.time, from, to, frame));
  return part(frame, legend(frame, plots, title), [drawnPrices(bars, frame), clipped(frame, lines)]);
}

function linesPart(bars: Bars, results: readonly Series[], size: ChartSize): Part {
  const { columns, from, to } = bars;
  const ranges = results.flatMap(({ values }) => rangeOf(values, from, to) ?? []);
  const factor = results[0]!.kind === 'percent' ? 100 : 1;
  const scaled = results.map((series) => (factor === 1 ? series : { ...series, values: series.values.map((value) => value * factor) }));
  const range =
    ranges.length === 0
      ? { low: 0, high: 1 }
      : { low: Math.min(...ranges.map(({ low }) => low)) * factor, high: Math.max(...ranges.map(({ high }) => high)) * factor };
  const frame = frameOf(bars, size, LINES_HEIGHT, range, factor === 1 ? '' : ' %');
  const plots = plotsOf(scaled);
  return part(
    frame,
    legend(frame, plots, ranges.length === 0 ? 'na throughout' : null),
    plots.map((plot) => plotLine(plot, columns.time, from, to, frame)),
  );
}

/** A bar wherever it holds; of a regime a line for each state. */
function stripPart({ from, to }: Bars, { label, values, states }: Series, size: ChartSize): Part {
  const names = states ?? ['yes'];
  const height = LEGEND_HEIGHT + names.length * (STRIP_HEIGHT + 4) + 6;
  const [left, right] = [size.left, size.width - 10];
  const x = (index: number): number => left + ((index - from) / Math.max(1, to - from)) * (right - left);
  const rows = names.map((name, row) => {
    const wanted = states === null ? 1 : row;
    const top = LEGEND_HEIGHT + row * (STRIP_HEIGHT + 4);
    let d = '';
    for (let index = from; index < to; index++) {
      if (values[index] !== wanted) continue;
      const start = index;
      while (index + 1 < to && values[index + 1] === wanted) index += 1;
      d += `M${place(x(start))} ${top}H${place(x(index + 1))}v${STRIP_HEIGHT}H${place(x(start))}z`;
    }
    const text = html`<text x="${left - 8}" y="${top + STRIP_HEIGHT - 3}" text-anchor="end">${plainText(name, 12)}</text>`;
    return html`${text}<path class="grid" d="M${left} ${top + STRIP_HEIGHT}H${right}" /><path class="strip" d="${d}" />`;
  });
  return {
    height,
    at: (top) =>
      html`<svg y="${top}" width="${size.width}" height="${height}">
        <text class="title" x="${left}" y="18">${plainText(label, MAX_LABEL)}</text>
        ${rows}
      </svg>`,
  };
}

function frameOf(
  { columns, from, to }: Bars,
  size: ChartSize,
  height: number,
  range: { readonly low: number; readonly high: number },
  unit = '',
): ChartFrame {
  const [fromTime, toTime] = [columns.time[from]!, columns.time[to - 1]!];
  return chartFrame({ size, fromTime, toTime, ...range, height, unit, ticks: height === PRICE_HEIGHT ? 6 : 4, room: 0.04 });
}

function part(frame: ChartFrame, above: Html, content: readonly Html[]): Part {
  const { width } = frame.size;
  return {
    height: frame.height + LEGEND_HEIGHT,
    at: (top) =>
      html`<svg y="${top}" width="${width}" height="${LEGEND_HEIGHT}">${above}</svg
        ><svg y="${top + LEGEND_HEIGHT}" width="${width}" height="${frame.height}">${frame.axes}${content}</svg>`,
  };
}

/** A title, then each line with its name. */
function legend({ left }: ChartFrame, plots: readonly DrawnPlot[], title: string | null): Html {
  let at = left;
  const heading = title === null ? null : html`<text class="title" x="${at}" y="18">${plainText(title, MAX_LABEL)}</text>`;
  if (title !== null) at += plainText(title, MAX_LABEL).length * DIGIT_WIDTH + 18;
  const items = plots.map(({ look, label }) => {
    const item = html`<path class="${look}" d="M${place(at)} 14h14" /><text x="${place(at + 20)}" y="18">${label}</text>`;
    at += 20 + label.length * DIGIT_WIDTH + 16;
    return item;
  });
  return html`${heading}${items}`;
}
