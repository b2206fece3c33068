/**
 * `npm run bench:data [-- --rows 1000000 --rounds 21]`: how long candles take from the data store into shared memory: from the raw columns as a backtest reads them,
 * the same with every byte checked, and from the Parquet archive of the same series, which DuckDB unpacks with all processors. The ways take turns in one process,
 * and all must give equal sums. Then hours of these minutes: on the raw columns as they are read, and by DuckDB over the archive; the bars of both are compared first. Besides, how long the import of a CSV.gz of the same rows takes to checked columns, against unpacking it alone. Quote ratios of one run.
 */
import { createReadStream, createWriteStream, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createGunzip, createGzip } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { eachSeries } from '#core/data/import/import-file.ts';
import { NOTHING_SAID } from '#core/data/import/import-request.ts';
import { generateMarket } from '#core/data/market-generator.ts';
import { resampleColumns } from '#core/data/resample.ts';
import { openSeriesStore } from '#core/data/store/open-series-store.ts';
import type { SeriesKey } from '#core/data/store/series-key.ts';
import { type Columns, sharedColumns, COLUMN_NAMES } from '#core/model/columns.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';

const KEY: SeriesKey = { venue: 'bench', market: 'BTC/USDT', kind: 'candles', timeframe: '1m' };
const { values } = parseArgs({ options: { rows: { type: 'string' }, rounds: { type: 'string' } } });
const rows = Number(values.rows ?? 1_000_000);
const rounds = Number(values.rounds ?? 21);
if (!(rows >= 1) || !(rounds >= 1)) throw new Error('npm run bench:data -- [--rows N] [--rounds N]');

const root = mkdtempSync(join(tmpdir(), 'strat-bench-data-'));
const folder = join(root, 'bench', 'BTC-USDT', 'candles-1m');
const store = openSeriesStore(root, { now: () => Date.now() });
const market = generateMarket({ seed: 1, bars: rows, startTime: Date.UTC(2018, 0, 1), stepMs: 60_000, startPrice: 40_000, tick: 0.01 });
const written = performance.now();
await store.merge(KEY, { length: rows, columns: { ...market } }, { source: 'bench' });
const writeMs = performance.now() - written;
const connection = await (await DuckDBInstance.create(':memory:')).connect();

async function fromCache(): Promise<number> {
  const { columns, length } = await store.read(KEY);
  return columns['close']![length - 1]! + length;
}

/** Without the stamps every file is compared with its checksums. */
async function fromCheckedCache(): Promise<number> {
  rmSync(join(folder, 'stamps.json'), { force: true });
  return fromCache();
}

const parquet = (): string => {
  const files = readdirSync(join(folder, 'blocks')).filter((name) => name.endsWith('.parquet'));
  const list = files.toSorted().map((name) => `'${join(folder, 'blocks', name)}'`);
  return `read_parquet([${list.join(', ')}])`;
};

/** The rows of a question to DuckDB, as columns. */
async function answered(sql: string, length: number): Promise<Columns> {
  const result = await connection.stream(sql);
  const columns = sharedColumns(length);
  let at = 0;
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    for (const [place, name] of COLUMN_NAMES.entries()) {
      // The memory of the vector, which its type keeps to itself: values one by one take ten times as long.
      const { items } = chunk.getColumnVector(place) as unknown as { readonly items: Float64Array };
      columns[name].set(items.subarray(0, chunk.rowCount), at);
    }
    at += chunk.rowCount;
  }
  if (at !== length) throw new Error(`DuckDB gave ${at} rows, not ${length}`);
  return columns;
}

async function fromParquet(): Promise<number> {
  const columns = await answered(`SELECT epoch_ms(time)::DOUBLE, open, high, low, close, volume FROM ${parquet()}`, rows);
  return columns.close[rows - 1]! + rows;
}

const [minute, hour] = [parseTimeframe('1m')!, parseTimeframe('1h')!];

async function hoursOfColumns(): Promise<Columns> {
  const { columns } = await store.read(KEY);
  return resampleColumns(columns as unknown as Columns, minute, hour).columns;
}

const hoursOfParquet = async (): Promise<Columns> =>
  answered(
    `SELECT epoch_ms(date_trunc('hour', time))::DOUBLE, arg_min(open, time), max(high), min(low), arg_max(close, time), sum(volume) FROM ${parquet()} GROUP BY 1 ORDER BY 1`,
    Math.ceil(rows / 60),
  );

const WAYS = { 'raw columns': fromCache, 'raw columns, checked': fromCheckedCache, 'Parquet zstd': fromParquet };
const times = new Map(Object.keys(WAYS).map((name) => [name, [] as number[]]));
const packed = join(root, 'bench_BTC-USDT_1m.csv.gz');
await pipeline(Readable.from(csvText()), createGzip(), createWriteStream(packed));

