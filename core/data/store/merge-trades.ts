import type { Merged } from './merge-rows.ts';
import type { SeriesRows } from './series-rows.ts';

type Trade = Record<string, number>;
interface Counts {
  added: number;
  revised: number;
  unchanged: number;
}

/**
 * Trades of both: the same by id; where one of two has none, by price, quantity and side, each standing for one of the other. Of one moment those known before
 * come first, unless all have an id, which orders them then.
 * @param old both in canonical form
 */
export function mergeTrades(old: SeriesRows, fresh: SeriesRows): Merged {
  const names = [...new Set([...Object.keys(old.columns), ...Object.keys(fresh.columns)])];
  const out = names.map(() => new Float64Array(old.length + fresh.length));
  const count: Counts = { added: 0, revised: 0, unchanged: 0 };
  let at = 0;
  const put = (trade: Trade): void => {
    for (const [place, name] of names.entries()) out[place]![at] = trade[name]!;
    at++;
  };
  const copy = (rows: SeriesRows, from: number, to: number): void => {
    for (const [place, name] of names.entries()) {
      const column = rows.columns[name];
      if (column === undefined) out[place]!.fill(NaN, at, at + to - from);
      else out[place]!.set(column.subarray(from, to), at);
    }
    at += to - from;
  };
  const [oldTime, freshTime] = [old.columns['time']!, fresh.columns['time']!];
  let [i, j] = [0, 0];
  while (i < old.length || j < fresh.length) {
    const [was, is] = [oldTime[i] ?? Infinity, freshTime[j] ?? Infinity];
    const [iEnd, jEnd] = [was <= is ? momentEnd(oldTime, i) : i, is <= was ? momentEnd(freshTime, j) : j];
    if (iEnd === i || jEnd === j) {
      const before = at;
      if (iEnd > i) copy(old, i, iEnd);
      else if (jEnd === j + 1) copy(fresh, j, jEnd);
      else for (const trade of ordered(distinct(tradesOf(fresh, j, jEnd, names)))) put(trade);
      if (iEnd === i) count.added += at - before;
    } else {
      const said = distinct(tradesOf(fresh, j, jEnd, names));
      for (const trade of ordered(join(tradesOf(old, i, iEnd, names), said, names, count))) put(trade);
    }
    [i, j] = [iEnd, jEnd];
  }
  const columns = Object.fromEntries(names.map((name, place) => [name, out[place]!.subarray(0, at)]));
  const { added, revised, unchanged } = count;
  return { rows: { length: at, columns }, added, revised, unchanged, removed: 0 };
}

function momentEnd(time: Float64Array, from: number): number {
  let end = from + 1;
  while (end < time.length && time[end] === time[from]) end++;
  return end;
}

function tradesOf({ columns }: SeriesRows, from: number, to: number, names: readonly string[]): Trade[] {
  return Array.from({ length: to - from }, (_, row) => Object.fromEntries(names.map((name) => [name, columns[name]?.[from + row] ?? NaN])));
}

const idOf = (trade: Trade): number => trade['id'] ?? NaN;

/** Of trades with one id the last. */
function distinct(trades: readonly Trade[]): Trade[] {
  const places = new Map<number, number>();
  const all: Trade[] = [];
  for (const trade of trades) {
    const place = Number.isNaN(idOf(trade)) ? undefined : places.get(idOf(trade));
    if (place === undefined) {
      places.set(idOf(trade), all.length);
      all.push(trade);
    } else all[place] = trade;
  }
  return all;
}

/** By id when all have one; else as they are. */
function ordered(trades: Trade[]): Trade[] {
  if (trades.some((trade) => Number.isNaN(idOf(trade)))) return trades;
  return trades.sort((a, b) => idOf(a) - idOf(b));
}

/** Trades of one moment. */
function join(old: readonly Trade[], fresh: readonly Trade[], names: readonly string[], count: Counts): Trade[] {
  const all: Trade[] = [...old];
  const places = new Map<string, number[]>();
  const keep = (key: string, place: number): void => {
    const list = places.get(key);
    if (list === undefined) places.set(key, [place]);
    else list.push(place);
  };
  const looks = (trade: Trade): string => `${trade['price']} ${trade['qty']} ${trade['side'] ?? NaN}`;
  for (const [place, trade] of old.entries()) {
    keep(`id ${idOf(trade)}`, place);
    keep(looks(trade), place);
  }
  const isTaken = old.map(() => false);
  const find = (key: string, fits: (trade: Trade) => boolean): number | undefined => {
    const place = places.get(key)?.find((candidate) => !isTaken[candidate] && fits(all[candidate]!));
    if (place !== undefined) isTaken[place] = true;
    return place;
  };
  for (const trade of fresh) {
    const hasId = !Number.isNaN(idOf(trade));
    const same = hasId ? find(`id ${idOf(trade)}`, () => true) : undefined;
    const place = same ?? find(looks(trade), (other) => !hasId || Number.isNaN(idOf(other)));
    if (place === undefined) {
      all.push(trade);
      count.added++;
      continue;
    }
    const before = all[place]!;
    const after = Object.fromEntries(names.map((name) => [name, Number.isNaN(trade[name]!) ? before[name]! : trade[name]!]));
    all[place] = after;
    if (names.every((name) => Object.is(before[name], after[name]))) count.unchanged++;
    else count.revised++;
  }
  return all;
}
