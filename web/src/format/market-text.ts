/** A perpetual that settles in what is traded, as BTC/USD:BTC does: its contracts are dollars, its account is in BTC. */
export function isInverse(market: string): boolean {
  const [, base, quote, settle] = /([^/:\s]+)\/([^/:\s]+):([^/:\s-]+)/.exec(market) ?? [];
  return settle !== undefined && settle === base && settle !== quote;
}

/** The currency of a market's account: SIM:BTC/USDT -> USDT, BTC/USD:BTC -> BTC; '' when the name has none. */
export function quoteOf(market: string): string {
  const [, base = '', quote = ''] = /([^/:\s]+)\/([^/:.\s]+)/.exec(market) ?? [];
  return isInverse(market) ? base : quote;
}

/** The one quote of several markets, '' when they differ. */
export function sharedQuote(markets: readonly string[]): string {
  const [first, ...others] = new Set(markets.map(quoteOf));
  return first !== undefined && others.length === 0 ? first : '';
}
