import { StratError } from 'strat/errors';
import { nearest } from 'strat/model/nearest-word';
import type { VenueHistories } from 'strat/ports/exchange';
import type { PluginContext, PluginInstance } from 'strat/ports/plugin';
import { CcxtHistory } from './history.ts';
import type { CcxtConfig } from './schema.ts';
import { venueClass, venueIds } from './venue-class.ts';

const LATENESS_MS = 2000;

/** Venues of ccxt: their history, and the bars of one of them as they close. No orders. */
export function setup(config: CcxtConfig, context: PluginContext): PluginInstance<'exchange'> {
  const { venues, venue, bars, latenessMs = LATENESS_MS } = config;
  const { clock, id } = context;
  const open: CcxtHistory[] = [];
  const histories: VenueHistories = {
    venues: venueIds,
    open: async (name, markets) => {
      const found = await venueClass(name);
      if (found === null) return null;
      const history = new CcxtHistory({ venue: name, venueClass: found, settings: venues[name] ?? {}, markets, clock });
      open.push(history);
      return history;
    },
  };
  return {
    port: {
      can: { bars: venue !== undefined, orders: false },
      openFeed: async (market, timeframe, _, wish) => {
        const hint = 'Say "venue: binance" in its config, or use exchange/sim or exchange/replay';
        if (venue === undefined)
          throw new StratError('DATA_MISSING', { market, reason: `${id} has bars of a venue that its config names`, hint });
        const known = venueIds();
        const near = nearest(venue, known)?.word;
        if (!known.includes(venue))
          throw new StratError('VENUE_UNKNOWN', {
            venue,
            hint: near === undefined ? `there are ${known.length}, such as binance, kraken, okx` : `did you mean ${near}?`,
          });
        const { from = null, warmUpBars = 0 } = wish ?? {};
        return context.live.open(histories, { venue, market, timeframe, isOfTrades: bars === 'trades', latenessMs, from, warmUpBars });
      },
      histories,
    },
    stop: async () => {
      for (const history of open) await history.close();
    },
  };
}
