import { StratError } from '#core/errors/strat-error.ts';
import { decimalOf } from '../decimal-bytes.ts';
import type { ByteSource } from './byte-source.ts';
import { findRowList, RowScanner } from './json-scan.ts';
import { type OpenedTable, type SaidOfTable, sideOf } from './opened-table.ts';
import { refusal } from './refusal.ts';
import { BlockBuilder, type RowBlock } from './row-blocks.ts';
import { isNothing, type RowFaults } from './row-faults.ts';
import type { Layout } from './table-layout.ts';
import { TimeReader } from './time-reader.ts';
import type { WallZone } from './wall-zone.ts';

const HEAD_BYTES = 65_536;
const SAMPLE_ROWS = 200;
/** Of a document that must be parsed as a whole. */
const MAX_WHOLE_BYTES = 256 * 1024 * 1024;

/**
 * JSON: a list of lists or of objects, at the top or inside of objects; lists of columns; or a list or an object a line (NDJSON).
 * @throws StratError DATA_EMPTY, DATA_FORMAT
 */
export async function openJson(source: ByteSource, said: SaidOfTable): Promise<OpenedTable> {
  const { file } = source;
  const chunks = source.chunks[Symbol.asyncIterator]();
  let begin = Buffer.alloc(0);
  let isWhole = false;
  while (begin.length < HEAD_BYTES && !isWhole) {
    const next = await chunks.next();
    if (next.done === true) isWhole = true;
    else begin = Buffer.concat([begin, next.value]);
  }
  if (begin[0] === 0xef && begin[1] === 0xbb && begin[2] === 0xbf) begin = begin.subarray(3);
  const text = begin.toString('utf8', 0, 4 * HEAD_BYTES);
  if (isLines(text)) return tableOf(file, said, new Map(), rowsOf(file, begin, chunks, true));
  const list = findRowList(text);
  if (list === null)
    throw isWhole ? noRows(file) : refusal(file, 'there is no list of rows at its beginning', 'Give a list of candles, or one a line');
  if (list.isColumns) return tableOf(file, said, list.facts, columnsOf(file, begin, chunks));
  // Text and bytes are counted apart: names may hold characters of several bytes.
  const from = Buffer.byteLength(text.slice(0, list.from));
  return tableOf(file, said, list.facts, rowsOf(file, begin.subarray(from), chunks, false));
}

const noRows = (file: string): StratError => new StratError('DATA_EMPTY', { file, reason: 'the JSON in it has no list of rows' });

