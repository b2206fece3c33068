import { StratError } from '#core/errors/strat-error.ts';
import { type SeriesKey, type StoredKind, seriesName } from './series-key.ts';

/**
 * Rows of a series as columns of equal length, oldest first. `time` is ms since the epoch, UTC: of bars when they open. Whatever is not known is NaN.
 *
 * - candles, bars, live, mark, index: `time open high low close volume`, and `quote_volume`, ... where known; times are whole ms and rise strictly
 * - funding: `time rate`; times are whole ms and rise strictly
 * - trades: `time price qty side id`; side 1 = the taker bought, -1 = sold, 0 = not known; id NaN = not known; several may have one time (to the microsecond),
 *   in the order in which they happened
 */
export interface SeriesRows {
  readonly length: number;
  readonly columns: Readonly<Record<string, Float64Array>>;
}

/** Columns that rows of a kind must have, and those that reading always gives (NaN where not known). */
const COLUMNS: Readonly<Record<StoredKind, { readonly needed: readonly string[]; readonly given: readonly string[] }>> = {
  candles: { needed: ['time', 'open', 'high', 'low', 'close'], given: ['time', 'open', 'high', 'low', 'close', 'volume'] },
  bars: { needed: ['time', 'open', 'high', 'low', 'close'], given: ['time', 'open', 'high', 'low', 'close', 'volume'] },
  live: { needed: ['time', 'open', 'high', 'low', 'close'], given: ['time', 'open', 'high', 'low', 'close', 'volume'] },
  mark: { needed: ['time', 'open', 'high', 'low', 'close'], given: ['time', 'open', 'high', 'low', 'close'] },
  index: { needed: ['time', 'open', 'high', 'low', 'close'], given: ['time', 'open', 'high', 'low', 'close'] },
  funding: { needed: ['time', 'rate'], given: ['time', 'rate'] },
  trades: { needed: ['time', 'price', 'qty'], given: ['time', 'price', 'qty', 'side', 'id'] },
};
const COLUMN_NAME = /^[a-z][a-z0-9_]{0,62}$/;
const MAX_COLUMNS = 64;
/** 9999-12-31, the last day that texts of four digits can say; and year 1. */
const LAST_MS = 253_402_300_799_999;
const FIRST_MS = -62_135_596_800_000;

/** Columns that a read of this kind gives whatever is stored. */
export const givenColumns = (kind: StoredKind): readonly string[] => COLUMNS[kind].given;

/**
 * A copy of the rows in the form that is stored: NaN and zero have one form each, times of trades are whole microseconds.
 * @throws StratError STORE_ROWS
 */
export function checkedRows(key: SeriesKey, { length, columns }: SeriesRows): SeriesRows {
  const refuse = (reason: string): StratError => new StratError('STORE_ROWS', { series: seriesName(key), reason });
  const names = Object.keys(columns);
  const missing = COLUMNS[key.kind].needed.find((name) => !names.includes(name));
  if (missing !== undefined) throw refuse(`the column "${missing}" is missing (found ${names.join(', ') || 'none'})`);
  const odd = names.find((name) => !COLUMN_NAME.test(name));
  if (odd !== undefined) throw refuse(`"${odd}" is no name of a column: small letters, digits and _ make one`);
  if (names.length > MAX_COLUMNS) throw refuse(`${names.length} columns, at most ${MAX_COLUMNS} are taken`);
  const checked: Record<string, Float64Array> = {};
  for (const name of names) {
    const column = columns[name]!;
    if (column.length !== length) throw refuse(`the column "${name}" has ${column.length} values, the rows are ${length}`);
    checked[name] = name === 'time' ? checkedTimes(key.kind, column, refuse) : canonical(column);
  }
  return { length, columns: checked };
}

function checkedTimes(kind: StoredKind, given: Float64Array, refuse: (reason: string) => StratError): Float64Array {
  const isTrades = kind === 'trades';
  const time = new Float64Array(given.length);
  let last = -Infinity;
  for (let row = 0; row < given.length; row++) {
    const found = given[row]!;
    if (!(found >= FIRST_MS && found <= LAST_MS)) throw refuse(`row ${row} has the time ${found}, which is none in ms since 1970`);
    if (!isTrades && !Number.isInteger(found)) throw refuse(`row ${row} has the time ${found}; it is a whole number of ms`);
    // Addition makes the negative zero the one zero.
    const at = (isTrades ? Math.round(found * 1000) / 1000 : found) + 0;
    if (isTrades ? at < last : at <= last) throw refuse(`row ${row} has the time ${found} after ${last}; rows go from old to new`);
    time[row] = at;
    last = at;
  }
  return time;
}

/** Equal values have equal bytes: one NaN, one zero. */
function canonical(column: Float64Array): Float64Array {
  const copy = new Float64Array(column.length);
  for (let row = 0; row < column.length; row++) {
    const value = column[row]!;
    copy[row] = Number.isNaN(value) ? NaN : value + 0;
  }
  return copy;
}

/** Rows `[from, to)`, sharing their memory. */
export function sliceRows({ columns }: SeriesRows, from: number, to: number): SeriesRows {
  const cut = Object.entries(columns).map(([name, column]) => [name, column.subarray(from, to)] as const);
  return { length: to - from, columns: Object.fromEntries(cut) };
}

/** The first row at or after a time; `length` when there is none. */
export function rowAtOrAfter(time: Float64Array, at: number): number {
  let low = 0;
  let high = time.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (time[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
