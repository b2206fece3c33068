import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { isStratError } from '#core/errors/strat-error.ts';
import { importPlaces } from './testing/import-places.ts';
import { zipBytes } from './testing/zip-bytes.ts';

const { file, zip, one, remove } = importPlaces();
afterAll(remove);
const SAID = { venue: 'v', market: 'A/B', timeframe: '1h' } as const;
const HEADER = 'time,open,high,low,close,volume\n';
const row = (at: number): string => `${1_704_067_200_000 + at * 3_600_000},1,4,0.5,2,10\n`;
const CANDLES = HEADER + Array.from({ length: 3000 }, (_, at) => row(at)).join('');
const sample = (name: string): Buffer => readFileSync(join(import.meta.dirname, 'samples', name));

/** Whether it is read, or refused on purpose; anything else is thrown. */
async function outcome(path: string): Promise<'read' | 'refused'> {
  try {
    await one(path, SAID);
    return 'read';
  } catch (error) {
    if (isStratError(error)) return 'refused';
    throw error;
  }
}

/** What is refused must be refused with a code of the table, in words, and not with a fault of ours. */
async function refusal(path: string): Promise<string> {
  try {
    await one(path, SAID);
  } catch (error) {
    if (!isStratError(error)) throw error;
    if (/undefined|\[object/.test(error.message)) throw new Error(`not in words: ${error.message}`, { cause: error });
    return `${error.code}: ${error.message}`;
  }
  return 'nothing was refused';
}

const FEATHER = sample('BTC_USDT-1h.feather');
const PARQUET = sample('binance_BTC-USDT_1h.parquet');
const flipped = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 0xff;
  return copy;
};

describe('files that are none, or damaged, or made to do harm', () => {
  const cases: Readonly<Record<string, readonly [string | Uint8Array, string]>> = {
    'empty.csv': ['', 'DATA_EMPTY'],
    'blank.csv': ['\n \n\n', 'DATA_EMPTY'],
    'header.csv': [HEADER, 'DATA_EMPTY'],
    'utf16.csv': [Buffer.from(`\ufeff${CANDLES}`, 'utf16le'), 'it is UTF-16'],
    'utf16-bare.csv': [Buffer.from(CANDLES, 'utf16le'), 'it looks like UTF-16'],
    'nul.csv': [`time,open\u0000,high\n`, 'it holds binary data'],
    'html.csv': ['<!DOCTYPE html><html></html>', 'it is a web page'],
    'wide.csv': [`time,open,high,low,close${',x'.repeat(1e6)}\n${'1,'.repeat(1e6)}1\n`, 'its first line is longer than'],
    'wide-lines.csv': [`time,open,high,low,close${',x'.repeat(5000)}\n${'1,'.repeat(5004)}1\n`, 'its lines have 5005 fields'],
    'line.csv': ['1'.repeat(3_000_000), 'its first line is longer than'],
    'long-line.csv': [`${CANDLES}${'1'.repeat(3_000_000)}\n${row(3000)}`, 'a line is longer than'],
    'endless-line.csv': [`${CANDLES}${'1'.repeat(3_000_000)}`, 'a line is longer than'],
    'escape.csv': [`${HEADER}\u001b[2J\u001b]0;x,1,4,0.5,2,10\n`, 'DATA_FORMAT'],
    'cut.csv.gz': [gzipSync(CANDLES).subarray(0, 900), 'its gzip data are damaged or cut off'],
    'flipped.csv.gz': [flipped(gzipSync(CANDLES), 800), 'DATA_'],
    'zeros.csv.gz': [gzipSync(Buffer.alloc(5_000_000)), 'it holds binary data'],
    'bomb.csv.gz': [gzipSync(Buffer.alloc(80_000_000, 10)), 'DATA_'],
    'bomb-rows.csv.gz': [gzipSync(CANDLES + ','.repeat(80_000_000)), 'a line is longer than'],
    'cut.json': ['[[1704067200000,1,4,0.5,2,10],[1704070800000,1', 'it ends in the middle of a row'],
    'broken.json': ['[{"t":1,}]', 'its JSON is damaged'],
    'number.json': ['[1,2,3]', 'DATA_FORMAT'],
    'none.json': ['{"error":"no such market"}', 'the JSON in it has no list of rows'],
    'deep.json': ['['.repeat(100_000), 'DATA_'],
    'proto.json': ['[{"__proto__":{"time":1},"constructor":2}]', 'its columns are none that are known'],
    'mixed.json': ['[[1704067200000,1,4,0.5,2,10],{"t":1}]', 'DATA_'],
    'long-row.json': [`[["${'x'.repeat(3_000_000)}"]]`, 'DATA_'],
    'cut.feather': [FEATHER.subarray(0, 2000), 'as an Arrow file it is damaged or cut off'],
    'magic.feather': ['ARROW1\0\0', 'as an Arrow file it is damaged or cut off'],
    'old.feather': ['FEA1....', 'it is Feather of version 1'],
    'cut.parquet': [PARQUET.subarray(0, 2000), 'as a Parquet file it is damaged'],
    'magic.parquet': ['PAR1....PAR1', 'as a Parquet file it is damaged'],
    'h5.h5': [Buffer.from('894844460d0a1a0a', 'hex'), 'freqtrade convert-data'],
    'xls.xls': [Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'it is an old Excel workbook'],
    'cut.zip': [readFileSync(zip('whole.zip', { 'a.csv': CANDLES })).subarray(0, 300), 'as a zip archive it is damaged'],
    'magic.zip': ['PK\u0003\u0004', 'as a zip archive it is damaged'],
  };
  for (const [name, [content, expected]] of Object.entries(cases))
    test(`the file ${name}`, async () => {
      expect(await refusal(file(name, content))).toContain(expected);
    });

  test('any byte of a Feather file may be another one', async () => {
    for (let at = 0; at < FEATHER.length; at += 23) {
      const path = file('flipped.feather', flipped(FEATHER, at));
      // Some bytes are of no use to a reader, or prices: the rows are read then.
      expect(await outcome(path)).toMatch(/^(?:read|refused)$/);
    }
  });

  test('any byte of a Parquet file may be another one', async () => {
    for (let at = 0; at < PARQUET.length; at += 211) {
      const path = file('flipped.parquet', flipped(PARQUET, at));
      expect(await outcome(path)).toMatch(/^(?:read|refused)$/);
    }
  });
});

