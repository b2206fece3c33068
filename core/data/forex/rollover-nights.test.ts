import { describe, expect, test } from 'vitest';
import { RolloverNights } from './rollover-nights.ts';

const at = (text: string): number => Date.parse(`${text}:00Z`);

describe('nights of interest', () => {
  const nights = new RolloverNights();

  test.for([
    ['a day before the rollover of a Monday in winter, 22:00 UTC', '2024-01-15T10:00', '2024-01-15T21:59', 0],
    ['at it', '2024-01-15T10:00', '2024-01-15T22:00', 1],
    ['after it, none again', '2024-01-15T22:00', '2024-01-16T21:59', 0],
    ['in summer it is 21:00 UTC', '2024-07-15T10:00', '2024-07-15T21:00', 1],
    ['Wednesday counts three', '2024-01-17T21:00', '2024-01-17T23:00', 3],
    ['the weekend none', '2024-01-19T22:00', '2024-01-21T22:00', 0],
    ['over the weekend with Friday', '2024-01-19T21:00', '2024-01-21T22:00', 1],
    ['a week has seven', '2024-01-15T00:00', '2024-01-22T00:00', 7],
    ['also the one in which clocks change', '2024-03-07T00:00', '2024-03-14T00:00', 7],
    ['a year has as many as its weeks, and its last day', '2024-01-01T00:00', '2024-12-30T00:00', 364],
  ] as const)('%s', ([, from, to, expected]) => {
    expect(nights.between(at(from), at(to))).toBe(expected);
  });
});
