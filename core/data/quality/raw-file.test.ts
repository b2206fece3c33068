import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { readRawFile } from './raw-file.ts';
import { readRawCandles } from './raw-series.ts';

const folder = mkdtempSync(join(tmpdir(), 'strat-raw-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const START = Date.UTC(2024, 0, 1);
const ROWS = 70_000;

function put(name: string, bytes: string | Uint8Array): string {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
}

const rows = (count: number): readonly (readonly number[])[] =>
  Array.from({ length: count }, (_, row) => [START + row * 60_000, 10, 11, 9, 10 + (row % 3) / 10, 5]);
const csv = (count: number): string =>
  `timestamp,open,high,low,close,volume\n${rows(count)
    .map((row) => row.join(','))
    .join('\n')}\n`;
const watch = (signal = new AbortController().signal) => {
  const shares: number[] = [];
  return { signal, shares, onShare: (share: number) => void shares.push(share) };
};

describe('candles with their faults', () => {
  test('of CSV are those that are read in one go, and how far it is is told', async () => {
    const file = put('a_BTC-USD_1m.csv.gz', gzipSync(csv(ROWS)));
    const seen = watch();
    const [one, other] = [await readRawFile(file, null, seen), readRawCandles(file)];
    expect(one.columns).toEqual(other.columns);
    expect(one.lines).toEqual(other.lines);
    expect(seen.shares).toHaveLength(1);
    expect(seen.shares[0]).toBeCloseTo(65_535 / ROWS, 2);
  });

  test('that are told to stop stop', async () => {
    const file = put('b_BTC-USD_1m.csv', csv(ROWS));
    const json = put(
      'b.json',
      JSON.stringify(rows(100).map(([timestamp, open, high, low, close, volume]) => ({ timestamp, open, high, low, close, volume }))),
    );
    for (const path of [file, json]) await expect(readRawFile(path, null, watch(AbortSignal.abort()))).rejects.toThrow(/abort/);
  });

  test('of other tools are read by the import, with the length that is given', async () => {
    const mt = put(
      'EURUSD.csv',
      `<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\n2024.01.01\t00:00:00\t1.1\t1.2\t1.0\t1.1\t5\n`,
    );
    await expect(readRawFile(mt, null, watch())).rejects.toMatchObject({ code: 'IMPORT_UNSAID' });
    const headless = put(
      'h.csv',
      rows(50)
        .map((row) => row.join(','))
        .join('\n'),
    );
    const read = await readRawFile(headless, parseTimeframe('1m'), watch());
    expect([read.columns.close.length, read.timeframe.name, read.lines]).toEqual([50, '1m', null]);
  });

  test('that are none are refused as before', async () => {
    const text = put('t.csv', 'a,b,c\n1,2,3\n');
    const [now, before] = await Promise.all([
      readRawFile(text, null, watch()).catch((error: unknown) => error),
      Promise.resolve()
        .then(() => readRawCandles(text))
        .catch((error: unknown) => error),
    ]);
    expect(now).toEqual(before);
  });
});
