import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { indicatorValues } from '#core/testkit/indicator-values.ts';
import { barColumns } from '#dsl/prelude/testing/series-values.ts';
import { hasSharedData } from '../shared-data.ts';
import { firstDifference } from './compare-series.ts';
import { skender } from './reference-files.ts';

const folderOf = (id: string): string => join(import.meta.dirname, '../../../plugins/indicator', id);

// Tulip's fisher starts later, and its test has 15 bars, too few to forget that.
describe.skipIf(!hasSharedData)("strat's own indicator plugins give the values of", () => {
  it.each([
    { id: 'fisher', result: 'fisher', call: 'fisher(length: 10).value', output: 'fisher' },
    { id: 'fisher', result: 'fisher', call: 'fisher(length: 10).trigger', output: 'trigger' },
    { id: 'elder-ray', result: 'elder-ray', call: 'bull_power(length: 13)', output: 'bullPower' },
    { id: 'elder-ray', result: 'elder-ray', call: 'bear_power(length: 13)', output: 'bearPower' },
  ])('Skender, $output', ({ id, result, call, output }) => {
    const { bars, outputs } = skender(result);
    const [values] = indicatorValues(folderOf(id), [call], barColumns(bars));
    expect(firstDifference(values!, outputs.get(output)!)).toBeNull();
  });
});
