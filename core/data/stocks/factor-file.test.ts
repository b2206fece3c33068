import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CorporateAction, parseFactors } from './factor-file.ts';

/** Shares and dividends as Apple announced them: 7 for 1 of 9 June 2014, 4 for 1 of 31 August 2020, $0.205 of 6 November 2020, $2.65 of 9 August 2012. */
const APPLE = `20120808,0.8613657,0.0357143,619.86
20121106,0.8650639,0.0357143,582.86
20140606,0.9,0.0357143,645.57
20200828,0.9,0.25,499.23
20201105,0.9967882,1,119.03
20210204,0.9985079,1,137.39
20501231,1,1,0
`;

function actionsOf(text: string): readonly CorporateAction[] {
  const read = parseFactors(text);
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

describe('a factor file', () => {
  test('tells of splits in whole shares and of dividends in money', () => {
    const actions = actionsOf(APPLE);
    expect(actions.map(({ ratio }) => ratio)).toEqual([1, 1, 7, 4, 1, 1]);
    expect(actions[0]!.dividend).toBeCloseTo(2.65, 2);
    expect(actions[4]!.dividend).toBeCloseTo(0.205, 3);
    expect(actions[2]!.priceFactor).toBeCloseTo(1 / 7, 9);
  });

  test.for([
    ['1:8 reverse', '20200101,1,8,100\n20501231,1,1,0', 0.125],
    ['3 for 2', '20200101,1,0.6666667,100\n20501231,1,1,0', 1.5],
    ['a spin-off keeps what the file says', '20150424,1,0.997307,565.06\n20501231,1,1,0', 1 / 0.997307],
  ] as const)('%s', ([, text, ratio]) => {
    expect(actionsOf(text)[0]!.ratio).toBe(ratio);
  });

  test.for([
    ['', 'it is empty'],
    ['timestamp,open,high,low', 'line 1: "timestamp" is no date such as 20200828'],
    ['20200101,1,1', 'line 1: "20200101,1,1" is not "date,price factor,split factor,reference price"'],
    ['20200231,1,1,5', 'line 1: "20200231" is no date such as 20200828'],
    ['20200101,1,1,5\n20200101,1,1,5', 'line 2: "20200101" is not after the line before'],
    ['20200101,0,1,5', 'line 1: the price factor is "0", which is no number above 0'],
    ['20200101,1,-2,5', 'line 1: the split factor is "-2", which is no number above 0'],
    ['20200101,1,0x1,5', 'line 1: the split factor is "0x1", which is no number above 0'],
    ['20200101,1,1,NaN', 'line 1: the reference price is "NaN", which is no number from 0 on'],
    ['20200101,1,1e999,5', 'line 1: the split factor is "1e999", which is no number above 0'],
    ['20200101,1,1,5\n20210101,0.9,1,5', 'line 2: the price factor falls from 1 to 0.9: a dividend would be below zero'],
    ['20200101,0.9,1,0\n20210101,1,1,5', 'line 2: a dividend follows on line 1, which has no reference price to tell how much it was'],
  ])('%j is refused in words', ([text, reason]) => {
    expect(parseFactors(text!)).toEqual({ ok: false, error: reason });
  });

  test('any text is read or refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789,.\n\r -x') }), (text) => {
        const read = parseFactors(text);
        expect(read.ok ? read.value.every(({ ratio, dividend }) => ratio > 0 && dividend >= 0) : read.error !== '').toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
