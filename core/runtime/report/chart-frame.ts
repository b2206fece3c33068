import { linearScale, niceTicks, place, type Scale, timeTicks } from './chart-scale.ts';
import { html, type Html } from './html-text.ts';
import { groupedNumber } from './number-text.ts';

export const CHART_WIDTH = 1000;
const LEFT = 82;
const RIGHT = 10;
const TOP = 10;
const BOTTOM = 26;

/** Lines and text around a chart, and where values go. Coordinates are viewBox units; the picture scales as a whole. */
export interface ChartFrame {
  readonly x: Scale;
  readonly y: Scale;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  /** Grid and labels, to be drawn first. */
  readonly axes: Html;
}

export interface FrameRange {
  readonly fromTime: number;
  readonly toTime: number;
  readonly low: number;
  readonly high: number;
  readonly height: number;
  /** Written after the numbers of the upright axis. */
  readonly unit?: string;
  readonly ticks?: number;
  /** Room above and below, as a share of the range; default none. */
  readonly room?: number;
}

export function chartFrame(range: FrameRange): ChartFrame {
  const right = CHART_WIDTH - RIGHT;
  const bottom = range.height - BOTTOM;
  const room = range.high === range.low ? Math.abs(range.high) * 0.01 || 1 : (range.high - range.low) * (range.room ?? 0);
  const low = range.low - room;
  const high = range.high + room;
  const x = linearScale(range.fromTime, range.toTime, LEFT, right);
  const y = linearScale(low, high, bottom, TOP);
  const ticks = niceTicks(low, high, range.ticks ?? 5);
  const rows = ticks.values.map((value) => {
    const at = place(y(value));
    const label = groupedNumber(value, ticks.digits) + (range.unit ?? '');
    return html`<path class="grid" d="M${LEFT} ${at}H${right}" /><text x="${LEFT - 8}" y="${at}" dy="4" text-anchor="end">${label}</text>`;
  });
  const columns = timeTicks(range.fromTime, range.toTime, 6).map(({ time, label }) => {
    const at = x(time);
    // A label at the edge would be cut off.
    const anchor = at < LEFT + 45 ? 'start' : at > right - 45 ? 'end' : 'middle';
    return html`<path class="tick" d="M${place(at)} ${bottom}v5" /><text x="${place(at)}" y="${bottom + 20}" text-anchor="${anchor}"
        >${label}</text
      >`;
  });
  return { x, y, height: range.height, left: LEFT, right, bottom, axes: html`<g class="axes">${rows}${columns}</g>` };
}

/** An `svg` that is announced by its title. */
export function chartPicture(frame: ChartFrame, title: string, content: readonly Html[]): Html {
  return html`<div class="scroll">
    <svg class="chart" viewBox="0 0 ${CHART_WIDTH} ${frame.height}" role="img" aria-label="${title}">${frame.axes}${content}</svg>
  </div>`;
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
