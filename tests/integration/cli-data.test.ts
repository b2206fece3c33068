import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { readCandleFile } from '#core/data/candle-file.ts';
import { DownloadRecords } from '#core/data/download/download-record.ts';
import { openSeriesStore } from '#core/data/store/open-series-store.ts';
import type { SeriesKey } from '#core/data/store/series-key.ts';
import type { SeriesRows } from '#core/data/store/series-rows.ts';
import { HOUR, START, workplace } from './cli-fixtures.ts';

const { path, strat } = workplace();
const BTC: SeriesKey = { venue: 'binance', market: 'BTC/USDT', kind: 'candles', timeframe: '1h' };

/** Bars that each close a little above the one before. */
function rising(from: number, to: number, price = 30_000): SeriesRows {
  const of = (value: (bar: number) => number): Float64Array => Float64Array.from({ length: to - from }, (_, at) => value(from + at));
  const close = (bar: number): number => price + bar;
  return {
    length: to - from,
    columns: {
      time: of((bar) => START + bar * HOUR),
      open: of((bar) => close(bar - 1)),
      high: of((bar) => close(bar) + 5),
      low: of((bar) => close(bar) - 5),
      close: of(close),
      volume: of(() => 10),
    },
  };
}

beforeAll(async () => {
  const store = openSeriesStore(join(path('.strat'), 'data'), { now: () => START });
  await store.merge(BTC, rising(0, 100), { source: 'first' });
  await store.merge(BTC, rising(99, 110, 31_000), { source: 'second' });
  await store.merge({ ...BTC, timeframe: '1d' }, rising(0, 3), { source: 'days' });
  await store.merge({ ...BTC, market: 'ETH/USDT' }, rising(0, 3), { source: 'ether' });
  store.close();
});

const json = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
  const { status, stdout, stderr } = await strat(['data', ...args, '--json']);
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Record<string, unknown>;
};

test('data list shows every series, or those that are named', async () => {
  const { stdout } = await strat(['data', 'list']);
  expect(stdout.split('\n').map((line) => line.split(/ {2,}/).slice(0, 4))).toEqual([
    ['venue', 'market', 'series', 'rows'],
    ['binance', 'BTC/USDT', 'candles 1h', '110'],
    ['binance', 'BTC/USDT', 'candles 1d', '3'],
    ['binance', 'ETH/USDT', 'candles 1h', '3'],
    [''],
  ]);
  const { series } = await json('list', 'binance:ETH/USDT');
  expect(series).toMatchObject([
    { venue: 'binance', market: 'ETH/USDT', kind: 'candles', timeframe: '1h', rows: 3, version: 1, source: 'ether' },
  ]);
  expect(await strat(['data', 'list', '--home', 'nowhere'])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('There is nothing in') as string,
  });
});

test('versions are listed, pinned, compared, and a pin is taken away', async () => {
  const hours = ['binance:BTC/USDT', '--timeframe', '1h'];
  expect(await json('versions', ...hours)).toMatchObject({
    versions: [
      { version: 2, rows: 110, change: { added: 10, revised: 1, removed: 0 }, source: 'second' },
      { version: 1, rows: 100, change: { added: 100, revised: 0, removed: 0 }, source: 'first' },
    ],
  });
  expect(await json('pin', 'binance:BTC/USDT', 'old', '--timeframe', '1h', '--version', '1')).toMatchObject({
    pinned: 'old',
    version: 1,
    rows: 100,
  });
  const { stdout } = await strat(['data', 'diff', ...hours.slice(0, 1), 'old', '--timeframe', '1h']);
  expect(stdout.split('\n').slice(0, 3)).toEqual([
    'binance:BTC/USDT 1h, version 1 to 2: 10 added, 1 with other values, 0 removed',
    '~ 2024-01-05T03:00:00Z  open 30098 -> 31098, high 30104 -> 31104, low 30094 -> 31094, close 30099 -> 31099',
    '+ 2024-01-05T04:00:00Z  open 31099, high 31105, low 31095, close 31100, volume 10',
  ]);
  expect(await json('diff', ...hours)).toMatchObject({ added: 10, revised: 1, removed: 0, before: { version: 1 }, after: { version: 2 } });
  expect(await json('pin', ...hours.slice(0, 1), 'old', '--remove', '--timeframe', '1h')).toMatchObject({ removed: 'old' });
  expect(await json('versions', ...hours)).toMatchObject({ versions: [{ pins: [] }, { pins: [] }] });
});

