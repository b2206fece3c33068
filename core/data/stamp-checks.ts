import { weekdayOf } from '#core/model/civil-date.ts';
import type { Columns } from '#core/model/columns.ts';
import type { Timeframe } from '#core/model/timeframe.ts';

const DAY_MS = 86_400_000;
/** More bars would say the same. */
const MOST_BARS = 20_000;
/** Fewer pairs of bars say nothing. */
const LEAST_PAIRS = 100;
/** Bars by which times may be wrong: one for open and close, some for hours of zones. */
const MOST_LAG = 14;
/** Markets that move together do so in the same bar: one of another bar with this correlation, and so much more than that of the same, is no accident. */
const LEAST_CORRELATION = 0.35;
const LEAST_MORE = 0.25;

/** Log returns of bars that follow each other without a gap, by their time. */
function returnsOf({ time, close }: Columns, { stepMs }: Timeframe): ReadonlyMap<number, number> {
  const returns = new Map<number, number>();
  for (let bar = Math.max(1, time.length - MOST_BARS); bar < time.length; bar++)
    if (barsApart(time, bar) === stepMs) returns.set(time[bar]!, Math.log(close[bar]! / close[bar - 1]!));
  return returns;
}

const barsApart = (time: Float64Array, bar: number): number => time[bar]! - time[bar - 1]!;

/** Pearson's correlation; 0 where it has no value. */
function correlation(pairs: readonly (readonly [number, number])[]): number {
  const count = pairs.length;
  const [meanX, meanY] = [0, 1].map((side) => pairs.reduce((sum, pair) => sum + pair[side as 0 | 1], 0) / count) as [number, number];
  let [xy, xx, yy] = [0, 0, 0];
  for (const [x, y] of pairs) {
    xy += (x - meanX) * (y - meanY);
    xx += (x - meanX) ** 2;
    yy += (y - meanY) ** 2;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
}

/** Correlation of the returns of bars of one time; null where too few are in both. */
export function returnCorrelation(one: Columns, other: Columns, timeframe: Timeframe): number | null {
  const [first, second] = [returnsOf(one, timeframe), returnsOf(other, timeframe)];
  const pairs = [...first].flatMap(([time, value]) => (second.has(time) ? [[value, second.get(time)!] as const] : []));
  return pairs.length < LEAST_PAIRS ? null : correlation(pairs);
}

/**
 * By how many bars the times of `other` are later than those of `one` for what seems to be the same moment: markets that move together tell it. 0 = they do so
 * in the same bar, or do not move together. Above 0 a strategy on `one` sees `other` late; below, before it happens.
 */
export function stampShift(one: Columns, other: Columns, timeframe: Timeframe): number {
  const [first, second] = [returnsOf(one, timeframe), returnsOf(other, timeframe)];
  const at = (lag: number): number => {
    const pairs = [...first].flatMap(([time, value]) => {
      const found = second.get(time + lag * timeframe.stepMs);
      return found === undefined ? [] : [[value, found] as const];
    });
    return pairs.length < LEAST_PAIRS ? 0 : correlation(pairs);
  };
  const same = at(0);
  let [best, most] = [0, Math.max(same + LEAST_MORE, LEAST_CORRELATION)];
  for (let lag = 1; lag <= MOST_LAG; lag++)
    for (const shift of [lag, -lag]) {
      const found = at(shift);
      if (found > most) [best, most] = [shift, found];
    }
  return best;
}

/**
 * Days by which the dates of a market of five days a week seem late: 1 where its weeks are Tuesday to Saturday (each day carries the time of its close), -1
 * where they are Sunday to Thursday; 0 in all other cases.
 */
export function weekShift({ time }: Columns, { stepMs }: Timeframe): number {
  if (stepMs !== DAY_MS || time.length < LEAST_PAIRS) return 0;
  const counts = new Float64Array(8);
  for (const at of time) counts[weekdayOf(Math.floor(at / DAY_MS))]! += 1;
  const usual = time.length / 5;
  const isDay = (weekday: number): boolean => counts[weekday]! > usual / 2;
  const days = [1, 2, 3, 4, 5, 6, 7].filter(isDay).join('');
  return days === '23456' ? 1 : days === '12347' ? -1 : 0;
}
