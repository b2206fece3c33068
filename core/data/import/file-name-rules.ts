import { parseFileMarket, parseMarket } from '#core/model/market.ts';
import { parseTimeframe, timeframeOfStep, type Timeframe } from '#core/model/timeframe.ts';
import type { SeriesKind } from '../store/series-key.ts';

import { BINANCE_CANDLES } from './headless-layout.ts';
import { leanPath } from './lean-path.ts';
import { NOTHING_KNOWN, type SaidOfFile } from './said-of-file.ts';
import { marketOfSymbol } from './symbol-text.ts';

type NameRule = (stem: string, folders: readonly string[]) => Partial<SaidOfFile> | null;

const minutes = (text: string): Timeframe | null => timeframeOfStep(Number(text) * 60_000);
const unsplit = (symbol: string): string => `"${symbol}" does not tell base from quote; give --market`;

/** A symbol whose base and quote stand together. */
const spot = (symbol: string): Pick<SaidOfFile, 'market' | 'isSplit' | 'unsure'> => {
  const market = marketOfSymbol(symbol);
  return { market, isSplit: market !== null && !/[/_-]/.test(symbol), unsure: market === null ? unsplit(symbol) : null };
};

/** `{venue}_{BASE}-{QUOTE}_{timeframe}`, as strat names files. */
const strat: NameRule = (stem) => {
  const match = /^([A-Za-z0-9][A-Za-z0-9.-]*)_([A-Za-z0-9.-]+)_([A-Za-z0-9]+)$/.exec(stem);
  const market = parseFileMarket(match?.[2] ?? '');
  const timeframe = parseTimeframe(match?.[3] ?? '');
  return match === null || market === null || timeframe === null ? null : { by: 'strat', venue: match[1]!, market, timeframe };
};

const FREQTRADE_KINDS = new Map<string, SeriesKind>([
  ['futures', 'candles'],
  ['mark', 'mark'],
  ['index', 'index'],
  ['funding_rate', 'funding'],
]);

/** `BTC_USDT-1h`, `BTC_USDT_USDT-1h-futures`, in `data/{venue}/` or `data/{venue}/futures/`. */
const freqtrade: NameRule = (stem, folders) => {
  const match = /^([A-Z0-9]+)_([A-Z0-9]+)(?:_([A-Z0-9]+))?-(?:(\d+[smhdwM]o?)(?:-(futures|mark|index|funding_rate))?|(trades))$/.exec(stem);
  if (match === null) return null;
  const [, base, quote, settle, length = '', kind = 'futures', trades] = match;
  const timeframe = parseTimeframe(length);
  if (timeframe === null && trades === undefined) return null;
  const places = folders.at(-1) === 'futures' ? folders.slice(0, -1) : folders;
  const venue = places.at(-2) === 'data' ? places.at(-1)! : null;
  return {
    by: 'freqtrade',
    venue,
    market: parseMarket(`${base}/${quote}${settle === undefined ? '' : `:${settle}`}`),
    timeframe,
    kind: trades === undefined ? FREQTRADE_KINDS.get(kind)! : 'trades',
    columns:
      trades === undefined ? ['time', 'open', 'high', 'low', 'close', 'volume'] : ['time', 'id', 'type', 'side', 'price', 'amount', 'cost'],
    zone: 'UTC',
  };
};

const BINANCE_COLUMNS = new Map<string, readonly string[]>([
  ['trades', ['id', 'price', 'qty', 'quote_qty', 'time', 'is_buyer_maker', 'is_best_match']],
  ['aggTrades', ['agg_trade_id', 'price', 'qty', 'first_trade_id', 'last_trade_id', 'time', 'is_buyer_maker', 'is_best_match']],
  ['fundingRate', ['calc_time', 'funding_interval_hours', 'last_funding_rate']],
]);

