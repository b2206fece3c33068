import type { MarketKind } from '#core/data/market-generator.ts';

/** A generated market, the one of `strat backtest --synthetic`. */
export interface SyntheticChoice {
  readonly source: 'synthetic';
  readonly seed: number;
  readonly bars: number;
  readonly kind: MarketKind;
  /** `1h`; null = that of the strategy. */
  readonly timeframe: string | null;
}

/** Candles of a file that the user gave. */
export interface CandleChoice {
  readonly source: 'candles';
  /** Name of the file, which may tell market and timeframe. */
  readonly name: string;
  /** The text, unpacked. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly timeframe: string | null;
}

/** One run of the playground. Everything in it can be sent to a worker. */
export interface PlaygroundRequest {
  /** The strategy. */
  readonly text: string;
  /** Its name in messages: `my.strat`. */
  readonly file: string;
  /** Params as `--set` takes them, by name. */
  readonly set: ReadonlyMap<string, string>;
  readonly market: SyntheticChoice | CandleChoice;
}

/** As many bars as are made, run and drawn while one waits. */
export const MOST_BARS = 200_000;
/** Of a file of candles, unpacked: about half a million bars. */
export const MOST_CANDLE_BYTES = 32 * 1024 * 1024;
