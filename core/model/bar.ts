/** One closed candle. Prices in quote per base, volume in base units, time = open of the bar in ms since the epoch (UTC). */
export interface Bar {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}
