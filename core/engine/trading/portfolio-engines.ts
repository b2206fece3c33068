import type { RunConventions } from '#core/model/strategy-abi.ts';
import type { TradePlan } from '#core/model/trade-plan.ts';
import { Liquidity } from '../costs/liquidity.ts';
import { BasketEngine } from './basket-engine.ts';
import type { PortfolioBasket, PortfolioMarket } from './portfolio-input.ts';
import { TradingEngine } from './trading-engine.ts';

/** An engine for each market of an account; those of one name take from the same volume. */
export function marketEngines(
  plans: readonly TradePlan[],
  conventions: RunConventions,
  markets: readonly PortfolioMarket[],
): readonly TradingEngine[] {
  const volumes = new Map<string, Liquidity>();
  return markets.map(({ strategy = 0, name, settings, registers, inner }) => {
    const volume = (name === undefined ? undefined : volumes.get(name)) ?? new Liquidity(settings);
    if (name !== undefined) volumes.set(name, volume);
    return new TradingEngine(plans[strategy]!, settings, conventions, registers, inner ?? null, null, volume);
  });
}

/** And one for each basket. @param legOf the market of a leg */
export function basketEngines(
  plans: readonly TradePlan[],
  conventions: RunConventions,
  baskets: readonly PortfolioBasket[],
  legOf: (leg: number) => { readonly engine: TradingEngine; readonly settings: Float64Array },
): readonly BasketEngine[] {
  // Its legs trade at opens, and it is left before it is turned.
  const own: RunConventions = { ...conventions, fillAt: 'nextOpen', opposite: 'ignore' };
  return baskets.map(({ strategy = 0, basket, settings, registers, legs, slack }) => {
    const engine = new TradingEngine(plans[strategy]!, settings, own, registers, null, basket);
    return new BasketEngine(plans[strategy]!, basket, engine, legs.map(legOf), slack);
  });
}
