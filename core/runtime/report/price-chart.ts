import type { TradeRecord } from '../backtest-document.ts';
import { chartFrame, chartPicture, clipped, pathThrough } from './chart-frame.ts';
import { lineIndexes, place } from './chart-scale.ts';
import type { ReportSeries } from './html-report.ts';
import { html, type Html } from './html-text.ts';
import { minuteText, priceText, quantityText } from './number-text.ts';
import { plainText } from './plain-text.ts';
import { type DrawnPlot, plotLine, rangeOf } from './plot-lines.ts';

const HEIGHT = 380;
const BUCKETS = 800;
/** Up to so many bars each gets its candle. */
export const MAX_CANDLES = 240;
/** More exits than this are thinned out evenly. */
export const MAX_MARKED_TRADES = 1500;

/** A plot may widen the range of the prices by this share on either side; what lies farther away is cut off, so that prices stay readable. */
const PLOT_ROOM = 0.5;

/** The prices of the run with the strategy's plots, and every entry, exit and stop on them. */
export function priceChart(
  series: ReportSeries,
  trades: readonly TradeRecord[],
  market: string,
  overlays: readonly DrawnPlot[] = [],
): Html {
  const { columns, from, to } = series;
  const marked = thinned(trades, MAX_MARKED_TRADES);
  let low = Infinity;
  let high = -Infinity;
  for (let i = from; i < to; i++) {
    low = Math.min(low, columns.low[i]!);
    high = Math.max(high, columns.high[i]!);
  }
  // Slippage can put a fill outside the range of all bars.
  for (const trade of marked) {
    low = Math.min(low, trade.entryPrice, trade.exitPrice ?? trade.entryPrice);
    high = Math.max(high, trade.entryPrice, trade.exitPrice ?? trade.entryPrice);
  }
  const room = (high - low) * PLOT_ROOM;
  const [floor, ceiling] = [low - room, high + room];
  for (const { plot } of overlays) {
    const range = rangeOf(plot.values, from, to);
    if (range === null || range.high < floor || range.low > ceiling) continue;
    low = Math.min(low, Math.max(floor, range.low));
    high = Math.max(high, Math.min(ceiling, range.high));
  }
  const frame = chartFrame({ fromTime: columns.time[from]!, toTime: columns.time[to - 1]!, low, high, height: HEIGHT, room: 0.04 });
  const { x, y } = frame;
  const prices = to - from <= MAX_CANDLES ? candles(series, x, y, (frame.right - frame.left) / (to - from)) : priceLine(series, x, y);
  const size = marked.length > 200 ? 4 : 6;
  return chartPicture(frame, `Price of ${market} with the trades`, [
    prices,
    clipped(
      frame,
      overlays.map((drawn) => plotLine(drawn, columns.time, from, to, x, y)),
    ),
    html`<g>${marked.map((trade) => markers(trade, x, y, size))}</g>`,
  ]);
}

function candles({ columns, from, to }: ReportSeries, x: (time: number) => number, y: (price: number) => number, step: number): Html {
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
function priceLine({ columns, from, to }: ReportSeries, x: (time: number) => number, y: (price: number) => number): Html {
  const highs: [number, number][] = [];
  const lows: [number, number][] = [];
  const size = Math.max(1, (to - from) / BUCKETS);
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
  const line = lineIndexes(columns.close, from, to, BUCKETS).map((i) => [x(columns.time[i]!), y(columns.close[i]!)] as const);
  return html`<path class="range" d="${pathThrough([...highs, ...lows.toReversed()])}Z" /><path class="price" d="${pathThrough(line)}" />`;
}

function markers(trade: TradeRecord, x: (time: number) => number, y: (price: number) => number, size: number): Html {
  const entryX = x(Date.parse(trade.entryTime));
  const entryY = y(trade.entryPrice);
  const isLong = trade.side === 'long';
  const label = `${trade.side} ${quantityText(trade.qty)} at ${priceText(trade.entryPrice)}, ${minuteText(trade.entryTime)}${trade.setup === null ? '' : `, ${plainText(trade.setup, 40)}`}`;
  const s = isLong ? size : -size;
  const entry = html`<path
    class="${isLong ? 'entry long' : 'entry short'}"
    d="M${place(entryX)} ${place(entryY)}l${-size} ${s * 1.6}h${2 * size}z"
    ><title>${label}</title></path
  >`;
  if (trade.exitTime === null || trade.exitPrice === null) return entry;
  const exitX = x(Date.parse(trade.exitTime));
  const exitY = y(trade.exitPrice);
  const isStop = trade.exitReason === 'stop' || trade.exitReason === 'trail';
  const tone = (trade.profit ?? 0) >= 0 ? 'won' : 'lost';
  const exitLabel = `${plainText(trade.exitReason, 40)} at ${priceText(trade.exitPrice)}, ${minuteText(trade.exitTime)}, profit ${priceText(trade.profit)}`;
  const shape = isStop
    ? `M${place(exitX)} ${place(exitY - size)}l${size} ${size}l${-size} ${size}l${-size} ${-size}z`
    : `M${place(exitX - size * 0.8)} ${place(exitY - size * 0.8)}l${place(size * 1.6)} ${place(size * 1.6)}m0 ${place(-size * 1.6)}l${place(-size * 1.6)} ${place(size * 1.6)}`;
  return html`<path class="held ${tone}" d="M${place(entryX)} ${place(entryY)}L${place(exitX)} ${place(exitY)}" />${entry}<path
      class="${isStop ? 'stop' : 'exit'}"
      d="${shape}"
      ><title>${exitLabel}</title></path
    >`;
}

/** At most `most` of the rows, evenly spread, first and last among them. */
export function thinned<Row>(rows: readonly Row[], most: number): readonly Row[] {
  if (rows.length <= most) return rows;
  return Array.from({ length: most }, (_, i) => rows[Math.round((i * (rows.length - 1)) / (most - 1))]!);
}
