import { expect, test } from 'vitest';
import { candleTable } from 'strat/testkit/candles';
import { indicatorContract } from 'strat/testkit/indicator-contract';
import { indicatorValues } from 'strat/testkit/indicator-values';

const folder = import.meta.dirname;

indicatorContract({ folder, calls: ['bull_power()', 'bear_power(length: 2)', 'bear_power(length: 200)'] });

test('is the way from the average to the high and to the low', () => {
  // The average of length 3 starts with the mean of three closes and then takes half of each new one: 11, 12.
  const table = candleTable('10 11 9 10 1\n11 12 10 11 1\n12 13 11 12 1\n13 17 12 13 1');
  const [bull, bear] = indicatorValues(folder, ['bull_power(length: 3)', 'bear_power(length: 3)'], table);
  expect(bull).toEqual(Float64Array.of(Number.NaN, Number.NaN, 2, 5));
  expect(bear).toEqual(Float64Array.of(Number.NaN, Number.NaN, 0, 0));
});
