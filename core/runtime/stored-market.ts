/** A series of the store as a command line names it: `binance:BTC/USDT`, `binance:BTC/USDT@VERSION`, and `@VERSION,FUNDING` with that of its funding rates; `binance:*` is any that the venue has. */
export interface StoredMarket {
  readonly text: string;
  readonly venue: string;
  /** null = all of the venue. */
  readonly market: string | null;
  /** A number, a name, or first digits of a digest; null = the newest. */
  readonly version: string | null;
  /** The same of its funding rates, where they are a series of their own. */
  readonly funding: string | null;
}

/** Null when it is none. */
export function storedMarket(text: string): StoredMarket | null {
  const match = /^([^:]+):([^@]+)(?:@([^@,]+)(?:,([^@,]+))?)?$/.exec(text);
  if (match === null) return null;
  const [, venue, market, version = null, funding = null] = match as unknown as readonly [string, string, string, string?, string?];
  if (market === '*') return version === null ? { text, venue, market: null, version, funding } : null;
  return { text, venue, market, version, funding };
}
