import { StratError } from '#core/errors/strat-error.ts';
import type { VenueHistories } from '#core/ports/exchange.ts';
import type { MarketHistoryPort } from '#core/ports/market-history.ts';

const METHODS = ['time', 'instruments', 'bars', 'funding', 'trades', 'close'] as const;
const ABILITIES = ['candles', 'mark', 'index', 'funding', 'trades', 'tradesByNumber', 'tradesBackwards'] as const;

/** Histories of a plugin whose form is right. What they answer is checked row by row by who asks (core/data/download). */
export function guardHistories(id: string, histories: VenueHistories): VenueHistories {
  const lie = (reason: string): StratError => new StratError('PLUGIN_LIED', { plugin: id, phase: 'histories', reason });
  return {
    venues: () => {
      const venues: unknown = histories.venues();
      if (!Array.isArray(venues)) throw lie('its venues are no list');
      return venues.filter((venue) => typeof venue === 'string');
    },
    open: async (venue, markets) => {
      const history = await histories.open(venue, markets);
      if (history === null) return null;
      if (!isHistory(history)) throw lie(`what it opened for "${venue}" is no history`);
      if (history.venue !== venue) throw lie(`asked for "${venue}", it opened "${history.venue}"`);
      return history;
    },
  };
}

export const hasHistories = (value: unknown): value is VenueHistories =>
  typeof value === 'object' &&
  value !== null &&
  typeof Reflect.get(value, 'venues') === 'function' &&
  typeof Reflect.get(value, 'open') === 'function';

function isHistory(value: unknown): value is MarketHistoryPort {
  if (typeof value !== 'object' || value === null || METHODS.some((name) => typeof Reflect.get(value, name) !== 'function')) return false;
  const can: unknown = Reflect.get(value, 'can');
  const retryMs: unknown = Reflect.get(value, 'retryMs');
  return (
    typeof can === 'object' &&
    can !== null &&
    ABILITIES.every((name) => typeof Reflect.get(can, name) === 'boolean') &&
    Array.isArray(Reflect.get(can, 'timeframes')) &&
    typeof retryMs === 'number' &&
    retryMs > 0
  );
}
