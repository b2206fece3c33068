/** What the values of a result are like over some bars. */
export interface SeriesSummary {
  /** Bars on which it is na. */
  readonly na: number;
  /** Of the finite values; null where there is none. */
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  /** Bars on which the value is 1: how often a condition is true. */
  readonly ones: number;
}

/** Over the bars [from, to). */
export function summaryOf(values: Float64Array, from: number, to: number): SeriesSummary {
  let [na, count, sum, ones] = [0, 0, 0, 0];
  let [min, max] = [Infinity, -Infinity];
  for (let index = from; index < to; index++) {
    const value = values[index]!;
    if (Number.isNaN(value)) na += 1;
    if (value === 1) ones += 1;
    if (!Number.isFinite(value)) continue;
    count += 1;
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return count === 0 ? { na, min: null, max: null, mean: null, ones } : { na, min, max, mean: sum / count, ones };
}
