import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { COLUMN_NAMES } from '#core/model/columns.ts';
import { parseMarket } from '#core/model/market.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { CandleFileOptions } from './candle-file.ts';
import type { CandleFile, CandleFileReport } from './candle-text.ts';
import { inspectCandleFile, readCandleFile } from './candle-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'strat-candles-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HEADER = 'timestamp,open,high,low,close,volume\n';
const START = Date.UTC(2024, 0, 1);
const HOUR = 3_600_000;
/** `count` good hourly bars, one text a line. */
const lines = (count: number): string[] => Array.from({ length: count }, (_, i) => `${START + i * HOUR},10,12,9,11,${100 + i}`);

function written(content: string | Buffer, name = 'test_BTC-USDT_1h.csv'): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
const read = (content: string | Buffer, options?: CandleFileOptions): CandleFile => readCandleFile(written(content), options);
const inspect = (content: string | Buffer, options?: CandleFileOptions): CandleFileReport => inspectCandleFile(written(content), options);
/** A file of five bars whose third (line 4) is replaced. */
const withLine4 = (line: string): CandleFileReport => {
  const rows = lines(5);
  rows[2] = line;
  return inspect(`${HEADER}${rows.join('\n')}\n`);
};

const timeframe = (name: string): Timeframe => parseTimeframe(name) ?? expect.fail(name);

function thrown(run: () => unknown): StratError {
  try {
    run();
  } catch (error) {
    if (error instanceof StratError) return error;
    throw error;
  }
  return expect.fail('nothing was thrown');
}

const GOOD = `${HEADER}${lines(3).join('\n')}\n`;

