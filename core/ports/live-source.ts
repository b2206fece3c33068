import type { BarFeedPort } from './bar-feed.ts';
import type { VenueHistories } from './exchange.ts';

/** Live bars that somebody wants. */
export interface LiveBarsWish {
  readonly venue: string;
  /** As the strategy names it: `BTC/USDT`. */
  readonly market: string;
  /** `1m`. */
  readonly timeframe: string;
  /** Bars are made of trades, ten seconds behind their end at the earliest; else they are the venue's candles. */
  readonly isOfTrades: boolean;
  /** So long behind its end a bar counts as final, ms by the venue's clock. */
  readonly latenessMs: number;
  /** Open of the first bar that is wanted, ms: that of an account which goes on. Null: one begins. */
  readonly from: number | null;
  /** Bars of the past that come before the first live one, where one begins. */
  readonly warmUpBars: number;
}

/** Live bars of venues as a plugin gets at them: polled through histories, recorded in the data store, without a hole behind those of the past. */
export interface LiveSourcePort {
  /**
   * Where an account begins, its past is brought first; one that goes on begins with what was recorded, whether the venue answers or not.
   * @param histories of the plugin
   * @throws StratError DATA_MISSING when the venue has no such bars, or does not answer where one begins
   */
  readonly open: (histories: VenueHistories, wish: LiveBarsWish) => Promise<BarFeedPort>;
}
