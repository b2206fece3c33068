import { StratError } from '#core/errors/strat-error.ts';
import { DAY_MS, MINUTE_MS, UTC_CLOCK, type ZoneClock, zoneClock } from '../calendar/zone-clock.ts';

const HOUR_MS = 3_600_000;
const MAX_OFFSET_MINUTES = 14 * 60;

/** Moments of times as clocks on the wall show them. */
export interface WallZone {
  readonly name: string;
  /**
   * The moment (ms, UTC) at which the clocks show `wallMs`. Of a time that comes twice, when clocks are put back, the one that goes on from `lastMs`, the
   * moment of the row before: rows go forward in time, or back.
   */
  readonly momentOf: (wallMs: number, lastMs: number, isBackward: boolean) => number;
}

/**
 * Reads `America/New_York`, `UTC`, `+02:00`, and `America/New_York+7` (clocks that are hours ahead of a zone and change with it, as those of many brokers).
 * @throws StratError SESSION_ZONE
 */
export function wallZone(text: string): WallZone {
  const fixed = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d\d))?$/.exec(text);
  const shifted = /^([A-Za-z][A-Za-z_/]+)([+-])(\d{1,2})(?::(\d\d))?$/.exec(text);
  if (fixed !== null) return fixedZone(text, offsetMs(text, fixed[1], fixed[2], fixed[3]));
  // Etc/GMT+5 is a zone of the database, five hours behind.
  if (shifted !== null && !text.startsWith('Etc/'))
    return clockZone(text, zoneClock(shifted[1]!), offsetMs(text, shifted[2], shifted[3], shifted[4]));
  return clockZone(text, zoneClock(text), 0);
}

function offsetMs(zone: string, sign = '+', hours = '0', minutes = '0'): number {
  const offset = Number(hours) * 60 + Number(minutes);
  if (offset > MAX_OFFSET_MINUTES) throw new StratError('SESSION_ZONE', { zone, hint: 'Offsets go up to 14 hours' });
  return (sign === '-' ? -1 : 1) * offset * MINUTE_MS;
}

const fixedZone = (name: string, aheadMs: number): WallZone => ({ name, momentOf: (wallMs) => wallMs - aheadMs });

function clockZone(name: string, clock: ZoneClock, aheadMs: number): WallZone {
  if (clock === UTC_CLOCK) return fixedZone(name, aheadMs);
  let offset = 0;
  const first = (wall: number): number => {
    const guess = wall - offset;
    // Between two changes of the clocks the offset of the row before holds; near one the calendar decides.
    const isSure = clock.wallTime(guess) === wall && clock.wallTime(guess - HOUR_MS) === wall - HOUR_MS;
    if (isSure && clock.wallTime(guess + HOUR_MS) === wall + HOUR_MS) return guess;
    const day = Math.floor(wall / DAY_MS);
    const rest = wall - day * DAY_MS;
    const minute = Math.floor(rest / MINUTE_MS);
    return clock.momentOf(day, minute) + (rest - minute * MINUTE_MS);
  };
  return {
    name,
    momentOf: (wallMs, lastMs, isBackward) => {
      const wall = wallMs - aheadMs;
      let moment = first(wall);
      const isSecond = isBackward ? moment + HOUR_MS < lastMs : moment <= lastMs;
      if (isSecond && clock.wallTime(moment + HOUR_MS) === wall) moment += HOUR_MS;
      offset = clock.wallTime(moment) - moment;
      return moment;
    },
  };
}
