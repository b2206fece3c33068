import type { Bar } from './bar.ts';

/**
 * Candles as parallel columns, oldest first; every column has the same length.
 * Backed by fixed-length SharedArrayBuffers where they cross into an isolate (growable or Float32 columns cost 25-200 %).
 */
export interface Columns {
  /** Open time of the bar, ms since the epoch (UTC), strictly increasing. */
  readonly time: Float64Array;
  /** Prices in quote per base; finite and above zero. */
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  /** Traded amount in base units; finite, zero or more. */
  readonly volume: Float64Array;
}

export type ColumnName = keyof Columns;

/** The order in which emitted code receives the columns. */
export const COLUMN_NAMES = ['time', 'open', 'high', 'low', 'close', 'volume'] as const satisfies readonly ColumnName[];

/** Zeroed memory that isolates and threads can share. A browser page without isolation of origins has none: there it is memory of its own. */
export function sharedDoubles(length: number): Float64Array {
  if (typeof SharedArrayBuffer === 'undefined') return new Float64Array(length);
  return new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
}

/** Allocates zeroed columns for `rows` bars in shared memory. */
export function sharedColumns(rows: number): Columns {
  const column = (): Float64Array => sharedDoubles(rows);
  return { time: column(), open: column(), high: column(), low: column(), close: column(), volume: column() };
}

/** A row of the columns. */
export function barAt({ time, open, high, low, close, volume }: Columns, index: number): Bar {
  return {
    time: time[index]!,
    open: open[index]!,
    high: high[index]!,
    low: low[index]!,
    close: close[index]!,
    volume: volume[index]!,
  };
}

/** All rows of the columns. */
export const barsOf = (columns: Columns): Bar[] => Array.from(columns.time, (_, index) => barAt(columns, index));

/** Rows `[from, to)` of the columns, sharing their memory. */
export function sliceColumns(columns: Columns, from: number, to: number): Columns {
  return {
    time: columns.time.subarray(from, to),
    open: columns.open.subarray(from, to),
    high: columns.high.subarray(from, to),
    low: columns.low.subarray(from, to),
    close: columns.close.subarray(from, to),
    volume: columns.volume.subarray(from, to),
  };
}

/** The columns as a list in COLUMN_NAMES order, the columns that a strategy reads besides them behind. */
export function columnList(columns: Columns, further: readonly Float64Array[] = []): Float64Array[] {
  return [...COLUMN_NAMES.map((name) => columns[name]), ...further];
}
