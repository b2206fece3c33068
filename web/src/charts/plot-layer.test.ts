import { expect, test } from 'vitest';
import type { ChartTheme } from './chart-theme.ts';
import { linePoints, plotColor } from './plot-layer.ts';

const bars = [1, 2, 3, 4, 5].map((second) => ({ time: second * 1000, open: 1, high: 1, low: 1, close: 1, volume: 1 }));

test('a line ends where its values do', () => {
  const values = Float64Array.of(Number.NaN, 7, 8, Number.NaN, 9);
  const clear = { color: 'transparent' };
  expect(linePoints(bars, values, true)).toEqual([
    { time: 1 },
    { time: 2, value: 7 },
    { time: 3, value: 8, ...clear },
    { time: 4 },
    { time: 5, value: 9 },
  ]);
  expect(linePoints(bars, values, false).filter((point) => 'color' in point)).toEqual([]);
});

test('colours of the language are colours of the theme; without a name plots differ', () => {
  const theme = {
    blue: 'blue',
    bad: 'bad',
    good: 'good',
    stop: 'stop',
    purple: 'purple',
    teal: 'teal',
    soft: 'soft',
    ink: 'ink',
  } as ChartTheme;
  const names = ['red', 'maroon', 'green', 'lime', 'gold', 'aqua', 'violet', 'navy', 'grey', 'white'];
  expect(names.map((name) => plotColor(name, 0, theme))).toEqual([
    'bad',
    'bad',
    'good',
    'good',
    'stop',
    'teal',
    'purple',
    'blue',
    'soft',
    'ink',
  ]);
  expect(new Set([0, 1, 2, 3, 4, 5].map((place) => plotColor(null, place, theme))).size).toBe(6);
  expect(plotColor('no such colour', 0, theme)).toBe('blue');
});
