import type { Market } from '#core/model/market.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import type { SeriesKind } from '../store/series-key.ts';
import type { QuoteSide } from './import-request.ts';

/** What name and place of a file say of it. Null = nothing. */
export interface SaidOfFile {
  /** Who writes such names, for people; null = nobody known. */
  readonly by: string | null;
  readonly venue: string | null;
  readonly market: Market | null;
  /** Base and quote are written together there, and were told apart by known currencies. */
  readonly isSplit: boolean;
  /** Why the market is not known although the name has it, with the option that would say it. */
  readonly unsure: string | null;
  readonly timeframe: Timeframe | null;
  readonly kind: SeriesKind | null;
  /** Of times that do not say theirs; `ask` = they are of a clock that only the user knows. */
  readonly zone: string | null;
  /** Names of the columns where there is no header. */
  readonly columns: readonly string[] | null;
  readonly price: QuoteSide | null;
  /** Prices are written as so many times themselves. */
  readonly priceScale: number;
  /** Midnight from which times count, on the clocks of the market. */
  readonly dayMs: number | null;
}

export const NOTHING_KNOWN: SaidOfFile = {
  by: null,
  venue: null,
  market: null,
  isSplit: false,
  unsure: null,
  timeframe: null,
  kind: null,
  zone: null,
  columns: null,
  price: null,
  priceScale: 1,
  dayMs: null,
};
