import { decimalOf } from '../decimal-bytes.ts';
import { kindOfNames, plainName, timeAliases } from './column-names.ts';
import { refusal } from './refusal.ts';
import { detectTime } from './time-format.ts';

/** How a text of separated values is written, by its first lines. */
export interface CsvShape {
  readonly delimiter: string;
  /** What stands before decimals. */
  readonly mark: '.' | ',';
  readonly names: readonly string[] | null;
  /** Of the first row, counted from 0. */
  readonly firstLine: number;
  readonly rows: readonly (readonly string[])[];
}

const DELIMITERS = [';', '\t', ',', '|'] as const;
/** A table with more is no market data. */
export const MAX_FIELDS = 1000;
/** Lines above the header: addresses, titles, names of tickers. */
const MOST_ABOVE = 10;
const SAMPLE_ROWS = 200;

/** @throws StratError DATA_FORMAT */
export function csvShape(file: string, lines: readonly string[], columns: readonly string[] | null): CsvShape {
  const last = lines.findLast((line) => line.trim() !== '') ?? '';
  const delimiter = DELIMITERS.find((mark) => last.split(mark).length >= 3) ?? ',';
  const cells = (line: string): readonly string[] => line.split(delimiter).map((field) => field.trim().replace(/^"(.*)"$/, '$1'));
  const width = last.split(delimiter).length;
  if (width > MAX_FIELDS) throw refusal(file, `its lines have ${width} fields`, `Tables with up to ${MAX_FIELDS} columns are read`);
  const { names, firstLine } = headerOf(lines, cells, columns);
  const rows = lines
    .slice(firstLine, firstLine + SAMPLE_ROWS)
    .filter((line) => line.trim() !== '')
    .map(cells);
  const hasComma = delimiter !== ',' && rows.some((row) => row.some((cell) => /^[+-]?\d+,\d+$/.test(cell)));
  const mark = hasComma ? ',' : '.';
  return { delimiter, mark, names, firstLine, rows: hasComma ? rows.map((row) => row.map((cell) => cell.replace(',', '.'))) : rows };
}

function headerOf(
  lines: readonly string[],
  cells: (line: string) => readonly string[],
  columns: readonly string[] | null,
): { readonly names: readonly string[] | null; readonly firstLine: number } {
  const top = lines.slice(0, MOST_ABOVE).map(cells);
  // yfinance writes three lines: the columns, the ticker of each, the name of the index.
  if (top[0]?.[0] === 'Price' && top[1]?.[0] === 'Ticker' && (top[2]?.[0] ?? '').startsWith('Date'))
    return { names: [top[2]![0]!, ...top[0].slice(1)], firstLine: 3 };
  for (const [at, row] of top.entries()) {
    const names = row.map(plainName);
    const hasTime =
      timeAliases('funding').some((alias) => names.includes(alias)) || timeAliases('trades').some((alias) => names.includes(alias));
    if (kindOfNames(names) !== null && (hasTime || names[0] === '' || names[0] === 'unnamed:_0')) return { names: row, firstLine: at + 1 };
  }
  const isRow = (row: readonly string[]): boolean =>
    row.length > 2 &&
    row.filter((cell) => !Number.isNaN(decimalOf(cell.replace(',', '.'))) || detectTime([cell]) !== null).length >= row.length - 2;
  const first = top.findIndex(isRow);
  if (first < 0) return { names: top[0] ?? [], firstLine: 1 };
  // What the user names columns of may have a header that nobody knows.
  const isHeader = first > 0 && columns === null && top[first - 1]!.length === top[first]!.length;
  return isHeader ? { names: top[first - 1]!, firstLine: first } : { names: null, firstLine: first };
}
