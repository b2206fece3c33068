import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { readCandleFile } from './candle-file.ts';
import { zipBytes } from './import/testing/zip-bytes.ts';

const SAMPLES = join(import.meta.dirname, 'import/samples');
const folder = mkdtempSync(join(tmpdir(), 'strat-foreign-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const START = Date.UTC(2024, 0, 1);
/** The rows that import/samples/make_samples.py describes. */
const LINES = Array.from(
  { length: 40 },
  (_, row) => [START + row * 3_600_000, 100 + row, 102 + row, 99 + row, 101 + row, row / 8] as const,
);
const plain = readCandleFile(
  file('binance_BTC-USDT_1h.csv', `timestamp,open,high,low,close,volume\n${LINES.map((line) => line.join(',')).join('\n')}\n`),
);

describe('candles of files that are no CSV', () => {
  const json = JSON.stringify(LINES);
  const zipped = zipBytes([{ name: 'BTCUSDT.csv', content: Buffer.from(LINES.map((line) => line.join(',')).join('\n')) }]);
  const cases: readonly (readonly [string, string])[] = [
    ['Parquet', join(SAMPLES, 'binance_BTC-USDT_1h.parquet')],
    ['Feather of freqtrade', join(SAMPLES, 'BTC_USDT-1h.feather')],
    ['JSON', file('binance_BTC-USDT_1h.json', json)],
    ['packed JSON', file('binance_BTC-USDT_1h.json.gz', gzipSync(json))],
    ['a zip', file('binance_BTC-USDT_1h.zip', zipped)],
  ];
  test.for(cases)('%s: the bars, market and length of the CSV file with the same rows', ([, path]) => {
    const { columns, market, timeframe, rows } = readCandleFile(path);
    expect([columns, market, timeframe, rows]).toEqual([plain.columns, plain.market, plain.timeframe, plain.rows]);
    expect(columns.time.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  test('what was guessed is told', () => {
    const { findings } = readCandleFile(join(SAMPLES, 'index_BTC-USDT_1h.parquet'));
    expect(findings.filter(({ code }) => code === 'read-as').map(({ message }) => message)).toEqual([
      'the column without a name is the time',
      'times have no zone and were read as UTC; --zone says another one',
    ]);
  });

  test('columns besides the candles, and prices without volume', () => {
    const path = file(
      'binance_A-B_1h.ndjson',
      LINES.map(([time, open, high, low, close], row) => JSON.stringify({ time, open, high, low, close, funding_rate: row / 1e6 })).join(
        '\n',
      ),
    );
    const { further, columns, findings } = readCandleFile(path, { wanted: ['funding_rate'] });
    expect([...further.get('funding_rate')!].slice(0, 3)).toEqual([0, 1e-6, 2e-6]);
    expect([...new Set(columns.volume)]).toEqual([0]);
    expect(findings.map(({ code }) => code)).toContain('no-volume');
  });

  test('errors are those of the readers, with their codes', () => {
    const cut = file('cut.parquet', 'PAR1');
    expect(() => readCandleFile(cut)).toThrow('as a Parquet file it is damaged');
    copyFileSync(join(SAMPLES, 'BTC_USDT-1h.feather'), join(folder, 'x_A-B_5m.feather'));
    const wrong = file('binance_A-B_1h.json', JSON.stringify([...LINES, [START + 40 * 3_600_000, 1, 0.5, 0.4, 1, 1]]));
    expect(() => readCandleFile(wrong)).toThrow(expect.objectContaining({ code: 'DATA_INVALID' }));
    const trades = file('t.json', JSON.stringify([{ time: START, price: 1, qty: 2, side: 'buy' }]));
    expect(() => readCandleFile(trades)).toThrow('it holds trades, not candles');
    const two = file(
      'two.zip',
      zipBytes(
        [1, 2].map((at) => ({
          name: `${at}.csv`,
          content: Buffer.from('time,open,high,low,close\n1704067200000,1,2,1,2\n1704070800000,1,2,1,2\n'),
        })),
      ),
    );
    expect(() => readCandleFile(two)).toThrow('it holds 2 series');
  });
});
