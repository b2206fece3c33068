import { describe, expect, test } from 'vitest';
import type { Columns } from '#core/model/columns.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { Xoshiro128 } from '#core/model/xoshiro128.ts';
import { FindingLog } from '../finding.ts';
import { generateMarket } from '../market-generator.ts';
import type { ComparedSeries } from '../quality/compare-sources.ts';
import { compareVenues } from './compare-venues.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2024, 0, 1);
const TIMEFRAME = parseTimeframe('1h') ?? expect.fail();

/** The same market as several venues have it: each with its own small differences and its own share of the volume. */
function venue(name: string, seed: number, share: number, change: (columns: Columns) => Columns = (columns) => columns): ComparedSeries {
  const market = generateMarket({ seed: 7, stepMs: HOUR, startTime: START, startPrice: 30_000, tick: 0.01, bars: 1000 });
  const random = Xoshiro128.fromSeed(seed);
  const noise = (column: Float64Array): Float64Array => column.map((value) => value * (1 + 0.0002 * (random.nextUnit() - 0.5)));
  const [open, close] = [noise(market.open), noise(market.close)];
  const columns = change({
    time: market.time.slice(),
    open,
    close,
    high: market.high.map((value, row) => Math.max(value, open[row]!, close[row]!)),
    low: market.low.map((value, row) => Math.min(value, open[row]!, close[row]!)),
    volume: market.volume.map((value) => value * share * (1 + random.nextUnit())),
  });
  const series = {
    name,
    venue: null,
    market: 'BTC/USD',
    timeframe: TIMEFRAME,
    columns,
    lines: null,
    log: new FindingLog(),
    hasVolume: true,
    emptyVolumes: 0,
    timeFormat: null,
  };
  return { series, sound: { columns, rows: Uint32Array.from(columns.time, (_, row) => row) } };
}

const found = (third: ComparedSeries): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    compareVenues([venue('a', 1, 1), venue('b', 2, 0.4), third], TIMEFRAME).map(({ name, comparison }) => [
      name,
      comparison.findings.map(({ code }) => code),
    ]),
  );
const NONE = { a: [], b: [], c: [] };

describe('venues of one market', () => {
  test('that agree have no findings', () => {
    expect(found(venue('c', 3, 2))).toEqual(NONE);
  });

  test('one whose times are three bars late is named, and the others are not', () => {
    const late = venue('c', 3, 1, (columns) => ({ ...columns, time: columns.time.map((time) => time + 3 * HOUR) }));
    expect(found(late)['c']).toContain('source-shifted');
    expect([found(late)['a'], found(late)['b']].flat()).not.toContain('source-shifted');
  });

  test('one that stands still while the others move is named, with where and how long', () => {
    const stuck = venue('c', 3, 1, (columns) => {
      const last = columns.close[499]!;
      const still = (column: Float64Array): Float64Array => column.map((value, row) => (row >= 500 && row < 540 ? last : value));
      return { ...columns, open: still(columns.open), high: still(columns.high), low: still(columns.low), close: still(columns.close) };
    });
    const comparison = compareVenues([venue('a', 1, 1), venue('b', 2, 1), stuck], TIMEFRAME)[2]!.comparison;
    const finding = comparison.findings.find(({ code }) => code === 'source-stuck');
    expect(finding).toMatchObject({ severity: 'warning', count: 1, places: [{ time: START + 500 * HOUR, weight: 40 }] });
    expect([found(stuck)['a'], found(stuck)['b']].flat()).not.toContain('source-stuck');
  });

  test('one that counts its volume in the quote currency is named', () => {
    const dollars = venue('c', 3, 1, (columns) => ({
      ...columns,
      volume: columns.volume.map((value, row) => value * columns.close[row]!),
    }));
    expect(found(dollars)['c']).toEqual(['source-volume']);
  });

  test('one that is a hundred times as large is just large', () => {
    expect(found(venue('c', 3, 100))).toEqual(NONE);
  });

  test('a single wild bar is named at its time', () => {
    const wild = venue('c', 3, 1, (columns) => ({
      ...columns,
      high: columns.high.map((value, row) => (row === 300 ? value * 1.05 : value)),
    }));
    const { findings } = compareVenues([venue('a', 1, 1), venue('b', 2, 1), wild], TIMEFRAME)[2]!.comparison;
    expect(findings.map(({ code, places }) => [code, places.map(({ time }) => time)])).toEqual([['source-differs', [START + 300 * HOUR]]]);
  });
});
