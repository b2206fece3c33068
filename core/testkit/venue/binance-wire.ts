import type { TrueBar, VenueTruth } from './venue-truth.ts';
import type { RowFields, VenueWire, WireAnswer, WireFact, WireRequest, WireRow, WireSources } from './venue-wire.ts';

/** The markets of the simulated venue. */
export const SIMULATED_MARKETS = { spot: 'BTC/USDT', perpetual: 'BTC/USDT:USDT', delisted: 'OLD/USDT' } as const;

const INTERVALS: Readonly<Record<string, string>> = { '1M': '1mo' };
const HOUR_MS = 3_600_000;

const plain: Pick<RowFields, 'written' | 'read'> = { written: (timeMs) => timeMs, read: Number };
const BAR_FIELDS: RowFields = { ...plain, time: 0, high: 2, price: 4 };
const TRADE_FIELDS: RowFields = { ...plain, time: 'T', price: 'p' };
const RATE_FIELDS: RowFields = { ...plain, time: 'fundingTime', price: 'fundingRate', market: { key: 'symbol', other: 'ETHUSDT' } };
const list = (rows: readonly WireRow[]): unknown => rows;

/** Binance, spot and USD-M futures. */
export const binanceWire: VenueWire = {
  venue: 'binance',
  markets: SIMULATED_MARKETS,
  newestBars: null,
  urls: (address) => ({ api: { public: `${address}/api/v3`, private: `${address}/api/v3`, fapiPublic: `${address}/fapi/v1` } }),
  answer: binanceAnswer,
  refusals: {
    throttle: { status: 429, body: '{"code":-1003,"msg":"Too many requests."}' },
    ban: { status: 418, body: '{"code":-1003,"msg":"Way too much request weight used; IP banned."}' },
    maintenance: { status: 503, body: '{"code":0,"msg":"Service unavailable from a restricted time."}' },
    error500: { status: 500, body: '{"code":-1000,"msg":"An unknown error occurred."}' },
  },
};

/** What Binance answers (spot and USD-M futures), as far as the past of markets is concerned; shapes as in its public documentation. */
function binanceAnswer({ path, query }: WireRequest, sources: WireSources): WireAnswer | null {
  const { truth, nowMs } = sources;
  switch (path) {
    case '/api/v3/time':
    case '/fapi/v1/time':
      return { kind: 'fact', json: { serverTime: nowMs } };
    case '/api/v3/exchangeInfo':
      return {
        kind: 'fact',
        json: {
          timezone: 'UTC',
          serverTime: nowMs,
          rateLimits: [],
          exchangeFilters: [],
          symbols: [spotSymbol('BTC', 'TRADING'), spotSymbol('OLD', 'BREAK')],
        },
      };
    case '/fapi/v1/exchangeInfo':
      return { kind: 'fact', json: { timezone: 'UTC', serverTime: nowMs, rateLimits: [], exchangeFilters: [], symbols: [FUTURE] } };
    case '/api/v3/klines':
      return klines(query.get('symbol') === 'OLDUSDT' ? 'old' : 'spot', 'symbol', query, sources);
    case '/fapi/v1/klines':
      return klines('future', 'symbol', query, sources);
    case '/fapi/v1/markPriceKlines':
      return klines('mark', 'symbol', query, sources);
    case '/fapi/v1/indexPriceKlines':
      return klines('index', 'pair', query, sources);
    case '/fapi/v1/fundingRate':
      return refused(query, 'symbol') ?? { kind: 'funding', rows: rates(truth, query, nowMs), fields: RATE_FIELDS, wrap: list };
    case '/api/v3/aggTrades':
    case '/fapi/v1/aggTrades':
      return (
        refused(query, 'symbol') ?? {
          kind: 'trades',
          rows: aggTrades(truth, query, nowMs, path.startsWith('/api')),
          fields: TRADE_FIELDS,
          wrap: list,
        }
      );
    default:
      return null;
  }
}

function refused(query: URLSearchParams, name: string): WireFact | null {
  const symbol = query.get(name);
  return symbol === 'BTCUSDT' || symbol === 'OLDUSDT' ? null : { kind: 'fact', status: 400, json: { code: -1121, msg: 'Invalid symbol.' } };
}

