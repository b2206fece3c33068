import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Columns, sliceColumns } from '#core/model/columns.ts';
import { lastClosedRows } from './align-bars.ts';
import { combineVenues, type CombineRule } from './combine-venues.ts';

type Row = readonly [number, number, number, number, number, number];

const columnsOf = (rows: readonly Row[]): Columns => {
  const of = (place: number): Float64Array => Float64Array.from(rows, (row) => row[place]!);
  return { time: of(0), open: of(1), high: of(2), low: of(3), close: of(4), volume: of(5) };
};

const price = fc.integer({ min: 1, max: 10_000 }).map((cents) => cents / 100);
const bar = fc.record({
  time: fc.integer({ min: 0, max: 30 }),
  a: price,
  b: price,
  c: price,
  d: price,
  volume: fc.constantFrom(0, 1, 2.5, 40, NaN),
});
const venue = fc
  .uniqueArray(bar, { selector: ({ time }) => time, maxLength: 25 })
  .map((bars) =>
    columnsOf(
      bars
        .toSorted((one, two) => one.time - two.time)
        .map(({ time, a, b, c, d, volume }) => [time * 60_000, a, Math.max(a, b, c, d), Math.min(a, b, c, d), d, volume] as const),
    ),
  );
const venues = fc.array(venue, { minLength: 1, maxLength: 5 });
const rule = fc.constantFrom<CombineRule>('first', 'median', 'vwap');
const limit = fc.constantFrom(Infinity, 0.01, 0.5);
const PRICES = ['open', 'high', 'low', 'close'] as const;

describe('a combined series', () => {
  test('has a bar at each time of a venue, in order, and each is one', () => {
    fc.assert(
      fc.property(venues, rule, limit, (all, how, most) => {
        const { columns } = combineVenues(all, how, most);
        expect([...columns.time]).toEqual([...new Set(all.flatMap(({ time }) => [...time]))].toSorted((a, b) => a - b));
        for (let at = 0; at < columns.time.length; at++) {
          expect(columns.high[at]).toBeGreaterThanOrEqual(Math.max(columns.open[at]!, columns.close[at]!));
          expect(columns.low[at]).toBeLessThanOrEqual(Math.min(columns.open[at]!, columns.close[at]!));
          for (const name of PRICES) {
            const there = all.flatMap((one) =>
              [...one.time.keys()].filter((row) => one.time[row] === columns.time[at]).map((row) => one[name][row]!),
            );
            expect(columns[name][at]).toBeGreaterThanOrEqual(Math.min(...there) * (1 - 1e-12));
            expect(columns[name][at]).toBeLessThanOrEqual(Math.max(...there) * (1 + 1e-12));
          }
        }
      }),
    );
  });

  test('knows nothing of bars that come later', () => {
    fc.assert(
      fc.property(venues, rule, limit, fc.integer({ min: 0, max: 31 }), (all, how, most, minute) => {
        const end = minute * 60_000;
        const before = (columns: Columns): Columns => sliceColumns(columns, 0, columns.time.filter((time) => time < end).length);
        expect(combineVenues(all.map(before), how, most).columns).toEqual(copy(before(combineVenues(all, how, most).columns)));
      }),
    );
  });

  test('by its definition, written apart', () => {
    fc.assert(
      fc.property(venues, (all) => {
        const first = combineVenues(all, 'first').columns;
        const weighted = combineVenues(all, 'vwap').columns;
        for (const [at, time] of first.time.entries()) {
          const rows = all.flatMap((one) => [...one.time.keys()].filter((row) => one.time[row] === time).map((row) => ({ one, row })));
          expect(first.close[at]).toBe(rows[0]!.one.close[rows[0]!.row]);
          const known = rows.map(({ one, row }) => one.volume[row]!).map((volume) => (Number.isNaN(volume) ? 0 : volume));
          const sum = known.reduce((total, volume) => total + volume, 0);
          const mean =
            sum === 0
              ? rows.reduce((total, { one, row }) => total + one.close[row]!, 0) / rows.length
              : rows.reduce((total, { one, row }, place) => total + one.close[row]! * known[place]!, 0) / sum;
          expect(weighted.close[at]).toBeCloseTo(mean, 9);
          const isKnown = rows.some(({ one, row }) => !Number.isNaN(one.volume[row]!));
          expect(weighted.volume[at]).toBe(isKnown ? sum : NaN);
        }
      }),
    );
  });

  test('does not depend on the order of venues, but for the first', () => {
    fc.assert(
      fc.property(venues, limit, (all, most) => {
        const [one, other] = [all, all.toReversed()].map((list) => combineVenues(list, 'median', most).columns);
        for (const name of PRICES) expect([...one![name]]).toEqual([...other![name]]);
      }),
    );
  });
});

test('a venue that is far off is left out where two others say so, and only there', () => {
  const at = (close: number, ...times: readonly number[]): Columns =>
    columnsOf(times.map((time) => [time, close, close, close, close, 1] as const));
  const { columns, parts } = combineVenues([at(130, 0, 1, 2), at(100, 0, 1), at(101, 0)], 'vwap', 0.02);
  expect([...columns.close]).toEqual([100.5, 115, 130]);
  expect(parts).toEqual([
    { bars: 3, used: 2, leftOut: 1, missing: 0 },
    { bars: 2, used: 2, leftOut: 0, missing: 0 },
    { bars: 1, used: 1, leftOut: 0, missing: 0 },
  ]);
});

test('of each bar the last one of another series that had closed, and no older than is allowed: as a search through all says', () => {
  const times = fc
    .uniqueArray(fc.integer({ min: 0, max: 200 }), { maxLength: 30 })
    .map((list) => Float64Array.from(list.toSorted((a, b) => a - b)));
  fc.assert(
    fc.property(times, times, fc.integer({ min: 0, max: 60 }), (closes, others, age) => {
      const sought = [...closes].map((close) => [...others].findLastIndex((other) => other <= close && close - other <= age));
      expect([...lastClosedRows(closes, others, age)]).toEqual(sought);
    }),
  );
});

const copy = ({ time, open, high, low, close, volume }: Columns): Columns => ({
  time: time.slice(),
  open: open.slice(),
  high: high.slice(),
  low: low.slice(),
  close: close.slice(),
  volume: volume.slice(),
});
