import { resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { StratError } from '#core/errors/strat-error.ts';
import { decimalOf } from '../decimal-bytes.ts';
import { type OpenedTable, type SaidOfTable, sideOf } from './opened-table.ts';
import { refusal } from './refusal.ts';
import { BlockBuilder, type RowBlock } from './row-blocks.ts';
import { isNothing, type RowFaults } from './row-faults.ts';
import type { Layout } from './table-layout.ts';
import { TimeReader } from './time-reader.ts';
import type { WallZone } from './wall-zone.ts';

const SAMPLE_ROWS = 200;
const MAX_COLUMNS = 1000;

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
/** Names of files are patterns for DuckDB. */
const plainPattern = (path: string): string => path.replace(/[[*?]/g, '[$&]');

/**
 * A Parquet file, read by DuckDB, which sees this file and nothing else of the machine.
 * @throws StratError DATA_EMPTY, DATA_FORMAT
 */
export async function openParquet(path: string, file: string, said: SaidOfTable): Promise<OpenedTable> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const place = resolve(path);
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '256MB', threads: '2' });
  const connection = await instance.connect();
  const close = (): void => {
    connection.closeSync();
    instance.closeSync();
  };
  try {
    await connection.run(`SET allowed_paths=[${quoted(place)}, ${quoted(plainPattern(place))}]`);
    await connection.run('SET enable_external_access=false');
    await connection.run("SET TimeZone='UTC'");
    await connection.run('SET lock_configuration=true');
    const from = `read_parquet(${quoted(plainPattern(place))}, hive_partitioning=false)`;
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${from}`);
    const columns = described.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
    if (columns.length > MAX_COLUMNS)
      throw refusal(file, `it has ${columns.length} columns`, `Tables with up to ${MAX_COLUMNS} columns are read`);
    const texts = columns.map(({ name, type }) => (/\[\]|STRUCT|MAP/.test(type) ? "''" : `CAST(${identifier(name)} AS VARCHAR)`));
    const sample = await connection.runAndReadAll(`SELECT ${texts.join(', ')} FROM ${from} LIMIT ${SAMPLE_ROWS}`);
    const rows = sample.getRows().map((row) => row.map((value, at) => sampleText(value === null ? '' : String(value), columns[at]!.type)));
    if (rows.length === 0) throw new StratError('DATA_EMPTY', { file, reason: 'it has no rows' });
    return {
      head: { file, names: columns.map(({ name }) => name), rows, ...said },
      facts: new Map(),
      close: () => Promise.resolve(close()),
      read: (layout, zone, faults) => blocksOf(connection, from, columns, layout, zone, faults),
    };
  } catch (error) {
    close();
    throw error instanceof StratError ? error : damaged(file, error);
  }
}

const damaged = (file: string, error: unknown): StratError => {
  const reason = (error instanceof Error ? error.message : '')
    .split('\n', 1)[0]!
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 120);
  return refusal(file, `as a Parquet file it is damaged: ${reason}`, 'Write or download it again', 1, error);
};

const isTimeType = (type: string): boolean => type.startsWith('TIMESTAMP') || type === 'DATE';

/** DuckDB writes the zone of a moment as +00; what has none is left without. */
const sampleText = (text: string, type: string): string =>
  type === 'TIMESTAMP WITH TIME ZONE' ? text.replace(/([+-]\d\d)$/, '$1:00') : text;

interface ParquetColumn {
  readonly name: string;
  readonly type: string;
}

/** A time as ms where its type is one; else as it is. */
function timeExpression({ name, type }: ParquetColumn): string {
  const column = identifier(name);
  if (type === 'TIMESTAMP_NS') return `epoch_ns(${column}) / 1000000.0`;
  if (type === 'DATE') return `epoch_us(CAST(${column} AS TIMESTAMP)) / 1000.0`;
  if (isTimeType(type)) return `epoch_us(${column}) / 1000.0`;
  return type === 'VARCHAR' ? column : `CAST(${column} AS DOUBLE)`;
}

async function* blocksOf(
  connection: DuckDBConnection,
  from: string,
  all: readonly ParquetColumn[],
  layout: Layout,
  zone: WallZone,
  faults: RowFaults,
): AsyncGenerator<RowBlock> {
  const blocks = new BlockBuilder(layout.columns.length);
  const times = new TimeReader(layout.timeFormat, zone, layout.isBackward);
  const time = all[layout.timeField]!;
  const columns = layout.columns.map(({ field }) => all[field]!);
  const isText = columns.map(({ type }) => type === 'VARCHAR' || type === 'BOOLEAN');
  const expressions = columns.map(({ name }, at) =>
    isText[at] === true ? `CAST(${identifier(name)} AS VARCHAR)` : `COALESCE(CAST(${identifier(name)} AS DOUBLE), 'nan'::DOUBLE)`,
  );
  const isMoment = isTimeType(time.type);
  // A date is that of the bar, wherever it is.
  const hasZone = time.type === 'TIMESTAMP WITH TIME ZONE' || time.type === 'DATE';
  const timeSql = time.type === 'VARCHAR' ? identifier(time.name) : `COALESCE(${timeExpression(time)}, 'nan'::DOUBLE)`;
  try {
    const result = await connection.stream(`SELECT ${[timeSql, ...expressions].join(', ')} FROM ${from}`);
    let number = 0;
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) break;
      const values = Array.from(
        { length: columns.length + 1 },
        (_, at) => doublesOf(chunk.getColumnVector(at)) ?? chunk.getColumnValues(at),
      );
      for (let row = 0; row < chunk.rowCount; row++) {
        number++;
        const found = values[0]![row];
        const at =
          typeof found === 'number'
            ? isMoment
              ? hasZone
                ? found
                : times.ofWall(found)
              : times.ofNumber(found)
            : textTime(times, String(found ?? ''));
        if (Number.isNaN(at)) {
          faults.time(number, String(found ?? ''), layout.timeFormat);
          continue;
        }
        blocks.time[blocks.row] = at;
        blocks.lines[blocks.row] = number;
        for (let k = 0; k < columns.length; k++) {
          const value = values[k + 1]![row];
          blocks.values[k]![blocks.row] = typeof value === 'number' ? value : numberOf(value, layout.columns[k]!, number, faults);
        }
        blocks.next();
      }
      yield* blocks.take();
    }
    yield* blocks.finish();
  } catch (error) {
    throw error instanceof StratError ? error : damaged(faults.file, error);
  }
}

const doublesOf = (vector: object): Float64Array | null =>
  'items' in vector && vector.items instanceof Float64Array ? vector.items : null;

function textTime(times: TimeReader, text: string): number {
  const bytes = Buffer.from(text, 'latin1');
  return times.isNumeric ? times.ofNumber(decimalOf(text)) : times.ofText(bytes, 0, bytes.length);
}

function numberOf(value: unknown, { name, read }: Layout['columns'][number], line: number, faults: RowFaults): number {
  if (value === null || value === undefined) return NaN;
  const text = (typeof value === 'string' ? value : '?').trim();
  const number = read === 'number' ? decimalOf(text) : sideOf(text, read);
  if (Number.isNaN(number) && !isNothing(text)) faults.cell(line, name, text);
  return number;
}
