import { expect, test } from 'vitest';
import { createFakeBot } from '../../dev/fake-bot.ts';
import type { ChartTheme } from './chart-theme.ts';
import { markMarkers, tradeMarkers } from './trade-markers.ts';

const theme = { blue: 'blue', good: 'good', bad: 'bad', stop: 'stop' } as ChartTheme;

test('each trade has an entry and an exit on the chart, in the order of time', () => {
  const trades = createFakeBot({ history: 300, oldTrades: 0, startedAt: 0 }).trades('sma-cross');
  const markers = tradeMarkers(trades.toReversed(), 0, theme);
  expect(trades.length).toBeGreaterThan(3);
  expect(markers).toHaveLength(2 * trades.length);
  expect(markers.map(({ time }) => time)).toEqual(markers.map(({ time }) => time).toSorted((a, b) => a - b));
  expect(markers.filter(({ shape }) => shape === 'arrowUp')).toHaveLength(trades.length);
  expect(markers.filter(({ shape }) => shape === 'square')).toHaveLength(trades.filter(({ exitReason }) => exitReason === 'stop').length);
});

test('two exits of one entry show one arrow; what is older than the candles, none', () => {
  const [first] = createFakeBot({ history: 300, oldTrades: 0, startedAt: 0 }).trades('sma-cross');
  expect(first).toBeDefined();
  const second = { ...first!, exitTime: first!.exitTime! + 3_600_000, profit: 1, side: 'short' as const, exitReason: 'rule' };
  const shapes = tradeMarkers([{ ...first!, side: 'short' }, second], 0, theme).map(({ shape }) => shape);
  expect(shapes.filter((shape) => shape === 'arrowDown')).toHaveLength(1);
  expect(shapes).toHaveLength(3);
  expect(tradeMarkers([first!], first!.exitTime! + 1, theme)).toEqual([]);
});

test("the strategy's own marks have their text, and a colour that is seen", () => {
  const marks = [
    { time: 1000, where: 'above', text: 'old', color: null },
    { time: 3000, where: 'below', text: 'dip', color: 'red' },
    { time: 4000, where: 'above', text: null, color: 'white' },
  ] as const;
  const own = { ...theme, soft: 'soft' };
  expect(markMarkers(marks, 2000, own)).toEqual([
    { time: 3, position: 'belowBar', shape: 'circle', size: 0.6, color: 'red', text: 'dip' },
    { time: 4, position: 'aboveBar', shape: 'circle', size: 0.6, color: 'soft' },
  ]);
});
