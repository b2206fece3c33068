import { describe, expect, it } from 'vitest';
import { ROW_TAIL, rowLength } from '#core/model/trade-plan.ts';
import { decisionFault } from './decision-row.ts';

const PLAN = { valueCount: 3 };
const row = (values: readonly number[], tail: Partial<Record<keyof typeof ROW_TAIL, number>> = {}): Float64Array => {
  const made = new Float64Array(rowLength(PLAN));
  made.set(values);
  for (const [name, place] of Object.entries(ROW_TAIL)) made[PLAN.valueCount + place] = tail[name as keyof typeof ROW_TAIL] ?? 0;
  return made;
};

describe('decisionFault', () => {
  it('passes any values: the engine looks at them', () => {
    for (const value of [0, 1, -1, Number.NaN, Infinity, 5e-324]) expect(decisionFault(row([value, 1, value]), PLAN)).toBeUndefined();
    expect(decisionFault(row([], { pluginsFlagged: 3, pluginsDisabled: 2 ** 32 - 1 }), PLAN)).toBeUndefined();
  });

  it.each<readonly [keyof typeof ROW_TAIL, number]>([
    ['pluginsFlagged', Number.NaN],
    ['pluginsFlagged', 0.5],
    ['pluginsDisabled', 2 ** 32],
    ['pluginsDisabled', -1],
    ['pluginsDisabled', Infinity],
  ])('finds %s = %d', (name, value) => {
    expect(decisionFault(row([], { [name]: value }), PLAN)).toBe(`${name} ${value}`);
  });

  it('finds a row of another length', () => {
    for (const length of [0, 3, 4, 6]) expect(decisionFault(new Float64Array(length), PLAN)).toBe(`a decision of ${length} values`);
  });
});
