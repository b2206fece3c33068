import { usualCurrency } from '../venues/currency-names.ts';
import { type Market, marketName, parseMarket } from '#core/model/market.ts';

/** Currencies that crypto markets are quoted in, the longer ones first, as USDT ends with what is no currency. */
const QUOTES = [
  'FDUSD',
  'USDT',
  'USDC',
  'BUSD',
  'USDP',
  'USDD',
  'DAI',
  'USD',
  'EUR',
  'GBP',
  'JPY',
  'TRY',
  'BRL',
  'AUD',
  'CAD',
  'CHF',
  'KRW',
  'RUB',
  'UAH',
  'BTC',
  'XBT',
  'ETH',
  'BNB',
];
/** TUSD is the quote of these alone: DOTUSD is DOT/USD. */
const TUSD = /^(BTC|ETH|BNB|XRP|LTC|SOL|ADA|DOGE|TRX|LINK|USDC|BUSD)(TUSD)$/;
/** Of forex, and metals that are quoted beside them. */
const CURRENCIES = new Set(
  'USD EUR GBP JPY CHF AUD NZD CAD SEK NOK DKK PLN HUF CZK TRY ZAR MXN SGD HKD CNH CNY INR THB RUB ILS XAU XAG XPT XPD'.split(' '),
);
const marketOf = (base: string, quote: string, settle: string | null = null): Market | null =>
  parseMarket(
    marketName({
      base: usualCurrency(base),
      quote: usualCurrency(quote),
      settle: settle === null ? null : usualCurrency(settle),
      expiry: null,
    }),
  );

/**
 * The market of a symbol as venues write it: `BTCUSDT`, `BTC/USDT`, `BTC-USD`, `EUR_USD`, `EURUSD`, `XXBTZUSD`. Null where base and quote cannot be told apart.
 * @param settle currency that a perpetual settles in: `quote` for that of the price
 */
export function marketOfSymbol(symbol: string, settle: 'quote' | null = null): Market | null {
  const text = symbol.toUpperCase();
  const kraken = /^X([A-Z]{3})Z([A-Z]{3})$/.exec(text);
  const [base, quote] = kraken === null ? (partsOf(text) ?? []) : [kraken[1], kraken[2]];
  if (base === undefined || quote === undefined) return null;
  return marketOf(base, quote, settle === null ? null : quote);
}

function partsOf(text: string): readonly [string, string] | null {
  const marked = /^([A-Z0-9.]+)[/_-]([A-Z0-9]+)$/.exec(text);
  if (marked !== null) return [marked[1]!, marked[2]!];
  if (/^[A-Z]{6}$/.test(text) && CURRENCIES.has(text.slice(0, 3)) && CURRENCIES.has(text.slice(3)))
    return [text.slice(0, 3), text.slice(3)];
  const tusd = TUSD.exec(text);
  if (tusd !== null) return [tusd[1]!, tusd[2]!];
  const quote = QUOTES.find((end) => text.endsWith(end) && text.length > end.length + 1);
  return quote === undefined || !/^[A-Z0-9]+$/.test(text) ? null : [text.slice(0, -quote.length), quote];
}
