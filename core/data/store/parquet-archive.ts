import type * as DuckDb from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { SeriesRows } from './series-rows.ts';

interface Opened {
  readonly library: typeof DuckDb;
  readonly instance: DuckDBInstance;
}
interface ParquetExport {
  /** By time. */
  readonly files: readonly string[];
  readonly columns: readonly string[];
  /** Columns that at least one of the files has. */
  readonly stored: ReadonlySet<string>;
  readonly isTrades: boolean;
  /** Half-open range of times, ms. */
  readonly from: number;
  readonly to: number;
  readonly path: string;
}
/** Rows of a chunk that DuckDB takes at once. */
const CHUNK_ROWS = 2048;
/** A file says that its times are UTC: elsewhere nobody knows. */
const TIME_WITH_ZONE = 'make_timestamptz(epoch_us(time)) AS timestamp';
/** Dictionaries of prices cost a third of the time and make nothing smaller. */
const PACKED = 'FORMAT parquet, COMPRESSION zstd, DICTIONARY_SIZE_LIMIT 1';
const MEMORY_LIMIT = '400MB';

/**
 * Parquet files of rows, by DuckDB, which is loaded when the first is read or written. `time` is a timestamp in UTC (ms; of trades microseconds), all else doubles.
 */
export class ParquetArchive {
  #opened: Promise<Opened> | null = null;

  /**
   * Writes rows as a file, packed with zstd.
   * @param note kept in the file under the key `strat`
   * @throws what DuckDB throws
   */
  async write(path: string, names: readonly string[], { length, columns }: SeriesRows, isTrades: boolean, note: string): Promise<void> {
    await this.#connected(async (connection, library) => {
      const { DOUBLE, DuckDBDataChunk, TIMESTAMP, TIMESTAMP_MS } = library;
      const fields = names.map((name) => `"${name}" ${name === 'time' ? timeType(isTrades) : 'DOUBLE'}`);
      await connection.run(`CREATE TEMP TABLE rows (${fields.join(', ')})`);
      const appender = await connection.createAppender('rows');
      const types = names.map((name) => (name === 'time' ? (isTrades ? TIMESTAMP : TIMESTAMP_MS) : DOUBLE));
      const chunk = DuckDBDataChunk.create(types, Math.min(CHUNK_ROWS, length));
      for (let at = 0; at < length; at += CHUNK_ROWS) {
        const end = Math.min(at + CHUNK_ROWS, length);
        chunk.rowCount = end - at;
        for (const [place, name] of names.entries()) {
          const vector = chunk.getColumnVector(place);
          const values = columns[name]!.subarray(at, end);
          if (name === 'time') setTimes(itemsOf(vector, BigInt64Array), values, isTrades ? 1000 : 1);
          else itemsOf(vector, Float64Array).set(values);
          vector.flush();
        }
        appender.appendDataChunk(chunk);
      }
      appender.flushSync();
      appender.closeSync();
      await connection.run(`COPY rows TO ${quoted(path)} (${PACKED}, KV_METADATA {strat: ${quoted(note)}})`);
    });
  }

  /**
   * Reads columns of a file.
   * @param rows that it has
   * @throws what DuckDB throws; Error where it has another number of rows
   */
  async read(path: string, names: readonly string[], rows: number, isTrades: boolean): Promise<SeriesRows> {
    return this.#connected(async (connection) => {
      const list = names.map((name) => (name === 'time' ? timeAsMs(isTrades) : `"${name}"`)).join(', ');
      const result = await connection.stream(`SELECT ${list} FROM read_parquet(${quoted(escapedGlob(path))})`);
      const columns = names.map(() => new Float64Array(rows));
      let at = 0;
      for (;;) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) break;
        if (at + chunk.rowCount > rows) throw new Error(`it has more than ${rows} rows`);
        for (const [place, column] of columns.entries())
          column.set(itemsOf(chunk.getColumnVector(place), Float64Array).subarray(0, chunk.rowCount), at);
        at += chunk.rowCount;
      }
      if (at !== rows) throw new Error(`it has ${at} rows, not ${rows}`);
      return { length: rows, columns: Object.fromEntries(names.map((name, place) => [name, columns[place]!])) };
    });
  }

  /**
   * Writes rows of several files as one, `time` named `timestamp`, NaN as null; gives how many.
   * @throws what DuckDB throws
   */
  async export({ files, columns, stored, isTrades, from, to, path }: ParquetExport): Promise<number> {
    return this.#connected(async (connection) => {
      const type = timeType(isTrades);
      const list = columns.map((name) => {
        if (name === 'time') return TIME_WITH_ZONE;
        return `${stored.has(name) ? `CASE WHEN isnan("${name}") THEN NULL ELSE "${name}" END` : 'NULL::DOUBLE'} AS "${name}"`;
      });
      const time = timeAsMs(isTrades);
      const limits = [...(Number.isFinite(from) ? [`${time} >= ${from}`] : []), ...(Number.isFinite(to) ? [`${time} < ${to}`] : [])];
      const source =
        files.length === 0
          ? `(SELECT NULL::${type} AS time LIMIT 0)`
          : `read_parquet([${files.map((file) => quoted(escapedGlob(file))).join(', ')}], union_by_name = true)`;
      const where = limits.length === 0 ? '' : ` WHERE ${limits.join(' AND ')}`;
      const result = await connection.run(`COPY (SELECT ${list.join(', ')} FROM ${source}${where}) TO ${quoted(path)} (${PACKED})`);
      return result.rowsChanged;
    });
  }

  close(): void {
    void this.#opened?.then(({ instance }) => instance.closeSync());
    this.#opened = null;
  }

  async #connected<T>(work: (connection: DuckDBConnection, library: typeof DuckDb) => Promise<T>): Promise<T> {
    this.#opened ??= open();
    const { library, instance } = await this.#opened;
    const connection = await instance.connect();
    try {
      return await work(connection, library);
    } finally {
      connection.closeSync();
    }
  }
}

async function open(): Promise<Opened> {
  const library = await import('@duckdb/node-api');
  // A file is a file: nothing is fetched, no extension is looked for on the network.
  const instance = await library.DuckDBInstance.create(':memory:', {
    memory_limit: MEMORY_LIMIT,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  return { library, instance };
}

function setTimes(into: BigInt64Array, times: Float64Array, factor: number): void {
  for (let row = 0; row < times.length; row++) into[row] = BigInt(Math.round(times[row]! * factor));
}

/** The memory of a vector of plain numbers. */
function itemsOf<T>(vector: object, type: abstract new (...args: never[]) => T): T {
  if ('items' in vector && vector.items instanceof type) return vector.items;
  throw new Error(`a column is of another type than ${type.name}`);
}

const timeType = (isTrades: boolean): string => (isTrades ? 'TIMESTAMP' : 'TIMESTAMP_MS');
const timeAsMs = (isTrades: boolean): string => (isTrades ? 'epoch_us(time)::DOUBLE / 1000' : 'epoch_ms(time)::DOUBLE');
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
/** DuckDB takes these in a path for a pattern. */
const escapedGlob = (path: string): string => path.replace(/[*?[]/g, '[$&]');
