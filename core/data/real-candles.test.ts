import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Columns } from '#core/model/columns.ts';
import { COLUMN_NAMES } from '#core/model/columns.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import type { CandleFile } from './candle-text.ts';
import { readCandleFile } from './candle-file.ts';
import type { FindingCode } from './finding.ts';
import { resampleColumns } from './resample.ts';
import { candleTable } from './testing/candle-table.ts';

const DATA = join(import.meta.dirname, '../../../shared/data');
const HAS_DATA = existsSync(DATA);
/** The 25 MB file alone takes longer than all others together: it is read only when asked for. */
const IS_THOROUGH = process.env['STRAT_TEST_THOROUGH'] === '1';

const read = (name: string): CandleFile => readCandleFile(join(DATA, `candles/${name}.csv.gz`));

const minute = (time: number | undefined): string => new Date(time ?? NaN).toISOString().slice(0, 16).replace('T', ' ');
const finding = (file: CandleFile, code: FindingCode): { count: number; message: string } =>
  file.findings.find((found) => found.code === code) ?? { count: 0, message: '' };

describe.skipIf(!HAS_DATA)('the real candle files', () => {
  const table = HAS_DATA ? candleTable(DATA) : [];
  const sums = new Map(
    HAS_DATA
      ? readFileSync(join(DATA, 'SHA256SUMS'), 'utf8')
          .split('\n')
          .map((line): [string, string] => [line.slice(66).replace(/^[ *.]*\/?/, ''), line.slice(0, 64)])
      : [],
  );

  test('the table of the README has every file of the folder', () => {
    const files = readdirSync(join(DATA, 'candles')).filter((name) => name.endsWith('.csv.gz'));
    expect(table.map((row) => `${row.name}.csv.gz`).toSorted()).toEqual(files.toSorted());
  });

  for (const row of table) {
    test.skipIf(row.name === 'bitfinex_BTC-USD_1m' && !IS_THOROUGH)(`${row.name} has the rows, ends, gaps and volumes of the table`, () => {
      const file = read(row.name);
      expect(file.rows).toBe(row.rows);
      expect(file.columns.time).toHaveLength(row.rows);
      expect([minute(file.columns.time[0]), minute(file.columns.time.at(-1))]).toEqual([row.first, row.last]);
      expect(finding(file, 'zero-volume').count).toBe(row.name === 'perp-mark_XRP-USDT_1h' ? row.rows : row.zeroVolume);
      // The table counts no gaps between months.
      const gaps = row.gaps ?? finding(file, 'gaps').count;
      expect(finding(file, 'gaps').count).toBe(gaps);
      expect(finding(file, 'gaps').message).toMatch(new RegExp(gaps === 0 ? '^$' : `^${row.missing} bars? missing`));
      expect(file.sha256).toBe(sums.get(`candles/${row.name}.csv.gz`));
      expect(file.findings.every((found) => found.severity === 'warning')).toBe(true);
      const [venue, pair, timeframe] = row.name.split('_');
      expect([file.venue, file.market?.name, file.timeframe.name]).toEqual([venue, pair?.replace('-', '/'), timeframe?.replace('M', 'mo')]);
    });
  }

  test('every number of a file is what Number makes of its text', () => {
    for (const name of ['binance_BTC-USDT_1h', 'bitfinex_LTC-USD_1m', 'us_SPY-USD_1h', 'binance_XRP-ETH_1m']) {
      const { columns } = read(name);
      const lines = gunzipSync(readFileSync(join(DATA, `candles/${name}.csv.gz`)))
        .toString()
        .trimEnd()
        .split('\n')
        .slice(1);
      const expected = COLUMN_NAMES.map((_, column) => Float64Array.from(lines, (line) => Number(line.split(',')[column])));
      expect(COLUMN_NAMES.map((column) => columns[column])).toEqual(expected);
    }
  });

  test('the four Binance files downloaded at 05:1x have a partial last bar, no file of another venue below 200,000 rows has', () => {
    for (const name of ['binance_BTC-USDT_1d', 'binance_BTC-USDT_1h', 'binance_BTC-USDT_4h', 'binance_ETH-USDT_1d']) {
      expect([name, finding(read(name), 'partial-last').count]).toEqual([name, 1]);
    }
    const others = table.filter((row) => !row.name.startsWith('binance_') && row.rows < 200_000);
    expect(others.filter((row) => finding(read(row.name), 'partial-last').count === 1)).toEqual([]);
  });

  test('the sums of SHA256SUMS were found', () => {
    expect(
      createHash('sha256')
        .update(readFileSync(join(DATA, 'README.md')))
        .digest('hex'),
    ).toBe(sums.get('README.md'));
  });
});

