import type { SeriesRows } from '../store/series-rows.ts';

/** The names of the columns as files have them. */
export const fileColumns = (names: readonly string[]): readonly string[] => names.map((name) => (name === 'time' ? 'timestamp' : name));

/** Times as whole numbers: those of trades in microseconds, all others in ms. */
function columnsOf({ columns }: SeriesRows, names: readonly string[], isTrades: boolean): readonly Float64Array[] {
  return names.map((name) => (isTrades && name === 'time' ? columns[name]!.map((time) => Math.round(time * 1000)) : columns[name]!));
}

/** Lines of CSV without a header: numbers in the shortest form that reads back to the same bits, na as nothing. */
export function csvLines(rows: SeriesRows, names: readonly string[], isTrades: boolean): string {
  const all = columnsOf(rows, names, isTrades);
  const { length } = rows;
  let text = '';
  for (let row = 0; row < length; row++) {
    for (let place = 0; place < all.length; place++) {
      const value = all[place]![row]!;
      if (place > 0) text += ',';
      if (!Number.isNaN(value)) text += value;
    }
    text += '\n';
  }
  return text;
}

/** An object a row, one a line, with a comma behind each; na as null. */
export function jsonLines(rows: SeriesRows, names: readonly string[], isTrades: boolean): string {
  const all = columnsOf(rows, names, isTrades);
  const { length } = rows;
  const titles = fileColumns(names).map((name) => `${JSON.stringify(name)}:`);
  let text = '';
  for (let row = 0; row < length; row++) {
    text += row === 0 ? '{' : ',\n{';
    for (let place = 0; place < all.length; place++) {
      const value = all[place]![row]!;
      text += `${place > 0 ? ',' : ''}${titles[place]!}${Number.isFinite(value) ? value : 'null'}`;
    }
    text += '}';
  }
  return text;
}
