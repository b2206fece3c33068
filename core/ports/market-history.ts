/** Bars that a venue keeps: of trades, of the mark price, of the index. */
export type BarKind = 'candles' | 'mark' | 'index';

/** What a venue says that it can. What is missing here is not asked for. */
export interface HistoryCan {
  readonly candles: boolean;
  readonly mark: boolean;
  readonly index: boolean;
  readonly funding: boolean;
  readonly trades: boolean;
  /** Names as strat writes them: `1m`, `1h`, `1mo`. */
  readonly timeframes: readonly string[];
  /** Trades are numbered without holes, and can be asked for by number. */
  readonly tradesByNumber: boolean;
  /** Trades of the past are given from a time or a trade backwards. */
  readonly tradesBackwards: boolean;
}

/** Something that a venue trades. */
export interface VenueInstrument {
  /** As strategies write it: `BTC/USDT:USDT`. */
  readonly market: string;
  /** False: it is not traded now, or any more; null: the venue does not say. */
  readonly isActive: boolean | null;
  /** Filters, fees, sizes: numbers, texts, booleans and null by name. */
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;
}

/** An answer. Its rows are as the venue gave them: nothing of them was checked, whatever their type may be. */
export interface VenuePage<T> {
  readonly rows: readonly T[];
  /** Where a venue looks at a stretch of time from where it is asked on: its length, ms. An empty answer then says nothing about what is behind it. */
  readonly spanMs: number;
  /** Most rows that an answer has. */
  readonly limit: number;
}

/** `time open high low close volume` */
export type UncheckedBar = readonly unknown[];

export interface UncheckedFunding {
  readonly market: unknown;
  readonly time: unknown;
  readonly rate: unknown;
}

export interface UncheckedTrade {
  readonly market: unknown;
  readonly time: unknown;
  readonly price: unknown;
  /** Base units. */
  readonly qty: unknown;
  /** `buy` and `sell` are of the taker. */
  readonly side: unknown;
  readonly id: unknown;
}

/**
 * Which trades: from a time (ms) on, or behind a trade of this number; backwards those before a time or a number; or those that came last. Of each the nearest ones,
 * as many as an answer has.
 */
export type TradesFrom =
  | { readonly since: number }
  | { readonly afterId: number }
  | { readonly beforeMs: number }
  | { readonly beforeId: number }
  | { readonly newest: true };

/**
 * The past of the markets of one venue. Each call is one request, or a few; it keeps to the venue's budget of requests, which all callers share, and
 * never tries again by itself. All reject with VenueFault, and at once when their signal aborts.
 */
export interface MarketHistoryPort {
  readonly venue: string;
  readonly can: HistoryCan;
  /** First pause before something is tried again, ms. */
  readonly retryMs: number;
  /** The venue's time in ms since the epoch, unchecked; null where it has no clock to ask. */
  readonly time: (signal: AbortSignal) => Promise<unknown>;
  /** All that the venue trades, by name. */
  readonly instruments: (signal: AbortSignal) => Promise<ReadonlyMap<string, VenueInstrument>>;
  /** Bars that open at `sinceMs` or later, the oldest first if the venue can. @param most fewer than an answer has */
  readonly bars: (
    kind: BarKind,
    market: string,
    timeframe: string,
    sinceMs: number,
    signal: AbortSignal,
    most?: number,
  ) => Promise<VenuePage<UncheckedBar>>;
  /** Rates of `[sinceMs, untilMs)`. Of more than an answer has some venues give the last ones, all the first ones or the last ones. */
  readonly funding: (market: string, sinceMs: number, untilMs: number | null, signal: AbortSignal) => Promise<VenuePage<UncheckedFunding>>;
  readonly trades: (market: string, from: TradesFrom, signal: AbortSignal) => Promise<VenuePage<UncheckedTrade>>;
  readonly close: () => Promise<void>;
}
