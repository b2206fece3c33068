import { groupedNumber } from '#core/runtime/report/number-text.ts';
import { plainText } from '#core/runtime/report/plain-text.ts';
import type { ComputedExpression, ComputedSeries, Series } from '#core/runtime/series/compute-series.ts';
import { summaryOf } from '#core/runtime/series/summary.ts';
import { timeText, valueTexts } from '#core/runtime/series/value-text.ts';
import { alignedTable } from './aligned-table.ts';
import type { Paint } from './paint.ts';

const MAX_TITLE = 40;
const GAP = 2;
/** `2024-01-31 12:00`. */
const TIME_WIDTH = 16;

/** Values at bars [from, to), a line each, a column for each result; where these are too many for `width` the rest follows below. */
export function valueTables(
  { expressions }: Pick<ComputedSeries, 'expressions'>,
  time: Float64Array,
  [from, to]: readonly [number, number],
  width: number,
  paint: Paint,
): string {
  const columns = expressions
    .flatMap(({ results }) => results)
    .map((series) => {
      const shown = series.values.subarray(from, to);
      const text = valueTexts(series, shown);
      const cells = Array.from(shown, text);
      const title = plainText(series.label, MAX_TITLE);
      return { title, cells, width: Math.max(Array.from(title).length, ...cells.map((cell) => cell.length)) };
    });
  const blocks: (typeof columns)[] = [];
  let used = 0;
  for (const column of columns) {
    if (blocks.length === 0 || used + GAP + column.width > width) {
      blocks.push([]);
      used = TIME_WIDTH;
    }
    blocks.at(-1)!.push(column);
    used += GAP + column.width;
  }
  const rows = Array.from({ length: to - from }, (_, row) => row);
  return blocks
    .map((block) => {
      const timeColumn = { title: 'time (UTC)', rank: 0, text: (row: number) => timeText(time[from + row]!) };
      const own = block.map(({ title, cells }) => ({ title, rank: 0, isNumber: true, text: (row: number) => cells[row]! }));
      return `${alignedTable([timeColumn, ...own], rows, Infinity, paint).join('\n')}\n`;
    })
    .join('\n');
}

/** A line for each result: of what kind it is, how much of the past it needs, and what it is like over the bars from `from` on. */
export function summaryTable({ expressions }: Pick<ComputedSeries, 'expressions'>, from: number, width: number, paint: Paint): string {
  const rows = expressions.flatMap((expression) => expression.results.map((series) => summaryRow(expression, series, from)));
  const column = (title: string, rank: number, isNumber = true): Parameters<typeof alignedTable<Record<string, string>>>[0][number] => ({
    title,
    rank,
    isNumber,
    text: (row) => row[title] ?? '',
  });
  const columns = [
    column('series', 0, false),
    column('kind', 2, false),
    column('look-back', 3),
    column('warm-up', 4),
    column('na', 1),
    column('min', 1),
    column('mean', 1),
    column('max', 1),
  ];
  return `${alignedTable(columns, rows, width, paint).join('\n')}\n`;
}

function summaryRow({ lookBack, warmUp }: ComputedExpression, series: Series, from: number): Record<string, string> {
  const { label, kind, currency, states, low, high, values } = series;
  const { na, min, max, mean, ones } = summaryOf(values, from, values.length);
  const known = values.length - from - na;
  const facts = { series: plainText(label, MAX_TITLE), 'look-back': String(lookBack), 'warm-up': String(warmUp), na: groupedNumber(na, 0) };
  if (kind === 'condition') {
    const share = known === 0 ? '' : `${groupedNumber((ones / known) * 100, 1)}% yes`;
    return { ...facts, kind, mean: share };
  }
  if (states !== null) return { ...facts, kind: `state: ${states.join(', ')}` };
  const text = valueTexts(
    series,
    [min, max].filter((value) => value !== null),
  );
  // A mean of whole numbers is none.
  const meanText = valueTexts(
    { kind: kind === 'bars' ? 'number' : kind, states },
    [min, max, mean].filter((value) => value !== null),
  );
  const bound = (value: number): string => valueTexts(series, [Math.round(value)])(value);
  const range = Number.isFinite(low) && Number.isFinite(high) && low < high ? `, ${bound(low)} to ${bound(high)}` : '';
  return {
    ...facts,
    kind: `${kind}${currency === null ? '' : ` in ${currency}`}${range}`,
    ...(min === null ? {} : { min: text(min), max: text(max!), mean: meanText(mean!) }),
  };
}
