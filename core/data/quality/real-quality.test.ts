import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { marketCalendar } from '../calendar/market-calendar.ts';
import { isForexBar } from '../calendar/testing/forex-by-hand.ts';
import { usualCalendar } from '../calendar/usual-calendar.ts';
import { candleTable } from '../testing/candle-table.ts';
import { checkSeries, type QualityReport } from './check-series.ts';
import { compareSources } from './compare-sources.ts';
import type { QualityCode } from './quality-rules.ts';
import { type RawSeries, readRawCandles } from './raw-series.ts';

const DATA = join(import.meta.dirname, '../../../../shared/data');
const HAS_DATA = existsSync(DATA);
const IS_THOROUGH = process.env['STRAT_TEST_THOROUGH'] === '1';

const read = (name: string): RawSeries => readRawCandles(join(DATA, `candles/${name}.csv.gz`));
const check = (name: string, calendar = '24x7'): QualityReport =>
  checkSeries(read(name), { calendar: marketCalendar(calendar) ?? expect.fail(), now: null });
const minute = (time: number | null): string => new Date(time ?? NaN).toISOString().slice(0, 16).replace('T', ' ');
const places = ({ findings }: Pick<QualityReport, 'findings'>, code: QualityCode): readonly string[] =>
  findings.find((finding) => finding.code === code)?.places.map(({ time }) => minute(time)) ?? [];

