import { StratError } from '#core/errors/strat-error.ts';
import { CsvLine } from '../csv-line.ts';
import type { ByteSource } from './byte-source.ts';
import { csvShape, type CsvShape } from './csv-shape.ts';
import { type OpenedTable, type SaidOfTable, sideOf } from './opened-table.ts';
import { readPlainRow, type RowPlan } from './plain-row.ts';
import { refusal } from './refusal.ts';
import { BlockBuilder, type RowBlock } from './row-blocks.ts';
import { isNothing, type RowFaults } from './row-faults.ts';
import type { Layout } from './table-layout.ts';
import { TimeReader } from './time-reader.ts';
import type { WallZone } from './wall-zone.ts';

const LINE_FEED = 10;
/** Of the text, from which its form is known. */
const HEAD_BYTES = 65_536;
const MAX_LINE = 1024 * 1024;
const MAX_BLANK_LINES = 1_000_000;

/**
 * A text of separated values.
 * @throws StratError DATA_EMPTY, DATA_FORMAT
 */
export async function openCsv(source: ByteSource, said: SaidOfTable, columns: readonly string[] | null): Promise<OpenedTable> {
  const { file } = source;
  const chunks = source.chunks[Symbol.asyncIterator]();
  const taken: Buffer[] = [];
  let size = 0;
  while (size < HEAD_BYTES) {
    const next = await chunks.next();
    if (next.done === true) break;
    taken.push(next.value);
    size += next.value.length;
  }
  const begin = Buffer.concat(taken);
  const text = checkedText(file, begin, size < HEAD_BYTES);
  const skipped = begin[0] === 0xef && begin[1] === 0xbb && begin[2] === 0xbf ? 3 : 0;
  const lines = text.slice(skipped === 3 ? 1 : 0).split(/\r?\n|\r(?!\n)/);
  // The last one may be cut off.
  if (size >= HEAD_BYTES && lines.length > 1) lines.pop();
  if (lines.every((line) => line.trim() === '')) throw new StratError('DATA_EMPTY', { file, reason: 'it is empty' });
  const shape = csvShape(file, lines, columns);
  if (shape.rows.length === 0) throw new StratError('DATA_EMPTY', { file, reason: 'it has only a header line' });
  const rest = rejoined(begin.subarray(skipped), chunks);
  return {
    head: { file, names: shape.names, rows: shape.rows, ...said },
    facts: symbolOf(shape),
    close: async () => {
      // Of a generator that was not begun nothing is closed.
      await rest.return(undefined);
      await chunks.return?.();
    },
    read: (layout, zone, faults) => readLines(file, rest, shape, layout, zone, faults),
  };
}

/** The name of the market where a column says it. */
function symbolOf({ names, rows }: CsvShape): ReadonlyMap<string, string> {
  const field = names?.findIndex((name) => /^(?:symbol|<?ticker>?|pair|instrument)$/i.test(name)) ?? -1;
  const symbol = field < 0 ? undefined : rows[0]?.[field];
  return new Map(symbol === undefined || symbol === '' ? [] : [['symbol', symbol]]);
}

/** The first lines. @throws StratError DATA_FORMAT for what is no text */
function checkedText(file: string, bytes: Buffer, isWhole: boolean): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    throw refusal(file, 'it is UTF-16', 'Save it as UTF-8');
  const nul = bytes.subarray(0, HEAD_BYTES).indexOf(0);
  if (nul >= 0) {
    // Every second byte of English text in UTF-16 is zero.
    const isWide = bytes[nul + 1] !== 0 && bytes[nul + 2] === 0 && bytes[nul + 4] === 0;
    throw isWide
      ? refusal(file, 'it looks like UTF-16', 'Save it as UTF-8')
      : refusal(file, 'it holds binary data', 'Give a text, or a format that docs/data.md names');
  }
  const head = bytes.subarray(0, HEAD_BYTES);
  if (!isWhole && !head.includes(LINE_FEED) && !head.includes(13))
    throw refusal(file, `its first line is longer than ${HEAD_BYTES} characters`, 'Check that it is a table');
  return head.toString('utf8');
}

