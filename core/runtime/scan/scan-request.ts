import type { Timeframe } from '#core/model/timeframe.ts';

/** What is looked for, and when. */
export interface ScanRequest {
  /** The moment, ms: what had closed by then is known. */
  readonly at: number;
  readonly timeframe: Timeframe;
  /** A market whose last bar closed longer before the moment is left out. */
  readonly staleMs: number;
  /** Conditions of the language, all of which must hold. */
  readonly filters: readonly string[];
  /** null = by name. */
  readonly rank: { readonly by: string; readonly isAscending: boolean } | null;
  /** How many are wanted; null = all. */
  readonly top: number | null;
  /** Expressions that are shown besides. */
  readonly shown: readonly string[];
}

/** All expressions, in the order in which they are computed: filters, rank, what is shown. */
export const expressionsOf = ({ filters, rank, shown }: Pick<ScanRequest, 'filters' | 'rank' | 'shown'>): readonly string[] => [
  ...filters,
  ...(rank === null ? [] : [rank.by]),
  ...shown,
];

/** What an expression is for. @param place among all */
export function roleOf({ filters, rank }: Pick<ScanRequest, 'filters' | 'rank'>, place: number): 'filter' | 'rank' | 'shown' {
  if (place < filters.length) return 'filter';
  return rank !== null && place === filters.length ? 'rank' : 'shown';
}
