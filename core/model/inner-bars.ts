/**
 * Bars of a shorter timeframe that make up those that are traded: they tell in which order things happened inside. Plain doubles in columns; in
 * shared memory where they cross into an isolate.
 */
export interface InnerBars {
  /** Of each traded bar the index behind its last inner one: those of bar i are [ends[i - 1], ends[i]). Equal to the one before: it has none. */
  readonly ends: Float64Array;
  /** Open times, ms, prices and traded base units of the inner bars, oldest first. */
  readonly time: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/** The order in which the columns go from hand to hand. */
export const INNER_COLUMNS = ['ends', 'time', 'open', 'high', 'low', 'close', 'volume'] as const satisfies readonly (keyof InnerBars)[];

/** The columns as a list in INNER_COLUMNS order. */
export const innerList = (inner: InnerBars): Float64Array[] => INNER_COLUMNS.map((name) => inner[name]);

/** The columns of a list in INNER_COLUMNS order. */
export function innerOf(list: readonly Float64Array[]): InnerBars {
  const [ends, ...columns] = list as [Float64Array, ...Float64Array[]];
  const [time, open, high, low, close, volume] = columns as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return { ends, time, open, high, low, close, volume };
}

/** Index of the first inner bar of a traded one; it has inner bars when this is below `ends[index]`. */
export const firstInner = ({ ends }: InnerBars, index: number): number => (index === 0 ? 0 : ends[index - 1]!);
