import { expect, test } from 'vitest';
import { RowHistory } from './row-history.ts';

test('gives every row as it was appended, across blocks, and keeps no hold on what was handed in', () => {
  const history = new RowHistory(3);
  const row = new Float64Array(3);
  const first: Float64Array[] = [];
  for (let index = 0; index < 3000; index++) {
    row.set([index, -index, index / 7]);
    history.append(row);
    if (index === 0) first.push(history.row(0));
  }
  expect(history.count).toBe(3000);
  for (const index of [0, 1, 1023, 1024, 2047, 2048, 2999]) expect([...history.row(index)]).toEqual([index, -index, index / 7]);
  expect(history.rows().map(([x]) => x)).toEqual(Array.from({ length: 3000 }, (_, index) => index));
  expect([...first[0]!], 'a view stays good while the history grows').toEqual([0, -0, 0]);
});
