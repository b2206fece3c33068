import type { Columns } from '#core/model/columns.ts';
import { barsBetween, type Timeframe } from '#core/model/timeframe.ts';
import { medianOf, robustScale } from './robust-scale.ts';
import { splitAt } from './split-ratio.ts';

/** A price that is out of the usual, by its row. */
export interface PriceEvent {
  readonly kind: 'spike' | 'jump' | 'wick' | 'split';
  readonly row: number;
  /** Bars it lasts; 1 but for spikes. */
  readonly bars: number;
  /** Share by which the price moved: -0.5 is half of it gone. */
  readonly move: number;
  /** The move in usual moves of a bar. */
  readonly score: number;
  /** New shares for each old one; of splits only. */
  readonly ratio?: number;
}

/** In usual moves of one bar. A move that comes back is rarer by chance than one that stays. */
const LEAST_SPIKE = 15;
const LEAST_JUMP = 25;
/** Shadows have longer tails than closes. */
const LEAST_WICK = 30;
/** A move of this size within a day is worth a look in any market. */
const LARGE_MOVE = Math.log(1.4);
const DAY_MS = 86_400_000;
/** Bars within which a spike is back, and how much of the move may stay. */
const SPIKE_BARS = 3;
const LEFT_OF_SPIKE = 0.25;
/** Bars without trade after which a price says nothing about the one before. */
const LONG_GAP = 500;

/** Log returns of closes, brought to one bar where bars are missing; NaN across long gaps. */
export function barReturns({ time, close }: Columns, timeframe: Timeframe): Float64Array {
  const returns = new Float64Array(close.length).fill(NaN);
  for (let row = 1; row < close.length; row++) {
    const bars = barsBetween(timeframe, time[row - 1]!, time[row]!);
    if (bars <= LONG_GAP) returns[row] = Math.log(close[row]! / close[row - 1]!) / Math.sqrt(Math.max(1, bars));
  }
  return returns;
}

/** Splits, spikes, jumps and wicks, in the order of time. Rows are bars in order. */
export function priceEvents(columns: Columns, timeframe: Timeframe): readonly PriceEvent[] {
  const { high, low, close, open } = columns;
  const returns = barReturns(columns, timeframe);
  const usualReturn = robustScale(returns);
  const shadows = shadowsOf(columns);
  const usualShadow = robustScale(shadows);
  const events: PriceEvent[] = [];
  for (let row = 1; row < close.length; row++) {
    const score = Math.abs(returns[row]!) / usualReturn(row);
    const move = close[row]! / close[row - 1]! - 1;
    const ratio = score >= LEAST_SPIKE / 3 ? splitAt(columns, row) : null;
    if (ratio !== null) {
      events.push({ kind: 'split', row, bars: 1, move, score, ratio });
      continue;
    }
    const isLarge = timeframe.stepMs <= DAY_MS && Math.abs(returns[row]!) >= LARGE_MOVE;
    if (score >= LEAST_SPIKE || isLarge) {
      const bars = barsAway(close, row);
      if (bars > 0) {
        events.push({ kind: 'spike', row, bars, move, score });
        // The way back is the same event.
        row += bars;
        continue;
      }
      if (score >= LEAST_JUMP || isLarge) {
        events.push({ kind: 'jump', row, bars: 1, move, score });
        continue;
      }
    }
    const size = shadows[row]!;
    const far = size / usualShadow(row);
    if (far < LEAST_WICK || size < LEAST_SPIKE * usualReturn(row)) continue;
    const body = size > 0 && high[row]! / Math.max(open[row]!, close[row]!) > Math.min(open[row]!, close[row]!) / low[row]!;
    const end = body ? high[row]! / Math.max(open[row]!, close[row]!) : low[row]! / Math.min(open[row]!, close[row]!);
    events.push({ kind: 'wick', row, bars: 1, move: end - 1, score: far });
  }
  return events;
}

/** The longer shadow of each bar as a log: from its body to its far end. */
function shadowsOf({ open, high, low, close }: Columns): Float64Array {
  return Float64Array.from(open, (_, row) => {
    const up = Math.log(high[row]! / Math.max(open[row]!, close[row]!));
    const down = Math.log(Math.min(open[row]!, close[row]!) / low[row]!);
    return Math.max(up, down);
  });
}

/** Bars until the price is back near the one before `row`; 0 when it stays away. */
function barsAway(close: Float64Array, row: number): number {
  const before = close[row - 1]!;
  const move = Math.log(close[row]! / before);
  for (let bars = 1; bars <= SPIKE_BARS && row + bars < close.length; bars++)
    if (Math.abs(Math.log(close[row + bars]! / before)) <= LEFT_OF_SPIKE * Math.abs(move)) return bars;
  return 0;
}

/** In spreads of the logs of volumes, and as a multiple of their median. */
const LEAST_VOLUME_SCORE = 8;
const LEAST_VOLUME_TIMES = 50;
const VOLUME_STRETCH = 256;

/** Rows whose volume is far above that of the bars around, with how many times their median it is. */
export function volumeOutliers({ volume }: Columns): readonly { readonly row: number; readonly times: number; readonly score: number }[] {
  const found: { readonly row: number; readonly times: number; readonly score: number }[] = [];
  for (let from = 0; from < volume.length; from += VOLUME_STRETCH) {
    // A stretch beside the end of the data is as long as the others.
    const begin = Math.max(0, Math.min(from, volume.length - VOLUME_STRETCH));
    const around = volume.subarray(Math.max(0, begin - VOLUME_STRETCH), begin + 2 * VOLUME_STRETCH).filter((value) => value > 0);
    if (around.length < 30) continue;
    const logs = around.map((value) => Math.log(value));
    const middle = medianOf(logs);
    const spread = 1.4826 * medianOf(logs.map((value) => Math.abs(value - middle)));
    for (let row = from; row < Math.min(from + VOLUME_STRETCH, volume.length); row++) {
      const above = Math.log(volume[row]!) - middle;
      const score = above / Math.max(spread, 0.2);
      if (score >= LEAST_VOLUME_SCORE && above >= Math.log(LEAST_VOLUME_TIMES)) found.push({ row, times: Math.exp(above), score });
    }
  }
  return found;
}
