import type { Paint } from './paint.ts';

export interface Column<Row> {
  readonly title: string;
  /** Aligned to the right. */
  readonly isNumber?: boolean;
  readonly text: (row: Row) => string;
  /** Sign for the colour. */
  readonly tone?: (row: Row) => number;
}

const GAP = 2;
const lengthOf = (text: string): number => Array.from(text).length;

/** Title line and rows. Columns of the highest rank are left out until the table is no wider than `width`. */
export function alignedTable<Row>(
  columns: readonly (Column<Row> & { readonly rank: number })[],
  rows: readonly Row[],
  width: number,
  paint: Paint,
): string[] {
  const measured = columns.map((column) => {
    const cells = rows.map((row) => column.text(row));
    return { column, cells, width: Math.max(lengthOf(column.title), ...cells.map(lengthOf)) };
  });
  const kept = new Set(measured);
  const total = (): number => [...kept].reduce((sum, one) => sum + one.width + GAP, -GAP);
  for (const one of measured.toSorted((a, b) => b.column.rank - a.column.rank)) {
    if (total() <= width) break;
    kept.delete(one);
  }
  const fit = (text: string, size: number, isNumber: boolean | undefined): string => {
    const space = ' '.repeat(Math.max(0, size - lengthOf(text)));
    return isNumber === true ? space + text : text + space;
  };
  const parts = [...kept];
  const gap = ' '.repeat(GAP);
  const title = parts.map((one) => fit(one.column.title, one.width, one.column.isNumber)).join(gap);
  const lines = rows.map((row, i) =>
    parts
      .map(({ column, cells, width: size }) => paint.tone(fit(cells[i] ?? '', size, column.isNumber), column.tone?.(row) ?? 0))
      .join(gap)
      .trimEnd(),
  );
  return [paint.dim(title.trimEnd()), ...lines];
}

/** Text broken at spaces into lines of at most `width`; a longer word is cut. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const points = Array.from(word);
    for (let at = 0; at === 0 || at < points.length; at += width) {
      const piece = points.slice(at, at + width).join('');
      const joined = line === '' ? piece : `${line} ${piece}`;
      if (line === '' || lengthOf(joined) <= width) line = joined;
      else {
        lines.push(line);
        line = piece;
      }
    }
  }
  lines.push(line);
  return lines;
}
