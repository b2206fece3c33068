import type { Columns } from '#core/model/columns.ts';
import { medianOf } from './robust-scale.ts';

/** Rows of one time in two series. */
export type RowPair = readonly [number, number];

/** Bars of a series that repeat one price while the other one moves. */
export interface StuckRun {
  /** The first that repeats it. */
  readonly row: number;
  readonly bars: number;
  /** How far apart the highest and the lowest close of the other are meanwhile, as a share. */
  readonly moved: number;
}

const LEAST_BARS = 5;
/** A move of so many usual moves of a bar: who did not trade meanwhile did not see the market. */
const LEAST_MOVES = 8;

/** @param side of the pairs that `own` is: 0 or 1 */
export function stuckRuns(own: Columns, other: Columns, pairs: readonly RowPair[], side: 0 | 1): readonly StuckRun[] {
  const rowOf = (at: number): number => pairs[at]![side];
  const otherOf = (at: number): number => other.close[pairs[at]![1 - side]!]!;
  const moves = new Float64Array(Math.max(0, pairs.length - 1));
  for (let at = 1; at < pairs.length; at++) moves[at - 1] = Math.abs(Math.log(otherOf(at) / otherOf(at - 1)));
  const usual = medianOf(moves.filter((move) => move > 0));
  const isFlat = (at: number): boolean => {
    const row = rowOf(at);
    const price = own.close[row]!;
    return own.open[row] === price && own.high[row] === price && own.low[row] === price && own.close[rowOf(at - 1)] === price;
  };
  const runs: StuckRun[] = [];
  for (let at = 1; at < pairs.length; at++) {
    if (!isFlat(at)) continue;
    const first = at;
    let [low, high] = [otherOf(at - 1), otherOf(at - 1)];
    for (; at < pairs.length && isFlat(at); at++) {
      low = Math.min(low, otherOf(at));
      high = Math.max(high, otherOf(at));
    }
    if (at - first >= LEAST_BARS && Math.log(high / low) > LEAST_MOVES * usual)
      runs.push({ row: rowOf(first), bars: at - first, moved: high / low - 1 });
  }
  return runs;
}

const LEAST_PAIRS = 50;
/** Prices nearer to 1 tell nothing: the unit of the quote currency is about that of the base. */
const LEAST_PRICE = 20;
/** Venues differ in size by themselves. */
const MOST_SIZE = 8;

/** Which of two series seems to count its volumes in the quote currency: they are larger by about the price. Null where neither does, or the price is too near to 1 to tell. */
export function volumeUnit(
  a: Columns,
  b: Columns,
  pairs: readonly RowPair[],
): { readonly isOther: boolean; readonly times: number } | null {
  const both = pairs.filter(([x, y]) => a.volume[x]! > 0 && b.volume[y]! > 0);
  if (both.length < LEAST_PAIRS) return null;
  const ratio = medianOf(Float64Array.from(both, ([x, y]) => Math.log(b.volume[y]! / a.volume[x]!)));
  const price = medianOf(Float64Array.from(both, ([x]) => Math.log(a.close[x]!)));
  if (Math.abs(price) < Math.log(LEAST_PRICE)) return null;
  for (const [isOther, found] of [
    [true, ratio],
    [false, -ratio],
  ] as const)
    if (Math.abs(found - price) < Math.log(MOST_SIZE)) return { isOther, times: Math.exp(found) };
  return null;
}
