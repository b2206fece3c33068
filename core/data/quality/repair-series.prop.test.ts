import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bar } from '#core/model/bar.ts';
import { barsOf } from '#core/model/columns.ts';
import { marketCalendar } from '../calendar/market-calendar.ts';
import { generateMarket } from '../market-generator.ts';
import type { RepairName } from './quality-rules.ts';
import { parseRawCandles, type RawSeries, readRawCandles } from './raw-series.ts';
import { repairNames, repairSeries } from './repair-series.ts';

const HOUR = 3_600_000;
const BARS = 700;
const ROUND_THE_CLOCK = marketCalendar('24x7')!;
const NEW_YORK = marketCalendar('xnys')!;

type Written = Record<keyof Bar, number | string>;

const clean = (seed: number): Bar[] =>
  barsOf(generateMarket({ seed, stepMs: HOUR, startTime: Date.UTC(2024, 0, 1), startPrice: 30_000, tick: 0.01, bars: BARS }));
function raw(bars: readonly Written[] | readonly Bar[]): RawSeries {
  const lines = bars.map(({ time, open, high, low, close, volume }) => [time, open, high, low, close, volume].join(','));
  return parseRawCandles('venue_BTC-USDT_1h.csv', Buffer.from(['timestamp,open,high,low,close,volume', ...lines].join('\n')));
}
const repair = (bars: readonly Written[] | readonly Bar[], ...names: readonly RepairName[]) => {
  const { columns, changes } = repairSeries(raw(bars), names, ROUND_THE_CLOCK);
  return { bars: barsOf(columns), changes };
};
const times = (bar: Bar, factor: number): Bar => ({
  ...bar,
  open: bar.open * factor,
  high: bar.high * factor,
  low: bar.low * factor,
  close: bar.close * factor,
});

const seeds = fc.integer({ min: 1, max: 1_000_000 });
const rows = fc.integer({ min: 200, max: BARS - 200 });
const forAll = (check: (seed: number, row: number) => void): void => fc.assert(fc.property(seeds, rows, check), { numRuns: 30 });

