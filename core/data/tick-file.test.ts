import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { isTickFile, readTickFile } from './tick-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'strat-ticks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function fileOf(text: string | Buffer, name = `${(files += 1)}.csv`): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const START = Date.UTC(2024, 0, 1);

describe('a file of trades', () => {
  it.each([
    ['milliseconds', 'timestamp,tradeId,price,qty,side', `${START},1,100.5,2,buy\n${START},2,100.25,0.5,sell\n${START + 1},3,99,1,buy`],
    ['ISO 8601', 'time;amount;price', '2024-01-01T00:00:00Z;2;100.5\n2024-01-01T00:00:00Z;0.5;100.25\n2024-01-01T00:00:00.001Z;1;99'],
    ['microseconds', 'timestamp,price,size', `${START}000,100.5,2\n${START}000,100.25,0.5\n${START + 1}000,99,1`],
  ])('in %s', (_, header, lines) => {
    for (const path of [fileOf(`${header}\n${lines}\n`), fileOf(gzipSync(`${header}\r\n${lines.replaceAll('\n', '\r\n')}`))]) {
      expect(isTickFile(path)).toBe(true);
      const { kind, time, price, qty, ask } = readTickFile(path).ticks;
      expect([kind, [...time], [...price], [...qty], [...ask]]).toEqual([
        'trades',
        [START, START, START + 1],
        [100.5, 100.25, 99],
        [2, 0.5, 1],
        [],
      ]);
    }
  });

  it('tells its market by its name, as far as that says one', () => {
    const lines = `timestamp,price\n${START},1\n`;
    expect(readTickFile(fileOf(lines, 'binance_BTC-USDT_20240101.trades.csv')).market?.name).toBe('BTC/USDT');
    expect(readTickFile(fileOf(lines, 'tardis_bitmex_trades.csv')).market).toBeNull();
    expect([...readTickFile(fileOf(lines)).ticks.qty]).toEqual([]);
  });
});

it('a file of quotes has bids and asks; a column of times that is empty is passed over', () => {
  const path = fileOf(`exchangeTimestamp,recvTimestamp,bid,bidQty,ask,askQty\n,${START},1.5,9,1.75,9\n,${START + 5},1.5,9,1.5,9\n`);
  expect(isTickFile(path)).toBe(true);
  const { kind, time, price, ask, qty } = readTickFile(path).ticks;
  expect([kind, [...time], [...price], [...ask], [...qty]]).toEqual(['quotes', [START, START + 5], [1.5, 1.5], [1.75, 1.5], []]);
});

it('candles are no ticks', () => {
  expect(isTickFile(fileOf('timestamp,open,high,low,close,volume\n0,1,1,1,1,1\n'))).toBe(false);
  expect(isTickFile(fileOf(gzipSync('time,price,close\n0,1,1\n')))).toBe(false);
  expect(isTickFile(fileOf(''))).toBe(false);
  expect(isTickFile(fileOf(Buffer.from([0x1f, 0x8b, 1, 2, 3])))).toBe(false);
});

describe('what is wrong is told with its line', () => {
  it.each([
    ['timestamp,price,qty\n5000,1,1\n4000,1,1', /:3: its time is before that of the line above/],
    ['timestamp,price,qty\n5000,0,1', /:2: the price "0" is none/],
    ['timestamp,price,qty\n5000,1,1\n5000,x,1', /:3: the price "x" is none/],
    ['timestamp,price,qty\n5000,1,-1', /:2: the quantity "-1" is none/],
    ['timestamp,price,qty\n5000,1,1\n\n6000,1,1', /:3: the line is blank/],
    ['timestamp,price,qty\n5000,1,1\nyesterday,1,1', /:3: the time "yesterday" is none/],
    ['timestamp,bid,ask\n5000,2,1', /:2: the ask 1 is below the bid 2/],
    ['timestamp,bid,ask\n5000,1,', /:2: the price "" is none/],
    ['timestamp,bid\n5000,1', /neither a price nor a bid and an ask/],
    ['id,price\n5000,1', /no column "timestamp"/],
    ['timestamp,price', /only a header line/],
    ['', /it is empty/],
  ])('%j', (text, told) => {
    expect(() => readTickFile(fileOf(text))).toThrow(told);
  });

  it('and no more than twenty of a bad file', () => {
    const path = fileOf(`timestamp,price\n${'5000,0\n'.repeat(1000)}`);
    expect(() => readTickFile(path)).toThrow(/and 980 more/);
  });
});
