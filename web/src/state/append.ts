/** Something with a place in time, ms since the epoch. */
interface Timed {
  readonly time: number;
}

/**
 * `items` with `added` (times rising) behind them: an equal time replaces the last item, an earlier one is dropped (a replayed
 * event). Beyond `limit` by a fifth the oldest go: not one by one, so that a chart can follow by appending.
 */
export function append<T extends Timed>(items: readonly T[], added: readonly T[], limit: number): readonly T[] {
  const joined = items.slice();
  for (const item of added) {
    const last = joined.at(-1);
    if (last === undefined || item.time > last.time) joined.push(item);
    else if (item.time === last.time) joined[joined.length - 1] = item;
  }
  return joined.length > limit * 1.2 ? joined.slice(-limit) : joined;
}

/** As `append`, but beyond `limit` by a fifth the older half keeps every second item: a curve keeps its beginning. */
export function appendThinned<T extends Timed>(items: readonly T[], added: readonly T[], limit: number): readonly T[] {
  const joined = append(items, added, Number.POSITIVE_INFINITY);
  if (joined.length <= limit * 1.2) return joined;
  const half = Math.floor(joined.length / 2);
  return joined.filter((_, index) => index >= half || index % 2 === 0);
}
