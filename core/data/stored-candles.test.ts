import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSeriesStore } from './store/open-series-store.ts';
import type { SeriesKey } from './store/series-key.ts';
import type { SeriesStore } from './store/series-store.ts';
import { readStoredCandles } from './stored-candles.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2024, 0, 1);
const PERP: SeriesKey = { venue: 'binance', market: 'BTC/USDT:USDT', kind: 'candles', timeframe: '4h' };

let root: string;
let store: SeriesStore;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'strat-stored-'));
  store = openSeriesStore(root, { now: () => 0 });
});
afterEach(() => {
  store.close();
  rmSync(root, { recursive: true });
});

async function storeBars(volumes: readonly number[], more: Readonly<Record<string, Float64Array>> = {}): Promise<void> {
  const price = (value: number): Float64Array => new Float64Array(volumes.length).fill(value);
  const time = Float64Array.from(volumes, (_, bar) => START_MS + bar * 4 * HOUR_MS);
  const columns = { time, open: price(10), high: price(12), low: price(9), close: price(11), volume: Float64Array.from(volumes), ...more };
  await store.merge(PERP, { length: volumes.length, columns }, { source: 'test' });
}

test('funding rates of a series of their own reach the bars that they were known at', async () => {
  await storeBars([1, 1, 1, 1, 1]);
  // Eight hours apart, stamped some ms late; the first bar opens before any was known.
  const times = [4, 12, 20].map((hour) => START_MS + hour * HOUR_MS + 7);
  const rates = Float64Array.of(0.0001, -0.0002, 0.0003);
  await store.merge(
    { ...PERP, kind: 'funding', timeframe: null },
    { length: 3, columns: { time: Float64Array.from(times), rate: rates } },
    { source: 'test' },
  );
  const read = await readStoredCandles(store, store.find(PERP)!, ['funding_rate', 'open_interest']);
  expect(read.stored).toEqual({
    series: 'binance:BTC/USDT:USDT',
    timeframe: '4h',
    version: 1,
    funding: { version: 1, sha256: store.list()[1]!.digest },
  });
  expect([...read.further.keys()]).toEqual(['funding_rate']);
  expect([...read.further.get('funding_rate')!]).toEqual([NaN, 0.0001, 0.0001, -0.0002, -0.0002]);
});

test('columns of the candles are read when they are asked for', async () => {
  await storeBars([1, 1], { quote_volume: Float64Array.of(10, NaN), funding_rate: Float64Array.of(0.1, 0.2) });
  const entry = store.find(PERP)!;
  expect([...(await readStoredCandles(store, entry, ['funding_rate', 'quote_volume'])).further]).toEqual([
    ['funding_rate', Float64Array.of(0.1, 0.2)],
    ['quote_volume', Float64Array.of(10, NaN)],
  ]);
  expect([...(await readStoredCandles(store, entry, [])).further]).toEqual([]);
});

test('volumes that are not known count as 0, with a warning', async () => {
  await storeBars([5, NaN, 7, NaN]);
  const some = await readStoredCandles(store, store.find(PERP)!, []);
  expect([...some.columns.volume]).toEqual([5, 0, 7, 0]);
  expect(some.findings[0]).toMatchObject({
    code: 'empty-volume',
    count: 2,
    line: null,
    message: '2024-01-01T04:00:00Z: 2 of 4 bars without a volume',
  });
  await store.replace(
    PERP,
    {
      length: 0,
      columns: {
        time: new Float64Array(0),
        open: new Float64Array(0),
        high: new Float64Array(0),
        low: new Float64Array(0),
        close: new Float64Array(0),
      },
    },
    { source: 'test' },
  );
  await expect(readStoredCandles(store, store.find(PERP)!, [])).rejects.toMatchObject({ code: 'DATA_EMPTY' });
  await storeBars([NaN, NaN]);
  expect((await readStoredCandles(store, store.find(PERP)!, [])).findings[0]).toMatchObject({ code: 'no-volume' });
});

test('gaps are told by their times', async () => {
  await storeBars([1, 1, 1]);
  const late = START_MS + 40 * HOUR_MS;
  const one = (value: number): Float64Array => Float64Array.of(value);
  await store.merge(
    PERP,
    { length: 1, columns: { time: one(late), open: one(10), high: one(10), low: one(10), close: one(10), volume: one(1) } },
    { source: 'test' },
  );
  const { findings } = await readStoredCandles(store, store.find(PERP)!, []);
  expect(findings.find(({ code }) => code === 'gaps')).toMatchObject({
    message: expect.not.stringContaining('line') as string,
    line: null,
  });
});
