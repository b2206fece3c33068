import { dayNumber } from '#core/model/civil-date.ts';
import { parseMarket } from '#core/model/market.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { NOTHING_KNOWN, type SaidOfFile } from './said-of-file.ts';
import { marketOfSymbol } from './symbol-text.ts';

const DAY_MS = 86_400_000;
const TIMEFRAMES = new Map([
  ['minute', '1m'],
  ['hour', '1h'],
  ['daily', '1d'],
  ['second', '1s'],
]);
const TRADE_BARS = ['time', 'open', 'high', 'low', 'close', 'volume'];
const QUOTE_BARS = [
  'time',
  'bid_open',
  'bid_high',
  'bid_low',
  'bid_close',
  'bid_size',
  'ask_open',
  'ask_high',
  'ask_low',
  'ask_close',
  'ask_size',
];
/** Trades of stocks have an exchange, conditions and a mark behind. */
const TRADE_TICKS = ['time', 'price', 'qty'];
const PRICE_SCALE = 10_000;

/**
 * What the folders of LEAN's data say of a zip: `equity/usa/minute/spy/20131007_trade.zip`, `equity/usa/daily/spy.zip`,
 * `crypto/coinbase/daily/btcusd_trade.zip`. Null elsewhere. Layout: github.com/QuantConnect/Lean, Data/<security>/readme.md; zones: its market-hours-database.
 */
export function leanPath(path: string): SaidOfFile | null {
  const parts = path.toLowerCase().split(/[\\/]/);
  const match =
    /(?:^|\/)(equity|crypto|cryptofuture|forex|cfd)\/([a-z0-9]+)\/(minute|second|tick|hour|daily)\/(?:([a-z0-9.]+)\/(\d{8})_(trade|quote)|([a-z0-9.]+?)(?:_(trade|quote))?)\.zip$/.exec(
      parts.join('/'),
    );
  if (match === null) return null;
  const [, security = '', venue = '', resolution = '', dated, day, datedType, plain, plainType] = match;
  const ticker = (dated ?? plain ?? '').toUpperCase();
  const isPriced = security === 'forex' || security === 'cfd';
  // Forex has quotes alone, stocks by the day trades alone.
  const type = datedType ?? plainType ?? (isPriced ? 'quote' : 'trade');
  const isStock = security === 'equity';
  const market = isStock ? parseMarket(`${ticker}/USD`) : marketOfSymbol(ticker, security === 'cryptofuture' ? 'quote' : null);
  const isTick = resolution === 'tick';
  return {
    ...NOTHING_KNOWN,
    by: 'LEAN',
    venue: isStock && venue === 'usa' ? 'us' : venue,
    market,
    isSplit: !isStock,
    unsure: market === null ? `"${ticker}" does not tell base from quote; give --market` : null,
    timeframe: parseTimeframe(TIMEFRAMES.get(resolution) ?? ''),
    kind: isTick ? 'trades' : 'candles',
    zone: zoneOf(security, venue, resolution),
    columns: isTick ? TRADE_TICKS : type === 'quote' ? QUOTE_BARS : TRADE_BARS,
    priceScale: isStock ? PRICE_SCALE : 1,
    dayMs: day === undefined ? null : dayNumber(Number(day.slice(0, 4)), Number(day.slice(4, 6)), Number(day.slice(6))) * DAY_MS,
  };
}

/** Of the clocks in a folder; null where the folders do not tell. */
function zoneOf(security: string, venue: string, resolution: string): string | null {
  if (security.startsWith('crypto')) return 'UTC';
  // A day of a stock is its date, as in all other files.
  if (security === 'equity' && venue === 'usa') return resolution === 'daily' ? 'UTC' : 'America/New_York';
  if (venue === 'oanda') return 'UTC';
  return venue === 'fxcm' ? '-05:00' : null;
}
