import type { MarketColumn } from '#core/model/chart-column.ts';
import type { Columns } from '#core/model/columns.ts';
import type { FeedWish } from './exchange.ts';

/** Checked candles of one market on one timeframe. */
export interface CandleSeries {
  /** As asked for. */
  readonly market: string;
  readonly timeframe: string;
  /** Oldest first; a copy of its own for who asked. */
  readonly columns: Columns;
  /** What the file has of the columns asked for, a value a bar; NaN where it is silent. */
  readonly further: ReadonlyMap<MarketColumn, Float64Array>;
  /** The file as it was named. */
  readonly file: string;
  /** Of the file's bytes, hexadecimal. */
  readonly sha256: string;
  readonly warnings: readonly string[];
}

/** Candle files as a plugin gets at them: found by market, checked and brought to the wanted timeframe. */
export interface CandleSourcePort {
  /**
   * @param files each `PATH` or `MARKET=PATH`; a relative path starts at the folder of the config
   * @param wish as it was given to `openFeed`; of a market that is read beside another one the files must say that they are its
   * @throws StratError DATA_MISSING when none is of the market, DATA_TIMEFRAME, and those of the candle reader
   */
  readonly load: (files: readonly string[], market: string, timeframe: string, wish?: FeedWish) => CandleSeries;
}