/** `BTCUSDT-1m-2024-01`, `BTCUSDT-trades-2024-01-31`: spot and futures have the same names, the folders of its archive differ. */
const binance: NameRule = (stem, folders) => {
  const match = /^([A-Z0-9]+)-(\d+[smhdw]|1mo|trades|aggTrades|fundingRate)-\d{4}-\d\d(?:-\d\d)?$/.exec(stem);
  if (match === null) return null;
  const [, symbol = '', what = ''] = match;
  const isFuture = folders.includes('futures') || what === 'fundingRate';
  const isSpot = folders.includes('spot');
  const timeframe = parseTimeframe(what);
  const kind: SeriesKind =
    timeframe === null
      ? what === 'fundingRate'
        ? 'funding'
        : 'trades'
      : folders.includes('markPriceKlines')
        ? 'mark'
        : folders.includes('indexPriceKlines')
          ? 'index'
          : 'candles';
  const market = marketOfSymbol(symbol, isFuture ? 'quote' : null);
  const places = 'spot and perpetual files of Binance have the same name';
  return {
    by: 'Binance',
    venue: isFuture ? 'binanceusdm' : isSpot ? 'binance' : null,
    market: isFuture || isSpot ? market : null,
    isSplit: true,
    unsure:
      market === null
        ? unsplit(symbol)
        : `${places}; give --venue binance or --venue binanceusdm, or --market ${market.name} or ${market.name}:${market.quote}`,
    timeframe,
    kind,
    columns: timeframe === null ? (BINANCE_COLUMNS.get(what) ?? null) : BINANCE_CANDLES,
    zone: 'UTC',
  };
};

/** `XBTUSD_60`: minutes. `XBTUSD` alone are trades. */
const kraken: NameRule = (stem) => {
  const match = /^([A-Z0-9]{5,12})_(1|5|15|30|60|240|720|1440|10080|21600)$/.exec(stem);
  if (match === null) return null;
  return {
    by: 'Kraken',
    venue: 'kraken',
    ...spot(match[1]!),
    timeframe: minutes(match[2]!),
    columns: ['time', 'open', 'high', 'low', 'close', 'volume', 'trades'],
    zone: 'UTC',
  };
};

/** `Binance_BTCUSDT_1h`, `Bitstamp_BTCUSD_2023_minute`. */
const cryptoDataDownload: NameRule = (stem) => {
  const match = /^([A-Z][A-Za-z]+)_([A-Z0-9]+)_(?:\d{4}_)?(1h|d|minute|1m|1d)$/.exec(stem);
  // What is no pair may be a ticker in a name of strat.
  if (match === null || marketOfSymbol(match[2]!) === null) return null;
  const timeframe = parseTimeframe({ d: '1d', minute: '1m' }[match[3]!] ?? match[3]!);
  return { by: 'CryptoDataDownload', venue: match[1]!.toLowerCase(), ...spot(match[2]!), timeframe, zone: 'UTC' };
};

/** `BINANCE_BTCUSDT, 60`, `NASDAQ_AAPL, 1D_4f0a2`. */
const tradingView: NameRule = (stem) => {
  const match = /^([A-Z0-9]+)_([A-Z0-9.]+), ?(\d+|\d*[SHDWM])(?:[_ ].*)?$/.exec(stem);
  if (match === null) return null;
  const [, venue = '', symbol = '', length = ''] = match;
  const perpetual = /^(.+)\.P$/.exec(symbol);
  const market = marketOfSymbol(perpetual?.[1] ?? symbol, perpetual === null ? null : 'quote') ?? parseMarket(symbol);
  const unit = /^\d+$/.test(length) ? minutes(length) : parseTimeframe(length.replace(/^(?=[SHDWM])/, '1').replace('S', 's'));
  return {
    by: 'TradingView',
    venue: venue.toLowerCase(),
    market,
    isSplit: market?.quote !== null,
    unsure: market === null ? unsplit(symbol) : null,
    timeframe: unit,
  };
};

