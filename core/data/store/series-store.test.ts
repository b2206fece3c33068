import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSeriesStore } from './open-series-store.ts';
import type { SeriesKey } from './series-key.ts';
import type { SeriesRows } from './series-rows.ts';
import type { SeriesStore } from './series-store.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2023, 11, 31, 20);
const BTC: SeriesKey = { venue: 'binance', market: 'BTC/USDT', kind: 'candles', timeframe: '1h' };
const BY_TEST = { source: 'test' };

let root: string;
let nowMs: number;
let store: SeriesStore;
const open = (): SeriesStore => openSeriesStore(root, { now: () => nowMs, graceMs: 1000 });

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'strat-store-'));
  nowMs = Date.UTC(2024, 5, 1);
  store = open();
});
afterEach(() => {
  store.close();
  rmSync(root, { recursive: true });
});

/** Hourly candles from a row on; eight of them run over a year's end. */
function candles(from: number, to: number, price = 100): SeriesRows {
  const of = (value: (row: number) => number): Float64Array => Float64Array.from({ length: to - from }, (_, at) => value(from + at));
  const columns = { time: of((row) => START_MS + row * HOUR_MS), open: of((row) => price + row), high: of((row) => price + row + 1) };
  return {
    length: to - from,
    columns: { ...columns, low: of((row) => price + row - 1), close: of((row) => price + row + 0.5), volume: of((row) => row) },
  };
}

const plain = ({ columns }: SeriesRows): Record<string, number[]> =>
  Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, [...column]]));
const filesBelow = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' });
const blockFiles = (end: string): string[] => filesBelow(root).flatMap((name) => (name.endsWith(end) ? [join(root, name)] : []));

