import { at } from './instrument.ts';

/**
 * Base units of a trade. ccxt counts those of derivatives in contracts, which are so many base units of linear ones, and so many quote units of inverse ones.
 * @param market as ccxt lists it
 * @returns the amount itself where it is none
 */
export function baseQuantity(market: unknown, amount: unknown, price: unknown): unknown {
  const size = at(market, ['contractSize']);
  if (at(market, ['contract']) !== true || typeof size !== 'number' || typeof amount !== 'number') return amount;
  if (!Number.isFinite(size) || size <= 0 || !Number.isFinite(amount)) return amount;
  const product = exactProduct(amount, size);
  if (at(market, ['inverse']) !== true) return product;
  return typeof price === 'number' && price > 0 ? product / price : amount;
}

/** The product of two decimals as they are written: 57 * 0.01 is 0.57. */
function exactProduct(a: number, b: number): number {
  const [aDigits, aExponent] = decimal(a);
  const [bDigits, bExponent] = decimal(b);
  return Number(`${aDigits * bDigits}e${aExponent + bExponent}`);
}

/** The shortest text of a number, as a whole number and a power of ten. */
function decimal(value: number): readonly [digits: bigint, exponent: number] {
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return [BigInt(whole + fraction), Number(exponent) - fraction.length];
}
