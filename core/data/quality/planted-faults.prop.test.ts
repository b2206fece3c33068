import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bar } from '#core/model/bar.ts';
import { barsOf, type Columns } from '#core/model/columns.ts';
import { marketCalendar } from '../calendar/market-calendar.ts';
import { generateMarket } from '../market-generator.ts';
import { checkSeries, type QualityReport } from './check-series.ts';
import type { QualityCode } from './quality-rules.ts';
import { parseRawCandles } from './raw-series.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2024, 0, 1);
const BARS = 1500;
const ROUND_THE_CLOCK = marketCalendar('24x7') ?? expect.fail();

type Written = { -readonly [K in keyof Bar]: Bar[K] | string };

const market = (seed: number): Columns =>
  generateMarket({ seed, stepMs: HOUR, startTime: START, startPrice: 30_000, tick: 0.01, bars: BARS });
const barsOfMarket = (seed: number): Written[] => barsOf(market(seed)).map((bar) => ({ ...bar }));

/** A file as people have it, with these rows. */
function check(bars: readonly Written[], now: number | null = null): QualityReport {
  const lines = bars.map(({ time, open, high, low, close, volume }) => [time, open, high, low, close, volume].join(','));
  const text = ['timestamp,open,high,low,close,volume', ...lines, ''].join('\n');
  return checkSeries(parseRawCandles('venue_BTC-USDT_1h.csv', Buffer.from(text)), { calendar: ROUND_THE_CLOCK, now });
}

const seeds = fc.integer({ min: 1, max: 1_000_000 });
/** Rows with enough bars around them. */
const rows = fc.integer({ min: 200, max: BARS - 200 });

test('a clean market has no findings, but for the guess about its last bar', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      expect(check(barsOfMarket(seed)).findings.filter(({ code }) => code !== 'partial-last')).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

const scaled = (bar: Written, factor: number): Written => ({
  ...bar,
  open: Number(bar.open) * factor,
  high: Number(bar.high) * factor,
  low: Number(bar.low) * factor,
  close: Number(bar.close) * factor,
});

/** What is done to the bars at a row, what is found, and on which line relative to the row's. */
const FAULTS: readonly (readonly [QualityCode, string, (bars: Written[], row: number) => void, number?])[] = [
  ['bad-number', 'a text in the place of a price', (bars, row) => void (bars[row]!.close = 'oops')],
  ['bad-number', 'an empty price', (bars, row) => void (bars[row]!.open = '')],
  ['not-finite', 'a NaN', (bars, row) => void (bars[row]!.high = 'NaN')],
  ['column-count', 'a field too many', (bars, row) => void (bars[row]!.volume = '1,2')],
  ['bad-price', 'a price of zero', (bars, row) => void (bars[row]!.low = 0)],
  ['bad-price', 'a price below zero', (bars, row) => void (bars[row]!.low = -5)],
  ['bad-volume', 'a volume below zero', (bars, row) => void (bars[row]!.volume = -1)],
  ['out-of-range', 'a volume beyond all bounds', (bars, row) => void (bars[row]!.volume = 1e21)],
  [
    'high-too-low',
    'a high below the close',
    (bars, row) => void (bars[row]!.high = Math.min(Number(bars[row]!.open), Number(bars[row]!.close)) - 0.01),
  ],
  [
    'low-too-high',
    'a low above the open',
    (bars, row) => void (bars[row]!.low = Math.max(Number(bars[row]!.open), Number(bars[row]!.close)) + 0.01),
  ],
  ['bad-time', 'a time that is none', (bars, row) => void (bars[row]!.time = 'noon')],
  ['time-unit', 'a time in seconds', (bars, row) => void (bars[row]!.time = Number(bars[row]!.time) / 1000)],
  ['duplicate-time', 'a bar twice', (bars, row) => void bars.splice(row, 0, { ...bars[row]! }), 1],
  ['time-back', 'two bars the wrong way round', (bars, row) => void bars.splice(row, 2, bars[row + 1]!, bars[row]!), 1],
  ['gaps', 'a bar that is missing', (bars, row) => void bars.splice(row, 1)],
  ['gaps', 'five bars that are missing', (bars, row) => void bars.splice(row, 5)],
  ['off-grid', 'a bar at ten past', (bars, row) => void (bars[row]!.time = Number(bars[row]!.time) + 600_000)],
  ['zero-volume', 'a volume of zero', (bars, row) => void (bars[row]!.volume = 0)],
  ['volume-outlier', 'a volume of two thousand bars', (bars, row) => void (bars[row]!.volume = Number(bars[row]!.volume) * 2000 + 1e6)],
  ['spike', 'a price that loses 40 % for one bar', (bars, row) => void (bars[row] = scaled(bars[row]!, 0.6))],
  [
    'spike',
    'a price ten times too high for two bars',
    (bars, row) => void bars.splice(row, 2, scaled(bars[row]!, 10), scaled(bars[row + 1]!, 10)),
  ],
  ['wick', 'a low at a tenth', (bars, row) => void (bars[row]!.low = Number(bars[row]!.low) / 10)],
  ['jump', 'a crash of 37 % that stays', (bars, row) => bars.splice(row, Infinity, ...bars.slice(row).map((bar) => scaled(bar, 0.63)))],
  [
    'split',
    'a split of 2 for 1',
    (bars, row) => bars.splice(row, Infinity, ...bars.slice(row).map((bar) => ({ ...scaled(bar, 1 / 2), volume: Number(bar.volume) * 2 }))),
  ],
  [
    'split',
    'a reverse split of 1 for 10',
    (bars, row) => bars.splice(row, Infinity, ...bars.slice(row).map((bar) => ({ ...scaled(bar, 10), volume: Number(bar.volume) / 10 }))),
  ],
  [
    'stale',
    'twenty bars that stand still',
    (bars, row) => {
      const { close } = bars[row - 1]!;
      for (let at = row; at < row + 20; at++) bars[at] = { ...bars[at]!, open: close, high: close, low: close, close, volume: 7 };
    },
  ],
];

describe('a planted fault is found at its place', () => {
  for (const [code, what, plant, offset = 0] of FAULTS)
    test(`${code}: ${what}`, () => {
      fc.assert(
        fc.property(seeds, rows, (seed, row) => {
          const bars = barsOfMarket(seed);
          plant(bars, row);
          const { findings } = check(bars);
          const found = findings.find((finding) => finding.code === code);
          expect(found?.places.map(({ line }) => line)).toContain(row + 2 + offset);
          expect(found?.count).toBe(code === 'zero-volume' ? bars.filter(({ volume }) => volume === 0).length : 1);
        }),
        { numRuns: 25 },
      );
    });
});

test('a file that runs backwards is one finding, and its bars are checked all the same', () => {
  const bars = barsOfMarket(7);
  bars[700] = scaled(bars[700]!, 0.5);
  const { findings } = check(bars.toReversed());
  expect(findings.map(({ code }) => code)).toEqual(['newest-first', 'spike']);
  expect(findings[1]?.places.map(({ line }) => line)).toEqual([BARS - 700 + 1]);
});

test('a bar that has not ended, and bars of tomorrow, are known with a clock', () => {
  const bars = barsOfMarket(7);
  const last = Number(bars.at(-1)!.time);
  expect(check(bars, last + HOUR / 2).findings.map(({ code }) => code)).toEqual(['partial-last']);
  expect(check(bars, last - 3 * HOUR).findings.map(({ code, severity }) => [code, severity])).toEqual([['future-time', 'error']]);
  expect(check(bars, last + HOUR).findings).toEqual([]);
});
