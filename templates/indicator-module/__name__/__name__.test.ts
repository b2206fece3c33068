import { expect, test } from 'vitest';
import { candleTable } from 'strat/testkit/candles';
import { indicatorContract } from 'strat/testkit/indicator-contract';
import { indicatorValues } from 'strat/testkit/indicator-values';

const folder = import.meta.dirname;

indicatorContract({ folder });

test('is the way from the average to the close', () => {
  const candles = candleTable('1 1 1 1 0\n3 3 3 3 0\n5 5 5 5 0');
  expect(indicatorValues(folder, ['__word__(length: 2)'], candles)).toEqual([Float64Array.of(Number.NaN, 0.5, 0.25)]);
});