describe.skipIf(!HAS_DATA)('the real candle files (../shared/data/candles)', () => {
  for (const { name, rows, missing, gaps, zeroVolume } of HAS_DATA ? candleTable(DATA) : [])
    test.skipIf(name === 'bitfinex_BTC-USD_1m' && !IS_THOROUGH)(`${name}: gaps and empty volumes of the table, and no error`, () => {
      const report = check(name);
      expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
      // The table has a dash for months, which its own tool could not count.
      expect([report.missing, report.gaps.length]).toEqual([missing ?? 0, gaps ?? 0]);
      // The table has the volumes of this file as empty, which count as 0.
      const zeros = name === 'perp-mark_XRP-USDT_1h' ? rows : zeroVolume;
      expect(report.findings.find(({ code }) => code === 'zero-volume')?.count ?? 0).toBe(zeros);
    });

  test('bad prints, splits, the flash crash and the outage that the README names are found', () => {
    expect(places(check('us_AAPL-USD_1d', 'xnys'), 'split')).toEqual(
      ['2000-06-21', '2005-02-28', '2014-06-09', '2020-08-31'].map((day) => `${day} 00:00`),
    );
    expect(places(check('us_GOOG-USD_1d', 'xnys'), 'split')).toEqual(['2014-04-03 00:00']);
    expect(places(check('us_IWM-USD_1d', 'xnys'), 'split')).toEqual(['2005-06-09 00:00']);
    expect(places(check('bitfinex_LTC-USD_1m'), 'spike')).toEqual(expect.arrayContaining(['2013-06-26 19:58', '2013-06-26 20:05']));
    expect(places(check('bitfinex_XRP-USD_1m'), 'spike')).toEqual(['2018-04-25 10:30']);
    expect(places(check('coinbase_BTC-USD_1d'), 'jump')).toContain('2015-01-14 00:00');
    const outage = check('binance_BTC-USDT_1h');
    expect([places(outage, 'gaps'), places(outage, 'zero-volume'), places(outage, 'partial-last')]).toEqual([
      ['2023-03-24 14:00'],
      ['2023-03-24 12:00'],
      ['2025-12-02 05:00'],
    ]);
  }, 60_000);

  test('a crash that stays is no split, though it is near one half: AAPL on 2000-09-29, NVDA on 2004-08-06', () => {
    expect(places(check('us_AAPL-USD_1d', 'xnys'), 'jump')).toEqual(['2000-09-29 00:00']);
    const nvidia = check('us-yahoo_NVDA-USD_1d', 'xnys');
    expect(places(nvidia, 'split')).toEqual([]);
    expect(places(nvidia, 'jump')).toContain('2004-08-06 00:00');
  });

  test.each([
    'binance_BNB-USDT_1m',
    'binance_BTC-USDT_1m',
    'binance_DOGE-USDT_1h',
    'binance_ETH-USDT_15m',
    'binance_SOL-USDT_1h',
    'bittrex_ETH-BTC_5m',
  ])('%s, which the README calls clean, has no finding', (name) => {
    expect(check(name).findings).toEqual([]);
  });

  test.each([
    ['us-btpy_GOOG-USD_1d', 'xnys', []],
    ['us_SPY-USD_1d', 'xnys', []],
    ['us_SPY-USD_1h', 'xnys', []],
    ['eurex-bt2006_ESTX50-EUR_1d', 'xetr', []],
    ['fx-btpy_EUR-USD_1h', 'forex', []],
  ])('%s on the calendar %s: nights, weekends and holidays are no gaps', (name, calendar, expected) => {
    const report = check(name, calendar);
    expect(report.gaps.map(({ before }) => minute(before))).toEqual(expected);
  });

  test.each([
    ['oanda_EUR-USD_1h', 'forex'],
    ['mt4_GBP-USD_1h', 'forex'],
    ['fx-btpy_EUR-USD_1h', 'forex'],
  ])('%s: what is missing on %s is what the hours written down by hand miss', (name, calendar) => {
    const { columns, gaps } = { ...read(name), gaps: check(name, calendar).gaps };
    const there = new Set(columns.time);
    const missing: number[] = [];
    // The hours by hand end with 2018.
    const end = Date.UTC(2019, 0, 1);
    for (let open = columns.time[0]!; open < Math.min(end, columns.time.at(-1)!); open += 3_600_000)
      if (!there.has(open) && isForexBar(open, 3_600_000)) missing.push(open);
    const counted = gaps.filter(({ before }) => before < end).reduce((sum, gap) => sum + gap.missing, 0);
    expect(counted).toBe(missing.length);
  });

  test.each([
    ['oanda_EUR-USD_1h', ['2007-01-09', '2015-08-21', '2016-12-16', '2017-04-02', '2017-10-08', '2018-06-10', '2018-10-29', '2018-12-27']],
    [
      'oanda-ask_EUR-USD_1h',
      ['2007-01-09', '2015-08-21', '2016-12-16', '2017-04-02', '2017-10-08', '2018-06-10', '2018-10-29', '2018-12-27'],
    ],
    ['fxcm_GBP-USD_1d', ['2018-03-18']],
    ['fxcm_USD-JPY_1m', []],
    ['us_SPY-USD_1m', ['2023-08-03']],
    ['us_SPY-USD_1h', []],
    ['us-yahoo_NVDA-USD_1d', []],
    ['eurex-bt2006_ESTX50-EUR_1d', []],
  ])('%s on the calendar of its venue: only holes are gaps', (name, holes) => {
    const series = read(name);
    const { venue, market, columns } = series;
    const { calendar } = usualCalendar({ venue, market, time: columns.time }, new Map());
    const report = checkSeries(series, { calendar, now: null });
    expect(places(report, 'gaps').map((text) => text.slice(0, 10))).toEqual(holes);
    expect(places(report, 'closed-market')).toEqual([]);
  });

  test('minutes without a quote are told from holes that are planted', () => {
    const name = 'fxcm_USD-JPY_1m';
    const { columns } = read(name);
    const rowAt = (text: string): number => columns.time.indexOf(Date.parse(`${text}Z`));
    const lost = (text: string, count: number): QualityReport => {
      const row = rowAt(text);
      const keep = (column: Float64Array): Float64Array => Float64Array.from([...column].toSpliced(row, count));
      const { time, open, high, low, close, volume } = columns;
      const cut = { time: keep(time), open: keep(open), high: keep(high), low: keep(low), close: keep(close), volume: keep(volume) };
      return checkSeries({ ...read(name), columns: cut }, { calendar: marketCalendar('forex-fxcm')!, now: null });
    };
    const found = (report: QualityReport): readonly [number, readonly string[]] => [
      places(report, 'no-quote').length,
      places(report, 'gaps'),
    ];
    const before = places(check(name, 'forex-fxcm'), 'no-quote').length;
    expect(before).toBe(28);
    // Employment of the USA, 8:30 in New York: the minutes around it are wild.
    expect(found(lost('2013-02-01T13:31', 1))).toEqual([before, ['2013-02-01 13:32']]);
    // Ten minutes of a quiet night are more than nobody's quote.
    expect(found(lost('2013-02-12T18:00', 10))).toEqual([before, ['2013-02-12 18:10']]);
    expect(found(lost('2013-02-18T18:50', 1))).toEqual([before + 1, []]);
    // Round the clock a minute is a bar.
    expect(places(check(name), 'no-quote')).toEqual([]);
  });

  test('days of another zone lie on Sundays too, and none of them is a gap or outside of the hours', () => {
    const report = check('fxcm_GBP-USD_1d', 'forex');
    expect(places(report, 'closed-market').length).toBeLessThan(20);
    expect(report.gaps.filter(({ missing }) => missing > 1).map(({ before }) => minute(before).slice(0, 10))).toContain('2018-03-18');
  });

  test('two sources: bid and ask differ in a few wild bars, times that are moved are named, and so is a unit', () => {
    const [bid, ask] = [check('oanda_EUR-USD_1h', 'forex'), check('oanda-ask_EUR-USD_1h', 'forex')];
    const { timeframe } = bid.series;
    const sides = compareSources(bid, ask, timeframe);
    expect([sides.common, sides.level.toFixed(3)]).toEqual([74439, '1.000']);
    const { columns } = read('binance_SOL-USDT_1h');
    const one = check('binance_SOL-USDT_1h');
    const again = (time: Float64Array, factor: number): QualityReport => {
      const scaled = (column: Float64Array): Float64Array => column.map((value) => value * factor);
      const prices = { open: scaled(columns.open), high: scaled(columns.high), low: scaled(columns.low), close: scaled(columns.close) };
      return checkSeries({ ...one.series, name: 'other', columns: { ...columns, ...prices, time } }, { calendar: one.calendar, now: null });
    };
    const codes = (other: QualityReport): readonly string[] => compareSources(one, other, timeframe).findings.map(({ code }) => code);
    expect(codes(again(columns.time, 1))).toEqual([]);
    expect(codes(again(columns.time, 1000))).toEqual(['source-scaled']);
    expect(
      codes(
        again(
          columns.time.map((time) => time + 2 * timeframe.stepMs),
          1,
        ),
      ),
    ).toEqual(['source-shifted']);
    expect(codes(check('binance_XRP-USDT_1h'))).toContain('source-scaled');
  });

  test('bars of two sources that differ, and that one of them lacks, are named', () => {
    const one = check('binance_SOL-USDT_1h');
    const { columns } = read('binance_SOL-USDT_1h');
    columns.close[700] = columns.close[700]! * 1.01;
    columns.high[700] = columns.high[700]! * 1.02;
    const cut = (column: Float64Array): Float64Array => Float64Array.from([...column.subarray(0, 50), ...column.subarray(51)]);
    const { time, open, high, low, close, volume } = columns;
    const other = { time: cut(time), open: cut(open), high: cut(high), low: cut(low), close: cut(close), volume: cut(volume) };
    const { findings } = compareSources(
      one,
      checkSeries({ ...one.series, name: 'other', columns: other }, { calendar: one.calendar, now: null }),
      one.series.timeframe,
    );
    expect(findings.map(({ code, places: found }) => [code, found.map((place) => place.time)])).toEqual([
      ['source-differs', [time[700]]],
      ['source-missing', [time[50]]],
    ]);
  });
});
