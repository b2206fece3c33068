import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { importPlaces, keyText, notesOf, rowOf } from './testing/import-places.ts';
import type { WholeSeries } from './read-series.ts';

const SAMPLES = join(import.meta.dirname, 'samples');
const { file, one, remove } = importPlaces();
afterAll(remove);
/** freqtrade keeps files of a venue in a folder of its name, below one named data. */
const home = mkdtempSync(join(tmpdir(), 'strat-samples-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
cpSync(SAMPLES, join(home, 'data/binance'), { recursive: true });
const sample = (name: string): string => join(home, 'data/binance', name);

const START = Date.UTC(2024, 0, 1);
const HOUR = 3_600_000;
const ROWS = 40;

const column = (value: (row: number) => number): number[] => Array.from({ length: ROWS }, (_, row) => value(row));
/** The rows that samples/make_samples.py describes. */
const PRICES = {
  time: column((row) => START + row * HOUR),
  open: column((row) => 100 + row),
  high: column((row) => 102 + row),
  low: column((row) => 99 + row),
  close: column((row) => 101 + row),
};
const CANDLES = { ...PRICES, volume: column((row) => row / 8) };

const columnsOf = ({ rows }: WholeSeries): Readonly<Record<string, readonly number[]>> =>
  Object.fromEntries(Object.entries(rows.columns).map(([name, values]) => [name, [...values]]));

describe('Feather and Parquet, written by pyarrow', () => {
  test('Feather packed with LZ4, as freqtrade writes it', async () => {
    const found = await one(sample('BTC_USDT-1h.feather'));
    expect(keyText(found)).toBe('binance BTC/USDT candles 1h');
    expect(columnsOf(found)).toEqual(CANDLES);
  });

  test('Feather packed with Zstandard, in several batches', async () => {
    const found = await one(sample('BTC_USDT_USDT-1h-futures.feather'));
    expect(keyText(found)).toBe('binance BTC/USDT:USDT candles 1h');
    expect(columnsOf(found)).toEqual(CANDLES);
  });

  test('Feather that is not packed, of the mark price', async () => {
    const found = await one(sample('BTC_USDT_USDT-1h-mark.feather'));
    expect(keyText(found)).toBe('binance BTC/USDT:USDT mark 1h');
    expect(columnsOf(found)).toEqual(PRICES);
  });

  test('Parquet with times in nanoseconds', async () => {
    const found = await one(sample('binance_BTC-USDT_1h.parquet'));
    expect(keyText(found)).toBe('binance BTC/USDT candles 1h');
    expect(columnsOf(found)).toEqual(CANDLES);
  });

  test('Parquet whose times are an index without name and zone', async () => {
    const found = await one(sample('index_BTC-USDT_1h.parquet'));
    expect(columnsOf(found)).toEqual(CANDLES);
    expect(notesOf(found)).toContain('the column without a name is the time');
    expect(notesOf(found)).toContain('times have no zone and were read as UTC');
  });

  test('a name full of signs is a name, not a pattern', async () => {
    cpSync(sample('binance_BTC-USDT_1h.parquet'), join(home, "it's [a] * {b}?.parquet"));
    expect(columnsOf(await one(join(home, "it's [a] * {b}?.parquet"), { venue: 'v', market: 'A/B' }))).toEqual(CANDLES);
  });
});

const lists = Array.from({ length: ROWS }, (_, row) => [START + row * HOUR, 100 + row, 102 + row, 99 + row, 101 + row, row / 8]);
const objects = lists.map(([t, o, h, l, c, v]) => ({ t, o, h, l, c, v }));

describe('JSON', () => {
  const SAID = { venue: 'v', market: 'A/B' };
  const listOf = (place: number): unknown[] => lists.map((row) => row[place]);
  const texts: Readonly<Record<string, string>> = {
    'lists, as ccxt and freqtrade have them': JSON.stringify(lists),
    'lists, one value a line': JSON.stringify(lists, null, 2),
    'lists of texts': JSON.stringify(lists.map((row) => row.map(String))),
    objects: JSON.stringify(objects),
    'objects with more in them': JSON.stringify(objects.map((row) => ({ x: 'a "]}, [{ b', y: null, ...row, z: [1, [2]] }))),
    'objects inside of objects': JSON.stringify({ status: 'OK', empty: [], results: objects, next: null }),
    'lists, a row a line': lists.map((row) => JSON.stringify(row)).join('\n'),
    'objects, a row a line': `${objects.map((row) => JSON.stringify(row)).join('\n')}\n\n`,
    'a list a column': JSON.stringify({ s: 'ok', t: listOf(0), o: listOf(1), h: listOf(2), l: listOf(3), c: listOf(4), v: listOf(5) }),
    'seconds, and the newest first': JSON.stringify(lists.map(([time, ...row]) => [time! / 1000, ...row]).toReversed()),
    'with a byte order mark': `\ufeff${JSON.stringify(objects)}`,
  };
  for (const [name, text] of Object.entries(texts))
    test(`as ${name}`, async () => {
      expect(columnsOf(await one(file(`${name.replace(/\W+/g, '-')}.json`, text), SAID))).toEqual(CANDLES);
    });

  test('packed with gzip or Zstandard, in several members', async () => {
    const text = JSON.stringify(lists);
    expect(columnsOf(await one(file('p.json.gz', Buffer.concat([gzipSync(text.slice(0, 500)), gzipSync(text.slice(500))])), SAID))).toEqual(
      CANDLES,
    );
    expect(columnsOf(await one(file('p.json.zst', zstdCompressSync(text)), SAID))).toEqual(CANDLES);
  });

  test('longer than a piece of the file', async () => {
    const many = Array.from({ length: 60_000 }, (_, row) => ({
      time: START + row * 60_000,
      open: 1,
      high: 1.5,
      low: 0.5,
      close: 1,
      volume: row,
    }));
    const { rows } = await one(file('long.json', JSON.stringify({ candles: many })), SAID);
    expect([...rows.columns['volume']!]).toEqual(many.map(({ volume }) => volume));
  });

  const oanda = (sides: object): string =>
    JSON.stringify({
      instrument: 'EUR_USD',
      granularity: 'H1',
      candles: [0, 1, 2].map((at) => ({ complete: at < 2, volume: 7, time: `2024-01-02T0${at}:00:00.000000000Z`, ...sides })),
    });
  const side = (shift: number): object => ({ o: String(1 + shift), h: String(4 + shift), l: String(0.5 + shift), c: String(2 + shift) });

  test('candles of OANDA: what is not complete stays out', async () => {
    const found = await one(file('oanda.json', oanda({ mid: side(0) })));
    expect(keyText(found)).toBe('oanda EUR/USD candles 1h');
    expect([found.rows.length, rowOf(found, 0)]).toEqual([2, ['2024-01-02T00:00:00.000Z', 1, 4, 0.5, 2, 7]]);
    expect(notesOf(found)).toContain('prices are the mid, which alone is there');
  });

  test('candles of OANDA with bid and ask: one is chosen', async () => {
    const path = file('oanda-sides.json', oanda({ bid: side(0), ask: side(1) }));
    await expect(one(path)).rejects.toThrow('--price bid|ask');
    expect(rowOf(await one(path, { price: 'ask' }), 0).slice(1, 5)).toEqual([2, 5, 1.5, 3]);
  });

  test('candles of a market by its name', async () => {
    const found = await one(file('alpaca.json', JSON.stringify({ bars: { 'BTC/USD': objects }, next_page_token: null })), {
      venue: 'alpaca',
    });
    expect(keyText(found)).toBe('alpaca BTC/USD candles 1h');
  });

  test('lists of two markets are refused', async () => {
    const text = JSON.stringify({ bars: { AAPL: objects, SPY: objects } });
    await expect(one(file('two.json', text), { venue: 'alpaca' })).rejects.toThrow('more than one list of rows');
  });
});

describe('what rows hold', () => {
  const said = { venue: 'v', market: 'A/B', timeframe: '1h' };
  const csv = (name: string, lines: readonly string[]): string => file(name, `time,open,high,low,close,volume\n${lines.join('\n')}\n`);
  const line = (at: number, rest = '1,4,0.5,2,10'): string => `${START + at * HOUR},${rest}`;

  test('gaps, volumes of zero, and bars off the grid are counted', async () => {
    const rows = [line(0), line(1, '1,4,0.5,2,0'), line(2, '1,4,0.5,2,'), line(5), line(6.25), line(7)];
    const { series } = await one(csv('counts.csv', rows), said);
    expect(series.counts).toMatchObject({ rows: 6, gaps: 1, missing: 2, zeroVolumes: 1, emptyVolumes: 1, offGrid: 1 });
  });

  test('a row that is there twice is one; with other values it is an error', async () => {
    const found = await one(csv('twice.csv', [line(0), line(0), line(1), line(1)]), said);
    expect([found.rows.length, found.series.counts.doubled]).toEqual([2, 2]);
    await expect(one(csv('other.csv', [line(0), line(0, '1,5,0.5,2,10')]), said)).rejects.toThrow(
      ':3: 2024-01-01T00:00:00.000Z is there twice',
    );
  });

  const WRONG: readonly (readonly [string, string, string])[] = [
    ['a high below the close', '1,1.5,0.5,2,10', 'high 1.5 is below close 2'],
    ['a low above the open', '1,4,1.5,2,10', 'low 1.5 is above open 1'],
    ['a price of zero', '0,4,0,2,10', 'open is 0'],
    ['text', '1,4,zero,2,10', 'low is "zero", which is no decimal number'],
    ['a formula', '1,4,=cmd|calc,2,10', '"=cmd|calc"'],
    ['infinity', '1,inf,0.5,2,10', 'high is "inf", which is not finite'],
    ['a number beyond a double', '1,1e999,0.5,2,10', 'high is "Infinity", which is not finite'],
    ['a volume below zero', '1,4,0.5,2,-1', 'volume is -1, below 0'],
    ['a NUL', '1,4,0.5,2\u0000,10', 'close is'],
    ['one price that is missing', '1,,0.5,2,10', 'high is empty'],
    ['a field too many', '1,4,0.5,2,10,3', 'the line has 7 fields, the others 6'],
  ];
  for (const [name, rest, message] of WRONG)
    test(`${name} is an error with its line`, async () => {
      // Far enough behind that the first lines do not show it.
      const rows = Array.from({ length: 9000 }, (_, at) => line(at));
      rows[8000] = line(8000, rest);
      const error: unknown = await one(csv('wrong.csv', rows), said).catch((caught: unknown) => caught);
      expect(String(error)).toContain(message);
      expect(String(error)).toContain(':8002:');
    });

  test('time that goes back is an error', async () => {
    await expect(one(csv('back.csv', [line(0), line(2), line(1)]), said)).rejects.toThrow(
      '2024-01-01T01:00:00.000Z follows 2024-01-01T02:00:00.000Z on line 3',
    );
  });

  test('with a clock, a bar that has not ended is left out, and the future is an error', async () => {
    const path = csv('now.csv', [line(0), line(1), line(2)]);
    const found = await one(path, { ...said, now: START + 2.5 * HOUR });
    expect([found.rows.length, found.series.counts.forming]).toEqual([2, 1]);
    await expect(one(path, { ...said, now: START + 1.5 * HOUR })).rejects.toThrow('2024-01-01T02:00:00.000Z is in the future');
  });

  test('every number is the one that JavaScript reads', async () => {
    const numbers = [
      '1',
      '1.',
      '.5',
      '0.1',
      '123456.789012',
      '99999999999999.5',
      '1e-7',
      '12345678901234567',
      '0.000000000000000000001',
      '+7',
      '3.0000000000000004',
    ];
    const path = csv(
      'numbers.csv',
      numbers.map((text, at) => line(at, `1,4,0.5,2,${text}`)),
    );
    expect([...(await one(path, said)).rows.columns['volume']!]).toEqual(numbers.map(Number));
  });
});
