import type { Columns } from '#core/model/columns.ts';

/** Bars at the times of others. */
export interface AlignedColumns {
  /** NaN where there is no bar. */
  readonly columns: Columns;
  readonly missing: number;
  /** Index of the first one that is missing; -1 = none is. */
  readonly firstMissing: number;
}

/** The bars at the times of others. */
export function alignedTo({ time }: Pick<Columns, 'time'>, given: Columns): AlignedColumns {
  const places = new Map(Array.from(given.time, (at, place) => [at, place]));
  const from = Array.from(time, (at) => places.get(at) ?? -1);
  const picked = (values: Float64Array): Float64Array => Float64Array.from(from, (place) => (place < 0 ? Number.NaN : values[place]!));
  const { open, high, low, close, volume } = given;
  return {
    columns: { time, open: picked(open), high: picked(high), low: picked(low), close: picked(close), volume: picked(volume) },
    missing: from.filter((place) => place < 0).length,
    firstMissing: from.indexOf(-1),
  };
}
