import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binanceWire } from '#core/testkit/venue/binance-wire.ts';
import { VENUE_FAULTS } from '#core/testkit/venue/fault-plan.ts';
import { krakenWire } from '#core/testkit/venue/kraken-wire.ts';
import { okxWire } from '#core/testkit/venue/okx-wire.ts';
import type { VenueWire } from '#core/testkit/venue/venue-wire.ts';
import { DAY, difference, HOUR, LISTED, openSession, type Wanted } from './venue-session.ts';

const wantedOf = ({ markets: { spot, perpetual } }: VenueWire): readonly Wanted[] => [
  { market: spot, timeframe: '1h' },
  { market: spot, timeframe: '15m' },
  { market: spot, kind: 'trades' },
  ...(perpetual === null
    ? []
    : [
        { market: perpetual, kind: 'mark' as const, timeframe: '15m' },
        { market: perpetual, kind: 'funding' as const },
      ]),
];
/** It closes the venue for us, for minutes: the tests of bans have it. */
const FAULTS = VENUE_FAULTS.filter((fault) => fault !== 'forbidden' && fault !== 'stall' && fault !== 'stall-body');

const plans = fc.record({
  wire: fc.constantFrom(binanceWire, krakenWire, okxWire),
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
    fc.asyncProperty(plans, async ({ wire, seed, rate, faults, isWindowed, barLimit, pauses }) => {
      const session = await openSession({
        seed,
        wire,
        isWindowed,
        barLimit,
        tradeMs: 240_000,
        untilMs: LISTED + 6 * DAY,
        nowMs: LISTED + 2 * DAY + seed,
      });
      const wanted = wantedOf(wire);
      try {
        session.venue.faults.draw({ seed, rate, faults });
        await session.run({ wanted });
        for (const minutes of pauses) {
          session.venue.setNow(session.venue.now() + minutes * 60_000);
          await session.run({ wanted });
        }
        session.venue.faults.draw(null);
        session.venue.setNow(Math.max(session.venue.now(), LISTED + 2 * DAY + seed) + HOUR);
        const { series } = await session.run({ wanted });
        expect(series.map(({ state, reason }) => [state, reason])).toEqual(wanted.map(() => ['complete', null]));
        for (const one of wanted) expect(await difference(session, one), JSON.stringify(one)).toBe('');
      } finally {
        await session.close();
      }
    }),
    { numRuns: 9 },
  );
});