test('what was stored is read, by all who open the folder', async () => {
  expect(store.list()).toEqual([]);
  const report = await store.merge(BTC, candles(0, 8), BY_TEST);
  expect(report).toMatchObject({ added: 8, revised: 0, unchanged: 0, isNew: true, version: 1, rows: 8 });
  const other = open();
  const read = await other.read(BTC);
  expect(plain(read)).toEqual(plain(candles(0, 8)));
  expect(read.columns['time']!.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(other.list()).toMatchObject([
    { key: BTC, rows: 8, from: START_MS, to: START_MS + 7 * HOUR_MS, version: 1, updated: nowMs, source: 'test' },
  ]);
  expect(other.find({ ...BTC, timeframe: '60m' })).toEqual(other.list()[0]);
  expect(other.find({ ...BTC, timeframe: '1d' })).toBeNull();
});

test('a range and some columns of it are read alone', async () => {
  await store.merge(BTC, candles(0, 8), BY_TEST);
  const rows = await store.read(BTC, { from: START_MS + 2.5 * HOUR_MS, to: START_MS + 5 * HOUR_MS, columns: ['close'] });
  expect(plain(rows)).toEqual({ time: [3, 4].map((row) => START_MS + row * HOUR_MS), close: [103.5, 104.5] });
  expect(await store.read(BTC, { from: START_MS + 8 * HOUR_MS })).toMatchObject({ length: 0 });
  await expect(store.read(BTC, { columns: ['spread'] })).rejects.toMatchObject({ code: 'STORE_MISSING' });
});

test('the digest is over the values, as docs/data.md defines it', async () => {
  await store.merge(BTC, candles(0, 8), BY_TEST);
  const sha = (...parts: (string | Uint8Array)[]): string => {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    return hash.digest('hex');
  };
  const names = ['close', 'high', 'low', 'open', 'time', 'volume'];
  const block = ({ length, columns }: SeriesRows): string => {
    const bytes = new DataView(new ArrayBuffer(length * 8 * names.length));
    for (const [place, name] of names.entries())
      for (let row = 0; row < length; row++) bytes.setFloat64((place * length + row) * 8, columns[name]![row]!, true);
    return sha(`{"rows":${length},"columns":${JSON.stringify(names)}}\n`, new Uint8Array(bytes.buffer));
  };
  const expected = sha(`strat.series/1\n2023 4 ${block(candles(0, 4))}\n2024 4 ${block(candles(4, 8))}\n`);
  expect(store.list()[0]!.digest).toBe(expected);
});

test('equal values have one digest, however they came in', async () => {
  const whole = candles(0, 8);
  const a = await store.merge(BTC, whole, BY_TEST);
  const inPieces = { ...BTC, venue: 'kraken' };
  for (const [from, to] of [
    [5, 8],
    [0, 3],
    [2, 6],
  ] as const)
    await store.merge(inPieces, candles(from, to), BY_TEST);
  const iterated = { ...BTC, venue: 'okx' };
  const b = await store.merge(iterated, [candles(0, 3), candles(3, 5), candles(4, 8)], BY_TEST);
  const revised = { ...BTC, venue: 'bybit' };
  await store.merge(revised, candles(0, 8, 50), BY_TEST);
  await store.merge(revised, whole, BY_TEST);
  // A column of nothing is no column, and there is one zero.
  const padded = { ...BTC, venue: 'gate' };
  const odd = {
    ...whole.columns,
    volume: whole.columns['volume']!.map((value) => (value === 0 ? -0 : value)),
    quote_volume: new Float64Array(8).fill(NaN),
  };
  await store.merge(padded, { length: 8, columns: odd }, BY_TEST);
  expect(b.version).toBe(1);
  expect(new Set(store.list().map(({ digest }) => digest))).toEqual(new Set([a.digest]));
});

test('what is there already makes no version', async () => {
  await store.merge(BTC, candles(0, 8), BY_TEST);
  const before = filesBelow(root);
  expect(await store.merge(BTC, candles(2, 6), BY_TEST)).toMatchObject({ isNew: false, version: 1, unchanged: 4, rows: 8 });
  expect(await store.merge(BTC, candles(0, 0), BY_TEST)).toMatchObject({ isNew: false, version: 1 });
  expect(filesBelow(root)).toEqual(before);
  expect(await store.merge({ ...BTC, venue: 'none' }, candles(0, 0), BY_TEST)).toMatchObject({
    isNew: false,
    version: null,
    digest: null,
    rows: 0,
  });
  expect(store.list()).toHaveLength(1);
});

test('adding to a series writes the last block alone', async () => {
  await store.merge(BTC, candles(0, 8), BY_TEST);
  const before = new Set(blockFiles('.parquet'));
  await store.merge(BTC, candles(8, 9), BY_TEST);
  const added = blockFiles('.parquet').filter((file) => !before.has(file));
  expect(added.map((file) => file.replace(/.*blocks\/(.*?)\..*/, '$1'))).toEqual(['2024']);
});

test('versions are told apart, pinned, compared and read', async () => {
  await store.merge(BTC, candles(0, 8), BY_TEST);
  await store.pin(BTC, 1, 'paper');
  for (let row = 8; row < 24; row++) {
    nowMs += 2000;
    await store.merge(BTC, candles(row - 1, row + 1, row === 20 ? 101 : 100), BY_TEST);
  }
  const versions = store.versions(BTC);
  expect(versions.map(({ version }) => version)).toEqual([17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 1]);
  expect(plain(await store.read(BTC, { version: 'paper' }))).toEqual(plain(candles(0, 8)));
  expect(plain(await store.read(BTC, { version: versions.at(-1)!.digest.slice(0, 8) }))).toEqual(plain(candles(0, 8)));
  await expect(store.read(BTC, { version: 2 })).rejects.toMatchObject({ code: 'STORE_MISSING' });
  const diff = await store.diff(BTC, 13, 14);
  expect(diff).toMatchObject({ added: 1, revised: 1, removed: 0, before: { version: 13 }, after: { version: 14 } });
  expect(diff.first).toMatchObject([
    { time: START_MS + 19 * HOUR_MS, before: { open: 119 }, after: { open: 120 } },
    { time: START_MS + 20 * HOUR_MS, before: null, after: { open: 121 } },
  ]);
  expect(await store.diff(BTC, 14, 13)).toMatchObject({ added: 0, revised: 1, removed: 1 });
  await store.unpin(BTC, 'paper');
  await store.merge(BTC, candles(30, 31), BY_TEST);
  await expect(store.read(BTC, { version: 1 })).rejects.toMatchObject({ code: 'STORE_MISSING' });
  await expect(store.unpin(BTC, 'paper')).rejects.toMatchObject({ code: 'STORE_MISSING' });
  await expect(store.pin(BTC, 17, '12')).rejects.toMatchObject({ code: 'STORE_KEY' });
});

test('a version that was overtaken a moment ago is still there for its readers', async () => {
  for (let row = 0; row < 30; row++) await store.merge(BTC, candles(row, row + 1), BY_TEST);
  expect(store.versions(BTC)).toHaveLength(30);
  nowMs += 2000;
  await store.merge(BTC, candles(30, 31), BY_TEST);
  expect(store.versions(BTC)).toHaveLength(10);
  // Each has a block of 2024; that of 2023 is one for all.
  expect(blockFiles('.parquet')).toHaveLength(10 + 1);
});

test('a repair replaces rows and keeps what was there', async () => {
  await store.merge(BTC, candles(0, 8), BY_TEST);
  const range = { from: START_MS + 2 * HOUR_MS, to: START_MS + 6 * HOUR_MS };
  const report = await store.replace(BTC, candles(3, 5, 200), { source: 'repair' }, range);
  expect(report).toMatchObject({ added: 0, revised: 2, removed: 2, unchanged: 0, rows: 6, version: 2 });
  expect([...(await store.read(BTC)).columns['open']!]).toEqual([100, 101, 203, 204, 106, 107]);
  expect(plain(await store.read(BTC, { version: 'before-2' }))).toEqual(plain(candles(0, 8)));
  await expect(store.replace(BTC, candles(0, 8), BY_TEST, range)).rejects.toMatchObject({ code: 'STORE_ROWS' });
  expect(await store.replace(BTC, candles(1, 2), BY_TEST)).toMatchObject({ rows: 1, removed: 5, version: 3, unchanged: 1 });
  expect(plain(await store.read(BTC))).toEqual(plain(candles(1, 2)));
});

test.for<{ name: string; rows: SeriesRows; says: string }>([
  { name: 'a column that is missing', rows: { length: 0, columns: { time: new Float64Array(0) } }, says: 'the column "open" is missing' },
  { name: 'unequal lengths', rows: { ...candles(0, 3), length: 2 }, says: 'has 3 values, the rows are 2' },
  {
    name: 'time that goes back',
    rows: { length: 2, columns: { ...candles(0, 2).columns, time: Float64Array.of(2, 1) } },
    says: 'row 1 has the time 1 after 2',
  },
  {
    name: 'a time twice',
    rows: { length: 2, columns: { ...candles(0, 2).columns, time: Float64Array.of(1, 1) } },
    says: 'row 1 has the time 1 after 1',
  },
  {
    name: 'no time',
    rows: { length: 1, columns: { ...candles(0, 1).columns, time: Float64Array.of(NaN) } },
    says: 'row 0 has the time NaN',
  },
  {
    name: 'seconds with a part',
    rows: { length: 1, columns: { ...candles(0, 1).columns, time: Float64Array.of(1.5) } },
    says: 'whole number',
  },
  {
    name: 'a hostile column',
    rows: { length: 1, columns: { ...candles(0, 1).columns, 'x" DOUBLE); DROP': Float64Array.of(1) } },
    says: 'no name of a column',
  },
])('rows are refused: $name', async ({ rows, says }) => {
  await expect(store.merge(BTC, rows, BY_TEST)).rejects.toThrow(says);
  expect(store.list()).toEqual([]);
});

test('names of any kind stay in the store, and apart', async () => {
  const names = [
    '../../x',
    '..',
    '.',
    'a/../../b',
    'BTC/USDT',
    'btc/usdt',
    'Btc/Usdt',
    'BTC-USDT',
    'CON',
    'x'.repeat(200),
    `${'x'.repeat(199)}y`,
    '/etc/passwd',
    'ä'.normalize('NFC'),
    'ä'.normalize('NFD'),
    "a'b",
    'a*b?[c]',
    '1000PEPE/USDT:USDT',
    '~',
    'BTC/USDT:USDT-261225',
  ];
  for (const [place, market] of names.entries())
    await store.merge({ ...BTC, venue: place % 2 === 0 ? 'binance' : '../Bin*[1]', market }, candles(place, place + 1), BY_TEST);
  const opened = open();
  expect(
    opened
      .list()
      .map(({ key }) => key.market)
      .toSorted(),
  ).toEqual(names.toSorted());
  for (const { key } of opened.list()) expect((await opened.read(key)).columns['open']![0]).toBe(100 + names.indexOf(key.market));
  const folders = filesBelow(root)
    .filter((name) => name.split('/').length === 2 && !name.startsWith('.'))
    .map((name) => name.toLowerCase());
  expect(new Set(folders).size).toBe(names.length);
  expect(Math.max(...folders.flatMap((name) => name.split('/')).map((name) => name.length))).toBeLessThan(100);
  for (const market of ['', ' ', 'x'.repeat(201), 'a\nb', 'a\0b', 'a\u202eb', '\ud800'])
    await expect(store.merge({ ...BTC, market }, candles(0, 1), BY_TEST)).rejects.toMatchObject({ code: 'STORE_KEY' });
  await expect(store.merge({ ...BTC, timeframe: '7x' }, candles(0, 1), BY_TEST)).rejects.toMatchObject({ code: 'STORE_KEY' });
  await expect(store.merge({ ...BTC, kind: 'trades' }, candles(0, 1), BY_TEST)).rejects.toMatchObject({ code: 'STORE_KEY' });
  expect(existsSync(join(root, '..', 'x'))).toBe(false);
});

test('raw columns that are missing or damaged are made anew from the archive', async () => {
  await store.merge(BTC, candles(0, 8), BY_TEST);
  const [first, second] = blockFiles('.f64');
  const good = readFileSync(first!);
  rmSync(second!);
  const flipped = Buffer.from(good);
  flipped[100]! ^= 1;
  writeFileSync(first!, flipped);
  expect(plain(await open().read(BTC))).toEqual(plain(candles(0, 8)));
  expect(readFileSync(first!)).toEqual(good);
  expect(existsSync(second!)).toBe(true);
  truncateSync(first!, 17);
  expect(plain(await open().read(BTC))).toEqual(plain(candles(0, 8)));
  // A copy of the folder has other inodes: its files are checked, then trusted.
  copyFileSync(first!, `${first!}.copy`);
  rmSync(first!);
  copyFileSync(`${first!}.copy`, first!);
  expect(plain(await open().read(BTC))).toEqual(plain(candles(0, 8)));
});

test('an archive that is not what was written is named', async () => {
  await store.merge(BTC, candles(0, 8), BY_TEST);
  for (const file of blockFiles('.f64')) rmSync(file);
  const [first, second] = blockFiles('.parquet');
  copyFileSync(second!, first!);
  await expect(open().read(BTC)).rejects.toMatchObject({
    code: 'STORE_DAMAGED',
    data: { reason: 'its values are not those that were written' },
  });
  truncateSync(first!, 40);
  await expect(open().read(BTC)).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
  rmSync(first!);
  await expect(open().read(BTC)).rejects.toMatchObject({ code: 'STORE_DAMAGED', data: { reason: 'it is missing' } });
});

test('a check finds every file that is not right, and makes it anew from the other one', async () => {
  await store.merge(BTC, candles(0, 8), BY_TEST);
  await store.merge(BTC, candles(8, 9), BY_TEST);
  expect(await store.check(BTC)).toEqual({ versions: 2, blocks: 3, repaired: [], lost: [] });
  const [archive, cache] = [blockFiles('.parquet').toSorted(), blockFiles('.f64').toSorted()];
  const good = readFileSync(cache[1]!);
  truncateSync(archive[0]!, 30);
  writeFileSync(cache[1]!, Buffer.alloc(good.length));
  expect(await store.check(BTC)).toEqual({ versions: 2, blocks: 3, repaired: [archive[0], cache[1]], lost: [] });
  expect(readFileSync(cache[1]!)).toEqual(good);
  rmSync(archive[2]!);
  rmSync(cache[2]!);
  expect(await store.check(BTC)).toMatchObject({ repaired: [], lost: [archive[2]] });
  const versions = join(root, 'binance', 'BTC-USDT', 'candles-1h', 'versions');
  writeFileSync(join(versions, '1.json'), readFileSync(join(versions, '2.json')));
  expect(await store.check(BTC)).toMatchObject({ lost: expect.arrayContaining([join(versions, '1.json')]) as string[] });
});

test('a damaged manifest is told, and others are read', async () => {
  await store.merge(BTC, candles(0, 8), BY_TEST);
  await store.merge({ ...BTC, market: 'ETH/USDT' }, candles(0, 8), BY_TEST);
  const folder = join(root, 'binance', 'BTC-USDT', 'candles-1h');
  writeFileSync(join(folder, 'manifest.json'), '{"format":');
  expect(store.list().map(({ key }) => key.market)).toEqual(['ETH/USDT']);
  expect(store.damaged()).toEqual([{ folder, reason: 'it is no JSON' }]);
  await expect(store.read(BTC)).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
  expect(await store.remove(BTC)).toBe(true);
  expect(store.damaged()).toEqual([]);
});

test('a removed series is gone', async () => {
  await store.merge(BTC, candles(0, 8), BY_TEST);
  expect(await store.remove(BTC)).toBe(true);
  expect(await store.remove(BTC)).toBe(false);
  await expect(store.read(BTC)).rejects.toMatchObject({ code: 'STORE_MISSING' });
  expect(blockFiles('.parquet')).toEqual([]);
  expect(await store.merge(BTC, candles(0, 2), BY_TEST)).toMatchObject({ version: 1, rows: 2 });
});

test('funding and trades have rows of their own', async () => {
  const funding: SeriesKey = { venue: 'binance', market: 'BTC/USDT:USDT', kind: 'funding', timeframe: null };
  await store.merge(
    funding,
    { length: 2, columns: { time: Float64Array.of(0, 8 * HOUR_MS), rate: Float64Array.of(1e-4, -2e-5) } },
    BY_TEST,
  );
  expect(plain(await store.read(funding))).toEqual({ time: [0, 8 * HOUR_MS], rate: [1e-4, -2e-5] });
  const trades: SeriesKey = { ...funding, kind: 'trades' };
  const columns = { time: Float64Array.of(0.001, 0.001, 86_400_000.25), price: Float64Array.of(5, 6, 7), qty: Float64Array.of(1, 2, 3) };
  await store.merge(trades, { length: 3, columns }, BY_TEST);
  for (const file of blockFiles('.f64')) rmSync(file);
  const nothing = [NaN, NaN, NaN];
  expect(plain(await store.read(trades))).toEqual({
    time: [0.001, 0.001, 86_400_000.25],
    price: [5, 6, 7],
    qty: [1, 2, 3],
    side: nothing,
    id: nothing,
  });
});

test('facts of an instrument are kept beside its series', () => {
  expect(store.facts('binance', 'BTC/USDT')).toBeNull();
  store.setFacts('binance', 'BTC/USDT', { tick: '0.01', fees: { maker: 0.001 } }, 'download binance');
  expect(open().facts('binance', 'BTC/USDT')).toEqual({
    venue: 'binance',
    market: 'BTC/USDT',
    updated: nowMs,
    source: 'download binance',
    facts: { tick: '0.01', fees: { maker: 0.001 } },
  });
  expect(store.list()).toEqual([]);
});

test('a merge that is called off, or whose source fails, changes nothing', async () => {
  await store.merge(BTC, candles(0, 4), BY_TEST);
  const before = filesBelow(root);
  const cancel = new AbortController();
  const pieces = function* (): Generator<SeriesRows> {
    yield candles(4, 6);
    yield candles(100_000, 100_004);
    cancel.abort();
    yield candles(6, 8);
  };
  await expect(store.merge(BTC, pieces(), BY_TEST, { signal: cancel.signal })).rejects.toMatchObject({ name: 'AbortError' });
  const failing = function* (): Generator<SeriesRows> {
    yield candles(4, 6);
    yield { ...candles(6, 8), length: 1 };
  };
  await expect(store.merge(BTC, failing(), BY_TEST)).rejects.toMatchObject({ code: 'STORE_ROWS' });
  expect(filesBelow(root)).toEqual(before);
  expect(await store.read(BTC)).toMatchObject({ length: 4, version: 1 });
});
