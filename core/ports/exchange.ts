import type { MarketColumn } from '#core/model/chart-column.ts';
import type { BarFeedPort } from './bar-feed.ts';
import type { MarketHistoryPort } from './market-history.ts';

/** What a venue can do; the contract suite runs exactly the cases that match, a lie fails it. */
export interface ExchangeCan {
  /** Gives candles as they close. */
  readonly bars: boolean;
  /** Takes orders. Feeds do not: paper fills are the engine's. */
  readonly orders: boolean;
}

/** What somebody wants the bars of a market for. */
export interface FeedWish {
  /** Columns that the strategy reads besides candles; a venue that knows them puts them on its bars. */
  readonly columns: readonly MarketColumn[];
  /** The market is read beside another one that is traded. */
  readonly isBeside: boolean;
  /** Open of the first bar, ms, of an account that goes on; null or left out: one begins. Of feeds whose first bar depends on when one begins. */
  readonly from?: number | null;
  /** Bars of the past that it needs before it may order; left out: none. */
  readonly warmUpBars?: number;
}

/** What gives the past of markets, of one venue or of many. */
export interface VenueHistories {
  /** Ids of all venues. */
  readonly venues: () => readonly string[];
  /**
   * Nothing is asked of the venue yet.
   * @param markets names of markets that it will be asked for
   * @returns null when there is no such venue
   */
  readonly open: (venue: string, markets: readonly string[]) => Promise<MarketHistoryPort | null>;
}

/** A venue, or something that stands in for one. */
export interface ExchangePort {
  readonly can: ExchangeCan;
  /**
   * Opens the candles of a market.
   * @param market as the strategy names it: `BTC/USDT`
   * @param timeframe `15m`, `1h`, `1d`
   * @param wish left out: candles, to be traded
   * @throws StratError DATA_MISSING when the venue does not have it
   */
  readonly openFeed: (market: string, timeframe: string, signal: AbortSignal, wish?: FeedWish) => Promise<BarFeedPort>;
  /** Left out: it has no past to ask for. */
  readonly histories?: VenueHistories;
}
