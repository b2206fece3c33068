import type { RowChange } from './series-store.ts';
import type { SeriesRows } from './series-rows.ts';

export interface Merged extends RowChange {
  readonly rows: SeriesRows;
  readonly unchanged: number;
}

type ColumnMap = Readonly<Record<string, Float64Array>>;
/** NaN in the place of a column that rows do not have. */
const NOTHING = new Float64Array(0);

/**
 * Rows of one time each: the new one wins. What it does not know (NaN) stays as long as nothing of what both know differs.
 * @param old both in canonical form
 */
export function mergeRows(old: SeriesRows, fresh: SeriesRows): Merged {
  const [first, last] = [fresh.columns['time']![0] ?? Infinity, fresh.columns['time']!.at(-1) ?? -Infinity];
  // The usual case: rows behind those that are there, or none there.
  if (first > (old.columns['time']!.at(-1) ?? -Infinity)) return apart(old, fresh, fresh.length);
  if (last < old.columns['time']![0]!) return apart(fresh, old, fresh.length);
  const names = [...new Set([...Object.keys(old.columns), ...Object.keys(fresh.columns)])];
  const from = { old: inOrder(old.columns, names), fresh: inOrder(fresh.columns, names) };
  const most = old.length + fresh.length;
  const out = names.map(() => new Float64Array(most));
  const [oldTime, freshTime] = [old.columns['time']!, fresh.columns['time']!];
  let [at, i, j, added, revised, unchanged] = [0, 0, 0, 0, 0, 0];
  while (i < old.length || j < fresh.length) {
    const order = i >= old.length ? 1 : j >= fresh.length ? -1 : oldTime[i]! - freshTime[j]!;
    if (order < 0) {
      copyRow(from.old, i++, out, at++);
    } else if (order > 0) {
      copyRow(from.fresh, j++, out, at++);
      added++;
    } else {
      if (joinRow(from.old, i++, from.fresh, j++, out, at++)) revised++;
      else unchanged++;
    }
  }
  const columns = Object.fromEntries(names.map((name, place) => [name, out[place]!.subarray(0, at)]));
  return { rows: { length: at, columns }, added, revised, unchanged, removed: 0 };
}

/** Rows one behind the other. */
function apart(before: SeriesRows, after: SeriesRows, added: number): Merged {
  const count = { added, revised: 0, unchanged: 0, removed: 0 };
  if (before.length === 0) return { rows: after, ...count };
  if (after.length === 0) return { rows: before, ...count };
  const length = before.length + after.length;
  const names = [...new Set([...Object.keys(before.columns), ...Object.keys(after.columns)])];
  const columns = names.map((name) => {
    const column = new Float64Array(length).fill(NaN);
    column.set(before.columns[name] ?? NOTHING);
    column.set(after.columns[name] ?? NOTHING, before.length);
    return [name, column] as const;
  });
  return { rows: { length, columns: Object.fromEntries(columns) }, ...count };
}

const inOrder = (columns: ColumnMap, names: readonly string[]): readonly Float64Array[] => names.map((name) => columns[name] ?? NOTHING);

function copyRow(from: readonly Float64Array[], row: number, to: readonly Float64Array[], at: number): void {
  for (let place = 0; place < to.length; place++) to[place]![at] = from[place]![row] ?? NaN;
}

/** Writes the row of one time that both have; true when it differs from the old one. */
function joinRow(
  old: readonly Float64Array[],
  i: number,
  fresh: readonly Float64Array[],
  j: number,
  out: readonly Float64Array[],
  at: number,
): boolean {
  let isSame = true;
  let isFuller = false;
  for (let place = 0; place < out.length; place++) {
    const was = old[place]![i] ?? NaN;
    const is = fresh[place]![j] ?? NaN;
    out[place]![at] = Number.isNaN(is) ? was : is;
    if (was === is || Number.isNaN(is)) continue;
    if (Number.isNaN(was)) isFuller = true;
    else isSame = false;
  }
  if (!isSame) copyRow(fresh, j, out, at);
  return !isSame || isFuller;
}
