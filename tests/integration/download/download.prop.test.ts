import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SIMULATED_MARKETS } from '#core/testkit/venue/binance-wire.ts';
import { VENUE_FAULTS } from '#core/testkit/venue/fault-plan.ts';
import { DAY, difference, HOUR, LISTED, openSession, type Wanted } from './venue-session.ts';

const { spot, perpetual } = SIMULATED_MARKETS;
const WANTED: readonly Wanted[] = [
  { market: spot, timeframe: '1h' },
  { market: spot, timeframe: '15m' },
  { market: perpetual, kind: 'mark', timeframe: '15m' },
  { market: perpetual, kind: 'funding' },
  { market: spot, kind: 'trades' },
];
/** It closes the venue for us, for minutes: the tests of bans have it. */
const FAULTS = VENUE_FAULTS.filter((fault) => fault !== 'forbidden' && fault !== 'stall' && fault !== 'stall-body');

const plans = fc.record({
  seed: fc.nat(1_000_000),
  rate: fc.double({ min: 0, max: 0.35, noNaN: true }),
  faults: fc.subarray(FAULTS, { minLength: 1 }),
  isWindowed: fc.boolean(),
  barLimit: fc.constantFrom(50, 300, 1000),
  /** How far the venue's clock goes on before each further download, minutes. */
  pauses: fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 2 }),
});

test('whatever the venue does meanwhile, in the end the store has what the venue has', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async ({ seed, rate, faults, isWindowed, barLimit, pauses }) => {
      const session = await openSession({
        seed,
        isWindowed,
        barLimit,
        tradeMs: 240_000,
        untilMs: LISTED + 6 * DAY,
        nowMs: LISTED + 2 * DAY + seed,
      });
      try {
        session.venue.faults.draw({ seed, rate, faults });
        await session.run({ wanted: WANTED });
        for (const minutes of pauses) {
          session.venue.setNow(session.venue.now() + minutes * 60_000);
          await session.run({ wanted: WANTED });
        }
        session.venue.faults.draw(null);
        session.venue.setNow(Math.max(session.venue.now(), LISTED + 2 * DAY + seed) + HOUR);
        const { series } = await session.run({ wanted: WANTED });
        expect(series.map(({ state, reason }) => [state, reason])).toEqual(WANTED.map(() => ['complete', null]));
        for (const wanted of WANTED) expect(await difference(session, wanted), JSON.stringify(wanted)).toBe('');
      } finally {
        await session.close();
      }
    }),
    { numRuns: 6 },
  );
});
