import { SETTING } from '#core/model/strategy-abi.ts';

/**
 * What a quantity is worth in the currency of the account. Of most markets that is quantity times price. An inverse contract is a number of units of the quote
 * currency (dollars) and settles in the base (bitcoin): it is worth quantity / price of it, and as that falls when the price rises, who buys it owes that much.
 */
export interface Valuation {
  /** +1: what is bought is paid for and adds its value to the equity. -1, inverse: it adds its value to the cash, and takes it off the equity. */
  readonly sign: 1 | -1;
  /** Value of a quantity, with the sign of the quantity. */
  readonly notional: (qty: number, price: number) => number;
  /** What it adds to the equity beside cash. */
  readonly worth: (qty: number, price: number) => number;
  /** What a position of a signed quantity earns from one price to another. */
  readonly gain: (qty: number, from: number, to: number) => number;
  /** The quantity that is worth a value. */
  readonly quantityFor: (value: number, price: number) => number;
  /** The price at which a quantity is worth a value: of several fills together their mean price. */
  readonly priceAt: (value: number, qty: number) => number;
  /** Of two prices that at which a quantity is worth more, and that at which it is worth less. */
  readonly dearer: (a: number, b: number) => number;
  readonly cheaper: (a: number, b: number) => number;
}

export const LINEAR: Valuation = {
  sign: 1,
  notional: (qty, price) => qty * price,
  worth: (qty, price) => qty * price,
  gain: (qty, from, to) => qty * (to - from),
  quantityFor: (value, price) => value / price,
  priceAt: (value, qty) => value / qty,
  dearer: (a, b) => Math.max(a, b),
  cheaper: (a, b) => Math.min(a, b),
};

export const INVERSE: Valuation = {
  sign: -1,
  notional: (qty, price) => qty / price,
  worth: (qty, price) => -qty / price,
  // qty * (1 / from - 1 / to), without the difference of two roundings.
  gain: (qty, from, to) => (qty * (to - from)) / (from * to),
  quantityFor: (value, price) => value * price,
  priceAt: (value, qty) => qty / value,
  dearer: (a, b) => Math.min(a, b),
  cheaper: (a, b) => Math.max(a, b),
};

/** @param settings SETTING layout */
export function valuationOf(settings: Float64Array): Valuation {
  return settings[SETTING.isInverse] === 1 ? INVERSE : LINEAR;
}
