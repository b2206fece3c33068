import { zstdDecompressSync } from 'node:zlib';
import type * as flechette from '@uwdata/flechette';
import type { Table } from '@uwdata/flechette';
import { StratError } from '#core/errors/strat-error.ts';
import { decimalOf } from '../decimal-bytes.ts';
import { arrowMessages } from './arrow-messages.ts';
import { unpackLz4Frame } from './lz4-frame.ts';
import { type OpenedTable, type SaidOfTable, sideOf } from './opened-table.ts';
import { refusal } from './refusal.ts';
import { BlockBuilder, type RowBlock } from './row-blocks.ts';
import { isNothing, type RowFaults } from './row-faults.ts';
import type { Layout } from './table-layout.ts';
import { TimeReader } from './time-reader.ts';
import type { WallZone } from './wall-zone.ts';

const SAMPLE_ROWS = 200;
const MAX_COLUMNS = 1000;
/** Unpacked, of one column of one batch. */
const MAX_BUFFER = 1024 ** 3;

/** LZ4 packs to a 255th at best, so the length that a buffer says is bounded by its own. */
const lz4 = (packed: Uint8Array, length: number): Uint8Array => {
  if (!(length >= 0 && length <= MAX_BUFFER && length <= 256 * packed.length + 64))
    throw new RangeError('a buffer says a length that cannot be');
  return unpackLz4Frame(packed, length);
};

const zstd = (packed: Uint8Array, length: number): Uint8Array => {
  if (!(length >= 0 && length <= MAX_BUFFER)) throw new RangeError('a buffer says a length that cannot be');
  return zstdDecompressSync(packed, { maxOutputLength: Math.max(1, length) });
};

type Flechette = typeof flechette;

async function arrowLibrary(): Promise<Flechette> {
  const library = await import('@uwdata/flechette');
  const refuseWriting = (): never => {
    throw new Error('strat does not write packed Arrow files');
  };
  library.setCompressionCodec(library.CompressionType.LZ4_FRAME, { decode: lz4, encode: refuseWriting });
  library.setCompressionCodec(library.CompressionType.ZSTD, { decode: zstd, encode: refuseWriting });
  return library;
}

/**
 * An Arrow IPC file or stream, packed with LZ4, Zstandard or not: Feather as pandas, pyarrow and freqtrade write it. A batch of rows is in memory at a time.
 * @throws StratError DATA_EMPTY, DATA_FORMAT
 */
export async function openArrow(
  path: string,
  file: string,
  isFile: boolean,
  said: SaidOfTable,
  onBytes: (bytes: number) => void,
): Promise<OpenedTable> {
  const library = await arrowLibrary();
  const batches = tablesOf(library, path, file, isFile, onBytes);
  try {
    const first = await batches.next();
    if (first.done === true || first.value.numRows === 0) throw new StratError('DATA_EMPTY', { file, reason: 'it has no rows' });
    const table = first.value;
    if (table.numCols > MAX_COLUMNS)
      throw refusal(file, `it has ${table.numCols} columns`, `Tables with up to ${MAX_COLUMNS} columns are read`);
    const { names } = table;
    const columns = names.map((name) => columnOf(library, table, name));
    const count = Math.min(SAMPLE_ROWS, table.numRows);
    const rows = Array.from({ length: count }, (_, row) => columns.map((column) => sampleText(column, row)));
    return {
      head: { file, names, rows, ...said },
      facts: new Map(),
      close: async () => void (await batches.return(undefined)),
      read: (layout, zone, faults) => blocksOf(library, table, batches, names, layout, zone, faults),
    };
  } catch (error) {
    await batches.return(undefined);
    throw error instanceof StratError ? error : damaged(file, error);
  }
}

