import type { TradesFrom } from 'strat/ports/market-history';

/** How a venue gives its past trades. */
export interface TradePaging {
  /** They are numbered without holes, and asked for by number. */
  readonly isNumbered: boolean;
  /** They are asked for from a time or a trade backwards. */
  readonly isBackwards: boolean;
  /** Most in one answer. */
  readonly limit: number;
  /** How far one answer looks when it is asked by time, ms. */
  readonly spanMs: number;
  /** What goes along with a request; null: it cannot be asked for so. */
  readonly params: (from: TradesFrom) => Readonly<Record<string, unknown>> | null;
}

const HOUR_MS = 3_600_000;

/** By time. Venues that know no end of what they look at say so with an empty answer. */
const BY_TIME: TradePaging = {
  isNumbered: false,
  isBackwards: false,
  limit: 1000,
  spanMs: Infinity,
  params: (from) => ('since' in from || 'newest' in from ? {} : null),
};

/** aggTrades of Binance: numbered without holes; startTime goes with an end within an hour (ccxt sets it). */
const BY_NUMBER: TradePaging = {
  isNumbered: true,
  isBackwards: false,
  limit: 1000,
  spanMs: HOUR_MS,
  params: (from) => ('afterId' in from ? { fromId: from.afterId + 1 } : 'since' in from || 'newest' in from ? {} : null),
};

/** OKX: `type` 1 is before a number, 2 before a time; what ccxt asks without them knows the newest trades only. */
const BACKWARDS: TradePaging = {
  isNumbered: false,
  isBackwards: true,
  limit: 100,
  spanMs: Infinity,
  params: (from) => {
    const method = 'publicGetMarketHistoryTrades';
    if ('beforeId' in from) return { method, type: '1', after: String(from.beforeId) };
    if ('beforeMs' in from) return { method, type: '2', after: String(from.beforeMs) };
    return 'newest' in from ? {} : null;
  },
};

/** Kraken: what is later than a time in nanoseconds. ccxt sends whole seconds, of which an answer may not reach the end. */
const BY_NANOSECONDS: TradePaging = {
  ...BY_TIME,
  params: (from) => ('since' in from ? { since: String(BigInt(from.since) * 1_000_000n - 1n) } : 'newest' in from ? {} : null),
};

/** Ways and the endpoints of the client that tell them: of a venue as of its branches (binanceus, okxus, myokx). The first that fits. */
const WAYS: readonly (readonly [endpoints: readonly string[], way: TradePaging])[] = [
  [['publicGetAggTrades', 'fapiPublicGetAggTrades'], BY_NUMBER],
  [['publicGetMarketHistoryTrades', 'publicGetMarketTrades'], BACKWARDS],
  [['publicGetAssetPairs', 'publicGetTrades'], BY_NANOSECONDS],
];

/** @param client of ccxt, whose methods are named after the endpoints that it knows */
export function tradePaging(client: object): TradePaging {
  const knows = (endpoint: string): boolean => typeof Reflect.get(client, endpoint) === 'function';
  return WAYS.find(([endpoints]) => endpoints.every(knows))?.[1] ?? BY_TIME;
}
