import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { isBookRecording, replayBookRecording } from './book-recording.ts';

const folder = mkdtempSync(join(tmpdir(), 'strat-book-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const START = 1_723_161_255_000;
type Level = readonly [string, string];
const snapshot = (lastUpdateId: number): object => ({
  lastUpdateId,
  bids: [
    ['99', '1'],
    ['98', '2'],
  ],
  asks: [
    ['101', '1'],
    ['102', '2'],
  ],
});
const spot = (U: number, u: number, b: readonly Level[] = [], a: readonly Level[] = []): object => ({
  stream: 'x@depth',
  data: { e: 'depthUpdate', E: 1, U, u, b, a },
});
const futures = (U: number, u: number, pu: number): object => ({
  stream: 'x@depth',
  data: { e: 'depthUpdate', U, u, pu, b: [['99.5', '1']], a: [] },
});

function replay(messages: readonly (object | string)[]) {
  const lines = messages.map((message, at) => (typeof message === 'string' ? message : `${START + at}000000 ${JSON.stringify(message)}`));
  const file = join(folder, 'book.ndjson.gz');
  writeFileSync(file, gzipSync(`${lines.join('\n')}\n`));
  const { findings, ...rest } = replayBookRecording(file);
  return {
    ...rest,
    found: findings.flatMap(({ code, places }) => (places.length === 0 ? [code] : places.map(({ line }) => `${code} ${line}`))),
  };
}

describe('a book is kept by the rules of Binance', () => {
  test('changes before the snapshot are left out, or applied when they reach over it', () => {
    const { found, applied, bestBid, bestAsk, bidLevels } = replay([
      spot(1, 5, [['50', '9']]),
      spot(6, 11, [
        ['99', '0'],
        ['98.5', '3'],
      ]),
      snapshot(10),
      spot(12, 12, [], [['100', '1']]),
      { stream: 'x@trade', data: { e: 'trade', p: '100' } },
    ]);
    expect({ found, applied, bestBid, bestAsk, bidLevels }).toEqual({ found: [], applied: 2, bestBid: 98.5, bestAsk: 100, bidLevels: 2 });
  });

  test('futures follow by the last id of the change before', () => {
    expect(replay([snapshot(10), futures(5, 9, 4), futures(8, 14, 7), futures(20, 25, 14)]).found).toEqual([]);
    expect(replay([snapshot(10), futures(8, 14, 7), futures(20, 25, 15)]).found).toEqual(['sequence-break 3']);
  });

  test('a missing message, and a stream that begins behind the snapshot, break the sequence; a new snapshot mends it', () => {
    expect(replay([snapshot(10), spot(11, 12), spot(14, 15), spot(16, 17)]).found).toEqual(['sequence-break 3']);
    expect(replay([snapshot(10), spot(13, 15)]).found).toEqual(['sequence-break 2']);
    expect(replay([snapshot(10), spot(11, 12), snapshot(20), spot(20, 21), spot(22, 22)]).found).toEqual([]);
  });

  test('a crossed book, broken lines, times that go back, and a book that nobody began', () => {
    expect(replay([snapshot(10), spot(11, 11, [['101', '1']]), spot(12, 12, [['101', '0']])]).found).toEqual(['crossed-book 2']);
    expect(replay([snapshot(10), 'no message', '1723161255000000000 {"data":', spot(11, 11)]).found).toEqual([
      'bad-message 2',
      'bad-message 3',
    ]);
    expect(replay([snapshot(10), spot(11, 11), `1723161254000000000 ${JSON.stringify(spot(12, 12))}`]).found).toEqual(['time-back 3']);
    expect(replay([spot(1, 2)]).found).toEqual(['no-snapshot']);
    expect(replay([snapshot(10), { data: { e: 'depthUpdate', U: 'x' } }]).found).toEqual(['bad-message 2']);
  });
});

const TICKS = join(import.meta.dirname, '../../../../shared/data/ticks');
describe.skipIf(!existsSync(TICKS))('recordings (../shared/data/ticks)', () => {
  // What the README of the reference data says of them; it was found by another program.
  test.each([
    ['binance-spot', { applied: 3449, bidLevels: 1209, askLevels: 2196, bestBid: 61685.99, bestAsk: 61686 }],
    ['binance-usdm', { applied: 6547, bidLevels: 5018, askLevels: 4578, bestBid: 61659.7, bestAsk: 61659.8 }],
  ])('%s replays without a break to the levels that another program found', (venue, expected) => {
    const file = join(TICKS, `${venue}_BTC-USDT_20240808.ws.ndjson.gz`);
    expect(isBookRecording(file)).toBe(true);
    expect(replayBookRecording(file)).toMatchObject({ ...expected, snapshots: 1, findings: [] });
  });

  test('candles and trades are no recordings', () => {
    expect(isBookRecording(join(TICKS, 'binance_XRP-ETH_20191011.aggtrades.csv.gz'))).toBe(false);
  });
});