test('an export has the bars of the series, in each form', async () => {
  const hours = ['--timeframe', '1h', '--from', '2024-01-02', '--to', '2024-01-03T06:00'];
  for (const file of ['binance_BTC-USDT_1h.csv', 'binance_BTC-USDT_1h.csv.gz', 'btc.json', 'btc.parquet'])
    expect(await json('export', 'binance:BTC/USDT', file, ...hours)).toMatchObject({ rows: 30, version: 2, file });
  const expected = rising(24, 54).columns;
  const plain = (columns: object): unknown =>
    Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, [...(column as Float64Array)]]));
  for (const file of ['binance_BTC-USDT_1h.csv', 'binance_BTC-USDT_1h.csv.gz'])
    expect(plain(readCandleFile(path(file)).columns)).toEqual(plain(expected));
  const list = JSON.parse(readFileSync(path('btc.json'), 'utf8')) as Record<string, number>[];
  const { time, ...values } = expected;
  expect(list).toEqual(
    Array.from(time!, (timestamp, row) => ({
      timestamp,
      ...Object.fromEntries(Object.entries(values).map(([name, column]) => [name, column[row]])),
    })),
  );
  const connection = await (await DuckDBInstance.create()).connect();
  const rows = await connection.runAndReadAll(
    `SELECT epoch_ms("timestamp")::DOUBLE AS time, * EXCLUDE ("timestamp") FROM '${path('btc.parquet')}'`,
  );
  expect(rows.getColumnsObjectJS()).toEqual(plain(expected));
});

test('what was exported and is imported again has the digest that it had', async () => {
  const { series } = await json('list', 'binance:BTC/USDT');
  const [{ digest }] = series as [{ digest: string }];
  for (const [at, end] of ['csv', 'csv.gz', 'parquet', 'json'].entries()) {
    const file = `binance_BTC-USDT_1h.${end}`;
    await json('export', 'binance:BTC/USDT', file, '--timeframe', '1h');
    await json('import', file, '--home', `again-${at}`);
    expect(await json('list', '--home', `again-${at}`)).toMatchObject({ series: [{ market: 'BTC/USDT', timeframe: '1h', digest }] });
  }
});

test('files of the store are checked, repaired from one another, and missed', async () => {
  expect((await strat(['data', 'check', 'binance:ETH/USDT'])).stdout).toBe(
    'binance:ETH/USDT 1h: 1 block of 1 version, all as they were written\n',
  );
  const blocks = path('.strat/data/binance/ETH-USDT/candles-1h/blocks');
  const [cache, archive] = readdirSync(blocks).toSorted();
  rmSync(join(blocks, archive!));
  expect(await json('check', 'binance:ETH/USDT')).toMatchObject({
    ok: true,
    series: [{ market: 'ETH/USDT', repaired: [expect.stringContaining(archive!)], lost: [] }],
  });
  for (const file of [cache, archive]) writeFileSync(join(blocks, file!), '');
  const { status, stdout } = await strat(['data', 'check']);
  expect([status, stdout]).toEqual([1, expect.stringContaining('  lost: ')]);
});

test('a series is removed when --yes says so', async () => {
  const days = ['binance:BTC/USDT', '--timeframe', '1d'];
  expect((await strat(['data', 'remove', ...days])).stdout).toMatch(/^would remove: binance:BTC\/USDT 1d, 3 rows, 1 version; add --yes/);
  expect(await json('versions', ...days)).toMatchObject({ versions: [{ rows: 3 }] });
  const records = new DownloadRecords(join(path('.strat'), 'data'));
  const hole = { from: START, to: START + HOUR };
  for (const timeframe of ['1d', '1h']) records.add({ ...BTC, timeframe }, { holes: [hole] });
  await json('remove', ...days);
  expect(records.read({ ...BTC, timeframe: '1d' }).holes).toEqual([hole]);
  expect(await json('remove', ...days, '--yes')).toMatchObject({ removed: true, rows: 3 });
  expect(records.read({ ...BTC, timeframe: '1d' }).holes).toEqual([]);
  expect(records.read(BTC).holes).toEqual([hole]);
  expect(await strat(['data', 'versions', ...days])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('There is binance:BTC/USDT 1h') as string,
  });
});

test.for<{ args: readonly string[]; status: number; says: string }>([
  { args: [], status: 2, says: 'Say what to do: data download, watch, import, list, versions' },
  { args: ['export', 'binance:ETH/USDT', 'x.txt'], status: 2, says: '"x.txt" ends in none of .csv' },
  { args: ['export', 'binance:ETH/USDT', 'nowhere/x.csv'], status: 1, says: 'the folder does not exist' },
  { args: ['lst'], status: 2, says: 'There is no "data lst"; did you mean' },
  { args: ['versions'], status: 2, says: 'Name a series: VENUE:MARKET' },
  { args: ['versions', 'BTC/USDT'], status: 2, says: '"BTC/USDT" names no series' },
  { args: ['versions', 'kraken:BTC/USDT'], status: 1, says: 'The data store has no kraken:BTC/USDT' },
  { args: ['versions', 'binance:ETH/USDT', '--kind', 'trade'], status: 2, says: '--kind takes candles or mark' },
  { args: ['diff', 'binance:ETH/USDT', '7'], status: 1, says: 'has no version 7 of binance:ETH/USDT 1h. Those that are kept: 1' },
  { args: ['pin', 'binance:ETH/USDT', '12'], status: 1, says: '"12" is no name of a version' },
])('what is wrong with "data $args" is said', async ({ args, status, says }) => {
  const outcome = await strat(['data', ...args]);
  expect(outcome.stderr).toContain(says);
  expect(outcome.status).toBe(status);
});
