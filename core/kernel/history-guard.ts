import { StratError } from '#core/errors/strat-error.ts';
import type { VenueHistories } from '#core/ports/exchange.ts';
import type { MarketHistoryPort, UncheckedFunding, UncheckedTrade, VenueInstrument, VenuePage } from '#core/ports/market-history.ts';

const METHODS = ['time', 'instruments', 'bars', 'funding', 'trades', 'close'] as const;
const ABILITIES = ['candles', 'mark', 'index', 'funding', 'trades', 'tradesByNumber', 'tradesBackwards'] as const;

type Lie = (reason: string) => StratError;

/**
 * Histories of a plugin whose answers have the form that they should have: who asks (core/data/download) checks what the rows say, and can go through them whatever
 * the plugin is.
 */
export function guardHistories(id: string, histories: VenueHistories): VenueHistories {
  const lie: Lie = (reason) => new StratError('PLUGIN_LIED', { plugin: id, phase: 'histories', reason });
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
      return guardHistory(history, lie);
    },
  };
}

export const hasHistories = (value: unknown): value is VenueHistories =>
  typeof value === 'object' &&
  value !== null &&
  typeof Reflect.get(value, 'venues') === 'function' &&
  typeof Reflect.get(value, 'open') === 'function';

function guardHistory(history: MarketHistoryPort, lie: Lie): MarketHistoryPort {
  const { venue, can, retryMs } = history;
  return {
    venue,
    can,
    retryMs,
    time: async (signal) => history.time(signal),
    instruments: async (signal) => instrumentsOf(await history.instruments(signal), lie),
    bars: async (...asked) => pageOf(await history.bars(...asked), 'bars', (row) => (Array.isArray(row) ? row : []), lie),
    funding: async (...asked) => pageOf(await history.funding(...asked), 'rates of funding', (row) => (isRow(row) ? row : NO_FUNDING), lie),
    trades: async (...asked) => pageOf(await history.trades(...asked), 'trades', (row) => (isRow(row) ? row : NO_TRADE), lie),
    close: async () => history.close(),
  };
}

/** A row that is none has none of the fields that are looked for, which whoever checks it will say. */
const isRow = (row: unknown): boolean => typeof row === 'object' && row !== null;
const NO_TRADE: UncheckedTrade = { market: undefined, time: undefined, price: undefined, qty: undefined, side: undefined, id: undefined };
const NO_FUNDING: UncheckedFunding = { market: undefined, time: undefined, rate: undefined };

function pageOf<T>(page: VenuePage<T>, what: string, rowOf: (row: T) => T, lie: Lie): VenuePage<T> {
  const given: unknown = page;
  if (typeof given !== 'object' || given === null || !Array.isArray(page.rows))
    throw lie(`its answer to a request for ${what} has no list of rows`);
  const { rows, spanMs, limit } = page;
  if (!(typeof spanMs === 'number' && spanMs > 0)) throw lie(`its answer to a request for ${what} looks at ${String(spanMs)} ms`);
  if (!(typeof limit === 'number' && limit >= 1)) throw lie(`its answer to a request for ${what} has ${String(limit)} rows at most`);
  return { rows: rows.map(rowOf), spanMs, limit };
}

function instrumentsOf(found: ReadonlyMap<string, VenueInstrument>, lie: Lie): ReadonlyMap<string, VenueInstrument> {
  const given: unknown = found;
  if (!(given instanceof Map)) throw lie('its instruments are no Map by the names of markets');
  for (const [market, instrument] of given) {
    const facts: unknown = typeof instrument === 'object' && instrument !== null ? Reflect.get(instrument, 'facts') : undefined;
    if (typeof market !== 'string' || typeof facts !== 'object' || facts === null)
      throw lie(`its instrument ${String(market)} has no facts`);
  }
  return found;
}

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