interface Difference {
  readonly column: string;
  readonly time: string;
}

/** Cells of bars in both that differ; volumes may differ by the rounding of a sum. */
function differences(made: Columns, downloaded: Columns): { compared: number; cells: Difference[] } {
  const indexOf = new Map(Array.from(made.time, (time, i) => [time, i]));
  const cells: Difference[] = [];
  let compared = 0;
  for (const [i, time] of downloaded.time.entries()) {
    const j = indexOf.get(time);
    if (j === undefined) continue;
    compared++;
    for (const column of COLUMN_NAMES) {
      const [a, b] = [made[column][j] ?? NaN, downloaded[column][i] ?? NaN];
      const isEqual = column === 'volume' ? Math.abs(a - b) <= 1e-9 * Math.max(a, b) : a === b;
      if (!isEqual) cells.push({ column, time: new Date(time).toISOString() });
    }
  }
  return { compared, cells };
}

describe.skipIf(!HAS_DATA)('bars made of shorter bars equal the downloaded ones', () => {
  // What may differ is in ../shared/data/README.md, "Cross-checks made here", which leaves out bars that are partial at the ends.
  test.for([
    { from: 'binance_BTC-USDT_5m', to: 'binance_BTC-USDT_1h', bars: 5979, opens: 0 },
    { from: 'binance_SOL-USDT_5m', to: 'binance_SOL-USDT_1h', bars: 6000, opens: 0 },
    { from: 'binance_SOL-USDT_1h', to: 'binance_SOL-USDT_1d', bars: 248, opens: 0 },
    { from: 'binance_BTC-USDT_1h', to: 'binance_BTC-USDT_4h', bars: 8586, opens: 1 },
    { from: 'binance_BTC-USDT_1h', to: 'binance_BTC-USDT_1d', bars: 1430, opens: 0 },
  ])('$from -> $to', ({ from, to, bars, opens }) => {
    const source = read(from);
    const target = read(to);
    const { columns } = resampleColumns(source.columns, source.timeframe, target.timeframe);
    const found = differences(columns, target.columns);
    expect(found.compared).toBeGreaterThanOrEqual(bars);
    // The last bars of both files were still forming when they were downloaded, one a moment after the other.
    const lastOpens = [columns.time.at(-1), target.columns.time.at(-1)].map((time) => new Date(time ?? NaN).toISOString());
    const inside = found.cells.filter((cell) => !lastOpens.includes(cell.time));
    expect(inside.map((cell) => cell.column)).toEqual(Array.from({ length: opens }, () => 'open'));
  });

  test('1d -> 1mo has a bar for each month of the file', () => {
    const source = read('us_SPY-USD_1d');
    const month = parseTimeframe('1mo');
    if (month === null) throw new Error('1mo is a timeframe');
    const { columns, lastIsComplete } = resampleColumns(source.columns, source.timeframe, month);
    const months = new Set(Array.from(source.columns.time, (time) => new Date(time).toISOString().slice(0, 7)));
    expect(Array.from(columns.time, (time) => new Date(time).toISOString())).toEqual([...months].map((name) => `${name}-01T00:00:00.000Z`));
    expect(lastIsComplete).toBe(true);
  });
});
