import { civilDate } from '#core/model/civil-date.ts';
import { nearest } from '#core/model/nearest-word.ts';
import { StratError } from '#core/errors/strat-error.ts';

const MINUTES_OF_DAY = 1440;
export const DAY_MS = 86_400_000;
export const MINUTE_MS = 60_000;

/** What clocks on the wall of a time zone show, by the time zone database of the running Node; dates without end in both directions. */
export interface ZoneClock {
  /** As given. */
  readonly zone: string;
  /** What the clocks show at a moment, as ms since 1970-01-01 00:00 on the same clocks. Asked for in order of time it costs next to nothing. */
  readonly wallTime: (timeMs: number) => number;
  /**
   * The moment at which the clocks show `minute` of `day` (days since 1970-01-01; 1440 is the next midnight). A time that is skipped is read
   * with the clocks as they were before, a time that comes twice is its first.
   */
  readonly momentOf: (day: number, minute: number) => number;
}

/** Days are those of the zone: floor(wallTime / DAY_MS). */
export const dayOn = (clock: ZoneClock, timeMs: number): number => Math.floor(clock.wallTime(timeMs) / DAY_MS);

/** Of UTC, which needs no database. */
export const UTC_CLOCK: ZoneClock = {
  zone: 'UTC',
  wallTime: (timeMs) => timeMs,
  momentOf: (day, minute) => day * DAY_MS + minute * MINUTE_MS,
};

/** @throws StratError SESSION_ZONE when the time zone database does not have the zone */
export function zoneClock(zone: string): ZoneClock {
  if (zone === 'UTC') return UTC_CLOCK;
  checkZone(zone);
  // Between two changes of the clocks the offset is one number: it is asked for once.
  let from = Infinity;
  let to = -Infinity;
  let offset = 0;
  const look = (timeMs: number): void => {
    // Temporal thinks in whole ms; before 1970 too, floor is the earlier one.
    const at = Temporal.Instant.fromEpochMilliseconds(Math.floor(timeMs)).toZonedDateTimeISO(zone);
    const next = at.getTimeZoneTransition('next');
    // `previous` of a moment that is itself a change would be the one before it.
    const last = at.add({ milliseconds: 1 }).getTimeZoneTransition('previous');
    from = last?.epochMilliseconds ?? -Infinity;
    to = next?.epochMilliseconds ?? Infinity;
    offset = at.offsetNanoseconds / 1e6;
  };
  return {
    zone,
    wallTime: (timeMs) => {
      if (!(timeMs >= from && timeMs < to)) look(timeMs);
      return timeMs + offset;
    },
    momentOf: (day, minute) => {
      const over = Math.floor(minute / MINUTES_OF_DAY);
      const { year, month, day: dayOfMonth } = civilDate(day + over);
      const rest = minute - over * MINUTES_OF_DAY;
      const wall = new Temporal.PlainDateTime(year, month, dayOfMonth, Math.floor(rest / 60), rest % 60);
      return wall.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;
    },
  };
}

/** Whether the time zone database has it. Offsets such as +05:30 are no zones: nobody would know what they mean in summer. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return false;
  }
}

/** Every zone by its first name. */
export const zoneNames = (): readonly string[] => ['UTC', ...Intl.supportedValuesOf('timeZone')];

function checkZone(zone: string): void {
  if (isZone(zone)) return;
  const near = nearest(zone, zoneNames());
  const hint =
    near === null ? 'Write one of the time zone database, such as America/New_York, Europe/London or UTC' : `Did you mean ${near.word}?`;
  throw new StratError('SESSION_ZONE', { zone, hint });
}
