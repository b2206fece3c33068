import { type SimulationSettings, settingsArray, settingsOn } from '#core/engine/simulation-settings.ts';
import type { PortfolioBasket, PortfolioMarket } from '#core/engine/trading/portfolio-engine.ts';
import { openTradingRegisters } from '#core/engine/trading/registers.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { MarketData } from '../market-data.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';

/** What the engine runs beside each other: the markets that rules trade, then the legs of baskets, which may be the same markets again. */
export interface PortfolioSlots {
  /** For each the place of its candles. */
  readonly data: readonly number[];
  /** So many of them have rules. */
  readonly traded: number;
  readonly markets: readonly PortfolioMarket[];
  readonly baskets: readonly PortfolioBasket[];
}

/** @throws StratError DATA_MISSING when a leg has no candles, USAGE when models of costs are asked for that baskets do not know */
export function portfolioSlots(prepared: PreparedStrategy, markets: readonly MarketData[]): PortfolioSlots {
  const { program, settings, compiled } = prepared;
  const { plan } = compiled;
  const traded = [...markets.keys()].filter((at) => program.universe !== null || program.markets.includes(markets[at]!.market));
  const data = [...traded];
  const baskets: PortfolioBasket[] = [];
  if (plan.baskets !== undefined) refuseModels(settings);
  for (const [basket, { legs }] of (plan.baskets ?? []).entries()) {
    const places = legs.map(({ market }) => {
      const at = markets.findIndex((one) => one.market === market);
      if (at < 0) throw new StratError('DATA_MISSING', { market, reason: 'a basket trades it', hint: `Give --data ${market}=PATH` });
      return data.push(at) - 1;
    });
    const rows = markets[data[places[0]!]!]!.columns.time.length;
    baskets.push({
      basket,
      rulesOf: 0,
      legs: places,
      slack: settings.slippageRate,
      settings: settingsArray(basketSettings(settings), 0, rows),
      registers: openTradingRegisters(plan, settings.capital),
    });
  }
  return {
    data,
    traded: traded.length,
    baskets,
    markets: data.map((at, slot) => {
      const { market, columns, fromIndex, detail } = markets[at]!;
      return {
        inner: detail?.inner,
        settings: settingsArray(settingsOn(settings, market), Math.max(prepared.warmUpBars, fromIndex), columns.time.length),
        registers: openTradingRegisters(plan, settings.capital),
        isLeg: slot >= traded.length,
      };
    }),
  };
}

/** The legs of a basket trade together, and all that they are asked to. */
function refuseModels({ participation, latency }: SimulationSettings): void {
  const asked = [...(participation === undefined ? [] : ['participation']), ...(latency === undefined ? [] : ['latency'])];
  if (asked.length === 0) return;
  const reason = `A basket trades all of its legs at one open, so it knows no ${asked.join(' and no ')}`;
  throw new StratError('USAGE', { reason, hint: `Leave out ${asked.map((name) => `--${name}`).join(' and ')}` });
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
