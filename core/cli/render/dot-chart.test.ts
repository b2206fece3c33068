import { expect, test } from 'vitest';
import { dotChart, sparkline, stripLine } from './dot-chart.ts';

const curve = (...values: number[]) => ({ values: Float64Array.from(values), paint: (text: string) => text });

test('a straight line goes from corner to corner', () => {
  // Four columns of dots over four rows: one dot in each, from the lowest left to the highest right.
  expect(dotChart([curve(0, 1, 2, 3)], [0, 4], [0, 3], 2, 1)).toEqual(['⡠⠊']);
});

test('na is a gap, and nothing is drawn outside of the range', () => {
  expect(dotChart([curve(0, Number.NaN, 0)], [0, 3], [0, 1], 2, 1)).toEqual(['⡀⢀']);
  expect(dotChart([curve(-9, 9)], [0, 2], [0, 1], 1, 2)).toHaveLength(2);
});

test('a curve that never moves lies in the middle', () => {
  expect(dotChart([curve(5, 5)], [0, 2], [5, 5], 1, 1)).toEqual(['⠤']);
});

test('a cell has the colour of the curve that came last', () => {
  const named = (name: string, ...values: number[]) => ({ values: Float64Array.from(values), paint: (text: string) => `${name}${text}` });
  expect(dotChart([named('a', 0, 0), named('b', 1, 1)], [0, 2], [0, 1], 1, 1)).toEqual(['b⣉']);
});

test('a sparkline', () => {
  expect([sparkline([0, 1, 2, 3, 4, 5, 6, 7]), sparkline([1, Number.NaN, 1]), sparkline([])]).toEqual(['▁▂▃▄▅▆▇█', '▄·▄', '']);
});

test('a strip is full, half, empty or unknown', () => {
  const values = Float64Array.of(1, 1, 1, 0, 0, 0, Number.NaN, Number.NaN);
  expect([stripLine(values, 1, [0, 8], 4), stripLine(values, 1, [2, 4], 9)]).toEqual(['█▄ ·', '█ ']);
});
