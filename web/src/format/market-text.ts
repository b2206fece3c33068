/** The quote of a market: SIM:BTC/USDT -> USDT; '' when the name has none. */
export function quoteOf(market: string): string {
  return /\/([^/:.\s]+)/.exec(market)?.[1] ?? '';
}

/** The one quote of several markets, '' when they differ. */
export function sharedQuote(markets: readonly string[]): string {
  const [first, ...others] = new Set(markets.map(quoteOf));
  return first !== undefined && others.length === 0 ? first : '';
}
