import type { MarketStatus } from '#core/ports/bot-control.ts';

/** Result of the open position of a market at the last close, in quote, before exit costs; null when flat or not yet known. `qty` < 0 is short. */
export function unrealised({ qty, avgPrice, lastBar }: Pick<MarketStatus, 'qty' | 'avgPrice' | 'lastBar'>): number | null {
  if (qty === 0 || avgPrice === null || lastBar === null) return null;
  return qty * (lastBar.close - avgPrice);
}

/** Of all markets of a strategy together; null when none of them tells. */
export function unrealisedOfAll(markets: readonly MarketStatus[]): number | null {
  const known = markets.map(unrealised).filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}
