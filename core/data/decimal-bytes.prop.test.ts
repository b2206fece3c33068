import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDecimal } from './decimal-bytes.ts';

const parse = (text: string): number => parseDecimal(Buffer.from(`,${text},`, 'latin1'), 1, 1 + Buffer.byteLength(text, 'latin1'));

const digits = (min: number, max: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...'0123456789'), { minLength: min, maxLength: max }).map((list) => list.join(''));

const decimal = fc
  .tuple(fc.constantFrom('', '', '-', '+'), digits(1, 22), fc.option(digits(0, 25)), fc.option(fc.integer({ min: -340, max: 340 })))
  .map(
    ([sign, whole, fraction, exponent]) =>
      sign + whole + (fraction === null ? '' : `.${fraction}`) + (exponent === null ? '' : `e${exponent}`),
  );

describe('parseDecimal', () => {
  test('equals Number for every decimal text', () => {
    fc.assert(
      fc.property(decimal, (text) => {
        expect(parse(text)).toBe(Number(text));
      }),
      { numRuns: 20_000 },
    );
  });

  test('gives back every double from its shortest text', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        // The shortest text of -0 is "0".
        expect(parse(String(value))).toBe(value + 0);
      }),
      { numRuns: 20_000 },
    );
  });

  test('equals Number on prices and volumes of 1 to 17 digits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 17n }), fc.integer({ min: 0, max: 17 }), (digitsOf, decimals) => {
        const padded = digitsOf.toString().padStart(decimals + 1, '0');
        const text = decimals === 0 ? padded : `${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`;
        expect(parse(text)).toBe(Number(text));
      }),
      { numRuns: 20_000 },
    );
  });

  test('is NaN for any text that is no decimal number', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 8 }), (text) => {
        const isDecimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) && !text.endsWith('\n');
        expect(parse(text)).toBe(isDecimal ? Number(text) : NaN);
      }),
    );
  });

  test.for(['', '-', '+', '.', '-.', 'e5', '1e', '1e+', '0x10', '0b1', 'Infinity', 'NaN', '1_000', '1,5', ' 1', '1 ', '1.2.3', '--1', '١'])(
    'refuses %j',
    (text) => {
      expect(parse(text)).toBe(NaN);
    },
  );
});
