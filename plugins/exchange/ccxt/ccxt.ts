import { StratError } from 'strat/errors';
import type { PluginContext, PluginInstance } from 'strat/ports/plugin';
import { CcxtHistory } from './history.ts';
import type { CcxtConfig } from './schema.ts';
import { venueClass, venueIds } from './venue-class.ts';

/** Venues of ccxt, for their history only: no feeds, no orders. */
export function setup({ venues }: CcxtConfig, { clock, id }: PluginContext): PluginInstance<'exchange'> {
  const open: CcxtHistory[] = [];
  return {
    port: {
      can: { bars: false, orders: false },
      openFeed: async (market) => {
        throw new StratError('DATA_MISSING', {
          market,
          reason: `${id} has no bars as they close`,
          hint: 'Use exchange/sim or exchange/replay',
        });
      },
      histories: {
        venues: venueIds,
        open: async (venue, markets) => {
          const found = await venueClass(venue);
          if (found === null) return null;
          const history = new CcxtHistory({ venue, venueClass: found, settings: venues[venue] ?? {}, markets, clock });
          open.push(history);
          return history;
        },
      },
    },
    stop: async () => {
      for (const history of open) await history.close();
    },
  };
}
