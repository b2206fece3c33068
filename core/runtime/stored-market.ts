/** A series of the store as a command line names it: `binance:BTC/USDT`, `binance:BTC/USDT@VERSION`. */
export interface StoredMarket {
  readonly text: string;
  readonly venue: string;
  readonly market: string;
  /** A number, a name, or first digits of a digest; null = the newest. */
  readonly version: string | null;
}

/** Null when it is none. */
export function storedMarket(text: string): StoredMarket | null {
  const match = /^([^:]+):([^@]+)(?:@([^@]+))?$/.exec(text);
  return match === null ? null : { text, venue: match[1]!, market: match[2]!, version: match[3] ?? null };
}
