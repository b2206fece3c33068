import type { TextBytes } from './text-bytes.ts';

const ZERO = 48;
const PLUS = 43;
const MINUS = 45;
const POINT = 46;
/** Largest m for which m * 10 + 9 is still below 2^53, so that the digits stay an exact integer. */
const MAX_EXACT_PREFIX = 900_719_925_474_098;
/** 10^0 .. 10^22: every one of them is exact in a double, 10^23 is not. Never written to. */
export const EXACT_POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The number that a text says, as `parseDecimal` reads it. */
export const decimalOf = (text: string): number => (DECIMAL.test(text) ? Number(text) : NaN);

/** Slow but complete: exponents, long numbers, and everything that is no number. */
const parseText = (bytes: TextBytes, start: number, end: number): number => decimalOf(bytes.toString('latin1', start, end));

/**
 * The decimal number written in ASCII at `[start, end)` of `bytes`, equal to the last bit to `Number` of the same text.
 * NaN when the bytes are anything but a decimal number: hexadecimal, `Infinity`, separators, blanks and empty text, of which
 * `Number` would accept some.
 *
 * Fast path: up to 15 or 16 digits are an exact integer, and one division by an exact power of ten rounds once, hence
 * correctly (W. D. Clinger, "How to Read Floating Point Numbers Accurately", PLDI 1990).
 */
export function parseDecimal(bytes: TextBytes, start: number, end: number): number {
  let i = start;
  const first = bytes[i] ?? 0;
  if (first === MINUS || first === PLUS) i++;
  let mantissa = 0;
  let digits = 0;
  let point = -1;
  for (; i < end; i++) {
    const byte = bytes[i] ?? 0;
    const digit = byte - ZERO;
    if (digit >= 0 && digit <= 9) {
      if (mantissa > MAX_EXACT_PREFIX) return parseText(bytes, start, end);
      mantissa = mantissa * 10 + digit;
      digits++;
    } else if (byte === POINT && point < 0) {
      point = i;
    } else {
      return parseText(bytes, start, end);
    }
  }
  const decimals = point < 0 ? 0 : end - point - 1;
  if (digits === 0 || decimals > 22) return parseText(bytes, start, end);
  const value = decimals === 0 ? mantissa : mantissa / (EXACT_POWERS[decimals] ?? NaN);
  return first === MINUS ? -value : value;
}