describe('archives', () => {
  const archives: Readonly<Record<string, readonly [Readonly<Record<string, string>>, string]>> = {
    'up.zip': [{ '../../etc/cron.d/x.csv': CANDLES }, 'as a zip archive it is damaged: invalid relative path'],
    'root.zip': [{ '/etc/x.csv': CANDLES }, 'as a zip archive it is damaged: absolute path'],
    'none.zip': [{ 'folder/': '' }, 'the archive has no files'],
    'nested.zip': [{ 'a.zip': 'PK' }, 'members of archives are read when they are texts'],
    'sheet.zip': [{ '[Content_Types].xml': '<x/>', 'xl/a.xml': '<x/>' }, 'it is an Excel workbook'],
    'program.zip': [{ 'run.exe': 'MZ' }, 'members of archives are read when they are texts'],
  };
  for (const [name, [members, expected]] of Object.entries(archives))
    test(`the file ${name}`, async () => {
      expect(await refusal(zip(name, members))).toContain(expected);
    });

  test('a member that says a smaller size than it has is refused', async () => {
    expect(await refusal(file('liar.zip', zipBytes([{ name: 'a.csv', content: Buffer.from(CANDLES), saidBytes: 100 }])))).toContain(
      'as a zip archive it is damaged',
    );
  });

  test('a member that unpacks to a thousand times its size is refused', async () => {
    const bomb = Buffer.concat([Buffer.from(CANDLES), Buffer.alloc(80_000_000, 10)]);
    expect(await refusal(file('bomb.zip', zipBytes([{ name: 'a.csv', content: bomb }])))).toMatch(
      /more than 250 times|a million blank lines/,
    );
  });

  test('ten thousand members are the most', async () => {
    const members = Object.fromEntries(Array.from({ length: 10_001 }, (_, at) => [`${at}.csv`, '']));
    expect(await refusal(zip('many.zip', members))).toContain('it has 10001 members');
  });
});
