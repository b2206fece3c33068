import { describe, expect, it } from 'vitest';
import { DECISION, DECISION_FIELDS } from '#core/model/strategy-abi.ts';
import { decisionFault } from './decision-row.ts';

type Field = keyof typeof DECISION;
const row = (...changes: (readonly [Field, number])[]): Float64Array => {
  const values = new Float64Array(DECISION_FIELDS).fill(Number.NaN);
  values[DECISION.exitRule] = 0;
  values[DECISION.entryRule] = 0;
  values[DECISION.pluginsFlagged] = 0;
  values[DECISION.pluginsDisabled] = 0;
  for (const [field, value] of changes) values[DECISION[field]] = value;
  return values;
};
const entry = [
  ['entryRule', 1],
  ['entrySide', -1],
  ['sizeKind', 3],
  ['maxKind', 0],
  ['minKind', 0],
  ['confidence', 1],
] as const;

describe('decisionFault', () => {
  it('passes a row without orders, and orders whose amounts are no numbers', () => {
    expect(decisionFault(row())).toBeUndefined();
    expect(decisionFault(row(...entry))).toBeUndefined();
    expect(
      decisionFault(row(...entry, ['sizeAmount', Number.POSITIVE_INFINITY], ['stopPrice', -1], ['confidence', Number.NaN])),
    ).toBeUndefined();
    expect(decisionFault(row(['exitRule', 2], ['exitFraction', 0.5]))).toBeUndefined();
  });

  it.each<readonly [Field, number]>([
    ['exitRule', Number.NaN],
    ['exitRule', -1],
    ['exitRule', 0.5],
    ['pluginsFlagged', Number.NaN],
    ['pluginsDisabled', 2 ** 32],
    ['pluginsDisabled', -1],
    ['entryRule', Number.NaN],
    ['entryRule', 1e9],
    ['entryRule', Number.POSITIVE_INFINITY],
    ['entrySide', 0],
    ['entrySide', Number.NaN],
    ['sizeKind', 99],
    ['maxKind', -1],
    ['minKind', Number.NaN],
    ['confidence', 1.5],
    ['confidence', -0.1],
  ])('finds %s = %d', (field, value) => {
    expect(decisionFault(row(...entry, [field, value]))).toContain(String(value));
  });

  it('finds an exit of nothing or of more than all, and another number of fields', () => {
    for (const share of [0, -1, 1.01]) expect(decisionFault(row(['exitRule', 1], ['exitFraction', share]))).toBe(`exit fraction ${share}`);
    expect(decisionFault(new Float64Array(3))).toBe('a decision of 3 values');
  });
});
