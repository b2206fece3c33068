import { describe, expect, test } from 'vitest';
import type { Timeframe } from './timeframe.ts';
import { barOpen, barsBetween, isWholeMultiple, nextOpen, parseTimeframe, timeframeOfStep } from './timeframe.ts';

const of = (text: string): Timeframe => parseTimeframe(text) ?? expect.fail(`${text} is no timeframe`);

describe('parseTimeframe', () => {
  test.for([
    ['1s', '1s', 1000],
    ['1m', '1m', 60_000],
    ['5m', '5m', 300_000],
    ['15m', '15m', 900_000],
    ['60m', '1h', 3_600_000],
    ['1h', '1h', 3_600_000],
    ['4H', '4h', 14_400_000],
    ['24h', '1d', 86_400_000],
    ['1D', '1d', 86_400_000],
    ['7d', '1w', 604_800_000],
    ['1W', '1w', 604_800_000],
    ['1mo', '1mo', 2_629_746_000],
    ['1M', '1mo', 2_629_746_000],
    ['12mo', '12mo', 31_556_952_000],
  ] as const)('reads %s as %s', ([text, name, stepMs]) => {
    expect(parseTimeframe(text)).toMatchObject({ name, stepMs });
  });

  test.for(['', 'm', '1', '0m', '01m', '-1m', '1.5h', '1 h', '1y', '1MO', '13mo', '53w', '99999d', '100000s', '1h\n', '٣m', '1e3m'])(
    'refuses %j',
    (text) => {
      expect(parseTimeframe(text)).toBeNull();
    },
  );
});

test.for([0, -60_000, 1.5, 500, NaN, Infinity, 365 * 86_400_000])('timeframeOfStep refuses %d', (stepMs) => {
  expect(timeframeOfStep(stepMs)).toBeNull();
});

describe('bars begin', () => {
  test.for([
    ['5m', '2024-02-29T13:07:59Z', '2024-02-29T13:05:00Z', '2024-02-29T13:10:00Z'],
    ['4h', '2024-02-29T13:07:59Z', '2024-02-29T12:00:00Z', '2024-02-29T16:00:00Z'],
    ['1d', '2024-02-29T23:59:59Z', '2024-02-29T00:00:00Z', '2024-03-01T00:00:00Z'],
    ['1w', '2024-02-29T13:07:59Z', '2024-02-26T00:00:00Z', '2024-03-04T00:00:00Z'],
    ['1w', '1969-12-31T00:00:00Z', '1969-12-29T00:00:00Z', '1970-01-05T00:00:00Z'],
    ['1mo', '2024-02-29T13:07:59Z', '2024-02-01T00:00:00Z', '2024-03-01T00:00:00Z'],
    ['1mo', '1969-12-31T23:59:59Z', '1969-12-01T00:00:00Z', '1970-01-01T00:00:00Z'],
    ['3mo', '2024-12-31T23:59:59Z', '2024-10-01T00:00:00Z', '2025-01-01T00:00:00Z'],
    ['12mo', '2024-07-04T00:00:00Z', '2024-01-01T00:00:00Z', '2025-01-01T00:00:00Z'],
  ] as const)('%s around %s at %s and %s', ([name, inside, open, next]) => {
    const timeframe = of(name);
    expect(barOpen(timeframe, Date.parse(inside))).toBe(Date.parse(open));
    expect(barOpen(timeframe, Date.parse(open))).toBe(Date.parse(open));
    expect(nextOpen(timeframe, Date.parse(open))).toBe(Date.parse(next));
  });
});

test('barsBetween counts calendar months, and rounds what is off the grid', () => {
  expect(barsBetween(of('1mo'), Date.parse('2023-12-31'), Date.parse('2024-03-31'))).toBe(3);
  expect(barsBetween(of('1h'), Date.parse('2024-01-01T00:10:00Z'), Date.parse('2024-01-01T05:00:00Z'))).toBe(5);
});

test.for([
  ['4h', '1h', true],
  ['1h', '1h', true],
  ['1d', '5m', true],
  ['1w', '1d', true],
  ['1w', '4h', true],
  ['1mo', '1d', true],
  ['1mo', '1h', true],
  ['3mo', '1mo', true],
  ['2w', '2d', true],
  ['1h', '4h', false],
  ['1h', '7m', false],
  ['1mo', '1w', false],
  ['1mo', '2d', false],
  ['3w', '3d', false],
  ['3mo', '2mo', false],
  ['1w', '1mo', false],
] as const)('%s from %s: %s', ([longer, shorter, expected]) => {
  expect(isWholeMultiple(of(longer), of(shorter))).toBe(expected);
});
