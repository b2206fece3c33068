import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeRows } from './merge-rows.ts';
import { mergeTrades } from './merge-trades.ts';
import type { SeriesRows } from './series-rows.ts';

type Row = Readonly<Record<string, number>>;

const rowsOf = (list: readonly Row[], names: readonly string[]): SeriesRows => ({
  length: list.length,
  columns: Object.fromEntries(names.map((name) => [name, Float64Array.from(list, (row) => row[name] ?? NaN)])),
});
const listOf = ({ length, columns }: SeriesRows): Row[] =>
  Array.from({ length }, (_, at) => Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column[at]!])));

const value = fc.constantFrom(1, 2, NaN);
const bars = (names: readonly string[]): fc.Arbitrary<Row[]> =>
  fc
    .uniqueArray(fc.record({ time: fc.integer({ min: 0, max: 12 }), ...Object.fromEntries(names.map((name) => [name, value])) }), {
      selector: (row) => row['time'],
      maxLength: 10,
    })
    .map((list) => (list as Row[]).toSorted((a, b) => a['time']! - b['time']!));

test('bars join as entries of a map do', () => {
  const some = fc.subarray(['close', 'volume', 'spread'], { minLength: 1 });
  const pair = fc.tuple(some, some).chain(([a, b]) => fc.record({ a: fc.constant(a), b: fc.constant(b), old: bars(a), fresh: bars(b) }));
  fc.assert(
    fc.property(pair, ({ a, b, old, fresh }) => {
      const names = ['time', ...new Set([...a, ...b])];
      const map = new Map(old.map((row) => [row['time']!, row]));
      let [added, revised] = [0, 0];
      for (const row of fresh) {
        const was = map.get(row['time']!);
        if (was === undefined) added++;
        const isSame =
          was === undefined ||
          names.every(
            (name) => Object.is(was[name] ?? NaN, row[name] ?? NaN) || Number.isNaN(was[name] ?? NaN) || Number.isNaN(row[name] ?? NaN),
          );
        const is = Object.fromEntries(
          names.map((name) => [name, Number.isNaN(row[name] ?? NaN) && isSame ? (was?.[name] ?? NaN) : (row[name] ?? NaN)]),
        );
        if (was !== undefined && names.some((name) => !Object.is(was[name] ?? NaN, is[name]))) revised++;
        map.set(row['time']!, is);
      }
      const merged = mergeRows(rowsOf(old, ['time', ...a]), rowsOf(fresh, ['time', ...b]));
      const expected = [...map.values()].toSorted((x, y) => x['time']! - y['time']!);
      // A column that is not there says as much as one of NaN.
      expect(listOf(rowsOf(listOf(merged.rows), names))).toEqual(listOf(rowsOf(expected, names)));
      expect({ added: merged.added, revised: merged.revised, unchanged: merged.unchanged }).toEqual({
        added,
        revised,
        unchanged: fresh.length - added - revised,
      });
    }),
  );
});

const TRADE = ['time', 'price', 'qty', 'side', 'id'];
const trade = (id: fc.Arbitrary<number>): fc.Arbitrary<Row> =>
  fc.record({
    time: fc.integer({ min: 0, max: 4 }),
    price: fc.constantFrom(1, 2),
    qty: fc.constantFrom(1, 2),
    side: fc.constantFrom(1, -1),
    id,
  });
const inTime = (list: readonly Row[]): Row[] => list.toSorted((a, b) => a['time']! - b['time']!);

test('trades with an id are a map by id', () => {
  // An id belongs to one moment.
  const some = fc
    .uniqueArray(trade(fc.integer({ min: 0, max: 20 })), { selector: (row) => row['id'], maxLength: 12 })
    .map((list) => inTime(list.map((row) => ({ ...row, time: row['id']! % 4 }))));
  fc.assert(
    fc.property(some, some, (old, fresh) => {
      const map = new Map([...old, ...fresh].map((row) => [row['id']!, row]));
      const merged = mergeTrades(mergeTrades(rowsOf([], TRADE), rowsOf(old, TRADE)).rows, rowsOf(fresh, TRADE));
      const expected = [...map.values()].toSorted((a, b) => a['time']! - b['time']! || a['id']! - b['id']!);
      expect(listOf(merged.rows)).toEqual(expected);
    }),
  );
});

test('trades without an id occur as often as in the source that has more of them', () => {
  const some = fc.array(trade(fc.constant(NaN)), { maxLength: 12 }).map(inTime);
  const counts = (list: readonly Row[]): Map<string, number> => {
    const map = new Map<string, number>();
    for (const row of list) {
      const key = TRADE.map((name) => row[name]).join(' ');
      map.set(key, (map.get(key) ?? 0) + 1);
    }
    return map;
  };
  fc.assert(
    fc.property(some, some, (old, fresh) => {
      const [a, b] = [counts(old), counts(fresh)];
      const expected = new Map([...new Set([...a.keys(), ...b.keys()])].map((key) => [key, Math.max(a.get(key) ?? 0, b.get(key) ?? 0)]));
      const merged = mergeTrades(rowsOf(old, TRADE), rowsOf(fresh, TRADE));
      const list = listOf(merged.rows);
      expect(counts(list)).toEqual(expected);
      expect(list).toEqual(inTime(list));
      // Those that were there stay in their order.
      expect(mergeTrades(merged.rows, rowsOf(fresh, TRADE))).toMatchObject({
        rows: merged.rows,
        added: 0,
        revised: 0,
        unchanged: fresh.length,
      });
    }),
  );
});

test('a trade that becomes known by its id is not doubled', () => {
  const known = rowsOf([{ time: 1, price: 5, qty: 2, side: 1, id: NaN }], TRADE);
  const named = rowsOf([{ time: 1, price: 5, qty: 2, side: 1, id: 77 }], TRADE);
  expect(mergeTrades(known, named)).toMatchObject({ added: 0, revised: 1, rows: named });
  expect(mergeTrades(named, known)).toMatchObject({ added: 0, unchanged: 1, rows: named });
  const twice = rowsOf(
    [
      { time: 1, price: 5, qty: 2, side: 1, id: 77 },
      { time: 1, price: 6, qty: 2, side: 1, id: 77 },
    ],
    TRADE,
  );
  expect(listOf(mergeTrades(rowsOf([], TRADE), twice).rows)).toEqual([{ time: 1, price: 6, qty: 2, side: 1, id: 77 }]);
});
