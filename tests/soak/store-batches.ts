import type { SeriesKey } from '#core/data/store/series-key.ts';
import type { SeriesRows } from '#core/data/store/series-rows.ts';

export const SERIES: SeriesKey = { venue: 'binance', market: 'BTC/USDT', kind: 'candles', timeframe: '1h' };
const HOUR_MS = 3_600_000;
/** The rows lie around the end of a year, so that most batches touch two blocks. */
const FIRST_MS = Date.UTC(2023, 11, 20);
const PLACES = 600;
const MOST = 60;

/** A row for a place in time. */
export const timeAt = (place: number): number => FIRST_MS + place * HOUR_MS;

/** Places and values of the batch of a number: a stretch of time that the number decides. */
function stretchOf(batch: number): { readonly from: number; readonly to: number } {
  // Knuth's multiplicative hash: spread out, and the same in every process.
  const mixed = Math.imul(batch + 1, 2_654_435_761) >>> 0;
  const from = mixed % (PLACES - MOST);
  return { from, to: from + 1 + ((mixed >>> 16) % MOST) };
}

/**
 * The rows of a batch.
 * @param isRevising its rows carry its number, so that it revises what is there; else rows of one time are equal in all batches
 */
export function batchRows(batch: number, isRevising: boolean): SeriesRows {
  const { from, to } = stretchOf(batch);
  const column = (add: number): Float64Array => Float64Array.from({ length: to - from }, (_, at) => (isRevising ? batch : from + at) + add);
  const time = Float64Array.from({ length: to - from }, (_, at) => timeAt(from + at));
  return {
    length: to - from,
    columns: { time, open: column(0.5), high: column(1), low: column(0.25), close: column(0.75), volume: column(0) },
  };
}

/** What the series holds after batches `0` to `count`, not included: time to the number that its row carries. */
export function revisedBy(count: number): ReadonlyMap<number, number> {
  const map = new Map<number, number>();
  for (let batch = 0; batch < count; batch++) {
    const { from, to } = stretchOf(batch);
    for (let place = from; place < to; place++) map.set(timeAt(place), batch);
  }
  return new Map([...map].toSorted(([a], [b]) => a - b));
}

/** Rows as `revisedBy` has them. */
export const volumesOf = ({ columns }: SeriesRows): ReadonlyMap<number, number> =>
  new Map(Array.from(columns['time']!, (time, row) => [time, columns['volume']![row]!]));
