/**
 * `npm run bench:data [-- --rows 1000000 --rounds 21]`: how long candles take from the data store into shared memory: from the raw columns as a backtest reads them,
 * the same with every byte checked, and from the Parquet archive of the same series, which DuckDB unpacks with all processors. The ways take turns in one process,
 * and all must give equal sums. Besides, how long the import of a CSV.gz of the same rows takes to checked columns, against unpacking it alone. Quote ratios of one run.
 */
import { createReadStream, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createGunzip, gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { eachSeries } from '#core/data/import/import-file.ts';
import { generateMarket } from '#core/data/market-generator.ts';
import { openSeriesStore } from '#core/data/store/open-series-store.ts';
import type { SeriesKey } from '#core/data/store/series-key.ts';
import { sharedColumns, COLUMN_NAMES } from '#core/model/columns.ts';

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

async function fromParquet(): Promise<number> {
  const files = readdirSync(join(folder, 'blocks')).filter((name) => name.endsWith('.parquet'));
  const list = files.toSorted().map((name) => `'${join(folder, 'blocks', name)}'`);
  const result = await connection.stream(
    `SELECT epoch_ms(time)::DOUBLE, open, high, low, close, volume FROM read_parquet([${list.join(', ')}])`,
  );
  const columns = sharedColumns(rows);
  let at = 0;
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    for (const [place, name] of COLUMN_NAMES.entries()) {
      // The memory of the vector, which its type keeps to itself: values one by one take ten times as long.
      const { items } = chunk.getColumnVector(place) as unknown as { readonly items: Float64Array };
      columns[name].set(items.subarray(0, chunk.rowCount), at);
    }
    at += chunk.rowCount;
  }
  return columns.close[at - 1]! + at;
}

const WAYS = { 'raw columns': fromCache, 'raw columns, checked': fromCheckedCache, 'Parquet zstd': fromParquet };
const times = new Map(Object.keys(WAYS).map((name) => [name, [] as number[]]));
const text = ['timestamp,open,high,low,close,volume'];
for (let row = 0; row < rows; row++) text.push(COLUMN_NAMES.map((name) => market[name][row]).join(','));
const packed = join(root, 'bench_BTC-USDT_1m.csv.gz');
writeFileSync(packed, gzipSync(`${text.join('\n')}\n`));

async function unpacked(): Promise<number> {
  let bytes = 0;
  for await (const chunk of createReadStream(packed, { highWaterMark: 2 ** 20 }).pipe(createGunzip({ chunkSize: 2 ** 20 })))
    bytes += (chunk as Buffer).length;
  return bytes;
}

async function imported(): Promise<number> {
  const said = { venue: null, market: null, timeframe: null, zone: null, kind: null, columns: null, price: null, now: null };
  let count = 0;
  await eachSeries(packed, said, 'key', async (series) => {
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
const middle = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[Math.floor(textRounds / 2)]!;
const [alone, whole] = [middle(textTimes.unpacked), middle(textTimes.imported)];
console.log(`CSV.gz: unpacked ${alone.toFixed(0)} ms, imported ${whole.toFixed(0)} ms: ${(alone / whole).toFixed(2)}x of unpacking alone`);
store.close();
rmSync(root, { recursive: true });
