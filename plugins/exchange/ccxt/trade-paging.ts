/** How a venue gives its past trades. */
export interface TradePaging {
  /** Parameter that asks for trades from a number on; null: by time only. */
  readonly fromNumber: string | null;
  /** Most in one answer. */
  readonly limit: number;
  /** How far one answer looks when it is asked by time, ms. */
  readonly spanMs: number;
}

const HOUR_MS = 3_600_000;
/** Venues that know no end of what they look at say so with an empty answer. */
const BY_TIME: TradePaging = { fromNumber: null, limit: 1000, spanMs: Infinity };
/** aggTrades: numbered without holes; startTime goes with an end within an hour (ccxt sets it). */
const BINANCE: TradePaging = { fromNumber: 'fromId', limit: 1000, spanMs: HOUR_MS };
const BINANCE_FAMILY: ReadonlySet<string> = new Set(['binance', 'binanceusdm', 'binancecoinm', 'binanceus']);

export const tradePaging = (venue: string): TradePaging => (BINANCE_FAMILY.has(venue) ? BINANCE : BY_TIME);