const DUKASCOPY_UNITS = new Map([
  ['s', '1s'],
  ['m', '1m'],
  ['min', '1m'],
  ['h', '1h'],
  ['hour', '1h'],
  ['hours', '1h'],
  ['d', '1d'],
  ['day', '1d'],
  ['w', '1w'],
  ['week', '1w'],
  ['weekly', '1w'],
  ['month', '1mo'],
  ['monthly', '1mo'],
]);

/** `EURUSD_Candlestick_1_Hour_BID_01.01.2020-31.12.2020`. */
const dukascopy: NameRule = (stem) => {
  const match = /^([A-Z.]+)_Candlestick_(\d+)_([A-Za-z]+)_(BID|ASK)_/.exec(stem);
  if (match === null) return null;
  const unit = DUKASCOPY_UNITS.get(match[3]!.toLowerCase()) ?? '';
  const isAsk = match[4] === 'ASK';
  return {
    by: 'Dukascopy',
    venue: isAsk ? 'dukascopy-ask' : 'dukascopy',
    ...spot(match[1]!.replace('.', '')),
    timeframe: parseTimeframe(unit.replace('1', match[2]!)),
    price: isAsk ? 'ask' : 'bid',
  };
};

const METATRADER_UNITS = new Map([
  ['Daily', '1d'],
  ['Weekly', '1w'],
  ['Monthly', '1mo'],
  ['D1', '1d'],
  ['W1', '1w'],
  ['MN1', '1mo'],
]);

/** `EURUSD_M1_202301020000_202312291600`, `EURUSD60`, both in the time of a broker's server. */
const metaTrader: NameRule = (stem) => {
  const five = /^([A-Za-z0-9.#]+)_(M\d+|H\d+|D1|W1|MN1|Daily|Weekly|Monthly)(?:_\d{8,12}_\d{8,12})?$/.exec(stem);
  const four = /^([A-Z]{6})(1|5|15|30|60|240|1440|10080|43200)$/.exec(stem);
  const match = five ?? four;
  if (match === null) return null;
  const [, symbol = '', length = ''] = match;
  const named = METATRADER_UNITS.get(length) ?? `${length.slice(1)}${length.charAt(0).toLowerCase()}`;
  const timeframe = five === null ? (length === '43200' ? parseTimeframe('1mo') : minutes(length)) : parseTimeframe(named);
  return { by: 'MetaTrader', ...spot(symbol), timeframe };
};

/** `DAT_ASCII_EURUSD_M1_2023`: times are Eastern Standard Time all year, as histdata.com says. */
const histData: NameRule = (stem) => {
  const match = /^DAT_(?:ASCII|MT)_([A-Z]{6})_M1_\d{4,6}$/.exec(stem);
  if (match === null) return null;
  return { by: 'HistData', venue: 'histdata', ...spot(match[1]!), timeframe: parseTimeframe('1m'), zone: '-05:00' };
};

/** A name in the form of one rule is in no other: the first that knows it counts. */
const RULES: readonly NameRule[] = [histData, dukascopy, freqtrade, binance, tradingView, cryptoDataDownload, strat, kraken, metaTrader];

/** What the name of a file says, and the folders around it. */
export function saidByName(path: string): SaidOfFile {
  const lean = leanPath(path);
  if (lean !== null) return lean;
  const parts = path.split(/[\\/]/);
  const stem = (parts.at(-1) ?? '').replace(/(?:\.(?:csv|txt|json|ndjson|jsonl|parquet|pq|feather|arrow|ipc|zip|prn|gz|zst))+$/i, '');
  // A browser counts downloads of one name.
  const plain = stem.replace(/ ?\(\d+\)$/, '');
  for (const rule of RULES) {
    const said = rule(plain, parts.slice(0, -1));
    if (said !== null) return { ...NOTHING_KNOWN, ...said };
  }
  return NOTHING_KNOWN;
}
