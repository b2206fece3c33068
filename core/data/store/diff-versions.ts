import type { RowDifference } from './series-store.ts';
import type { SeriesRows } from './series-rows.ts';

/** How many differences are shown; all are counted. */
const SHOWN = 20;

/** Counts what differs between rows, and keeps the first of it. */
export class RowComparison {
  added = 0;
  revised = 0;
  removed = 0;
  readonly first: RowDifference[] = [];

  /** Rows of one time each: a time in both with other values is a revised row. */
  bars(before: SeriesRows, after: SeriesRows): void {
    const names = namesOf(before, after);
    const [was, is] = [timesOf(before), timesOf(after)];
    let [i, j] = [0, 0];
    while (i < before.length || j < after.length) {
      const order = i >= before.length ? 1 : j >= after.length ? -1 : was[i]! - is[j]!;
      const [old, now] = [order <= 0 ? i++ : null, order >= 0 ? j++ : null];
      if (old !== null && now !== null && names.every((name) => Object.is(at(before, name, old), at(after, name, now)))) continue;
      this.#note(old === null ? null : rowOf(before, names, old), now === null ? null : rowOf(after, names, now));
    }
  }

  /** Trades: the same id with other values is a revised one; those without an id are the same when all of their values are. */
  trades(before: SeriesRows, after: SeriesRows): void {
    const names = namesOf(before, after);
    const keyOf = (rows: SeriesRows, row: number): string => {
      const id = at(rows, 'id', row);
      return Number.isNaN(id) ? names.map((name) => at(rows, name, row)).join(' ') : `id ${id} ${at(rows, 'time', row)}`;
    };
    const open = new Map<string, number[]>();
    for (let row = 0; row < before.length; row++) {
      const key = keyOf(before, row);
      const rows = open.get(key);
      if (rows === undefined) open.set(key, [row]);
      else rows.push(row);
    }
    const found: [Readonly<Record<string, number>> | null, Readonly<Record<string, number>> | null][] = [];
    for (let row = 0; row < after.length; row++) {
      const old = open.get(keyOf(after, row))?.shift();
      if (old !== undefined && names.every((name) => Object.is(at(before, name, old), at(after, name, row)))) continue;
      found.push([old === undefined ? null : rowOf(before, names, old), rowOf(after, names, row)]);
    }
    for (const rows of open.values()) for (const row of rows) found.push([rowOf(before, names, row), null]);
    found.sort(([a, b], [c, d]) => (a ?? b)!['time']! - (c ?? d)!['time']!);
    for (const [old, now] of found) this.#note(old, now);
  }

  #note(before: Readonly<Record<string, number>> | null, after: Readonly<Record<string, number>> | null): void {
    if (before === null) this.added++;
    else if (after === null) this.removed++;
    else this.revised++;
    if (this.first.length < SHOWN) this.first.push({ time: (before ?? after)!['time']!, before, after });
  }
}

const timesOf = ({ columns }: SeriesRows): Float64Array => columns['time'] ?? new Float64Array(0);
const at = ({ columns }: SeriesRows, name: string, row: number): number => columns[name]?.[row] ?? NaN;
/** In the order in which people read them. */
const READING_ORDER = ['time', 'open', 'high', 'low', 'close', 'volume', 'price', 'qty', 'side', 'id'];
const namesOf = (a: SeriesRows, b: SeriesRows): readonly string[] => {
  const all = new Set([...Object.keys(a.columns), ...Object.keys(b.columns)]);
  return [...READING_ORDER.filter((name) => all.delete(name)), ...all];
};
const rowOf = (rows: SeriesRows, names: readonly string[], row: number): Readonly<Record<string, number>> =>
  Object.fromEntries(names.map((name) => [name, at(rows, name, row)]));
