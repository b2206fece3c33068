import type { ChartMark } from '#core/model/chart-mark.ts';
import { hueOf } from '#core/model/colors.ts';
import type { ChartFrame } from './chart-frame.ts';
import { place } from './chart-scale.ts';
import { html, type Html } from './html-text.ts';
import type { PricedSeries } from './html-report.ts';
import { minuteText } from './number-text.ts';
import { plainText } from './plain-text.ts';

/** Fewer texts than this stand beside their marks; of more they show when they are pointed at. */
const MOST_WRITTEN = 24;
const MOST_TOLD = 300;
const AWAY = 9;
/** About, in the units of the picture. */
const LETTER = { width: 7.5, height: 14 };
const MAX_TEXT = 40;

/** What the strategy's `mark` lines set within the bars of the picture: dots over or under the bars. */
export function markDots(marks: readonly ChartMark[], { columns, from, to }: PricedSeries, { x, y, size, right }: ChartFrame): Html {
  const isWide = size.place === 'wide';
  const radius = isWide ? 3.5 : 2.5;
  const isWritten = isWide && marks.filter(({ text }) => text !== null).length <= MOST_WRITTEN;
  /** Of the texts so far: one that would lie on another is left to the pointer. */
  const boxes: { readonly from: number; readonly to: number; readonly y: number }[] = [];
  const places = indexes(marks, columns.time, from, to);
  const dots = marks.map(({ time, where, text, color }, i) => {
    const isAbove = where === 'above';
    const at = places[i]!;
    const dx = x(time);
    const dy = isAbove ? y(columns.high[at]!) - AWAY : y(columns.low[at]!) + AWAY;
    const told = text === null ? '' : plainText(text, MAX_TEXT);
    const isLate = dx > right - 120;
    const beside = dx + (isLate ? -7 : 7);
    const length = told.length * LETTER.width;
    const box = { from: isLate ? beside - length : beside, to: isLate ? beside : beside + length, y: dy };
    const isFree = boxes.every((other) => Math.abs(other.y - dy) > LETTER.height || other.to < box.from || other.from > box.to);
    const isShown = isWritten && told !== '' && isFree;
    if (isShown) boxes.push(box);
    const written = isShown
      ? html`<text x="${place(beside)}" y="${place(dy)}" dy="4" text-anchor="${isLate ? 'end' : 'start'}">${told}</text>`
      : null;
    const title =
      isWide && marks.length <= MOST_TOLD
        ? html`<title>${told === '' ? '' : `${told}, `}${minuteText(new Date(time).toISOString())}</title>`
        : null;
    return html`<path
        class="mark hue-${hueOf(color) ?? 'purple'}"
        d="M${place(dx - radius)} ${place(dy)}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0z"
        >${title}</path
      >${written}`;
  });
  return html`<g>${dots}</g>`;
}

/** Which bar each mark is of; both are in the order of time. */
function indexes(marks: readonly ChartMark[], time: Float64Array, from: number, to: number): readonly number[] {
  let at = from;
  return marks.map((mark) => {
    while (at + 1 < to && time[at]! < mark.time) at += 1;
    return at;
  });
}
