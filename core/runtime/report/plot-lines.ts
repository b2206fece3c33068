import { type Hue, hueOf } from '#core/model/colors.ts';
import type { PlotSeries } from '../drawings.ts';
import { type ChartFrame, pathThrough } from './chart-frame.ts';
import { place } from './chart-scale.ts';
import { html, type Html } from './html-text.ts';
import { plainText } from './plain-text.ts';

/** More lines than this nobody can read, and the file would grow without bound. */
export const MAX_PLOTS = 24;
const MAX_LABEL = 40;

/** For plots that name no colour, or one that is not known, in this order. */
const UNNAMED: readonly Hue[] = ['blue', 'orange', 'purple', 'teal', 'pink', 'brown', 'green', 'red', 'cyan', 'yellow', 'gray'];

/** A plot of the strategy with its place in the style sheet. */
export interface DrawnPlot {
  readonly plot: PlotSeries;
  /** Class of the line: `plot hue-blue`. */
  readonly look: string;
  readonly label: string;
}

/** The plots that are drawn, each with a colour: its own, or one that no other of them has taken while there are enough. */
export function drawnPlots(plots: readonly PlotSeries[]): readonly DrawnPlot[] {
  const shown = plots.slice(0, MAX_PLOTS);
  const named = shown.map(({ color }) => hueOf(color));
  const taken = new Set(named);
  const left = UNNAMED.filter((hue) => !taken.has(hue));
  let next = 0;
  return shown.map((plot, i) => {
    const choices = left.length > 0 ? left : UNNAMED;
    const hue = named[i] ?? choices[next++ % choices.length]!;
    return { plot, look: `plot hue-${hue}`, label: plainText(plot.label, MAX_LABEL) };
  });
}

/**
 * Indexes of [from, to) that keep the look of a line at `buckets` pixels, in pieces: a bar, or a bucket of bars, in which every value
 * is NaN ends a piece. Of each bucket its lowest and highest point is kept, so at most two a bucket.
 */
export function linePieces(values: Float64Array, from: number, to: number, buckets: number): number[][] {
  const pieces: number[][] = [];
  let piece: number[] = [];
  const size = Math.max(1, (to - from) / buckets);
  for (let b = 0; from + Math.floor(b * size) < to; b++) {
    const start = from + Math.floor(b * size);
    const end = Math.min(to, from + Math.floor((b + 1) * size));
    let low = -1;
    let high = -1;
    for (let i = start; i < end; i++) {
      const value = values[i]!;
      if (!Number.isFinite(value)) continue;
      if (low < 0 || value < values[low]!) low = i;
      if (high < 0 || value > values[high]!) high = i;
    }
    if (low < 0) {
      if (piece.length > 0) pieces.push(piece);
      piece = [];
      continue;
    }
    piece.push(Math.min(low, high));
    if (low !== high) piece.push(Math.max(low, high));
  }
  if (piece.length > 0) pieces.push(piece);
  return pieces;
}

/** Lowest and highest value of [from, to); null when there is none. */
export function rangeOf(values: Float64Array, from: number, to: number): { readonly low: number; readonly high: number } | null {
  let low = Infinity;
  let high = -Infinity;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? { low, high } : null;
}

/** A plot as a line with gaps where it is na, or as bars from zero with `style histogram`. */
export function plotLine({ plot, look }: DrawnPlot, time: Float64Array, from: number, to: number, { x, y, size }: ChartFrame): Html {
  const pieces = linePieces(plot.values, from, to, size.buckets);
  const at = (i: number): readonly [number, number] => [x(time[i]!), y(plot.values[i]!)];
  if (plot.style === 'histogram') {
    const zero = place(y(0));
    const bars = pieces.flat().map((i) => `M${place(at(i)[0])} ${zero}V${place(at(i)[1])}`);
    return html`<path class="${look}" d="${bars.join('')}" />`;
  }
  // A lone point would be invisible: a line of no length with round ends is a dot.
  const d = pieces.map((piece) => pathThrough(piece.map(at)) + (piece.length === 1 ? 'h0' : ''));
  return html`<path class="${look}" d="${d.join('')}" />`;
}
