import { type Market, marketName, parseMarket } from '#core/model/market.ts';
import { marketOfSymbol } from '../import/symbol-text.ts';
import { usualCurrency } from './currency-names.ts';

/**
 * The market that a venue means by a name or symbol: `BTC/USD` for `XBT/USD`, `XBTUSD`, `XXBTZUSD`, `BTC-USD`. A ticker stays one (`SPY`). Null where a text is neither.
 * @param venue whose text it is; null = not known
 */
export function usualMarket(text: string, venue: string | null): Market | null {
  const named = parseMarket(text.toUpperCase());
  const market = named !== null && named.quote !== null ? named : (marketOfSymbol(text) ?? named);
  if (market === null) return null;
  const usual = (code: string): string => usualCurrency(code, venue);
  const { base, quote, settle, expiry } = market;
  return parseMarket(
    marketName({
      base: quote === null ? base : usual(base),
      quote: quote === null ? null : usual(quote),
      settle: settle === null ? null : usual(settle),
      expiry,
    }),
  );
}
