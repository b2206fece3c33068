import type { SeriesKind } from '../store/series-key.ts';
import type { QuoteSide } from './import-request.ts';

/** Names of headers are compared in one form: lower case, without the angle brackets of MetaTrader, words joined by one line below. */
export const plainName = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/^<(.*)>$/, '$1')
    .replace(/[\s._-]+/g, '_')
    .replace(/^_+|_+$/g, '');

const TIMES = [
  'timestamp',
  'time',
  'open_time',
  'opentime',
  'unix',
  'unix_timestamp',
  'datetime',
  'date_time',
  'date',
  'gmt_time',
  'time_utc',
  'time_(utc)',
];
const MORE_TIMES = [
  'local_time',
  'time_(eet)',
  'start',
  'start_at',
  't',
  'ts',
  'dtyyyymmdd',
  'exchangetimestamp',
  'recvtimestamp',
  'transact_time',
];
const FUNDING_TIMES = ['funding_time', 'fundingtime', 'calc_time', ...TIMES, ...MORE_TIMES];

/** Names under which tools export a column, in the plain form; of several in one file the first listed counts. */
interface KnownColumn {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly isNeeded: boolean;
}

const needed = (name: string, ...aliases: readonly string[]): KnownColumn => ({ name, aliases, isNeeded: true });
const perhaps = (name: string, ...aliases: readonly string[]): KnownColumn => ({ name, aliases, isNeeded: false });

const PRICES = [
  needed('open', 'open', 'o', 'open_price', '1_open'),
  needed('high', 'high', 'h', 'high_price', 'max', '2_high'),
  needed('low', 'low', 'l', 'low_price', 'min', '3_low'),
  needed('close', 'close', 'c', 'close_price', 'last', 'close/last', '4_close'),
];

const VOLUME = perhaps('volume', 'volume', 'vol', 'base_volume', 'volume_base', 'v', 'volumefrom', 'tickvol', 'tick_volume', '5_volume');

const COLUMNS: Readonly<Record<SeriesKind, readonly KnownColumn[]>> = {
  candles: [
    ...PRICES,
    VOLUME,
    perhaps('quote_volume', 'quote_volume', 'quotevolume', 'quote_asset_volume', 'turnover', 'volumeto'),
    perhaps('funding_rate', 'funding_rate', 'fundingrate'),
    perhaps('open_interest', 'open_interest', 'openinterest'),
    perhaps('spread', 'spread_share'),
    perhaps('market_cap', 'market_cap', 'marketcap', 'market_capitalization'),
  ],
  mark: PRICES,
  index: PRICES,
  trades: [
    needed('price', 'price', 'p', 'last'),
    needed('qty', 'qty', 'quantity', 'amount', 'size', 'volume', 'q'),
    perhaps('side', 'side', 'taker_side', 'takerside', 'direction', 'is_buyer_maker', 'isbuyermaker', 'buyer_maker', 'm'),
    perhaps('id', 'id', 'trade_id', 'tradeid', 'agg_trade_id', 'aggtradeid', 'aggid', 'a', 'tid'),
  ],
  funding: [needed('rate', 'funding_rate', 'fundingrate', 'last_funding_rate', 'rate', 'open')],
};

/** Names of a column whose values say that the maker bought: the taker sold then. */
export const MAKER_SIDES: ReadonlySet<string> = new Set(['is_buyer_maker', 'isbuyermaker', 'buyer_maker', 'm']);

export const columnsOf = (kind: SeriesKind): readonly KnownColumn[] => COLUMNS[kind];

export const timeAliases = (kind: SeriesKind): readonly string[] => (kind === 'funding' ? FUNDING_TIMES : [...TIMES, ...MORE_TIMES]);

/** The kind that the names of a header are those of; null when of none. */
export function kindOfNames(names: readonly string[]): SeriesKind | null {
  const has = (alias: readonly string[]): boolean => names.some((name) => alias.includes(name));
  const isCandle = has(COLUMNS.candles[3]!.aliases) && has(COLUMNS.candles[0]!.aliases);
  if (isCandle || sidesOf(names).length > 0) return 'candles';
  if (has(['funding_rate', 'fundingrate', 'last_funding_rate'])) return 'funding';
  return has(['price', 'p']) && has(COLUMNS.trades[1]!.aliases) ? 'trades' : null;
}

const SIDE_NAMES: Readonly<Record<'open' | 'high' | 'low' | 'close', readonly string[]>> = {
  open: ['open', 'o'],
  high: ['high', 'h'],
  low: ['low', 'l'],
  close: ['close', 'c'],
};

/** The name under which a header has a price of one side: `bid_open`, `mid.o`, `askopen`, `open_ask`. */
export function sideName(names: readonly string[], side: QuoteSide, column: string): string | undefined {
  const forms = SIDE_NAMES[column as keyof typeof SIDE_NAMES];
  return names.find((name) =>
    forms?.some((form) => [`${side}_${form}`, `${side}${form}`, `${form}_${side}`, `${form}${side}`].includes(name)),
  );
}

/** Sides whose candles a header has. */
export const sidesOf = (names: readonly string[]): readonly QuoteSide[] =>
  (['bid', 'ask', 'mid'] as const).filter((side) => Object.keys(SIDE_NAMES).every((column) => sideName(names, side, column) !== undefined));
