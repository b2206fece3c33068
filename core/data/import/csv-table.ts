import { StratError } from '#core/errors/strat-error.ts';
import { CsvLine } from '../csv-line.ts';
import { hasOldLineEnds, withLineFeeds } from '../line-ends.ts';
import type { ByteSource } from './byte-source.ts';
import { csvShape, type CsvShape } from './csv-shape.ts';
import { type OpenedTable, type SaidOfTable, sideOf } from './opened-table.ts';
import { readPlainRow, type RowPlan } from './plain-row.ts';
import { refusal } from './refusal.ts';
import { BLOCK_ROWS, BlockBuilder, type RowBlock } from './row-blocks.ts';
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
  const rest = rejoined(begin.subarray(skipped), chunks, hasOldLineEnds(begin) ? withLineFeeds : (bytes) => bytes);
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

async function* rejoined(first: Buffer, rest: AsyncIterator<Buffer>, change: (bytes: Buffer) => Buffer): AsyncGenerator<Buffer> {
  try {
    yield change(first);
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield change(next.value);
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
  // The piece of a line at the end of a chunk.
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const first = chunk.indexOf(LINE_FEED);
    const end = chunk.lastIndexOf(LINE_FEED);
    if (first >= 0 && rest.length > 0) {
      const line = Buffer.concat([rest, chunk.subarray(0, first + 1)]);
      reader.take(line, 0, line.length - 1);
    }
    if (first >= 0) reader.take(chunk, rest.length > 0 ? first + 1 : 0, end);
    rest = first < 0 ? Buffer.concat([rest, chunk]) : chunk.subarray(end + 1);
    if (rest.length > MAX_LINE)
      throw refusal(file, `a line is longer than ${MAX_LINE} characters`, 'Check that it is a table', reader.line);
    yield* reader.blocks.take();
  }
  if (rest.length > 0) reader.take(rest, 0, rest.length);
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
  readonly #unwanted: Float64Array;
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
    this.#unwanted = new Float64Array(BLOCK_ROWS);
    this.#plan = {
      delimiter: shape.delimiter.charCodeAt(0),
      mark: shape.mark.charCodeAt(0),
      columns: Array.from({ length: this.#width }, () => this.#unwanted),
      textField: this.#times.isNumeric ? -1 : layout.timeField,
      textPlace: new Int32Array(2),
    };
    this.#aim();
  }

  /** Fields go into the block that is being filled. */
  #aim(): void {
    const { columns } = this.#plan;
    const { timeField, columns: wanted } = this.#layout;
    columns[timeField] = this.blocks.time;
    for (const [at, { field }] of wanted.entries()) columns[field] = this.blocks.values[at]!;
  }

  /** Lines from the one that begins at `begin` to the one whose line feed stands at `end`. */
  take(bytes: Buffer, begin: number, end: number): void {
    const { columns, timeField, clockField } = this.#layout;
    const { blocks } = this;
    const plan = this.#plan;
    const { textPlace } = plan;
    const csv = new CsvLine(bytes, end, plan.delimiter, this.#wanted, plan.mark);
    const times = this.#times;
    const width = columns.length;
    const isPlain = columns.map(({ read }) => read === 'number');
    const fields = columns.map(({ field }) => field);
    const { isNumeric } = times;
    const mayBePlain = clockField === timeField && isPlain.every(Boolean);
    for (let position = begin; position <= end;) {
      const from = position;
      this.line++;
      const next = mayBePlain ? readPlainRow(bytes, from, plan, blocks.row) : -1;
      if (next > 0 && this.line > this.#shape.firstLine) {
        const { row } = blocks;
        const time = isNumeric ? times.ofNumber(blocks.time[row]!) : times.ofText(bytes, textPlace[0]!, textPlace[1]!);
        if (time === time) {
          position = next;
          blocks.time[row] = time;
          blocks.lines[row] = this.line;
          if (blocks.next()) this.#aim();
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
      if (blocks.next()) this.#aim();
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