function klines(
  series: string,
  name: string,
  query: URLSearchParams,
  { truth, delisted, nowMs, barLimit, isWindowed, lateMs }: WireSources,
): WireAnswer {
  const wrong = refused(query, name);
  if (wrong !== null) return wrong;
  const interval = query.get('interval') ?? '';
  const timeframe = INTERVALS[interval] ?? interval;
  const asked = Math.min(Number(query.get('limit') ?? 500), 1000);
  const limit = Math.min(asked, barLimit);
  const since = Number(query.get('startTime') ?? 0);
  const source = series === 'old' ? delisted : truth;
  const stepMs = source.bars('x', timeframe, truth.options.listedMs, Infinity, 2).length > 0 ? stepOf(timeframe) : 0;
  const until = Math.min(Number(query.get('endTime') ?? Infinity) + 1, isWindowed ? since + asked * stepMs : Infinity, nowMs + 1);
  const isThere = ([open]: TrueBar): boolean => nowMs >= open + stepMs + (lateMs(open) ?? -Infinity);
  const shown = source.bars(series, timeframe, since, until, limit).filter(isThere);
  const bars = shown.map((bar) => source.shown(bar, series, timeframe, nowMs));
  return { kind: 'bars', rows: bars.map((bar) => wireBar(bar, stepMs)), fields: BAR_FIELDS, wrap: list };
}

function stepOf(timeframe: string): number {
  const unit = { s: 1000, m: 60_000, h: HOUR_MS, d: 24 * HOUR_MS, w: 168 * HOUR_MS }[timeframe.at(-1) ?? ''] ?? 30 * 24 * HOUR_MS;
  return Number.parseInt(timeframe, 10) * unit;
}

const wireBar = ([time, open, high, low, close, volume]: TrueBar, stepMs: number): unknown[] => [
  time,
  String(open),
  String(high),
  String(low),
  String(close),
  String(volume),
  time + stepMs - 1,
  '0',
  1,
  '0',
  '0',
  '0',
];

function rates(truth: VenueTruth, query: URLSearchParams, nowMs: number): readonly WireRow[] {
  const since = Number(query.get('startTime') ?? nowMs - 100 * 8 * HOUR_MS);
  return truth
    .funding(since, nowMs + 1)
    .slice(0, Number(query.get('limit') ?? 100))
    .map(({ time, rate }) => ({ symbol: 'BTCUSDT', fundingTime: time, fundingRate: rate.toFixed(8), markPrice: '100' }));
}

/** By number, or by time: then within an hour, the latest of it when there are more than the limit. */
function aggTrades(truth: VenueTruth, query: URLSearchParams, nowMs: number, isSpot: boolean): readonly WireRow[] {
  const limit = Math.min(1000, Number(query.get('limit') ?? 500));
  const all = truth.trades();
  const fromId = query.get('fromId');
  const since = Number(query.get('startTime') ?? 0);
  const until = Number(query.get('endTime') ?? nowMs);
  const past = (time: number): boolean => time <= nowMs;
  const found =
    fromId === null
      ? all.filter(({ time }) => time >= since && time <= until && past(time)).slice(-limit)
      : all.slice(Number(fromId) - 1, Number(fromId) - 1 + limit).filter(({ time }) => past(time));
  return found.map(({ id, time, price, qty, isBuyerMaker }) => ({
    a: id,
    p: String(price),
    q: String(qty),
    f: id,
    l: id,
    T: time,
    m: isBuyerMaker,
    ...(isSpot ? { M: true } : {}),
  }));
}

const FILTERS = [
  { filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: '1000000', tickSize: '0.01' },
  { filterType: 'LOT_SIZE', minQty: '0.00001', maxQty: '9000', stepSize: '0.00001' },
  { filterType: 'NOTIONAL', minNotional: '5', applyMinToMarket: true },
];

const spotSymbol = (base: string, status: string): unknown => ({
  symbol: `${base}USDT`,
  status,
  baseAsset: base,
  baseAssetPrecision: 8,
  quoteAsset: 'USDT',
  quotePrecision: 8,
  orderTypes: ['LIMIT', 'MARKET'],
  isSpotTradingAllowed: true,
  permissionSets: [['SPOT']],
  filters: FILTERS,
});

const FUTURE = {
  symbol: 'BTCUSDT',
  pair: 'BTCUSDT',
  contractType: 'PERPETUAL',
  deliveryDate: 4_133_404_800_000,
  onboardDate: 1_569_398_400_000,
  status: 'TRADING',
  baseAsset: 'BTC',
  quoteAsset: 'USDT',
  marginAsset: 'USDT',
  pricePrecision: 2,
  quantityPrecision: 3,
  filters: FILTERS,
  orderTypes: ['LIMIT', 'MARKET'],
};