async function* rejoined(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

async function* readLines(
  file: string,
  chunks: AsyncIterable<Buffer>,
  shape: CsvShape,
  layout: Layout,
  zone: WallZone,
  faults: RowFaults,
): AsyncGenerator<RowBlock> {
  const reader = new LineReader(file, shape, layout, zone, faults);
  // The piece of a line at the end of a chunk, and the next chunk behind it: one buffer is used again and again.
  let buffer = Buffer.alloc(0);
  let rest = 0;
  for await (const chunk of chunks) {
    const length = rest + chunk.length;
    if (length > buffer.length) buffer = Buffer.concat([buffer.subarray(0, rest)], 2 * length);
    buffer.set(chunk, rest);
    const end = buffer.lastIndexOf(LINE_FEED, length - 1);
    if (end >= 0) reader.take(buffer, end);
    buffer.copyWithin(0, end + 1, length);
    rest = length - end - 1;
    if (rest > MAX_LINE) throw refusal(file, `a line is longer than ${MAX_LINE} characters`, 'Check that it is a table', reader.line);
    yield* reader.blocks.take();
  }
  if (rest > 0) reader.take(buffer.subarray(0, rest), rest);
  yield* reader.blocks.finish();
}

/** Makes rows of lines. */
class LineReader {
  readonly blocks: BlockBuilder;
  line = 0;
  readonly #file: string;
  readonly #shape: CsvShape;
  readonly #layout: Layout;
  readonly #faults: RowFaults;
  readonly #times: TimeReader;
  readonly #width: number;
  readonly #wanted: number;
  readonly #plan: RowPlan;
  #blanks = 0;

  constructor(file: string, shape: CsvShape, layout: Layout, zone: WallZone, faults: RowFaults) {
    this.#file = file;
    this.#shape = shape;
    this.#layout = layout;
    this.#faults = faults;
    this.#times = new TimeReader(layout.timeFormat, zone, layout.isBackward);
    this.#width = shape.names?.length ?? shape.rows[0]!.length;
    this.#wanted = Math.max(layout.clockField, ...layout.columns.map(({ field }) => field)) + 1;
    this.blocks = new BlockBuilder(layout.columns.length);
    const places = new Int32Array(this.#width).fill(layout.columns.length + 1);
    places[layout.timeField] = layout.columns.length;
    for (const [at, { field }] of layout.columns.entries()) places[field] = at;
    this.#plan = {
      delimiter: shape.delimiter.charCodeAt(0),
      mark: shape.mark.charCodeAt(0),
      places,
      out: new Float64Array(layout.columns.length + 2),
    };
  }

  /** Lines up to the one whose line feed stands at `end`. */
  take(bytes: Buffer, end: number): void {
    const { columns, timeField, clockField } = this.#layout;
    const { blocks } = this;
    const plan = this.#plan;
    const { out } = plan;
    const csv = new CsvLine(bytes, end, plan.delimiter, this.#wanted, plan.mark);
    const times = this.#times;
    const width = columns.length;
    const isPlain = columns.map(({ read }) => read === 'number');
    const fields = columns.map(({ field }) => field);
    const mayBePlain = times.isNumeric && isPlain.every(Boolean);
    for (let position = 0; position <= end;) {
      const from = position;
      this.line++;
      const next = mayBePlain ? readPlainRow(bytes, from, plan) : -1;
      if (next > 0) {
        position = next;
        const time = times.ofNumber(out[width]!);
        if (this.line > this.#shape.firstLine && time === time) {
          const { row } = blocks;
          blocks.time[row] = time;
          blocks.lines[row] = this.line;
          for (let at = 0; at < width; at++) blocks.values[at]![row] = out[at]!;
          blocks.next();
          continue;
        }
      }
      position = csv.read(from);
      if (this.line <= this.#shape.firstLine) continue;
      if (csv.count !== this.#width) {
        this.#odd(bytes, from, position, csv.count);
        continue;
      }
      const row = blocks.row;
      const time = times.isNumeric ? times.ofNumber(csv.number(timeField)) : times.ofText(bytes, csv.start(timeField), csv.end(clockField));
      if (Number.isNaN(time)) {
        this.#faults.time(this.line, csv.text(timeField), this.#layout.timeFormat);
        continue;
      }
      blocks.time[row] = time;
      blocks.lines[row] = this.line;
      for (let at = 0; at < width; at++) {
        const value = isPlain[at]! ? csv.number(fields[at]!) : NaN;
        blocks.values[at]![row] = value === value ? value : this.#odder(csv, at);
      }
      blocks.next();
    }
  }

  /** A line with another number of fields. */
  #odd(bytes: Buffer, from: number, to: number, found: number): void {
    if (bytes.toString('latin1', from, Math.min(to, from + 1000)).trim() !== '')
      return this.#faults.fieldCount(this.line, found, this.#width);
    if (++this.#blanks > MAX_BLANK_LINES)
      throw refusal(this.#file, 'it has more than a million blank lines', 'Check that it is a table', this.line);
  }

  /** A cell that is no plain number: a side, nothing, or a fault. */
  #odder(csv: CsvLine, at: number): number {
    const { field, name, read } = this.#layout.columns[at]!;
    const text = csv.text(field);
    const value = read === 'number' ? NaN : sideOf(text, read);
    if (Number.isNaN(value) && !isNothing(text)) this.#faults.cell(this.line, name, text);
    return value;
  }
}
