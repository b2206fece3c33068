import { linearScale, niceTicks, place, type Scale, timeTicks } from './chart-scale.ts';
import { html, type Html } from './html-text.ts';
import { groupedNumber } from './number-text.ts';

const RIGHT = 10;
const TOP = 10;
const BOTTOM = 26;
/** Of the letters on the axes; labels that would lie on others are left out. */
const DIGIT_WIDTH = 7;

/** A picture of one width, in viewBox units: drawn as wide as its place is, so a narrow place gets another picture, not smaller letters. */
export interface ChartSize {
  readonly width: number;
  /** Room for the numbers of the upright axis. */
  readonly left: number;
  /** Heights of wide pictures times this. */
  readonly tallness: number;
  /** About one for each pixel: a line has at most two points in each. */
  readonly buckets: number;
  /** Name of the class that shows it in its place only. */
  readonly place: 'wide' | 'narrow' | 'half';
}

export const WIDE: ChartSize = { width: 1000, left: 82, tallness: 1, buckets: 800, place: 'wide' };
export const NARROW: ChartSize = { width: 400, left: 68, tallness: 0.68, buckets: 320, place: 'narrow' };
/** Beside another picture, and alone on a phone. */
export const HALF: ChartSize = { width: 480, left: 58, tallness: 0.6, buckets: 400, place: 'half' };

/** A picture for wide places and one for narrow ones; the style sheet shows one of them. */
export function bothSizes(draw: (size: ChartSize) => Html): Html {
  return html`${draw(WIDE)}${draw(NARROW)}`;
}

/** Lines and text around a chart, and where values go. Coordinates are viewBox units; the picture scales as a whole. */
export interface ChartFrame {
  readonly x: Scale;
  readonly y: Scale;
  readonly size: ChartSize;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  /** Grid and labels, to be drawn first. */
  readonly axes: Html;
}

export interface FrameRange {
  readonly size: ChartSize;
  readonly fromTime: number;
  readonly toTime: number;
  readonly low: number;
  readonly high: number;
  /** Of the wide picture. */
  readonly height: number;
  /** Written after the numbers of the upright axis. */
  readonly unit?: string;
  readonly ticks?: number;
  /** Room above and below, as a share of the range; default none. */
  readonly room?: number;
}

export function chartFrame(range: FrameRange): ChartFrame {
  const { size } = range;
  const { left } = size;
  const height = Math.round(range.height * size.tallness);
  const right = size.width - RIGHT;
  const bottom = height - BOTTOM;
  const room = range.high === range.low ? Math.abs(range.high) * 0.01 || 1 : (range.high - range.low) * (range.room ?? 0);
  const low = range.low - room;
  const high = range.high + room;
  const x = linearScale(range.fromTime, range.toTime, left, right);
  const y = linearScale(low, high, bottom, TOP);
  const ticks = niceTicks(low, high, range.ticks ?? (size.width < 600 ? 5 : 8));
  const rows = ticks.values.map((value) => {
    const at = place(y(value));
    const label = groupedNumber(value, ticks.digits) + (range.unit ?? '');
    return html`<path class="grid" d="M${left} ${at}H${right}" /><text x="${left - 8}" y="${at}" dy="4" text-anchor="end">${label}</text>`;
  });
  let free = -Infinity;
  const columns = timeTicks(range.fromTime, range.toTime, size.width < 600 ? 4 : 8).map(({ time, label }) => {
    const at = x(time);
    // A label at the edge would be cut off.
    const anchor = at < left + 45 ? 'start' : at > right - 45 ? 'end' : 'middle';
    const length = label.length * DIGIT_WIDTH;
    const begin = at - (anchor === 'start' ? 0 : anchor === 'end' ? length : length / 2);
    const isFree = begin >= free;
    if (isFree) free = begin + length + DIGIT_WIDTH;
    const text = isFree ? html`<text x="${place(at)}" y="${bottom + 20}" text-anchor="${anchor}">${label}</text>` : null;
    return html`<path class="tick" d="M${place(at)} ${bottom}v5" />${text}`;
  });
  return { x, y, size, height, left, right, bottom, axes: html`<g class="axes">${rows}${columns}</g>` };
}

/** An `svg` that is announced by its title. */
export function chartPicture(frame: ChartFrame, title: string, content: readonly Html[]): Html {
  const { width, place: name } = frame.size;
  return html`<svg class="chart ${name}" viewBox="0 0 ${width} ${frame.height}" role="img" aria-label="${title}">
    ${frame.axes}${content}
  </svg>`;
}

/** Content that may reach beyond the frame, cut off at its edges: a picture in the picture, whose edges hide by themselves. */
export function clipped(frame: ChartFrame, content: readonly Html[]): Html {
  const { left, right, bottom } = frame;
  const [width, height] = [right - left, bottom - TOP];
  return html`<svg x="${left}" y="${TOP}" width="${width}" height="${height}" viewBox="${left} ${TOP} ${width} ${height}">${content}</svg>`;
}

/** The `d` of a path through points. */
export function pathThrough(points: Iterable<readonly [number, number]>): string {
  let d = '';
  for (const [x, y] of points) d += `${d === '' ? 'M' : 'L'}${place(x)} ${place(y)}`;
  return d;
}
