import type { TradeRecord } from '../backtest-document.ts';
import { bothSizes, chartFrame, type ChartFrame, chartPicture, type ChartSize, clipped, pathThrough, WIDE } from './chart-frame.ts';
import { lineIndexes, place } from './chart-scale.ts';
import type { PricedSeries } from './html-report.ts';
import { html, type Html } from './html-text.ts';
import { markDots } from './mark-dots.ts';
import { type DrawnPlot, plotLine, rangeOf } from './plot-lines.ts';
import { tradeMarks } from './trade-marks.ts';

const HEIGHT = 380;
/** A bar gets its candle where it has so much room. */
const MIN_CANDLE_STEP = 3.6;
/** More exits than this are thinned out evenly. */
export const MAX_MARKS: Readonly<Record<ChartSize['place'], number>> = { wide: 1000, narrow: 300, half: 300 };
export const MAX_DETAIL_MARKS: Readonly<Record<ChartSize['place'], number>> = { wide: 120, narrow: 60, half: 60 };
/** A plot may widen the range of the prices by this share on either side; what lies farther away is cut off, so that prices stay readable. */
const PLOT_ROOM = 0.5;

/** Which prices and trades are drawn, and how. */
export interface PriceView {
  readonly series: PricedSeries;
  readonly trades: readonly TradeRecord[];
  readonly market: string;
  readonly overlays: readonly DrawnPlot[];
}

/** The prices of the run with the strategy's plots, and every entry, exit and stop on them. */
export function priceChart(view: PriceView): Html {
  return bothSizes((size) => pricePicture(view, size, MAX_MARKS[size.place]));
}

/** A part of the run, larger: trades that reach out of it are cut off at its edges. */
export function priceDetail(view: PriceView): Html {
  return bothSizes((size) => pricePicture(view, size, MAX_DETAIL_MARKS[size.place]));
}

function pricePicture({ series, trades, market, overlays }: PriceView, size: ChartSize, mostMarks: number): Html {
  const { columns, from, to } = series;
  const marked = thinned(trades, mostMarks);
  const [first, last] = [columns.time[from]!, columns.time[to - 1]!];
  const dots = thinned(
    series.marks.filter(({ time }) => time >= first && time <= last),
    mostMarks,
  );
  let low = Infinity;
  let high = -Infinity;
  for (let i = from; i < to; i++) {
    low = Math.min(low, columns.low[i]!);
    high = Math.max(high, columns.high[i]!);
  }
  // Slippage can put a fill outside the range of all bars.
  for (const trade of marked) {
    const prices = [
      ...(isWithin(trade.entryTime, first, last) ? [trade.entryPrice] : []),
      ...(isWithin(trade.exitTime, first, last) ? [trade.exitPrice ?? trade.entryPrice] : []),
    ];
    low = Math.min(low, ...prices);
    high = Math.max(high, ...prices);
  }
  const room = (high - low) * PLOT_ROOM;
  const [floor, ceiling] = [low - room, high + room];
  for (const { plot } of overlays) {
    const range = rangeOf(plot.values, from, to);
    if (range === null || range.high < floor || range.low > ceiling) continue;
    low = Math.min(low, Math.max(floor, range.low));
    high = Math.max(high, Math.min(ceiling, range.high));
  }
  const frame = chartFrame({ size, fromTime: first, toTime: last, low, high, height: HEIGHT, room: 0.04 });
  const prices = drawnPrices(series, frame);
  const lines = overlays.map((drawn) => plotLine(drawn, columns.time, from, to, frame));
  return chartPicture(frame, `Price of ${market} with the trades`, [
    prices,
    clipped(frame, lines),
    ...(dots.length === 0 ? [] : [markDots(dots, series, frame)]),
    clipped(frame, [tradeMarks(marked, frame)]),
  ]);
}

/** Prices as candles where there is room for them, else as a line. */
export function drawnPrices(series: Pick<PricedSeries, 'columns' | 'from' | 'to'>, frame: ChartFrame): Html {
  const step = (frame.right - frame.left) / (series.to - series.from);
  return step >= MIN_CANDLE_STEP ? candles(series, frame.x, frame.y, step) : priceLine(series, frame);
}

/** Whether the whole picture of so many bars is made of candles: then there is no line of closes for the legend to explain. */
export function hasCandles(bars: number): boolean {
  return (WIDE.width - WIDE.left - 10) / bars >= MIN_CANDLE_STEP;
}

function isWithin(time: string | null, from: number, to: number): boolean {
  if (time === null) return false;
  const at = Date.parse(time);
  return at >= from && at <= to;
}

function candles(
  { columns, from, to }: Pick<PricedSeries, 'columns' | 'from' | 'to'>,
  x: (time: number) => number,
  y: (price: number) => number,
  step: number,
): Html {
  const half = Math.max(0.5, step * 0.35);
  const up: string[] = [];
  const down: string[] = [];
  for (let i = from; i < to; i++) {
    const at = x(columns.time[i]!);
    const open = y(columns.open[i]!);
    const close = y(columns.close[i]!);
    const top = Math.min(open, close);
    const body = `M${place(at - half)} ${place(top)}h${place(2 * half)}v${place(Math.max(0.8, Math.abs(open - close)))}h${place(-2 * half)}z`;
    const wick = `M${place(at)} ${place(y(columns.high[i]!))}V${place(y(columns.low[i]!))}`;
    (close <= open ? up : down).push(wick + body);
  }
  return html`<path class="candle up" d="${up.join('')}" /><path class="candle down" d="${down.join('')}" />`;
}

/** The closes as a line over the range from low to high. */
function priceLine({ columns, from, to }: Pick<PricedSeries, 'columns' | 'from' | 'to'>, { x, y, size: { buckets } }: ChartFrame): Html {
  const highs: [number, number][] = [];
  const lows: [number, number][] = [];
  const size = Math.max(1, (to - from) / buckets);
  for (let start = from; start < to; start += size) {
    const first = Math.floor(start);
    const end = Math.min(to, Math.max(first + 1, Math.floor(start + size)));
    let low = Infinity;
    let high = -Infinity;
    for (let i = first; i < end; i++) {
      low = Math.min(low, columns.low[i]!);
      high = Math.max(high, columns.high[i]!);
    }
    const at = x(columns.time[first]!);
    highs.push([at, y(high)]);
    lows.push([at, y(low)]);
  }
  const line = lineIndexes(columns.close, from, to, buckets).map((i) => [x(columns.time[i]!), y(columns.close[i]!)] as const);
  return html`<path class="range" d="${pathThrough([...highs, ...lows.toReversed()])}Z" /><path class="price" d="${pathThrough(line)}" />`;
}

/** At most `most` of the rows, evenly spread, first and last among them. */
export function thinned<Row>(rows: readonly Row[], most: number): readonly Row[] {
  if (rows.length <= most) return rows;
  return Array.from({ length: most }, (_, i) => rows[Math.round((i * (rows.length - 1)) / (most - 1))]!);
}