/** Whether the first line is a row by itself. */
function isLines(text: string): boolean {
  const lines = text.trimStart().split('\n', 3);
  const [first = '', second = ''] = lines;
  try {
    const row: unknown = JSON.parse(first);
    if (typeof row !== 'object' || row === null) return false;
    if (Array.isArray(row)) return row.length > 0 && typeof row[0] !== 'object' && (lines.length === 1 || /^\s*(?:\[|$)/.test(second));
    return (
      /^\s*\{/.test(second) || Object.values(row).filter((value) => typeof value === 'number' || typeof value === 'string').length >= 5
    );
  } catch {
    return false;
  }
}

type Row = readonly unknown[] | Readonly<Record<string, unknown>>;

async function* rowsOf(file: string, begin: Buffer, rest: AsyncIterator<Buffer>, areLines: boolean): AsyncGenerator<readonly Row[]> {
  const scanner = new RowScanner(file, areLines);
  const take = function* (bytes: Buffer): Generator<readonly Row[], Buffer> {
    const { rows, rest: at } = scanner.take(bytes);
    if (rows.length > 0) yield rows as readonly Row[];
    return bytes.subarray(at);
  };
  try {
    let carry: Buffer = yield* take(begin);
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
      // Behind the list stands what is no row.
      if (scanner.isClosed) carry = Buffer.concat([carry, next.value]).subarray(0, HEAD_BYTES);
      else carry = yield* take(carry.length === 0 ? next.value : Buffer.concat([carry, next.value]));
    }
    const after = carry.toString('utf8').trim();
    if (areLines ? after !== '' : !scanner.isClosed)
      throw refusal(file, 'it ends in the middle of a row or of its list', 'Download or export it again');
    if (/[[{]\s*[[{"]/.test(after) && /:\s*\[\s*[[{]/.test(after))
      throw refusal(file, 'it has more than one list of rows', 'Give one market a file');
  } finally {
    await rest.return?.();
  }
}

/** A list a column: the document is parsed as a whole. */
async function* columnsOf(file: string, begin: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<readonly Row[]> {
  const parts = [begin];
  let size = begin.length;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
    parts.push(next.value);
    size += next.value.length;
    if (size > MAX_WHOLE_BYTES) throw new StratError('DATA_TOO_LARGE', { file, limitMb: MAX_WHOLE_BYTES / 1024 ** 2 });
  }
  let document: unknown;
  try {
    document = JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch (error) {
    throw refusal(file, 'its JSON is damaged', 'Download or export it again', 1, error);
  }
  const columns = Object.entries(document ?? {}).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  const length = columns[0]?.[1].length ?? 0;
  if (columns.length < 2 || columns.some(([, values]) => values.length !== length))
    throw refusal(file, 'its lists are neither rows nor columns of one length', 'Give a list of candles, or a list a column');
  yield Array.from({ length }, (_, row) => Object.fromEntries(columns.map(([name, values]) => [name, values[row]])));
}

/** The values of a row under plain names, those of objects in it under both. */
function cellsOf(row: Row): ReadonlyMap<string, unknown> {
  const cells = new Map<string, unknown>();
  for (const [name, value] of Object.entries(row))
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      for (const [inner, deep] of Object.entries(value)) cells.set(`${name}_${inner}`, deep);
    else cells.set(name, value);
  return cells;
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

async function tableOf(
  file: string,
  said: SaidOfTable,
  facts: ReadonlyMap<string, string>,
  batches: AsyncGenerator<readonly Row[]>,
): Promise<OpenedTable> {
  const first = await batches.next();
  const sample = first.done === true ? [] : first.value.slice(0, SAMPLE_ROWS);
  const [top] = sample;
  if (first.done === true || top === undefined) throw noRows(file);
  const isLists = Array.isArray(top);
  const names = isLists ? null : [...cellsOf(top).keys()];
  const width = names?.length ?? (top as readonly unknown[]).length;
  if (width > 1000) throw refusal(file, `its rows have ${width} values`, 'Tables with up to 1000 columns are read');
  const rows = sample.map((row) =>
    names === null
      ? Array.isArray(row)
        ? (row as readonly unknown[]).map(textOf)
        : []
      : names.map((name) => textOf(cellsOf(row).get(name))),
  );
  const known = new Map(facts);
  const symbol = names?.find((name) => /^(?:symbol|ticker|pair|instrument)$/i.test(name));
  if (symbol !== undefined) known.set('symbol', rows[0]![names!.indexOf(symbol)]!);
  return {
    head: { file, names, rows, ...said },
    facts: known,
    close: async () => void (await batches.return(undefined)),
    read: (layout, zone, faults) => blocksOf(first.value, batches, names, width, layout, zone, faults),
  };
}

async function* blocksOf(
  first: readonly Row[],
  rest: AsyncIterable<readonly Row[]>,
  names: readonly string[] | null,
  width: number,
  layout: Layout,
  zone: WallZone,
  faults: RowFaults,
): AsyncGenerator<RowBlock> {
  const blocks = new BlockBuilder(layout.columns.length);
  const times = new TimeReader(layout.timeFormat, zone, layout.isBackward);
  const isFlat = names === null || names.every((name) => !name.includes('_'));
  const fields = layout.columns.map(({ field }) => names?.[field] ?? field);
  const [timeField, clockField] = [layout.timeField, layout.clockField].map((field) => names?.[field] ?? field) as [
    string | number,
    string | number,
  ];
  let number = 0;
  const take = (batch: readonly Row[]): void => {
    for (const row of batch) {
      number++;
      if ((names === null) !== Array.isArray(row) || (names === null && (row as readonly unknown[]).length !== width)) {
        faults.fieldCount(number, Array.isArray(row) ? row.length : Object.keys(row).length, width);
        continue;
      }
      const cells = isFlat || names === null ? null : cellsOf(row);
      const cell = (field: string | number): unknown =>
        cells === null ? (row as Readonly<Record<string | number, unknown>>)[field] : cells.get(String(field));
      // What its source calls unfinished is never stored as a candle.
      if (names !== null && (row as Readonly<Record<string, unknown>>)['complete'] === false) continue;
      const when = cell(timeField);
      const text = timeField === clockField ? textOf(when) : `${textOf(when)} ${textOf(cell(clockField))}`;
      const time = times.isNumeric ? times.ofNumber(typeof when === 'number' ? when : decimalOf(text)) : textTime(times, text);
      if (Number.isNaN(time)) {
        faults.time(number, text, layout.timeFormat);
        continue;
      }
      blocks.time[blocks.row] = time;
      blocks.lines[blocks.row] = number;
      for (let at = 0; at < fields.length; at++)
        blocks.values[at]![blocks.row] = numberOf(cell(fields[at]!), layout.columns[at]!, number, faults);
      blocks.next();
    }
  };
  yield* blocks.ofBatches(first, rest, take);
}

function textTime(times: TimeReader, text: string): number {
  const bytes = Buffer.from(text, 'latin1');
  return times.ofText(bytes, 0, bytes.length);
}

function numberOf(value: unknown, { name, read }: Layout['columns'][number], line: number, faults: RowFaults): number {
  if (typeof value === 'number' && read === 'number') return value;
  const text = textOf(value).trim();
  const number = read === 'number' ? decimalOf(text) : sideOf(text, read);
  if (Number.isNaN(number) && (!isNothing(text) || (typeof value === 'object' && value !== null)))
    faults.cell(line, name, text || JSON.stringify(value).slice(0, 40));
  return number;
}
