import type { Columns } from '#core/model/columns.ts';
import { plainText } from '#core/runtime/report/plain-text.ts';
import { rangeOf } from '#core/runtime/report/plot-lines.ts';
import type { ComputedSeries, Series } from '#core/runtime/series/compute-series.ts';
import { panesOf, type SeriesPane } from '#core/runtime/series/panes.ts';
import { timeText, valueTexts } from '#core/runtime/series/value-text.ts';
import { dotChart, stripLine } from './dot-chart.ts';
import type { Paint } from './paint.ts';

const PRICE_ROWS = 12;
const LINE_ROWS = 7;
const LEAST_COLUMNS = 10;
const MAX_LABEL = 60;

/** Results over bars [from, to) as charts of characters, one below the other on one axis of time; no line is wider than `width`. */
export function seriesChart(
  computed: ComputedSeries,
  columns: Columns,
  bars: readonly [number, number],
  width: number,
  paint: Paint,
): string {
  const panes = panesOf(computed, columns, ...bars);
  const scales = panes.map((pane) => scaleOf(pane, bars));
  const labelWidth = Math.max(0, ...scales.flatMap(({ labels }) => labels.map((label) => label.length)));
  // The letters of the axis, a blank and its line.
  const room = Math.max(LEAST_COLUMNS, width - labelWidth - 2);
  const blank = ' '.repeat(labelWidth);
  const lines = panes.flatMap((pane, place) => {
    const { labels, range } = scales[place]!;
    const legend = pane.results.map(({ label }, at) => paint.hue(plainText(label, MAX_LABEL), at)).join('  ');
    const drawn = range === null ? stripLines(pane.results[0]!, bars, room) : curveLines(pane, bars, range, room, paint);
    if (range === null)
      return [paint.bold(legend), ...drawn.map(([name, line]) => `${name.padStart(labelWidth)} ${paint.dim('│')}${line.trimEnd()}`), ''];
    const marks = new Map([
      [0, labels[0]!],
      [drawn.length - 1, labels[1]!],
    ]);
    return [
      paint.bold(legend),
      ...drawn.map(
        ([, line], row) => `${(marks.get(row) ?? blank).padStart(labelWidth)} ${paint.dim(marks.has(row) ? '┤' : '│')}${line.trimEnd()}`,
      ),
      '',
    ];
  });
  const [first, last] = [timeText(columns.time[bars[0]]!), timeText(columns.time[bars[1] - 1]!)];
  const between = Math.max(1, room - first.length - last.length);
  const axis = room < first.length + last.length + 1 ? last : `${first}${' '.repeat(between)}${last}`;
  return `${[...lines.slice(0, -1), `${blank}  ${paint.dim(axis)}`].join('\n')}\n`;
}

interface PaneScale {
  /** null of a strip. */
  readonly range: readonly [number, number] | null;
  /** Of the top and the bottom; of a strip the names of its lines. */
  readonly labels: readonly string[];
}

function scaleOf({ kind, results }: SeriesPane, [from, to]: readonly [number, number]): PaneScale {
  const [first] = results;
  if (kind === 'strip') return { range: null, labels: stripNames(first!) };
  const ranges = results.map(({ values }) => rangeOf(values, from, to)).filter((range) => range !== null);
  if (ranges.length === 0) return { range: [0, 0], labels: ['na', 'na'] };
  const [low, high] = [Math.min(...ranges.map((range) => range.low)), Math.max(...ranges.map((range) => range.high))];
  const text = valueTexts(first!, [low, high]);
  return { range: [low, high], labels: [text(high), text(low)] };
}

const stripNames = ({ states }: Series): readonly string[] => states ?? ['yes'];

function stripLines(series: Series, bars: readonly [number, number], room: number): readonly (readonly [string, string])[] {
  return stripNames(series).map((name, place) => [name, stripLine(series.values, series.states === null ? 1 : place, bars, room)]);
}

function curveLines(
  { kind, results }: SeriesPane,
  bars: readonly [number, number],
  range: readonly [number, number],
  room: number,
  paint: Paint,
): readonly (readonly [string, string])[] {
  const curves = results.map(({ values }, place) => ({ values, paint: (text: string) => paint.hue(text, place) }));
  return dotChart(curves, bars, range, room, kind === 'price' ? PRICE_ROWS : LINE_ROWS).map((line) => ['', line]);
}
