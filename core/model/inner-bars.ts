import { sharedDoubles } from './columns.ts';

/**
 * What the traded bars are made of: bars of a shorter timeframe, or trades, or quotes. They tell in which order things happened inside. Plain doubles in
 * columns; in shared memory where they cross into an isolate. A column that is not there has no values.
 */
export interface InnerBars {
  /** Of each traded bar the index behind its last inner one: those of bar i are [ends[i - 1], ends[i]). Equal to the one before: it has none. */
  readonly ends: Float64Array;
  /** Open times, ms, oldest first. */
  readonly time: Float64Array;
  /** Of trades and quotes the price: these have no `high`, `low` and `close`. */
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  /** Traded base units. */
  readonly volume: Float64Array;
  /** Of quotes what buys meet; `open` is the bid then. */
  readonly ask: Float64Array;
  /** Of quotes, of each traded bar: how much higher buys are met in it where nothing tells of its inside. */
  readonly spread: Float64Array;
}

/** The order in which the columns go from hand to hand. */
export const INNER_COLUMNS = [
  'ends',
  'time',
  'open',
  'high',
  'low',
  'close',
  'volume',
  'ask',
  'spread',
] as const satisfies readonly (keyof InnerBars)[];

export const noColumn = (): Float64Array => sharedDoubles(0);

/** The columns as a list in INNER_COLUMNS order. */
export const innerList = (inner: InnerBars): Float64Array[] => INNER_COLUMNS.map((name) => inner[name]);

/** The columns of a list in INNER_COLUMNS order; those at its end may be missing. */
export function innerOf(list: readonly Float64Array[]): InnerBars {
  const named = INNER_COLUMNS.map((name, place) => [name, list[place] ?? noColumn()] as const);
  return Object.fromEntries(named) as unknown as InnerBars;
}

/** Index of the first inner bar of a traded one; it has inner bars when this is below `ends[index]`. */
export const firstInner = ({ ends }: InnerBars, index: number): number => (index === 0 ? 0 : ends[index - 1]!);
