import { accountCurrency } from '#core/model/market.ts';
import { groupedNumber } from './number-text.ts';

/** Coins that accounts are kept in and of which one is worth more than a hundred dollars: cents of them would show nothing. */
const COINS: ReadonlySet<string> = new Set(['BTC', 'XBT', 'ETH', 'BNB', 'SOL', 'BCH', 'LTC', 'XMR', 'AAVE', 'MKR']);
const COIN_DIGITS = 6;

/** An amount of a currency, without its name. */
export function moneyText(value: number | null, currency: string): string {
  return groupedNumber(value, COINS.has(currency) ? COIN_DIGITS : 2);
}

/** An amount of the account that a market is traded on. */
export function marketMoneyText(value: number | null, market: string): string {
  return moneyText(value, accountCurrency(market) ?? '');
}