async function* tablesOf(
  library: Flechette,
  path: string,
  file: string,
  isFile: boolean,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Table> {
  // What comes before a batch and is needed to read it.
  const before: Uint8Array[] = [];
  for await (const { type, bytes } of arrowMessages(path, file, isFile, onBytes)) {
    if (type === 'schema' || type === 'dictionary') before.push(bytes);
    if (before.length > 10_000) throw refusal(file, 'it has more than 10,000 dictionaries', 'Write it again without them');
    if (type !== 'rows') continue;
    try {
      const table = library.tableFromIPC([...before, bytes], { useBigInt: true });
      // Each column has a length of its own in the file.
      if (!(table.numRows >= 0) || table.children.some((column) => column.length !== table.numRows))
        throw new RangeError('its columns have other lengths than its batch');
      yield table;
    } catch (error) {
      throw error instanceof StratError ? error : damaged(file, error);
    }
  }
}

const damaged = (file: string, error: unknown): StratError => {
  const reason = error instanceof Error ? error.message.replace(/[^\x20-\x7e]/g, '?').slice(0, 100) : 'it cannot be read';
  return refusal(file, `as an Arrow file it is damaged: ${reason}`, 'Write or download it again', 1, error);
};

interface ArrowColumn {
  /** Ms since the epoch, when the type says so. */
  readonly isTime: boolean;
  /** The type has a zone. */
  readonly hasZone: boolean;
  readonly at: (row: number) => unknown;
}

function columnOf(library: Flechette, table: Table, name: string): ArrowColumn {
  const column = table.getChild(name);
  const { type } = column;
  const isTime = type.typeId === library.Type.Timestamp || type.typeId === library.Type.Date;
  // A date is that of the bar, wherever it is.
  const hasZone = type.typeId === library.Type.Date || ('timezone' in type && typeof type.timezone === 'string');
  return { isTime, hasZone, at: (row) => column.at(row) as unknown };
}

function sampleText({ isTime, hasZone, at }: ArrowColumn, row: number): string {
  const value = at(row);
  if (typeof value === 'bigint' || typeof value === 'boolean' || typeof value === 'string') return String(value);
  if (typeof value !== 'number') return '';
  if (!isTime) return String(value);
  const text = Math.abs(value) < 8.64e15 ? new Date(value).toISOString() : '';
  return hasZone ? text : text.slice(0, -1);
}

async function* blocksOf(
  library: Flechette,
  first: Table,
  rest: AsyncIterable<Table>,
  names: readonly string[],
  layout: Layout,
  zone: WallZone,
  faults: RowFaults,
): AsyncGenerator<RowBlock> {
  const blocks = new BlockBuilder(layout.columns.length);
  const times = new TimeReader(layout.timeFormat, zone, layout.isBackward);
  let number = 0;
  const take = (table: Table): void => {
    const time = columnOf(library, table, names[layout.timeField]!);
    const columns = layout.columns.map(({ field }) => columnOf(library, table, names[field]!));
    for (let row = 0; row < table.numRows; row++) {
      number++;
      const at = timeOf(time, row, times);
      if (Number.isNaN(at)) {
        faults.time(number, String(time.at(row)), layout.timeFormat);
        continue;
      }
      blocks.time[blocks.row] = at;
      blocks.lines[blocks.row] = number;
      for (let k = 0; k < columns.length; k++) {
        const value = columns[k]!.at(row);
        blocks.values[k]![blocks.row] = typeof value === 'number' ? value : numberOf(value, layout.columns[k]!, number, faults);
      }
      blocks.next();
    }
  };
  try {
    yield* blocks.ofBatches(first, rest, take);
  } catch (error) {
    throw error instanceof StratError ? error : damaged(faults.file, error);
  }
}

function timeOf({ isTime, hasZone, at }: ArrowColumn, row: number, times: TimeReader): number {
  const value = at(row);
  if (isTime) return typeof value !== 'number' ? NaN : hasZone ? value : times.ofWall(value);
  if (typeof value === 'string') {
    const bytes = Buffer.from(value, 'latin1');
    return times.isNumeric ? times.ofNumber(decimalOf(value)) : times.ofText(bytes, 0, bytes.length);
  }
  return typeof value === 'number' || typeof value === 'bigint' ? times.ofNumber(Number(value)) : NaN;
}

function numberOf(value: unknown, { name, read }: Layout['columns'][number], line: number, faults: RowFaults): number {
  if (value === null || value === undefined) return NaN;
  if (typeof value === 'bigint') return Number(value);
  const text = typeof value === 'string' || typeof value === 'boolean' ? String(value).trim() : '?';
  const number = read === 'number' ? decimalOf(text) : sideOf(text, read);
  if (Number.isNaN(number) && !isNothing(text)) faults.cell(line, name, text);
  return number;
}
