import { expect, test } from 'vitest';
import { summaryOf } from './summary.ts';

test('a summary counts na and takes the rest', () => {
  const values = Float64Array.of(9, Number.NaN, 1, 4, Infinity, 1);
  expect(summaryOf(values, 1, 6)).toEqual({ na: 1, min: 1, max: 4, mean: 2, ones: 2 });
  expect(summaryOf(values, 1, 2)).toEqual({ na: 1, min: null, max: null, mean: null, ones: 0 });
});
