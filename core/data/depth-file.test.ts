import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { StratError } from '#core/errors/strat-error.ts';
import { readDepthFile } from './depth-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'strat-depth-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function fileOf(text: string | Buffer, name = `${(files += 1)}.csv`): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const HEADER =
  'symbol,timestamp,asks[0].price,asks[0].amount,bids[0].price,bids[0].amount,asks[1].price,asks[1].amount,bids[1].price,bids[1].amount';
const START = Date.UTC(2024, 0, 1);
const GOOD = `X,${START},101,1,99,2,102,3,98,4`;

describe('a file of order books', () => {
  it.each([
    ['as text', (text: string): string | Buffer => text],
    ['packed', (text: string): string | Buffer => gzipSync(text)],
  ])('has the levels of each side, the best first, %s', (_, form) => {
    const path = fileOf(form(`${HEADER}\n${GOOD}\nX,${START + 5},101.5,1,99,2,,,98,4\n`), `${(files += 1)}_BTC-USDT_books.csv`);
    const { books, market } = readDepthFile(path);
    expect(market?.name).toBe('BTC/USDT');
    expect([[...books.time], books.levels]).toEqual([[START, START + 5], 2]);
    expect([...books.asks]).toEqual([101, 1, 102, 3, 101.5, 1, Number.NaN, 0]);
    expect([...books.bids]).toEqual([99, 2, 98, 4, 99, 2, 98, 4]);
  });

  it.each([
    ['no book at all', 'timestamp,price\n1,2\n', /no levels of both sides/],
    ['no time', 'asks[0].price,asks[0].amount,bids[0].price,bids[0].amount\n101,1,99,1\n', /no column "timestamp"/],
    ['nothing', `${HEADER}\n`, /only a header line/],
    ['a crossed book', `${HEADER}\nX,${START},99,1,99,2,102,3,98,4\n`, /best ask 99 is not above the best bid 99/],
    ['levels that come back', `${HEADER}\n${GOOD}\nX,${START},101,1,99,2,100,3,98,4\n`, /:3: asks\[1\] at 100 is not further away/],
    ['a price of nothing', `${HEADER}\nX,${START},101,1,-99,2,102,3,98,4\n`, /the price "-99" of bids\[0\] is none/],
    ['an amount of nothing', `${HEADER}\nX,${START},101,x,99,2,102,3,98,4\n`, /the amount "x" of asks\[0\] is none/],
    ['a side that is empty', `${HEADER}\nX,${START},,,99,2,102,3,98,4\n`, /the price "" of asks\[0\] is none/],
    ['times that go back', `${HEADER}\n${GOOD}\nX,${START - 1},101,1,99,2,102,3,98,4\n`, /:3: its time is before/],
    ['a line that was cut off', `${HEADER}\n${GOOD}\nX,${START},101,1\n`, /:3: the line has 4 fields, the header 10/],
  ])('with %s is refused', (_, text, reason) => {
    let found: unknown = null;
    try {
      readDepthFile(fileOf(text));
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(StratError);
    expect((found as Error).message).toMatch(reason);
  });
});

const TARDIS = join(import.meta.dirname, '../../../shared/data/ticks/tardis_binance-futures_book_snapshot_25_BTCUSDT.csv.gz');
it.skipIf(!existsSync(TARDIS))('as Tardis exports them are read as they are (../shared/data/ticks)', () => {
  const { books } = readDepthFile(TARDIS);
  expect(books.levels).toBe(25);
  expect(books.time.length).toBe(10);
  for (let book = 0; book < 10; book++) {
    const side = (values: Float64Array): number[] => Array.from({ length: 25 }, (_, level) => values[(book * 25 + level) * 2]!);
    expect(side(books.asks)).toEqual(side(books.asks).toSorted((a, b) => a - b));
    expect(side(books.bids)).toEqual(side(books.bids).toSorted((a, b) => b - a));
  }
});