/** A text of all rows may be longer than a string can be. */
function* csvText(): Generator<string> {
  yield 'timestamp,open,high,low,close,volume\n';
  for (let from = 0; from < rows; from += 10_000) {
    const lines = Array.from({ length: Math.min(10_000, rows - from) }, (_, at) =>
      COLUMN_NAMES.map((name) => market[name][from + at]).join(','),
    );
    yield `${lines.join('\n')}\n`;
  }
}

async function unpacked(): Promise<number> {
  let bytes = 0;
  for await (const chunk of createReadStream(packed, { highWaterMark: 2 ** 20 }).pipe(createGunzip({ chunkSize: 2 ** 20 })))
    bytes += (chunk as Buffer).length;
  return bytes;
}

async function imported(): Promise<number> {
  let count = 0;
  await eachSeries(packed, NOTHING_SAID, 'key', async (series) => {
    for await (const piece of series.pieces()) count += piece.length;
  });
  return count;
}

const textTimes = { unpacked: [] as number[], imported: [] as number[] };
const expected = await fromCache();
for (let round = 0; round < rounds; round++)
  for (const [name, load] of Object.entries(WAYS)) {
    const start = performance.now();
    const found = await load();
    times.get(name)!.push(performance.now() - start);
    if (found !== expected) throw new Error(`${name} gave other rows`);
  }
const [ours, theirs] = [await hoursOfColumns(), await hoursOfParquet()];
for (const name of COLUMN_NAMES)
  for (const [row, value] of ours[name].entries()) {
    // DuckDB adds volumes in another order.
    const isEqual = name === 'volume' ? Math.abs(value - theirs[name][row]!) <= 1e-9 * value : value === theirs[name][row];
    if (!isEqual) throw new Error(`hour ${row}: ${name} is ${value} and ${theirs[name][row]}`);
  }
const { columns: minutes } = await store.read(KEY);
const hoursOfMemory = (): Columns => resampleColumns(minutes as unknown as Columns, minute, hour).columns;
const hourTimes = { columns: [] as number[], memory: [] as number[], parquet: [] as number[] };
for (let round = 0; round < rounds; round++)
  for (const [name, work] of Object.entries({ columns: hoursOfColumns, memory: hoursOfMemory, parquet: hoursOfParquet })) {
    const start = performance.now();
    await work();
    hourTimes[name as keyof typeof hourTimes].push(performance.now() - start);
  }
const textRounds = Math.min(rounds, 7);
for (let round = 0; round < textRounds; round++)
  for (const [name, work] of Object.entries({ unpacked, imported })) {
    const start = performance.now();
    const found = await work();
    textTimes[name as keyof typeof textTimes].push(performance.now() - start);
    if (name === 'imported' && found !== rows) throw new Error(`${found} rows were imported`);
  }
const median = (name: string): number => times.get(name)!.toSorted((a, b) => a - b)[Math.floor(rounds / 2)]!;
console.log(`${rows} candles, ${rounds} rounds; written in ${writeMs.toFixed(0)} ms`);
for (const [name, list] of times) {
  const ms = median(name);
  const range = `${Math.min(...list).toFixed(1)}..${Math.max(...list).toFixed(1)}`;
  const ratio = (median('Parquet zstd') / ms).toFixed(1);
  console.log(
    `${name.padEnd(22)}${ms.toFixed(1).padStart(8)} ms  [${range}]  ${(rows / ms / 1000).toFixed(1)} Mrows/s  ${ratio}x of Parquet`,
  );
}
const middle = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]!;
const [hoursRead, hoursMade, hoursThere] = [middle(hourTimes.columns), middle(hourTimes.memory), middle(hourTimes.parquet)];
console.log(
  `1m to 1h: DuckDB over Parquet ${hoursThere.toFixed(1)} ms; columns with reading them ${hoursRead.toFixed(1)} ms, ${(hoursThere / hoursRead).toFixed(1)}x; columns in memory ${hoursMade.toFixed(1)} ms, ${(hoursThere / hoursMade).toFixed(1)}x; all bars are equal`,
);
const [alone, whole] = [middle(textTimes.unpacked), middle(textTimes.imported)];
const [least, leastWhole] = [Math.min(...textTimes.unpacked), Math.min(...textTimes.imported)];
console.log(
  `CSV.gz: unpacked ${alone.toFixed(0)} ms, imported ${whole.toFixed(0)} ms: ${(alone / whole).toFixed(2)}x of unpacking alone (of minima ${(least / leastWhole).toFixed(2)}x); raw columns load ${(whole / median('raw columns')).toFixed(0)}x as fast`,
);
store.close();
rmSync(root, { recursive: true });
