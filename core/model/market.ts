/** What is traded, without the venue. Names follow the language: `BTC/USDT`, `BTC/USDT:USDT`, `BTC/USDT:USDT-261225`, `SPY`. */
export interface Market {
  /** The whole name as written in strategies and reports. */
  readonly name: string;
  /** Currency or ticker that is bought and sold: `BTC`, `1000PEPE`, `BRK.B`. */
  readonly base: string;
  /** Currency of the price; null of a bare ticker. */
  readonly quote: string | null;
  /** Currency that a derivative settles in; null for spot. */
  readonly settle: string | null;
  /** Last day of a dated future as YYMMDD; null for spot and perpetuals. */
  readonly expiry: string | null;
}

const LETTER = /[A-Z]/;
const TICKER = /^[A-Z0-9]+(?:[.-][A-Z0-9]+)*$/;
const CURRENCY = /^[A-Z0-9]+$/;
const EXPIRY = /^\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/;
const MAX_WORD = 32;

const isWord = (text: string, pattern: RegExp): boolean => text.length <= MAX_WORD && pattern.test(text) && LETTER.test(text);

/** Builds the name of a market from its parts; the inverse of `parseMarket`. */
export function marketName(parts: Omit<Market, 'name'>): string {
  if (parts.quote === null) return parts.base;
  const settle = parts.settle === null ? '' : `:${parts.settle}${parts.expiry === null ? '' : `-${parts.expiry}`}`;
  return `${parts.base}/${parts.quote}${settle}`;
}

function checked(base: string, quote: string | null, settle: string | null, expiry: string | null): Market | null {
  if (!isWord(base, TICKER)) return null;
  if (quote !== null && !isWord(quote, CURRENCY)) return null;
  if (settle !== null && !isWord(settle, CURRENCY)) return null;
  if (expiry !== null && !EXPIRY.test(expiry)) return null;
  return { name: marketName({ base, quote, settle, expiry }), base, quote, settle, expiry };
}

/**
 * Reads a market's name. Words are upper-case ASCII letters and digits with at least one letter and at most 32 characters;
 * a base may hold single `.` and `-` inside. Null when the text is anything else: it is shown, never repaired.
 */
export function parseMarket(text: string): Market | null {
  const slash = text.indexOf('/');
  if (slash < 0) return checked(text, null, null, null);
  const base = text.slice(0, slash);
  const rest = text.slice(slash + 1);
  const colon = rest.indexOf(':');
  if (colon < 0) return checked(base, rest, null, null);
  const settle = rest.slice(colon + 1);
  const dash = settle.indexOf('-');
  return dash < 0
    ? checked(base, rest.slice(0, colon), settle, null)
    : checked(base, rest.slice(0, colon), settle.slice(0, dash), settle.slice(dash + 1));
}

/**
 * Reads the market part of a candle file's name: `BTC-USDT`, `BRK.B-USD`, `BRK-B-USD` (the last word is the quote), `SPY`,
 * `BTC-USDT-261225` (a future settled in its quote). Lower case is taken as upper case. Null when it is none of these.
 */
export function parseFileMarket(text: string): Market | null {
  const words = text.toUpperCase().split('-');
  const last = words.at(-1) ?? '';
  if (words.length === 1) return checked(last, null, null, null);
  if (words.length >= 3 && EXPIRY.test(last)) {
    const quote = words.at(-2) ?? '';
    return checked(words.slice(0, -2).join('-'), quote, quote, last);
  }
  return checked(words.slice(0, -1).join('-'), last, null, null);
}

/**
 * How a file's market serves the one a strategy names: `exact` the same name; `pair` the same BASE/QUOTE but another kind
 * (spot data for a perpetual); `base` the same base while one side has no quote or another one (`SPY` takes SPY/USD);
 * `only` taken because there is one file and one market; `forced` by the user.
 */
export type MarketMatchKind = 'exact' | 'pair' | 'base' | 'only' | 'forced';

/** One way in which `offered` could serve `wanted`; null when not even the base is the same. */
function compareMarkets(wanted: Market, offered: Market): 'exact' | 'pair' | 'base' | null {
  if (wanted.name === offered.name) return 'exact';
  if (wanted.base !== offered.base) return null;
  return wanted.quote !== null && wanted.quote === offered.quote ? 'pair' : 'base';
}

/** The outcome for one wanted market: the offered index, or why there is none (`candidates` empty: nothing fits; else: too many fit). */
export type MarketMatch =
  | { readonly found: true; readonly index: number; readonly by: MarketMatchKind }
  | { readonly found: false; readonly candidates: readonly number[] };

/**
 * Finds the data for each market of a strategy, by name, then by BASE/QUOTE, then by base alone. Several equally good
 * files are refused, not chosen from. One file serves a strategy of one market whatever its name (callers warn unless `by` is
 * `exact`, or `base` for a bare ticker). `offered` holds null for files whose name says no market.
 */
export function matchMarkets(wanted: readonly Market[], offered: readonly (Market | null)[]): readonly MarketMatch[] {
  return wanted.map((market) => {
    for (const by of ['exact', 'pair', 'base'] as const) {
      const candidates = offered.flatMap((file, index) => (file !== null && compareMarkets(market, file) === by ? [index] : []));
      const index = candidates[0];
      if (candidates.length === 1 && index !== undefined) return { found: true, index, by };
      if (candidates.length > 1) return { found: false, candidates };
    }
    if (wanted.length === 1 && offered.length === 1) return { found: true, index: 0, by: 'only' };
    return { found: false, candidates: [] };
  });
}

/** A derivative without an end: longs and shorts pay each other funding. */
export function isPerpetual(name: string): boolean {
  const market = parseMarket(name);
  return market !== null && market.settle !== null && market.expiry === null;
}

/** A derivative that settles in what is traded: `BTC/USD:BTC`. Its contracts are units of the quote currency, its account is in the base. */
export function isInverse(name: string): boolean {
  const market = parseMarket(name);
  return market !== null && market.settle !== null && market.settle === market.base && market.settle !== market.quote;
}

/** The currency of the account that a market is traded on; null of a bare ticker, which does not say. */
export function accountCurrency(name: string): string | null {
  const market = parseMarket(name);
  return market === null ? null : isInverse(name) ? market.base : market.quote;
}
