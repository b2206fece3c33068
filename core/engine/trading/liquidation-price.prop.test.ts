import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS, settingsArray } from '#core/engine/simulation-settings.ts';
import type { MaintenanceTier } from '#core/model/maintenance-text.ts';
import { liquidationPrice } from './liquidation-price.ts';

const LIQUIDATION_RATE = 0.002;

/** From the lowest value and rate up. */
const anyTiers = fc
  .array(fc.tuple(fc.integer({ min: 100, max: 50_000 }), fc.integer({ min: 1, max: 80 })), { maxLength: 5 })
  .map((steps): MaintenanceTier[] => {
    const tiers: MaintenanceTier[] = [{ from: 0, rate: 0.004 }];
    for (const [more, rate] of steps) tiers.push({ from: tiers.at(-1)!.from + more, rate: tiers.at(-1)!.rate + rate / 1000 });
    return tiers;
  });

/** Each part of the value at the rate of the tier that it lies in, and what closing costs. */
function need(value: number, tiers: readonly MaintenanceTier[]): number {
  const parts = tiers.map(({ from, rate }, place) => Math.max(0, Math.min(value, tiers[place + 1]?.from ?? Infinity) - from) * rate);
  return parts.reduce((sum, part) => sum + part, 0) + value * LIQUIDATION_RATE;
}

const settingsOf = (maintenance: readonly MaintenanceTier[], isInverse = false): Float64Array => {
  const margin = { kind: 'cross', leverage: 1, maintenance, liquidationRate: LIQUIDATION_RATE } as const;
  return settingsArray({ ...DEFAULT_SETTINGS, margin, ...(isInverse ? { isInverse: true } : {}) }, 0, 10);
};

/** What is left is what is needed: more before the price of liquidation, less behind it. @param left what is left beyond that, by price */
const around = (price: number, side: number, backing: number, left: (price: number) => number) => ({
  isPrice: price > 0,
  isNothingLeft: Math.abs(left(price)) < 1e-9 * (1 + Math.abs(backing)),
  isMoreBefore: left(price * (1 + side * 1e-6)) > 0,
  isLessBehind: left(price * (1 - side * 1e-6)) < 0,
});
const ALL = { isPrice: true, isNothingLeft: true, isMoreBefore: true, isLessBehind: true };

test('at the price of liquidation what is left is what is needed: more before it, less behind it', () => {
  fc.assert(
    fc.property(
      anyTiers,
      fc.constantFrom(1, -1),
      fc.double({ min: 0.01, max: 1000, noNaN: true }),
      fc.integer({ min: 1, max: 99 }),
      (maintenance, side, qty, percent) => {
        const settings = settingsOf(maintenance);
        // A long that borrowed a part of what it costs at 100; a short with its proceeds and that part of them.
        const part = percent * qty;
        const backing = side > 0 ? -part : 100 * qty + part;
        const left = (price: number): number => backing + side * qty * price - need(qty * price, maintenance);
        expect(around(liquidationPrice(side, qty, backing, settings), side, backing, left)).toEqual(ALL);
      },
    ),
    { numRuns: 300 },
  );
});

test('a long that is paid in full has none', () => {
  expect(liquidationPrice(1, 2, 0, settingsOf([{ from: 0, rate: 0.004 }]))).toBeNaN();
  expect(liquidationPrice(1, 2, 50, settingsOf([{ from: 0, rate: 0.004 }]))).toBeNaN();
});

test('of inverse contracts likewise, which are worth more the lower the price', () => {
  fc.assert(
    fc.property(
      anyTiers,
      fc.constantFrom(1, -1),
      fc.double({ min: 0.01, max: 1000, noNaN: true }),
      fc.integer({ min: 1, max: 90 }),
      (maintenance, side, coins, percent) => {
        const settings = settingsOf(maintenance, true);
        // Contracts for some coins at 100, with a part of them as margin: who bought them owes coins, who sold them has them.
        const qty = 100 * coins;
        const backing = side > 0 ? coins * (1 + percent / 100) : -coins * (1 - percent / 100);
        const left = (price: number): number => backing - (side * qty) / price - need(qty / price, maintenance);
        expect(around(liquidationPrice(side, qty, backing, settings), side, backing, left)).toEqual(ALL);
      },
    ),
    { numRuns: 300 },
  );
});

test('an inverse short that the account pays in full has none', () => {
  expect(liquidationPrice(-1, 100, 0, settingsOf([{ from: 0, rate: 0.004 }], true))).toBeNaN();
  expect(liquidationPrice(-1, 100, 0.5, settingsOf([{ from: 0, rate: 0.004 }], true))).toBeNaN();
});