describe('readCandleFile', () => {
  test('gives columns in shared memory, market, venue, timeframe and the hash of the bytes on disk', () => {
    const packed = gzipSync(GOOD);
    const path = written(packed, 'my-venue_BTC-USDT_1h.csv.gz');
    const file = readCandleFile(path);
    expect(file.columns.time.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(COLUMN_NAMES.map((name) => [...file.columns[name]])).toEqual([
      [START, START + HOUR, START + 2 * HOUR],
      [10, 10, 10],
      [12, 12, 12],
      [9, 9, 9],
      [11, 11, 11],
      [100, 101, 102],
    ]);
    expect(file).toMatchObject({ path, rows: 3, venue: 'my-venue', stepMs: HOUR, findings: [] });
    expect([file.market?.name, file.timeframe.name]).toEqual(['BTC/USDT', '1h']);
    expect(file.sha256).toBe(createHash('sha256').update(packed).digest('hex'));
  });

  test('options go before the name, and without either the timeframe comes from the bars', () => {
    const path = written(GOOD, 'candles.csv');
    const bare = readCandleFile(path);
    expect([bare.market, bare.venue, bare.timeframe.name]).toEqual([null, null, '1h']);
    const market = parseMarket('ETH/USDT:USDT');
    if (market === null) throw new Error('the name is good');
    const told = readCandleFile(path, { market, venue: 'bybit', timeframe: timeframe('1h') });
    expect([told.market?.name, told.venue]).toEqual(['ETH/USDT:USDT', 'bybit']);
  });

  test.for([
    ['CRLF', GOOD.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\uFEFF${GOOD}`],
    ['no line feed at the end', GOOD.trimEnd()],
    ['blank lines at the end', `${GOOD}\n\r\n  \n`],
    ['blanks around the fields', GOOD.replaceAll(',', ' ,\t ')],
    ['quotes around the fields', GOOD.replaceAll(/[^,\n]+/g, '"$&"')],
    ['semicolons', GOOD.replaceAll(',', ';')],
    ['tabs', GOOD.replaceAll(',', '\t')],
    ['upper-case names', GOOD.replace('timestamp,open,high,low,close,volume', 'Open_Time,Open,High,Low,Close,Vol')],
    ['short names', GOOD.replace('timestamp,open,high,low,close,volume', 't,o,h,l,c,v')],
    ['seconds', GOOD.replaceAll(/^(\d+)000,/gm, '$1,')],
    ['microseconds', GOOD.replaceAll(/^(\d+),/gm, '$1000,')],
    ['ISO times', GOOD.replaceAll(/^(\d+),/gm, (_, ms) => `${new Date(Number(ms)).toISOString()},`)],
    [
      'ISO times with an offset',
      GOOD.replaceAll(/^(\d+),/gm, (_, ms) => `${new Date(Number(ms) + 5.5 * HOUR).toISOString().slice(0, 19)}+05:30,`),
    ],
    [
      'ISO times with a blank',
      GOOD.replaceAll(/^(\d+),/gm, (_, ms) => `${new Date(Number(ms)).toISOString().slice(0, 16).replace('T', ' ')} UTC,`),
    ],
    ['several gzip members', Buffer.concat([gzipSync(GOOD.slice(0, 60)), gzipSync(GOOD.slice(60))])],
  ] as const)('reads %s as the same candles', ([, content]) => {
    const plain = read(GOOD);
    const file = read(content);
    expect(file.columns).toEqual(plain.columns);
    expect(file.findings).toEqual([]);
  });

  test('finds columns in any order and leaves others alone', () => {
    const file = read('close,ignored,volume,low,date,high,open\n11,x,100,9,2024-01-01,12,10\n11,,101,9,2024-01-02,12,10\n', {
      timeframe: timeframe('1d'),
    });
    expect(COLUMN_NAMES.map((name) => file.columns[name][0])).toEqual([START, 10, 12, 9, 11, 100]);
  });

  test('takes bars that begin a month apart for monthly ones', () => {
    const rows = ['2024-01-01', '2024-02-01', '2024-03-01', '2024-04-01'].map((date) => `${date},10,12,9,11,1`);
    expect(readCandleFile(written(HEADER + rows.join('\n'), 'monthly.csv')).timeframe.name).toBe('1mo');
  });
});

describe('threats, row 44: every planted fault is an error with its line', () => {
  const time = START + 2 * HOUR;
  test.for([
    ['a missing field', `${time},10,12,9,11`, 'column-count', 'the line has 5 fields, the header 6'],
    ['a field too many', `${time},10,12,9,11,100,1`, 'column-count', 'the line has 7 fields, the header 6'],
    ['a blank line', '', 'column-count', 'the line is blank'],
    ['a word for a number', `${time},ten,12,9,11,100`, 'bad-number', 'open is "ten"'],
    ['an empty price', `${time},,12,9,11,100`, 'bad-number', 'open is empty'],
    ['a hexadecimal price', `${time},0xA,12,9,11,100`, 'bad-number', 'open is "0xA"'],
    ['a terminal sequence', `${time},10,12,9,\x1b[2J11,100`, 'bad-number', 'close is "?[2J11"'],
    ['NaN', `${time},10,12,9,NaN,100`, 'not-finite', 'close is "NaN"'],
    ['infinity', `${time},10,inf,9,11,100`, 'not-finite', 'high is "inf"'],
    ['an overflow', `${time},10,1e999,9,11,100`, 'not-finite', 'high is "1e999"'],
    ['a volume that is NaN', `${time},10,12,9,11,NaN`, 'not-finite', 'volume is "NaN"'],
    ['a price of 0', `${time},10,12,0,11,100`, 'bad-price', 'low is 0'],
    ['a price below 0', `${time},10,12,-9,11,100`, 'bad-price', 'low is -9'],
    ['1e308', `${time},10,1e308,9,11,100`, 'out-of-range', 'high is 1e+308'],
    ['a denormal price', `${time},10,12,5e-324,11,100`, 'out-of-range', 'low is 5e-324'],
    ['a volume of 1e308', `${time},10,12,9,11,1e308`, 'out-of-range', 'volume is 1e+308'],
    ['a volume below 0', `${time},10,12,9,11,-1`, 'bad-volume', 'volume is -1'],
    ['high below close', `${time},10,10.5,9,11,100`, 'high-too-low', 'high 10.5 is below close 11'],
    ['low above open', `${time},10,12,10.5,11,100`, 'low-too-high', 'low 10.5 is above open 10'],
    [
      'time going back',
      `${START - HOUR},10,12,9,11,100`,
      'time-back',
      'time goes back: 2023-12-31T23:00:00.000Z after 2024-01-01T01:00:00.000Z on line 3',
    ],
    ['the same time twice', `${START + HOUR},10,12,9,11,100`, 'duplicate-time', '2024-01-01T01:00:00.000Z is there twice, also on line 3'],
    ['no time', 'soon,10,12,9,11,100', 'bad-time', 'the time "soon" is none'],
    ['seconds among milliseconds', `${time / 1000},10,12,9,11,100`, 'time-unit', 'is in seconds since 1970, the first one in milliseconds'],
    ['a date among milliseconds', '2024-01-01,10,12,9,11,100', 'time-unit', 'is in ISO 8601 dates, the first one in milliseconds'],
    ['a time of 1e308', '1e308,10,12,9,11,100', 'bad-time', 'the time "1e308" is none'],
  ] as const)('%s', ([, line, code, message]) => {
    const report = withLine4(line);
    expect(report.candles).toBeNull();
    expect(report.findings[0]).toMatchObject({ code, severity: 'error', line: 4, message: expect.stringContaining(message) });
    expect(report.findings[0]?.hint).not.toBe('');
    expect(report.findings.filter((found) => found.severity === 'error')).toHaveLength(report.errorCount);
  });

  test('a date that does not exist', () => {
    const rows = ['2024-02-28', '2024-02-30'].map((date) => `${date},10,12,9,11,1`);
    expect(inspect(HEADER + rows.join('\n')).findings[0]).toMatchObject({ code: 'bad-time', line: 3 });
  });

  test('a file that begins with its newest bar is one error', () => {
    const report = inspect(HEADER + lines(50).toReversed().join('\n'));
    expect(report).toMatchObject({ errorCount: 1, candles: null });
    expect(report.findings).toMatchObject([{ code: 'newest-first', count: 49 }]);
  });

  test('bars in the future of a given clock', () => {
    const now = START + 1.5 * HOUR;
    expect(inspect(GOOD, { now }).findings).toMatchObject([{ code: 'future-time', line: 4, count: 1 }]);
    expect(inspect(GOOD, { now: START + 10 * HOUR }).findings).toEqual([]);
  });

  test('bars shorter than the name says', () => {
    const path = written(GOOD, 'test_BTC-USDT_4h.csv');
    const { errorCount, findings } = inspectCandleFile(path);
    expect(errorCount).toBe(1);
    expect(findings[0]).toMatchObject({ code: 'timeframe-mismatch', message: 'the file should hold 4h bars, but most are 1h apart' });
  });

  test('of many errors 20 are shown, all are counted, and each names file and line', () => {
    const path = written(
      HEADER +
        lines(300)
          .map((line) => line.replace(',12,', ',x,'))
          .join('\n'),
    );
    const error = thrown(() => readCandleFile(path));
    expect(error.code).toBe('DATA_INVALID');
    expect(error.message).toContain(`"${path}": 300;`);
    expect(error.message).toContain(`${path}:2: high is "x"`);
    expect(error.message).toContain(`${path}:21: high is "x"`);
    expect(error.message).not.toContain(`${path}:22:`);
    expect(error.message).toContain('and 280 more');
  });
});

describe('what can be traded, but should be known, is a warning', () => {
  test('gaps are counted, the three largest shown, and no bar is invented', () => {
    const rows = [0, 1, 3, 4, 14, 15, 20, 24, 25].map((slot) => `${START + slot * HOUR},10,12,9,11,100`);
    const file = read(HEADER + rows.join('\n'));
    expect(file.rows).toBe(9);
    expect(file.findings).toMatchObject([{ code: 'gaps', severity: 'warning', count: 4, line: 6 }]);
    const message = file.findings[0]?.message ?? '';
    // Missing: slot 2, slots 5 to 13, 16 to 19, 21 to 23.
    expect(message).toMatch(
      /^17 bars missing in 4 places: 9 between .* \(line 6\), 4 between .* \(line 8\), 3 between .* \(line 9\), \.\.\.$/,
    );
  });

  test('times off the grid', () => {
    const some = read((HEADER + lines(5).join('\n')).replace(String(START + HOUR), String(START + HOUR + 60_000)));
    expect(some.findings).toMatchObject([{ code: 'off-grid', count: 1, line: 3 }]);
    const all = read(HEADER + [0, 1, 2].map((i) => `${START + i * HOUR + 300_000},10,12,9,11,100`).join('\n'));
    expect(all.findings).toMatchObject([
      { code: 'off-grid', count: 3, line: 2, message: expect.stringContaining('every bar begins 5 min after') },
    ]);
  });

  test('empty volumes are 0, as is a missing column', () => {
    const empty = read(GOOD.replace(',101\n', ',\n'));
    expect([...empty.columns.volume]).toEqual([100, 0, 102]);
    expect(empty.findings).toMatchObject([
      { code: 'empty-volume', count: 1, line: 3 },
      { code: 'zero-volume', count: 1, line: 3 },
    ]);
    const none = read(GOOD.replaceAll(/,[^,\n]*\n/g, '\n'));
    expect(none.findings).toMatchObject([{ code: 'no-volume' }, { code: 'zero-volume', count: 3 }]);
  });

  test('an empty volume at the end of a file with tabs is one', () => {
    const file = read(GOOD.replaceAll(',', '\t').replace('\t102\n', '\t\r\n'));
    expect([...file.columns.volume]).toEqual([100, 101, 0]);
  });

  test('bars mostly wider apart than the timeframe', () => {
    const rows = [0, 2, 4, 6, 7].map((slot) => `${START + slot * HOUR},10,12,9,11,100`);
    expect(read(HEADER + rows.join('\n')).findings.map((found) => found.code)).toEqual(['sparse', 'gaps']);
  });

  test('times without a zone', () => {
    const file = read(GOOD.replaceAll(/^(\d+),/gm, (_, ms) => `${new Date(Number(ms)).toISOString().slice(0, 19)},`));
    expect(file.columns.time[0]).toBe(START);
    expect(file.findings).toMatchObject([{ code: 'time-zone', severity: 'warning' }]);
  });

  test('a last bar with little volume and range, or one that ends after the given clock', () => {
    const rows = [...lines(40), `${START + 40 * HOUR},10,10.2,10,10.1,20`];
    expect(read(HEADER + rows.join('\n')).findings).toMatchObject([{ code: 'partial-last', line: 42 }]);
    expect(read(HEADER + lines(41).join('\n')).findings).toEqual([]);
    expect(read(GOOD, { now: START + 2.5 * HOUR }).findings).toMatchObject([{ code: 'partial-last', line: 4 }]);
    expect(read(GOOD, { now: START + 3 * HOUR }).findings).toEqual([]);
  });
});

describe('what is no candle file is refused with a reason', () => {
  test.for([
    ['an empty file', '', 'DATA_EMPTY', 'it is empty'],
    ['blanks only', ' \r\n\n', 'DATA_EMPTY', 'it is empty'],
    ['a header only', HEADER, 'DATA_EMPTY', 'it has only a header line'],
    ['an empty gzip', gzipSync(''), 'DATA_EMPTY', 'it is empty'],
    // Its rows fit the order of Bitfinex too, which has the close second.
    [
      'no header, and more than one order that fits',
      `${START},10,10,10,10,100\n${START + HOUR},10,10,10,10,100\n`,
      'DATA_FORMAT',
      'there is no header',
    ],
    ['neither header nor candles', 'a,b,c\n1,2,3\n', 'DATA_FORMAT', 'no column "timestamp"'],
    ['a column missing', GOOD.replace('high', 'hi'), 'DATA_FORMAT', 'no column "high"'],
    ['two columns of one name', GOOD.replace('low', 'high'), 'DATA_FORMAT', 'column "high" is there twice'],
    ['a date without dashes', `${HEADER}20240101,10,12,9,11,100\n`, 'DATA_FORMAT', 'looks like a date without dashes'],
    ['a first time that is none', `${HEADER}01/02/2024,10,12,9,11,100\n`, 'DATA_FORMAT', '"01/02/2024" is in no format'],
    ['nanoseconds', `${HEADER}${START}000000,10,12,9,11,100\n`, 'DATA_FORMAT', 'is in no format'],
    ['a cut-off gzip', gzipSync(GOOD.repeat(50)).subarray(0, 60), 'DATA_FORMAT', 'damaged or cut off'],
    ['a zip archive', Buffer.from('PK\x03\x04'), 'DATA_FORMAT', 'zip archive'],
    ['UTF-16', Buffer.from(`\uFEFF${GOOD}`, 'utf16le'), 'DATA_FORMAT', 'UTF-16'],
    ['binary data', Buffer.from([1, 2, 0, 3]), 'DATA_FORMAT', 'binary'],
  ] as const)('%s', ([, content, code, reason]) => {
    const path = written(content);
    const error = thrown(() => readCandleFile(path));
    expect(error.code).toBe(code);
    expect(error.message).toContain(path);
    expect(error.message).toContain(reason);
  });

  test('without a header the columns are told by their number and the rows, as the import tells them', () => {
    const plain = readCandleFile(written(lines(40).join('\n'), 'a_BTC-USDT_1h.csv'));
    const { columns, findings } = plain;
    expect(columns).toEqual(readCandleFile(written(HEADER + lines(40).join('\n'), 'b_BTC-USDT_1h.csv')).columns);
    expect(findings).toMatchObject([
      { code: 'read-as', message: expect.stringContaining('columns without a header are time, open, high, low, close, volume') },
    ]);
    const dump = lines(40).map((line) => `${line},${START},1,2,3,4,0`);
    expect(readCandleFile(written(gzipSync(dump.join('\n')), 'c_BTC-USDT_1h.csv.gz')).columns.close).toEqual(columns.close);
  });

  test('another header is read as the import reads it; what is in doubt is asked', () => {
    const rows = lines(40).map(
      (line, hour) =>
        `2024.01.${String(1 + Math.floor(hour / 24)).padStart(2, '0')},${String(hour % 24).padStart(2, '0')}:00,${line.split(',').slice(1).join(',')}`,
    );
    const broker = ['<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<TICKVOL>', ...rows].join('\n');
    const error = thrown(() => readCandleFile(written(broker, 'EURUSD60.csv')));
    expect([error.code, error.message]).toEqual([
      'IMPORT_UNSAID',
      expect.stringMatching(/the zone of its times\. .*strat data import, which takes options\. Give it: --zone/),
    ]);
  });

  test.each(['\r', '\r\n', '\n'])('lines may end with %j', (end) => {
    expect(readCandleFile(written(GOOD.replaceAll('\n', end))).columns).toEqual(readCandleFile(written(GOOD)).columns);
  });

  test('one bar without a timeframe in the name', () => {
    expect(thrown(() => readCandleFile(written(HEADER + lines(1).join('\n'), 'one.csv'))).message).toContain('one bar does not tell');
    expect(readCandleFile(written(HEADER + lines(1).join('\n'), 'a_BTC-USDT_1h.csv')).rows).toBe(1);
  });

  test('a gzip bomb stops at the limit', () => {
    const path = written(gzipSync(Buffer.alloc(8 * 1024 * 1024, 49)));
    expect(thrown(() => readCandleFile(path, { maxBytes: 1024 * 1024 })).code).toBe('DATA_TOO_LARGE');
    expect(thrown(() => readCandleFile(written(GOOD), { maxBytes: 20 })).code).toBe('DATA_TOO_LARGE');
  });

  test.for([
    ['a missing file', join(folder, 'nowhere.csv'), 'there is no such file'],
    ['a folder', folder, 'it is a folder'],
    ['a device', '/dev/zero', 'it is no regular file'],
    ['a name with a NUL', 'a\0b.csv', ''],
  ] as const)('%s', ([, path, reason]) => {
    mkdirSync(folder, { recursive: true });
    const error = thrown(() => readCandleFile(path));
    expect(error.code).toBe('FILE_UNREADABLE');
    expect(error.message).toContain(reason);
    expect(error.message).not.toMatch(/\p{C}/u);
  });
});

describe('columns besides the candles', () => {
  const WANTED = ['quote_volume', 'funding_rate', 'open_interest', 'spread'] as const;
  const file = (header: string, ...rows: readonly string[]): string =>
    `timestamp,open,high,low,close,volume,${header}\n${rows.map((row, i) => `${START + i * HOUR},10,12,9,11,100,${row}`).join('\n')}\n`;
  const valuesOf = ({ further }: CandleFile): object => Object.fromEntries([...further].map(([name, values]) => [name, [...values]]));

  test('are read by the names that tools give them, an empty field is na', () => {
    const found = read(
      file('Quote_Asset_Volume,"Funding Rate",openInterest,spread,note', '1100,0.0001,5e3,0.0002,x', ',-1.25e-05,,,', '0,,0,0,y'),
      {
        wanted: WANTED,
      },
    );
    expect(valuesOf(found)).toEqual({
      quote_volume: [1100, Number.NaN, 0],
      funding_rate: [0.0001, -0.0000125, Number.NaN],
      open_interest: [5000, Number.NaN, 0],
      spread: [0.0002, Number.NaN, 0],
    });
    for (const values of found.further.values()) expect(values.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  test('are left alone, whatever they hold, unless somebody asks for them', () => {
    const text = file('spread,funding_rate', '12 points,0.1', 'wide,', ',');
    expect(valuesOf(read(text))).toEqual({});
    expect(valuesOf(read(text, { wanted: ['quote_volume', 'funding_rate'] }))).toEqual({ funding_rate: [0.1, Number.NaN, Number.NaN] });
  });

  test.for([
    ['funding_rate', '1.5', 'out-of-range'],
    ['open_interest', '-1', 'out-of-range'],
    ['spread', '12', 'share of the price'],
    ['quote_volume', '1e999', 'not finite'],
    ['quote_volume', 'NaN', 'not finite'],
    ['funding_rate', '0,01%', 'column-count'],
    ['funding_rate', '0.01%', 'no decimal number'],
    ['spread', '__proto__', 'no decimal number'],
  ] as const)('%s of %s refuses the file that is asked for it', ([name, text, reason]) => {
    const { candles, findings } = inspect(file(name, '', text, ''), { wanted: WANTED });
    expect(candles).toBeNull();
    expect(JSON.stringify(findings)).toContain(reason);
    expect(findings[0]?.line).toBe(3);
  });

  test('a column that is there twice is refused', () => {
    expect(thrown(() => read(file('spread,spread', '0,0'), { wanted: WANTED })).message).toContain('"spread" is there twice');
  });
});
