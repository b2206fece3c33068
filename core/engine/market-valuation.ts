import { isInverse } from '#core/model/market.ts';
import { INVERSE, LINEAR, type Valuation } from './valuation.ts';

/** How quantities of a market are valued, by its name; those of one account are valued alike. */
export function marketValuation(market: string | undefined): Valuation {
  return market !== undefined && isInverse(market) ? INVERSE : LINEAR;
}
