import { settingsArray, settingsOn } from '#core/engine/simulation-settings.ts';
import type { PortfolioBasket, PortfolioMarket } from '#core/engine/trading/portfolio-input.ts';
import { openTradingRegisters } from '#core/engine/trading/registers.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { MarketData } from '../market-data.ts';
import { basketSlot, refuseBasketModels } from './account-slots.ts';
import type { StrategyOnMarkets } from './strategy-on-markets.ts';

/** A market as one strategy trades it, by its rules or as a leg of a basket. */
export interface PortfolioSlot {
  /** Place of the strategy. */
  readonly strategy: number;
  /** Place of the candles among its markets. */
  readonly at: number;
  readonly data: MarketData;
  readonly engine: PortfolioMarket;
}

/** What the engine runs beside each other: the markets that rules trade, of each strategy in turn, then the legs of baskets, which may be the same markets again. */
export interface PortfolioSlots {
  readonly slots: readonly PortfolioSlot[];
  /** So many of them have rules. */
  readonly traded: number;
  readonly baskets: readonly PortfolioBasket[];
}

/** @throws StratError DATA_MISSING when a leg has no candles, USAGE when models of costs are asked for that baskets do not know */
export function portfolioSlots(strategies: readonly StrategyOnMarkets[]): PortfolioSlots {
  const slots = strategies.flatMap(({ prepared: { program }, markets }, strategy) =>
    [...markets.keys()]
      .filter((at) => program.universe !== null || program.markets.includes(markets[at]!.market))
      .map((at) => slotOf(strategies, strategy, at, false)),
  );
  const traded = slots.length;
  const baskets: PortfolioBasket[] = [];
  for (const [strategy, { prepared, markets }] of strategies.entries()) {
    const { settings, compiled } = prepared;
    const { plan } = compiled;
    refuseBasketModels(plan, settings);
    for (const [basket, { legs }] of (plan.baskets ?? []).entries()) {
      const places = legs.map(({ market }) => {
        const at = markets.findIndex((one) => one.market === market);
        if (at < 0) throw new StratError('DATA_MISSING', { market, reason: 'a basket trades it', hint: `Give --data ${market}=PATH` });
        return slots.push(slotOf(strategies, strategy, at, true)) - 1;
      });
      const rows = slots[places[0]!]!.data.columns.time.length;
      const rulesOf = slots.findIndex((slot) => slot.strategy === strategy);
      const registers = openTradingRegisters(plan, settings.capital);
      baskets.push(basketSlot(settings, { strategy, basket, rulesOf, legs: places, registers }, rows));
    }
  }
  return { slots, traded, baskets };
}

function slotOf(strategies: readonly StrategyOnMarkets[], strategy: number, at: number, isLeg: boolean): PortfolioSlot {
  const { prepared, markets } = strategies[strategy]!;
  const { settings, compiled, warmUpBars } = prepared;
  const data = markets[at]!;
  const { market, columns, fromIndex, detail, depth } = data;
  const engine = {
    strategy,
    name: market,
    inner: detail?.inner,
    books: depth?.books,
    settings: settingsArray(settingsOn(settings, market), Math.max(warmUpBars, fromIndex), columns.time.length),
    registers: openTradingRegisters(compiled.plan, settings.capital),
    isLeg,
  };
  return { strategy, at, data, engine };
}