describe('a repair takes back what was done to the bars', () => {
  test('all of them leave a clean market as it is', () => {
    forAll((seed) => {
      const bars = clean(seed).slice(0, -1);
      // Whether a last bar is whole is a guess.
      const names = repairNames().filter((name) => name !== 'drop-partial');
      expect(repair(bars, ...names)).toEqual({ bars, changes: [] });
    });
  });

  test('sort, drop-duplicates: bars in any order, some of them twice', () => {
    fc.assert(
      fc.property(seeds, fc.array(fc.nat(BARS - 1), { maxLength: 20 }), fc.infiniteStream(fc.nat()), (seed, again, places) => {
        const bars = clean(seed);
        const mixed = [...bars];
        for (const row of again) mixed.splice(places.next().value % mixed.length, 0, bars[row]!);
        mixed.sort((a, b) => ((a.time / HOUR) % 7) - ((b.time / HOUR) % 7));
        const { bars: found, changes } = repair(mixed, 'drop-duplicates', 'sort');
        expect(found).toEqual(bars);
        expect(changes.filter(({ repair: name }) => name === 'drop-duplicates')).toHaveLength(again.length);
      }),
      { numRuns: 30 },
    );
  });

  test('drop-bad-rows leaves out the row alone, and says which line it was', () => {
    forAll((seed, row) => {
      const bars = clean(seed);
      const rest = bars.toSpliced(row, 1);
      for (const bad of [{ close: 'x' }, { time: 'noon' }, { low: -1 }, { volume: -2 }]) {
        const { bars: found, changes } = repair(bars.with(row, { ...bars[row]!, ...bad } as Bar), 'drop-bad-rows');
        expect(found).toEqual(rest);
        // A low that is none makes a row that is there; a text makes one that is not.
        expect(new Set(changes.map(({ line }) => line))).toEqual(new Set([row + 2]));
      }
    });
  });

  test('fix-high-low changes the high and the low alone', () => {
    forAll((seed, row) => {
      const bars = clean(seed);
      const bar = bars[row]!;
      const { bars: found, changes } = repair(bars.with(row, { ...bar, high: bar.low / 2, low: bar.high * 2 }), 'fix-high-low');
      const body = [bar.open, bar.close];
      expect(found[row]).toEqual({ ...bar, high: Math.max(bar.low / 2, ...body), low: Math.min(bar.high * 2, ...body) });
      expect(changes.map(({ line, after }) => [line, after])).toEqual([[row + 2, found[row]]]);
    });
  });

  test('drop-spikes, drop-off-grid: the bars are gone, the others as they were', () => {
    forAll((seed, row) => {
      const bars = clean(seed);
      expect(repair(bars.with(row, times(bars[row]!, 0.5)), 'drop-spikes').bars).toEqual(bars.toSpliced(row, 1));
      const late = bars.with(row, { ...bars[row]!, time: bars[row]!.time + 60_000 });
      expect(repair(late, 'drop-off-grid').bars).toEqual(bars.toSpliced(row, 1));
    });
  });

  test('adjust-split: prices before it are divided, volumes multiplied, turnover stays', () => {
    forAll((seed, row) => {
      const bars = clean(seed);
      const split = bars.map((bar, at) => (at < row ? bar : { ...times(bar, 1 / 4), volume: bar.volume * 4 }));
      const { bars: found, changes } = repair(split, 'adjust-split');
      expect(found).toEqual(bars.map((bar) => ({ ...times(bar, 1 / 4), volume: bar.volume * 4 })));
      expect(changes.map(({ line }) => line)).toEqual([row + 2]);
    });
  });

  test('fill-flat puts as many bars as are missing, at the close before', () => {
    fc.assert(
      fc.property(seeds, rows, fc.integer({ min: 1, max: 50 }), (seed, row, count) => {
        const bars = clean(seed);
        const { close } = bars[row - 1]!;
        const flat = bars.map((bar, at) =>
          at >= row && at < row + count ? { time: bar.time, open: close, high: close, low: close, close, volume: 0 } : bar,
        );
        expect(repair(bars.toSpliced(row, count), 'fill-flat').bars).toEqual(flat);
      }),
      { numRuns: 30 },
    );
  });

  test('fill-flat and drop-outside keep to the hours of the market', () => {
    const hours = clean(4);
    const { columns } = repairSeries(raw(hours), ['drop-outside'], NEW_YORK);
    // 2024-01-02 to 01-29 has 20 weekdays, of which one is Martin Luther King's day.
    expect(new Set(Array.from(columns.time, (time) => new Date(time).toISOString().slice(0, 10))).size).toBe(19);
    const thin = barsOf(columns).filter((_, at) => at % 3 !== 1 || at > 130);
    const filled = repairSeries(raw(thin), ['fill-flat'], NEW_YORK);
    expect([...filled.columns.time]).toEqual([...columns.time]);
  });
});

const DATA = join(import.meta.dirname, '../../../../shared/data/candles');
test.skipIf(!existsSync(DATA))('adjust-split finds the ratios of LEAN for AAPL (../shared/data/candles/factor_files)', () => {
  const series = readRawCandles(join(DATA, 'us_AAPL-USD_1d.csv.gz'));
  const { columns } = repairSeries(series, ['adjust-split'], NEW_YORK);
  // Lines `date,price factor,split factor,...`: a factor is that of all days up to its date.
  const factors = readFileSync(join(DATA, 'factor_files/aapl.csv'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  for (const [row, time] of columns.time.entries()) {
    const date = new Date(time).toISOString().slice(0, 10).replaceAll('-', '');
    const factor = Number(factors.find(([last]) => last! >= date)![2]);
    expect(columns.close[row]! / series.columns.close[row]!).toBeCloseTo(factor, 6);
  }
});
