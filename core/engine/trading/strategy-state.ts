import type { TradePlan } from '#core/model/trade-plan.ts';
import type { PortfolioBasket, PortfolioMarket } from './portfolio-input.ts';
import { type RegisterLayout, registerLayout } from './registers.ts';
import { UniverseChoice } from './universe-choice.ts';

/** One of the strategies on the account. */
export interface StrategyState {
  readonly plan: TradePlan;
  readonly layout: RegisterLayout;
  readonly universe: UniverseChoice | null;
  /** Places of the markets that its rules trade, and of its baskets, whose legs do what the basket says. */
  readonly markets: readonly number[];
  readonly baskets: readonly number[];
  /** Steps in which any of its markets had a bar, less one. */
  step: number;
}

/** @param steps that each has seen before */
export function strategyStates(
  plans: readonly TradePlan[],
  markets: readonly PortfolioMarket[],
  baskets: readonly PortfolioBasket[],
  steps: number,
): readonly StrategyState[] {
  return plans.map((plan, strategy) => ({
    plan,
    layout: registerLayout(plan),
    universe: plan.universe === null ? null : new UniverseChoice(plan.universe),
    markets: placesOf(markets, strategy),
    baskets: placesOf(baskets, strategy),
    step: steps - 1,
  }));
}

/** Places of what a strategy has. */
function placesOf(all: readonly PortfolioMarket[], wanted: number): readonly number[] {
  return [...all.keys()].filter((place) => {
    const { strategy = 0, isLeg = false } = all[place]!;
    return strategy === wanted && !isLeg;
  });
}
