import type { MarketBar } from '#core/model/bar.ts';
import type { MarketColumn } from '#core/model/chart-column.ts';

/** What a feed is made of, as a journal keeps it: an account goes on with the same feed only. */
export type FeedDescription =
  | {
      readonly kind: 'sim';
      readonly seed: number;
      /** What makes it another market than the seed alone, as text; absent when nothing does. */
      readonly variant?: string;
    }
  | { readonly kind: 'replay'; readonly file: string; readonly sha256: string }
  /** Bars of a venue as they closed; `from`: open of the first, ms. */
  | { readonly kind: 'live'; readonly venue: string; readonly from: number };

/** Something about its bars that somebody should know. */
export interface FeedNews {
  readonly level: 'info' | 'warning' | 'error';
  readonly text: string;
}

/** Closed candles of one market by index: "the next bar" after a restart is exact, whatever happened in between. */
export interface BarFeedPort {
  readonly description: FeedDescription;
  /** As the strategy names it. */
  readonly market: string;
  /** `1h`. */
  readonly timeframe: string;
  readonly stepMs: number;
  /** Bars in all; Infinity when the market never ends. */
  readonly rows: number;
  /** Made by a generator: said wherever the result shows. */
  readonly isSynthetic: boolean;
  readonly warnings: readonly string[];
  /** Of the columns that were wished for, those that its bars have; left out: none. */
  readonly columns?: readonly MarketColumn[];
  /** Bar `index` without waiting; null when there are no more, or it is not known yet. Bars are asked for in order; going back is allowed and may cost time. */
  readonly bar: (index: number) => MarketBar | null;
  /**
   * Of a feed whose bars are not all there yet. Resolves when bar `index` is, or when it is known that it opens after `openMs`; or when the signal aborts. Left out: all bars
   * are there.
   * @throws StratError when there will be no more bars
   */
  readonly known?: (index: number, openMs: number, signal: AbortSignal) => Promise<void>;
  /** Why no bars come now, in words; null while they do. Left out: nothing can keep them from it. */
  readonly trouble?: () => string | null;
  /** Tells news from now on; the function returned ends it. Left out: there are none. */
  readonly onNews?: (listener: (news: FeedNews) => void) => () => void;
  /**
   * Resolves when bar `index` is due: at once for bars below `history`, later ones at the feed's pace. Every strategy on the
   * market sees a bar at the same time. Resolves early when the signal aborts.
   * @param history bars that count as past for who asks: warm-up and what a restart has to catch up with
   */
  readonly due: (index: number, history: number, signal: AbortSignal) => Promise<void>;
}
