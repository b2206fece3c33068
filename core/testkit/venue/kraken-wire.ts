import { barOpen, parseTimeframe } from '#core/model/timeframe.ts';
import type { TrueTrade, VenueTruth } from './venue-truth.ts';
import type { RowFields, VenueWire, WireAnswer, WireFact, WireRefusal, WireRequest, WireRow, WireSources } from './venue-wire.ts';

const NS = 1_000_000n;
/** Bars of any length: the newest ones, whatever was asked for. */
const BARS = 720;
const TRADES = 1000;
const PAIRS: Readonly<Record<string, string>> = { XXBTZUSD: 'spot', OLDUSD: 'old' };
const MINUTES: Readonly<Record<string, string>> = { 1: '1m', 5: '5m', 15: '15m', 30: '30m', 60: '1h', 240: '4h', 1440: '1d', 10080: '1w' };
const inSeconds: Pick<RowFields, 'written' | 'read'> = {
  written: (timeMs) => timeMs / 1000,
  read: (value) => Math.floor(Number(value) * 1000),
};
const BAR_FIELDS: RowFields = { ...inSeconds, time: 0, high: 2, price: 4 };
const TRADE_FIELDS: RowFields = { ...inSeconds, time: 2, price: 0 };

const said = (error: string): WireRefusal => ({ status: 200, body: JSON.stringify({ error: [error] }) });

/**
 * Kraken, spot: errors are said in answers of status 200, bars are the newest 720 and nothing before, trades go forwards from a time in nanoseconds and tell the
 * time of the last one.
 */
export const krakenWire: VenueWire = {
  venue: 'kraken',
  markets: { spot: 'BTC/USD', perpetual: null, delisted: 'OLD/USD' },
  newestBars: BARS,
  urls: (address) => ({ api: { public: address, private: address } }),
  answer: krakenAnswer,
  refusals: {
    throttle: said('EAPI:Rate limit exceeded'),
    ban: said('EGeneral:Temporary lockout'),
    maintenance: said('EService:Unavailable'),
    error500: said('EGeneral:Internal error'),
  },
};

function krakenAnswer({ path, query }: WireRequest, sources: WireSources): WireAnswer | null {
  switch (path) {
    case '/0/public/Time':
      return fact({ unixtime: Math.floor(sources.nowMs / 1000), rfc1123: new Date(sources.nowMs).toUTCString() });
    case '/0/public/Assets':
      return fact({ XXBT: asset('XBT', 10), ZUSD: asset('USD', 4), OLD: asset('OLD', 8) });
    case '/0/public/AssetPairs':
      return fact({ XXBTZUSD: pair('XXBT', 'online'), OLDUSD: pair('OLD', 'cancel_only') });
    case '/0/public/OHLC':
      return ofPair(query) ?? bars(query, sources);
    case '/0/public/Trades':
      return ofPair(query) ?? trades(query, sources);
    default:
      return null;
  }
}

const fact = (result: unknown): WireFact => ({ kind: 'fact', json: { error: [], result } });

function ofPair(query: URLSearchParams): WireFact | null {
  return PAIRS[query.get('pair') ?? ''] === undefined ? { kind: 'fact', json: { error: ['EQuery:Unknown asset pair'] } } : null;
}

function bars(query: URLSearchParams, { truth, delisted, nowMs }: WireSources): WireAnswer {
  const id = query.get('pair')!;
  const series = PAIRS[id]!;
  const timeframe = MINUTES[query.get('interval') ?? '1'];
  const grid = parseTimeframe(timeframe ?? '');
  if (timeframe === undefined || grid === null) return { kind: 'fact', json: { error: ['EGeneral:Invalid arguments'] } };
  const source = series === 'old' ? delisted : truth;
  const newest = Math.min(barOpen(grid, nowMs), barOpen(grid, (source.options.delistedMs ?? Infinity) - 1));
  const first = newest - (BARS - 1) * grid.stepMs;
  const found = source.bars(series, timeframe, Math.max(first, 1000 * Number(query.get('since') ?? 0) + 1), newest + 1);
  const rows = found.map((bar): WireRow => {
    const [time, open, high, low, close, volume] = source.shown(bar, series, timeframe, nowMs);
    return [time / 1000, String(open), String(high), String(low), String(close), String(close), String(volume), 1];
  });
  const last = Math.floor((newest - grid.stepMs) / 1000);
  return { kind: 'bars', rows, fields: BAR_FIELDS, wrap: (given) => ({ error: [], result: { [id]: given, last } }) };
}

const nanoseconds = ({ time, place }: TrueTrade): bigint => BigInt(time) * NS + BigInt(place) * 1000n;

function trades(query: URLSearchParams, { truth, nowMs }: WireSources): WireAnswer {
  const id = query.get('pair')!;
  const all = PAIRS[id] === 'old' ? [] : tradesUntil(truth, nowMs);
  const limit = Math.min(Number(query.get('count') ?? TRADES), TRADES);
  const since = query.get('since');
  const found = since === null ? all.slice(-limit) : all.filter((trade) => nanoseconds(trade) > asNanoseconds(since)).slice(0, limit);
  const rows = found.map((trade): WireRow => {
    const { price, qty, isBuyerMaker } = trade;
    const micros = nanoseconds(trade) / 1000n;
    const seconds = Number(`${micros / 1_000_000n}.${String(micros % 1_000_000n).padStart(6, '0')}`);
    return [String(price), String(qty), seconds, isBuyerMaker ? 's' : 'b', 'l', '', trade.id];
  });
  const last = found.at(-1);
  return {
    kind: 'trades',
    rows,
    fields: TRADE_FIELDS,
    wrap: (given) => ({ error: [], result: { [id]: given, last: String(last === undefined ? (since ?? 0) : nanoseconds(last)) } }),
  };
}

const tradesUntil = (truth: VenueTruth, nowMs: number): readonly TrueTrade[] => truth.trades().filter(({ time }) => time <= nowMs);

/** Numbers of up to ten digits are seconds, longer ones nanoseconds. */
const asNanoseconds = (since: string): bigint => (since.length <= 10 ? BigInt(since) * 1_000_000_000n : BigInt(since));

const asset = (altname: string, decimals: number): unknown => ({
  aclass: 'currency',
  altname,
  decimals,
  display_decimals: 5,
  status: 'enabled',
});

const pair = (base: string, status: string): unknown => ({
  altname: `${base === 'XXBT' ? 'XBT' : base}USD`,
  wsname: `${base === 'XXBT' ? 'XBT' : base}/USD`,
  aclass_base: 'currency',
  base,
  aclass_quote: 'currency',
  quote: 'ZUSD',
  lot: 'unit',
  pair_decimals: 1,
  lot_decimals: 8,
  lot_multiplier: 1,
  leverage_buy: [2, 3, 4, 5],
  leverage_sell: [2, 3, 4, 5],
  fees: [
    [0, 0.4],
    [10_000, 0.35],
  ],
  fees_maker: [
    [0, 0.25],
    [10_000, 0.2],
  ],
  ordermin: '0.00005',
  costmin: '0.5',
  status,
});
