import type { MarketColumn } from './chart-column.ts';

/** One closed candle. Prices in quote per base, volume in base units, time = open of the bar in ms since the epoch (UTC). */
export interface Bar {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** A candle and what the data of its market hold besides, NaN where they are silent about the bar; what they do not have at all is left out. */
export interface MarketBar extends Bar {
  readonly further?: Readonly<Partial<Record<MarketColumn, number>>>;
}
