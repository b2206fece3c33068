import { expect, it } from 'vitest';
import { INVERSE, LINEAR } from '../valuation.ts';
import { activityOf } from './activity.ts';
import { compoundAnnualGrowth } from './growth.ts';
import { sortinoRatio } from './risk-adjusted.ts';

const fill = { type: 'fill', kind: 'entry', bar: 1, qty: 2, price: 101, refPrice: 100, fee: 4, rule: 0 } as const;
const exit = { ...fill, kind: 'exit', bar: 3, qty: -2, price: 99 } as const;

it('fills in another currency are told in that of the account: value, fees, slippage', () => {
  // At half of the account's currency each: 2 * 101 + 2 * 99 are 200, the fees 4, and a unit worse on both sides 2.
  const rated = [fill, exit].map((one) => ({ ...one, rate: 0.5 }));
  expect(activityOf([rated], 0, 10, LINEAR)).toEqual({ barsHeld: 3, averageBars: 2, tradedValue: 200, fees: 4, slippage: 2 });
});

it('of an inverse market it is the coin that is traded', () => {
  expect(activityOf([[{ ...fill, qty: 202 }]], 0, 10, INVERSE)).toMatchObject({ tradedValue: 2, barsHeld: 9, averageBars: null });
});

it('an account that ends below nothing has lost all of it, over any span', () => {
  expect(compoundAnnualGrowth(100, -5, 547 * 86_400_000)).toBe(-1);
});

it('one return has no Sortino ratio', () => {
  expect(sortinoRatio(Float64Array.of(-0.1), 365)).toBeNull();
});
