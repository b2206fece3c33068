import type { StudyKind } from '#dsl/study.ts';
import { type DataSource, isoTime } from '../backtest-document.ts';
import { documentValue } from '../series/eval-document.ts';
import { roleOf, type ScanRequest } from './scan-request.ts';
import type { Scan, ScannedMarket } from './scan-markets.ts';

/** What `strat scan` gives (docs/scan.md). */
export interface ScanDocument {
  readonly schema: 'strat.scan/1';
  /** The moment: what had closed by then was known. */
  readonly at: string;
  readonly timeframe: string;
  readonly filters: readonly string[];
  readonly rank: { readonly by: string; readonly order: 'descending' | 'ascending' } | null;
  readonly top: number | null;
  /** What `values` are. */
  readonly columns: readonly ScanColumn[];
  readonly counts: Readonly<Record<'markets' | 'found' | MarketState, number>>;
  /** The best first. */
  readonly markets: readonly FoundMarket[];
  readonly others: readonly OtherMarket[];
  readonly warnings: readonly string[];
}

export interface ScanColumn {
  readonly label: string;
  readonly role: 'filter' | 'rank' | 'shown';
  readonly kind: StudyKind;
  readonly currency: string | null;
}

export type ScanValue = number | boolean | string | null;

export interface FoundMarket {
  /** 1 = the first. */
  readonly rank: number;
  readonly venue: string | null;
  readonly market: string;
  /** When the bar that the values are of opened. */
  readonly bar: string;
  readonly values: readonly ScanValue[];
  readonly data: DataSource;
}

/** Behind the top; a filter does not hold; its rank is not known; too little is known of it. */
export type MarketState = 'beyond' | 'filtered' | 'unranked' | 'leftOut';

export interface OtherMarket {
  readonly venue: string | null;
  readonly market: string;
  readonly state: MarketState;
  /** Of those beyond the top. */
  readonly rank?: number;
  readonly reason: string;
  /** Of those that were computed. */
  readonly values?: readonly ScanValue[];
}

/** What was found, in order, and why all else was not: as members of a universe are chosen (core/engine/trading/universe-choice.ts). */
export function scanDocument(request: ScanRequest, { scanned, leftOut, results, warnings }: Scan): ScanDocument {
  const { at, timeframe, filters, rank, top } = request;
  const scores = new Map(scanned.map((one) => [one, rank === null ? 0 : one.values[filters.length]!]));
  const byName = scanned.toSorted((a, b) => compareNames(nameOf(a), nameOf(b)));
  const passed = byName.filter(({ failed }) => failed === null);
  const ranked = passed
    .filter((one) => !Number.isNaN(scores.get(one)))
    .toSorted((a, b) => {
      const difference = scores.get(a)! - scores.get(b)!;
      // Infinities are equal to themselves, and have no difference.
      if (scores.get(a) === scores.get(b)) return 0;
      return rank?.isAscending === true ? difference : -difference;
    });
  const found = ranked.slice(0, top ?? Infinity);
  const valuesOf = ({ values }: ScannedMarket): readonly ScanValue[] => values.map((value, place) => documentValue(results[place]!, value));
  const others: OtherMarket[] = [
    ...ranked.slice(found.length).map((one, place): OtherMarket => {
      const { venue, market } = one;
      return {
        venue,
        market,
        state: 'beyond',
        rank: found.length + place + 1,
        reason: `not among the first ${top}`,
        values: valuesOf(one),
      };
    }),
    ...byName
      .filter(({ failed }) => failed !== null)
      .map((one): OtherMarket => {
        const { venue, market, failed } = one;
        const isUnknown = Number.isNaN(one.values[failed!]);
        const reason = `${filters[failed!]}${isUnknown ? ' is not known' : ' does not hold'}`;
        return { venue, market, state: 'filtered', reason, values: valuesOf(one) };
      }),
    ...passed
      .filter((one) => Number.isNaN(scores.get(one)))
      .map((one): OtherMarket => {
        const { venue, market } = one;
        return { venue, market, state: 'unranked', reason: `${rank!.by} is not known`, values: valuesOf(one) };
      }),
    ...leftOut.toSorted((a, b) => compareNames(nameOf(a), nameOf(b))).map((one): OtherMarket => ({ ...one, state: 'leftOut' })),
  ];
  const count = (state: MarketState): number => others.filter((one) => one.state === state).length;
  return {
    schema: 'strat.scan/1',
    at: isoTime(at),
    timeframe: timeframe.name,
    filters,
    rank: rank === null ? null : { by: rank.by, order: rank.isAscending ? 'ascending' : 'descending' },
    top,
    // Filters and the rank have one result each.
    columns: results.map(({ label, kind, currency }, place) => ({ label, role: roleOf(request, place), kind, currency })),
    counts: {
      markets: found.length + others.length,
      found: found.length,
      beyond: count('beyond'),
      filtered: count('filtered'),
      unranked: count('unranked'),
      leftOut: count('leftOut'),
    },
    markets: found.map((one, place) => {
      const { venue, market, barTime, source } = one;
      return { rank: place + 1, venue, market, bar: isoTime(barTime), values: valuesOf(one), data: source };
    }),
    others,
    warnings,
  };
}

/** `binance:BTC/USDT`. */
export const nameOf = ({ venue, market }: { readonly venue: string | null; readonly market: string }): string =>
  venue === null ? market : `${venue}:${market}`;

const compareNames = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
