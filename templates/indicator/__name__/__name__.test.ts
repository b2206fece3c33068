import { expect, test } from 'vitest';
import { candleTable } from 'strat/testkit/candles';
import { indicatorContract } from 'strat/testkit/indicator-contract';
import { indicatorValues } from 'strat/testkit/indicator-values';

const folder = import.meta.dirname;

indicatorContract({ folder });

test('is the mean of the last closes', () => {
  const candles = candleTable('1 1 1 1 0\n3 3 3 3 0\n8 8 8 8 0');
  expect(indicatorValues(folder, ['__word__(length: 2).value'], candles)).toEqual([Float64Array.of(Number.NaN, 2, 5.5)]);
});
