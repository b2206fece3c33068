import type { MarketUnits } from './context.ts';
import { scalarType, type ScalarType } from './type.ts';

type Units = Pick<MarketUnits, 'base' | 'quote' | 'isInverse'>;

/** The currency of the account; null when no market says. */
export const currencyOfAccount = ({ base, quote, isInverse }: Units): string | null => (isInverse ? base : quote);

/** What the account's money is to arithmetic: an amount of the quote currency; of an inverse perpetual one of the base, which prices count as a quantity. */
export const accountType = ({ quote, isInverse }: Pick<Units, 'quote' | 'isInverse'>): ScalarType =>
  isInverse ? scalarType('quantity') : scalarType('money', quote);

/** What is held of the market: an amount of the base; inverse contracts are amounts of the quote currency. */
export const heldType = ({ quote, isInverse }: Pick<Units, 'quote' | 'isInverse'>): ScalarType =>
  isInverse ? scalarType('money', quote) : scalarType('quantity');
