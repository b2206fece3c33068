import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Timeframe } from './timeframe.ts';
import { barOpen, isWholeMultiple, nextOpen, parseTimeframe } from './timeframe.ts';

const of = (name: string): Timeframe => parseTimeframe(name) ?? expect.fail(name);

const NAMES = ['1s', '1m', '5m', '7m', '15m', '1h', '4h', '8h', '1d', '2d', '3d', '1w', '2w', '3w', '1mo', '2mo', '3mo', '6mo', '12mo'];
const timeframe = fc
  .constantFrom(...NAMES)
  .map((name) => parseTimeframe(name))
  .filter((parsed) => parsed !== null);
/** Years 1600 to 2600. */
const time = fc.integer({ min: Date.UTC(1600, 0, 1), max: Date.UTC(2600, 0, 1) });

/** Open of the month by the language's own calendar. */
const monthByDate = (t: number): number => Date.UTC(new Date(t).getUTCFullYear(), new Date(t).getUTCMonth(), 1);

test('every moment lies in exactly one bar', () => {
  fc.assert(
    fc.property(timeframe, time, (tf: Timeframe, t) => {
      const open = barOpen(tf, t);
      expect(open).toBeLessThanOrEqual(t);
      expect(nextOpen(tf, open)).toBeGreaterThan(t);
      expect(barOpen(tf, nextOpen(tf, open) - 1)).toBe(open);
      expect(barOpen(tf, nextOpen(tf, open))).toBe(nextOpen(tf, open));
    }),
  );
});

test('months agree with Date, weeks begin on Mondays', () => {
  const month = of('1mo');
  const week = of('1w');
  fc.assert(
    fc.property(time, (t) => {
      expect(barOpen(month, t)).toBe(monthByDate(t));
      expect(new Date(barOpen(week, t)).getUTCDay()).toBe(1);
    }),
  );
});

test('a whole multiple never cuts a shorter bar in two', () => {
  fc.assert(
    fc.property(timeframe, timeframe, time, (longer, shorter, t) => {
      fc.pre(isWholeMultiple(longer, shorter));
      const open = barOpen(longer, t);
      expect(barOpen(shorter, open)).toBe(open);
    }),
    { numRuns: 2000 },
  );
});

test('what is no whole multiple cuts a shorter bar somewhere', () => {
  for (const a of NAMES) {
    for (const b of NAMES) {
      const [longer, shorter] = [of(a), of(b)];
      if (isWholeMultiple(longer, shorter)) continue;
      let open = barOpen(longer, Date.UTC(2020, 0, 1));
      let cuts = false;
      for (let i = 0; i < 500 && !cuts; i++, open = nextOpen(longer, open)) cuts = barOpen(shorter, open) !== open;
      expect([a, b, cuts]).toEqual([a, b, true]);
    }
  }
});
