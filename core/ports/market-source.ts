import type { MarketBar } from '#core/model/bar.ts';

/** What a generated market is made of; equal options give equal bars on every machine. */
export interface GeneratedMarketOptions {
  /** Whole number from 0 to 2^53 - 1. */
  readonly seed: number;
  /** Another market of the same seed, by name; left out: the market of the seed. */
  readonly market?: string;
  /** `15m`, `1h`, `1d`. */
  readonly timeframe: string;
  readonly startPrice: number;
  /** Smallest step of prices. */
  readonly tick: number;
  /** Standard deviation of a year's return, 0.6 = 60 %. */
  readonly yearlyVolatility: number;
  /** Share of bars that are missing, 0 to 0.5. */
  readonly missingRate: number;
  /** With a `funding_rate` on its bars, as a perpetual has one; the candles are the same without. */
  readonly isFunded?: boolean;
}

/** A market that never ends; it says nothing about real ones. */
export interface GeneratedMarket {
  readonly stepMs: number;
  readonly next: () => MarketBar;
  /** Passes over so many bars; the same as calling `next` as often. */
  readonly skip: (bars: number) => void;
}

export interface MarketSourcePort {
  /** @throws StratError USAGE when an option is out of its range, DATA_MISSING when the timeframe is none */
  readonly generate: (options: GeneratedMarketOptions) => GeneratedMarket;
}
