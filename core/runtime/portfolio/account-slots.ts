import { type SimulationSettings, settingsArray, settingsOn } from '#core/engine/simulation-settings.ts';
import type { PortfolioBasket, PortfolioMarket } from '#core/engine/trading/portfolio-input.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { TradePlan } from '#core/model/trade-plan.ts';

/** A market of an account, or a leg of one of its baskets. */
export interface SlotMarket extends Pick<PortfolioMarket, 'registers' | 'from'> {
  readonly market: string;
  /** Index of the first bar on which an order may be decided. */
  readonly firstBar: number;
  /** Bars that the run will have; Infinity when it has no end. */
  readonly rows: number;
}

/** Markets of the legs of all baskets, in the order of the plan; some may be of one market. */
export const legMarkets = ({ baskets = [] }: TradePlan): readonly string[] =>
  baskets.flatMap(({ legs }) => legs.map(({ market }) => market));

/**
 * What the engine runs beside each other.
 * @param slots markets that rules trade, then `legMarkets`, which may be the same markets again
 * @param baskets registers of each basket
 */
export function accountSlots(
  plan: TradePlan,
  settings: SimulationSettings,
  slots: readonly SlotMarket[],
  baskets: readonly Float64Array[],
): { readonly markets: readonly PortfolioMarket[]; readonly baskets: readonly PortfolioBasket[] } {
  const traded = slots.length - legMarkets(plan).length;
  let next = traded;
  return {
    markets: slots.map(({ market, firstBar, rows, ...slot }, place) => ({
      ...slot,
      name: market,
      settings: settingsArray(settingsOn(settings, market), firstBar, rows),
      isLeg: place >= traded,
    })),
    baskets: (plan.baskets ?? []).map(({ legs }, basket) => {
      const places = legs.map(() => next++);
      return basketSlot(settings, { basket, rulesOf: 0, legs: places, registers: baskets[basket]! }, slots[places[0]!]!.rows);
    }),
  };
}

/**
 * The legs of a basket trade together, and all that they are asked to.
 * @throws StratError USAGE when models of costs are asked for that baskets do not know
 */
export function refuseBasketModels(plan: TradePlan, { participation, latency }: SimulationSettings): void {
  const asked = [...(participation === undefined ? [] : ['participation']), ...(latency === undefined ? [] : ['latency'])];
  if (plan.baskets === undefined || asked.length === 0) return;
  const reason = `A basket trades all of its legs at one open, so it knows no ${asked.join(' and no ')}`;
  throw new StratError('USAGE', { reason, hint: `Leave out ${asked.map((name) => `--${name}`).join(' and ')}` });
}

/** What the engine needs of a basket. @param rows bars that its first leg will have */
export function basketSlot<T extends Omit<PortfolioBasket, 'slack' | 'settings'>>(
  settings: SimulationSettings,
  slot: T,
  rows: number,
): T & PortfolioBasket {
  return { ...slot, slack: settings.slippageRate, settings: settingsArray(basketSettings(settings), 0, rows) };
}

/** A basket has no steps of its own, and pays for its legs what they pay. */
function basketSettings({ capital, feeRate, slippageRate, margin, conventions }: SimulationSettings): SimulationSettings {
  return {
    capital,
    feeRate: feeRate + slippageRate,
    slippageRate: 0,
    ...(margin === undefined ? {} : { margin }),
    conventions: { ...conventions, lot: null, tick: null },
  };
}
