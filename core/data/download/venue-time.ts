import type { ClockPort } from '#core/ports/clock.ts';
import type { MarketHistoryPort } from '#core/ports/market-history.ts';
import { VenueFault } from '#core/ports/venue-fault.ts';
import { FIRST_MS, shown } from './checked-page.ts';
import type { VenueGate } from './venue-gate.ts';

const DAY_MS = 86_400_000;
/** Our own clock may be off by that much where there is no other. */
const DOUBT_MS = 300_000;

/**
 * What time it is at the venue: bars that end later are not over. A venue without a clock is taken to be behind ours, and so is one that is more than a day
 * ahead of it, which no clock is by accident.
 */
export async function venueTime(history: MarketHistoryPort, gate: VenueGate, clock: ClockPort, signal: AbortSignal): Promise<number> {
  const asked = await gate.ask(async () => {
    const answer = await history.time(signal);
    if (answer === null || (typeof answer === 'number' && answer >= FIRST_MS)) return answer;
    throw new VenueFault('garbled', `its clock says ${shown(answer)}`);
  }, signal);
  const own = clock.now();
  if (asked === null) return own - DOUBT_MS;
  return asked > own + DAY_MS ? own : Math.floor(asked);
}
