import type { MarketStatus } from '#core/ports/bot-control.ts';
import { isInverse } from '../format/market-text.ts';

/** Result of the open position of a market at the last close, in the account's currency, before exit costs; null when flat or not yet known. `qty` < 0 is short. */
export function unrealised({
  market,
  qty,
  avgPrice,
  lastBar,
}: Pick<MarketStatus, 'market' | 'qty' | 'avgPrice' | 'lastBar'>): number | null {
  if (qty === 0 || avgPrice === null || lastBar === null) return null;
  const moved = qty * (lastBar.close - avgPrice);
  return isInverse(market) ? moved / (lastBar.close * avgPrice) : moved;
}

/** Of all markets of a strategy together; null when none of them tells. */
export function unrealisedOfAll(markets: readonly MarketStatus[]): number | null {
  const known = markets.map(unrealised).filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}
