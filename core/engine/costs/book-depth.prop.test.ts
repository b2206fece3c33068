import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BookSnapshots } from '#core/model/book-snapshots.ts';
import { DEFAULT_SETTINGS, settingsArray } from '../simulation-settings.ts';
import { BookDepth } from './book-depth.ts';

const LEVELS = 4;
const SETTINGS = settingsArray({ ...DEFAULT_SETTINGS, slippage: { depth: 1 } }, 0, 10);

/** Whole lots by level, so that an order can be filled lot by lot. */
const anyBook = fc.record({
  bids: fc.array(fc.nat(6), { minLength: LEVELS, maxLength: LEVELS }),
  asks: fc.array(fc.nat(6), { minLength: LEVELS, maxLength: LEVELS }),
});

/** Prices of single lots in the order in which they are taken. */
const lotsOf = (sizes: readonly number[], side: number): number[] =>
  sizes.flatMap((size, level) => Array.from({ length: size }, () => 100 + side * (1 + level)));

test('orders take the book lot by lot, one after the other, and find it whole at the next moment', () => {
  fc.assert(
    fc.property(
      anyBook,
      fc.array(fc.tuple(fc.constantFrom(1, -1), fc.integer({ min: 1, max: 8 }), fc.boolean()), { maxLength: 6 }),
      (book, orders) => {
        const flatSide = (sizes: readonly number[], side: number): Float64Array =>
          Float64Array.from(sizes.flatMap((size, level) => [100 + side * (1 + level), size]));
        const books: BookSnapshots = {
          time: Float64Array.of(5),
          levels: LEVELS,
          bids: flatSide(book.bids, -1),
          asks: flatSide(book.asks, 1),
        };
        const depth = new BookDepth(books, SETTINGS);
        depth.atMoment(4);
        expect([depth.left(1), depth.rateOf(1, 3, false)]).toEqual([Infinity, 0]);
        let moment = 5;
        depth.atMoment(moment);
        const whole = { 1: lotsOf(book.asks, 1), [-1]: lotsOf(book.bids, -1) };
        let left = structuredClone(whole);
        for (const [side, qty, isNext] of orders) {
          if (isNext) {
            depth.atMoment((moment += 1));
            left = structuredClone(whole);
          }
          const lots = left[side];
          expect(depth.left(side)).toBe(lots.length);
          const taken = lots.splice(0, Math.min(qty, lots.length));
          if (taken.length === 0) continue;
          const mean = taken.reduce((sum, price) => sum + price, 0) / taken.length;
          expect(depth.rateOf(side, taken.length, false)).toBeCloseTo((side * (mean - 100)) / 100, 12);
          expect(depth.rateOf(side, taken.length, true)).toBeCloseTo(Math.abs(mean / (100 + side) - 1), 12);
          depth.take(side, taken.length);
        }
      },
    ),
    { numRuns: 200 },
  );
});
