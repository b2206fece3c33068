import { parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';

const LETTERS: Readonly<Record<string, string>> = { S: 's', D: 'd', W: 'w', M: 'mo', '': 'm' };

/** A timeframe of Pine: minutes are plain numbers (`60`), others have a letter (`D`, `3M`, `30S`). null: it is none. */
export function readTimeframe(text: string): Timeframe | null {
  const [, count = '', letter = ''] = /^(\d{0,5})([SDWM]?)$/.exec(text) ?? [];
  if (count === '' && letter === '') return null;
  return parseTimeframe(`${count === '' ? '1' : count}${LETTERS[letter]!}`);
}

const QUOTES = ['USDT', 'USDC', 'BUSD', 'FDUSD', 'USD', 'EUR', 'GBP', 'JPY', 'CHF', 'AUD', 'CAD', 'BTC', 'ETH', 'BNB'];

/** The market behind a ticker such as `BINANCE:ETHUSDT`, by the quote currencies there are; null when it does not end with one. */
export function marketOfTicker(ticker: string): string | null {
  const name = ticker.replace(/^.*:/, '').replace(/\.P$/, '').toUpperCase();
  if (!/^[A-Z0-9]{4,20}$/.test(name)) return null;
  const quote = QUOTES.find((currency) => name.endsWith(currency) && name.length > currency.length + 1);
  return quote === undefined ? null : `${name.slice(0, -quote.length)}/${quote}`;
}
