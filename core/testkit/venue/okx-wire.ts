import { parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import type { TrueBar, VenueTruth } from './venue-truth.ts';
import type { RowFields, VenueWire, WireAnswer, WireFact, WireRequest, WireRow, WireSources } from './venue-wire.ts';

/** Base units of a contract of the perpetual. */
const CONTRACT = 0.01;
const MOST = { bars: 300, marks: 100, rates: 100, trades: 500, oldTrades: 100 } as const;
/** How long rates of funding are kept, ms. */
const RATES_MS = 95 * 86_400_000;
const SERIES: Readonly<Record<string, string>> = { 'BTC-USDT': 'spot', 'OLD-USDT': 'old', 'BTC-USDT-SWAP': 'future' };

const inTexts: Pick<RowFields, 'written' | 'read'> = { written: String, read: Number };
const BAR_FIELDS: RowFields = { ...inTexts, time: 0, high: 2, price: 4 };
const TRADE_FIELDS: RowFields = { ...inTexts, time: 'ts', price: 'px', market: { key: 'instId', other: 'ETH-USDT-SWAP' } };
const RATE_FIELDS: RowFields = {
  ...inTexts,
  time: 'fundingTime',
  price: 'realizedRate',
  market: { key: 'instId', other: 'ETH-USDT-SWAP' },
};

/**
 * OKX, spot and perpetuals: answers lie in an envelope with a code, numbers are texts, pages go backwards (`after` is before a time or number, the newest row comes
 * first), contracts are counted, not base units.
 */
export const okxWire: VenueWire = {
  venue: 'okx',
  markets: { spot: 'BTC/USDT', perpetual: 'BTC/USDT:USDT', delisted: 'OLD/USDT' },
  newestBars: null,
  urls: (address) => ({ api: { rest: address } }),
  answer: okxAnswer,
  refusals: {
    throttle: { status: 429, body: '{"code":"50011","msg":"Too Many Requests"}' },
    ban: { status: 200, body: '{"code":"50011","msg":"Requests too frequent","data":[]}' },
    maintenance: { status: 503, body: '{"code":"50001","msg":"Service temporarily unavailable. Please try again later.","data":[]}' },
    error500: { status: 200, body: '{"code":"50026","msg":"System error. Please try again later.","data":[]}' },
  },
};

function okxAnswer({ path, query }: WireRequest, sources: WireSources): WireAnswer | null {
  const { nowMs, truth } = sources;
  const name = path.replace('/api/v5/', '');
  switch (name) {
    case 'public/time':
      return fact([{ ts: String(nowMs) }]);
    case 'public/instruments':
      return fact(INSTRUMENTS[query.get('instType') ?? ''] ?? []);
    case 'market/candles':
    case 'market/history-candles':
      return candles(SERIES[query.get('instId') ?? ''], query, sources, MOST.bars);
    case 'market/mark-price-candles':
    case 'market/history-mark-price-candles':
      return candles(query.get('instId') === 'BTC-USDT-SWAP' ? 'mark' : undefined, query, sources, MOST.marks);
    case 'market/index-candles':
    case 'market/history-index-candles':
      return candles(query.get('instId') === 'BTC-USDT' ? 'index' : undefined, query, sources, MOST.marks);
    case 'public/funding-rate-history':
      return query.get('instId') === 'BTC-USDT-SWAP' ? rates(truth, query, nowMs) : NO_SUCH;
    case 'market/trades':
    case 'market/history-trades':
      return trades(query, sources, name === 'market/history-trades');
    default:
      return null;
  }
}

const inEnvelope = (data: unknown): unknown => ({ code: '0', msg: '', data });
const fact = (data: unknown): WireFact => ({ kind: 'fact', json: inEnvelope(data) });
const NO_SUCH: WireFact = { kind: 'fact', json: { code: '51001', msg: "Instrument ID doesn't exist.", data: [] } };

/** `5m`, `1H`, `1Dutc`, `1Mutc` */
function timeframeOf(bar: string): Timeframe | null {
  const [, count, unit] = /^(\d+)([mHDWM])(?:utc)?$/.exec(bar) ?? [];
  return parseTimeframe(`${count}${unit === 'M' ? 'mo' : unit?.toLowerCase()}`);
}

/** Of what lies between `before` and `after` (both not included) the newest rows, the newest first. */
function page<T>(rows: readonly T[], timeOf: (row: T) => number, query: URLSearchParams, most: number): readonly T[] {
  const [after, before] = [Number(query.get('after') ?? Infinity), Number(query.get('before') ?? -Infinity)];
  const limit = Math.min(Number(query.get('limit') ?? 100), most);
  return rows
    .filter((row) => timeOf(row) < after && timeOf(row) > before)
    .toReversed()
    .slice(0, limit);
}

function candles(
  series: string | undefined,
  query: URLSearchParams,
  { truth, delisted, nowMs, barLimit }: WireSources,
  most: number,
): WireAnswer {
  const timeframe = timeframeOf(query.get('bar') ?? '1m');
  if (series === undefined || timeframe === null) return NO_SUCH;
  const source = series === 'old' ? delisted : truth;
  const from = Number(query.get('before') ?? 0);
  const until = Math.min(Number(query.get('after') ?? Infinity), nowMs + 1);
  const found = page(source.bars(series, timeframe.name, from, until), ([time]) => time, query, Math.min(most, barLimit));
  const rows = found.map((bar) => wireBar(source.shown(bar, series, timeframe.name, nowMs), series, nowMs >= bar[0] + timeframe.stepMs));
  return { kind: 'bars', rows, fields: BAR_FIELDS, wrap: inEnvelope };
}

function wireBar([time, open, high, low, close, volume]: TrueBar, series: string, isOver: boolean): WireRow {
  const prices = [time, open, high, low, close].map(String);
  if (series === 'mark' || series === 'index') return [...prices, isOver ? '1' : '0'];
  const volumes = series === 'future' ? [contracts(volume), String(volume)] : [String(volume), String(volume * close)];
  return [...prices, ...volumes, String(volume * close), isOver ? '1' : '0'];
}

/** Four decimals of a base unit are two of a contract. */
const contracts = (qty: number): string => String(Math.round(qty * 10_000) / (CONTRACT * 10_000));

function rates(truth: VenueTruth, query: URLSearchParams, nowMs: number): WireAnswer {
  const found = page(truth.funding(nowMs - RATES_MS, nowMs + 1), ({ time }) => time, query, MOST.rates);
  const rows = found.map(({ time, rate }): WireRow => ({
    instType: 'SWAP',
    instId: 'BTC-USDT-SWAP',
    // What it was thought to be, and what was paid.
    fundingRate: '0.5',
    realizedRate: rate.toFixed(8),
    fundingTime: String(time),
  }));
  return { kind: 'funding', rows, fields: RATE_FIELDS, wrap: inEnvelope };
}

/** The newest ones; of the past by number (`type` 1) or by time (2). */
function trades(query: URLSearchParams, { truth, nowMs }: WireSources, isPast: boolean): WireAnswer {
  const id = query.get('instId') ?? '';
  const series = SERIES[id];
  if (series === undefined) return NO_SUCH;
  const all = series === 'old' ? [] : truth.trades().filter(({ time }) => time <= nowMs);
  const isByTime = query.get('type') === '2';
  const found = isPast
    ? page(all, (trade) => (isByTime ? trade.time : trade.id), query, MOST.oldTrades)
    : all.slice(-Math.min(Number(query.get('limit') ?? 100), MOST.trades)).toReversed();
  const rows = found.map((trade): WireRow => ({
    instId: id,
    side: trade.isBuyerMaker ? 'sell' : 'buy',
    sz: series === 'future' ? contracts(trade.qty) : String(trade.qty),
    px: String(trade.price),
    tradeId: String(trade.id),
    ts: String(trade.time),
  }));
  return { kind: 'trades', rows, fields: TRADE_FIELDS, wrap: inEnvelope };
}

const spot = (base: string, state: string): unknown => ({
  instType: 'SPOT',
  instId: `${base}-USDT`,
  baseCcy: base,
  quoteCcy: 'USDT',
  tickSz: '0.1',
  lotSz: '0.00000001',
  minSz: '0.00001',
  maxLmtSz: '9999999999',
  maxMktSz: '1000000',
  lever: '10',
  listTime: '1548133413000',
  state,
});

const INSTRUMENTS: Readonly<Record<string, readonly unknown[]>> = {
  SPOT: [spot('BTC', 'live'), spot('OLD', 'suspend')],
  SWAP: [
    {
      instType: 'SWAP',
      instId: 'BTC-USDT-SWAP',
      instFamily: 'BTC-USDT',
      uly: 'BTC-USDT',
      settleCcy: 'USDT',
      ctVal: String(CONTRACT),
      ctMult: '1',
      ctValCcy: 'BTC',
      ctType: 'linear',
      tickSz: '0.1',
      lotSz: '0.01',
      minSz: '0.01',
      maxLmtSz: '100000000',
      maxMktSz: '12000',
      lever: '100',
      listTime: '1573557408000',
      state: 'live',
    },
  ],
};
