import { expect, test } from 'vitest';
import { barHolding } from './bar-holding.ts';
import { parseTimeframe } from './timeframe.ts';

const hours = Float64Array.of(0, 1, 3).map((hour) => Date.UTC(2024, 0, 1, hour));
const months = Float64Array.of(0, 1).map((month) => Date.UTC(2024, month, 1));

test.each([
  ['before the first', '1h', hours, Date.UTC(2023, 11, 31, 23), -1],
  ['at an open', '1h', hours, Date.UTC(2024, 0, 1, 1), 1],
  ['in the last millisecond of a bar', '1h', hours, Date.UTC(2024, 0, 1, 2) - 1, 1],
  ['where a bar is missing', '1h', hours, Date.UTC(2024, 0, 1, 2), -1],
  ['behind the last', '1h', hours, Date.UTC(2024, 0, 1, 4), -1],
  ['on the last day of a long month', '1mo', months, Date.UTC(2024, 0, 31, 23), 0],
  ['behind a short month', '1mo', months, Date.UTC(2024, 2, 1), -1],
  ['of no bars', '1h', new Float64Array(0), 0, -1],
])('a moment %s', (_, timeframe, time, at, index) => {
  expect(barHolding(time, parseTimeframe(timeframe)!, at)).toBe(index);
});
