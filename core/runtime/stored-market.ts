/** A series of the store as a command line names it: `binance:BTC/USDT`, `binance:BTC/USDT@VERSION`, and `@VERSION,FUNDING,MARK` with those of its funding rates and its mark prices; `binance:*` is any that the venue has. */
export interface StoredMarket {
  readonly text: string;
  readonly venue: string;
  /** null = all of the venue. */
  readonly market: string | null;
  /** A number, a name, or first digits of a digest; null = the newest. */
  readonly version: string | null;
  /** The same of its funding rates, where they are a series of their own. */
  readonly funding: string | null;
  /** The same of its mark prices. */
  readonly mark: string | null;
}

/** Null when it is none. */
export function storedMarket(text: string): StoredMarket | null {
  const match = /^([^:]+):([^@]+)(?:@([^@,]+)(?:,([^@,]*)(?:,([^@,]+))?)?)?$/.exec(text);
  if (match === null) return null;
  const [, venue, market, version = null, rates = '', mark = null] = match as unknown as readonly [string, string, string, ...string[]];
  const funding = rates === '' ? null : rates;
  if (market === '*') return version === null ? { text, venue, market: null, version, funding, mark } : null;
  return { text, venue, market, version, funding, mark };
}
