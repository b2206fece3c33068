import { type BarPace, createBarPace } from 'strat/ports/bar-pace';
import type { BarFeedPort, FeedDescription } from 'strat/ports/bar-feed';
import type { FeedWish } from 'strat/ports/exchange';
import type { GeneratedMarket, GeneratedMarketOptions } from 'strat/ports/market-source';
import type { PluginContext, PluginInstance } from 'strat/ports/plugin';
import { configSchema, type SimConfig } from './schema.ts';

const TICK = 0.01;

/** Feeds of generated markets. All feeds of one market have one pace, so every strategy sees a bar at the same time. */
export function setup(config: SimConfig, context: PluginContext): PluginInstance<'exchange'> {
  const paces = new Map<string, BarPace>();
  const paceOf = (key: string): BarPace => {
    const pace = paces.get(key) ?? createBarPace(context.clock, config.speed === 'max' ? Infinity : config.speed);
    paces.set(key, pace);
    return pace;
  };
  return {
    port: {
      can: { bars: true, orders: false },
      openFeed: async (market, timeframe, _, wish) => simFeed(market, timeframe, wish, config, context, paceOf(`${market} ${timeframe}`)),
    },
  };
}

/** A market that is read beside another has to be another one than that of the seed; a perpetual has funding rates for those who ask for them. */
function simFeed(
  market: string,
  timeframe: string,
  wish: FeedWish | undefined,
  config: SimConfig,
  { markets }: PluginContext,
  pace: BarPace,
): BarFeedPort {
  const isBeside = wish?.isBeside === true;
  const isFunded = /^[^:]+:[A-Z0-9]+$/.test(market) && wish?.columns.includes('funding_rate') === true;
  const options: GeneratedMarketOptions = {
    seed: config.seed,
    ...(isBeside ? { market } : {}),
    timeframe,
    startPrice: config.startPrice,
    tick: TICK,
    yearlyVolatility: config.volatility,
    missingRate: config.missingRate,
    isFunded,
  };
  let generated: GeneratedMarket = markets.generate(options);
  let next = 0;
  return {
    description: descriptionOf(config, isBeside ? market : null),
    market,
    timeframe,
    stepMs: generated.stepMs,
    rows: Infinity,
    isSynthetic: true,
    columns: isFunded ? ['funding_rate'] : [],
    warnings: [`synthetic market, seed ${config.seed}: made by a generator, it says nothing about real markets`],
    bar: (index) => {
      if (index < next) {
        generated = markets.generate(options);
        next = 0;
      }
      generated.skip(index - next);
      next = index + 1;
      return generated.next();
    },
    due: pace.due,
  };
}

/** The seed, and what else makes it another market than that of the seed with default settings. */
function descriptionOf(config: SimConfig, beside: string | null): FeedDescription {
  const { startPrice, volatility, missingRate } = configSchema.properties;
  const changed = [
    ...(beside === null ? [] : [`market ${beside}`]),
    ...(config.startPrice === startPrice.default ? [] : [`startPrice ${config.startPrice}`]),
    ...(config.volatility === volatility.default ? [] : [`volatility ${config.volatility}`]),
    ...(config.missingRate === missingRate.default ? [] : [`missingRate ${config.missingRate}`]),
  ];
  return { kind: 'sim', seed: config.seed, ...(changed.length === 0 ? {} : { variant: changed.join(', ') }) };
}
