import { isoTime } from '#core/runtime/backtest-document.ts';
import type { ComputedSeries, Series } from '#core/runtime/series/compute-series.ts';
import { csvCell } from './csv-cell.ts';

/** Opening time and values of the bars [from, to), a column for each result: conditions as true and false, states by name, percents as shares, na empty. */
export function seriesCsv(
  { expressions }: Pick<ComputedSeries, 'expressions'>,
  time: Float64Array,
  [from, to]: readonly [number, number],
): string {
  const results = expressions.flatMap((expression) => expression.results);
  const lines = [['time', ...results.map(({ label }) => csvCell(label))].join(',')];
  for (let index = from; index < to; index++)
    lines.push([isoTime(time[index]!), ...results.map((series) => csvCell(cellOf(series, series.values[index]!)))].join(','));
  return `${lines.join('\r\n')}\r\n`;
}

function cellOf({ kind, states }: Series, value: number): number | string | null {
  if (Number.isNaN(value)) return null;
  if (kind === 'condition') return value === 1 ? 'true' : 'false';
  return kind === 'state' ? (states?.[value] ?? null) : value;
}
