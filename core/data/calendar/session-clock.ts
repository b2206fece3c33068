import { weekdayOf } from '#core/model/civil-date.ts';
import { type HolidayCalendar, holidayCalendar } from './holiday-calendars.ts';
import { DAY_MS, dayOn, UTC_CLOCK, type ZoneClock, zoneClock } from './zone-clock.ts';

/** Trading hours, as dsl/program.ts has them: minutes since midnight of the zone, days 1 = Monday .. 7 = Sunday. */
export interface SessionHours {
  readonly opensAt: number;
  readonly closesAt: number;
  readonly zone: string;
  readonly days: readonly number[];
  readonly holidays: string | null;
}

/** One session: the moments of its start and end, half-open. */
export interface SessionSpan {
  readonly start: number;
  readonly end: number;
}

/** The sessions of a rule, each known by the day (since 1970-01-01, in its zone) on which it opens. */
export interface SessionDays {
  readonly clock: ZoneClock;
  /** null when none opens on that day. */
  readonly of: (day: number) => SessionSpan | null;
}

const MINUTES_OF_DAY = 1440;

/** Whether a session ends on the day after it opens. */
export const isOvernight = ({ opensAt, closesAt }: Pick<SessionHours, 'opensAt' | 'closesAt'>): boolean => closesAt <= opensAt;

/**
 * A session does not open on holidays, begins late and ends early with its exchange. @throws StratError SESSION_ZONE, SESSION_HOLIDAYS
 */
export function sessionDays(hours: SessionHours): SessionDays {
  const clock = zoneClock(hours.zone);
  const calendar = hours.holidays === null ? null : holidayCalendar(hours.holidays);
  const exchange = calendar === null ? UTC_CLOCK : zoneClock(calendar.zone);
  const known = new Map<number, SessionSpan | null>();
  const closesAt = hours.closesAt + (isOvernight(hours) ? MINUTES_OF_DAY : 0);
  const spanOf = (day: number): SessionSpan | null => {
    if (!hours.days.includes(weekdayOf(day))) return null;
    const span = { start: clock.momentOf(day, hours.opensAt), end: clock.momentOf(day, closesAt) };
    return calendar === null ? span : keptOf(span, calendar, exchange);
  };
  return {
    clock,
    of: (day) => {
      const found = known.get(day);
      if (found !== undefined) return found;
      const span = spanOf(day);
      known.set(day, span);
      return span;
    },
  };
}

/** What holidays, late openings and early closes leave of a session. */
function keptOf(session: SessionSpan, calendar: HolidayCalendar, exchange: ZoneClock): SessionSpan | null {
  const firstDay = dayOn(exchange, session.start);
  if (calendar.isHoliday(firstDay)) return null;
  const lastDay = dayOn(exchange, session.end - 1);
  const late = calendar.lateOpen(firstDay);
  const early = calendar.earlyClose(lastDay);
  const start = late === null ? session.start : Math.max(session.start, exchange.momentOf(firstDay, late));
  const end = early === null ? session.end : Math.min(session.end, exchange.momentOf(lastDay, early));
  return end > start ? { start, end } : null;
}

/** What a session's columns say of one bar; ms, and na (NaN) outside of it. */
export interface SessionBar {
  readonly active: number;
  readonly first: number;
  readonly last: number;
  readonly elapsed: number;
  readonly bars: number;
}

const OUTSIDE: SessionBar = { active: 0, first: 0, last: 0, elapsed: Number.NaN, bars: Number.NaN };

/**
 * Gives the bars of one chart their place in the sessions of a rule, bar by bar in order. A bar lies in a session when it overlaps with it: an hour
 * that begins before the bell and ends behind it holds trades of the session. Nothing is taken from a bar that comes later: the last bar is the
 * one that ends with the session or behind it, whether the market traded then or not.
 */
export class SessionClock {
  readonly #days: SessionDays;
  #current: SessionSpan | null = null;
  #bars = 0;
  /** No session begins before: nothing to look up for the bars of a night. */
  #idleUntil = -Infinity;

  constructor(days: SessionDays) {
    this.#days = days;
  }

  /**
   * @param open and `close`: the bar's moments, ms
   * @param dated the bar's open is the name of a date rather than a moment (bars of a day and more that open at 00:00 UTC)
   */
  next(open: number, close: number, dated: boolean): SessionBar {
    const span = close - open >= DAY_MS ? this.#lastOpened(open, close, dated) : this.#overlapping(open, close);
    if (span === null) return OUTSIDE;
    const isFirst = span.start !== this.#current?.start;
    this.#current = span;
    this.#bars = isFirst ? 1 : this.#bars + 1;
    const ends = dated ? span.end : close;
    return { active: 1, first: isFirst ? 1 : 0, last: ends >= span.end ? 1 : 0, elapsed: ends - span.start, bars: this.#bars };
  }

  /** The session that a bar within a day has a part of; of two the later one. */
  #overlapping(open: number, close: number): SessionSpan | null {
    const current = this.#current;
    if (current !== null && open >= current.start && close <= current.end) return current;
    if (close <= this.#idleUntil) return null;
    const { clock, of } = this.#days;
    const day = dayOn(clock, close - 1);
    for (const candidate of [day, day - 1]) {
      const span = of(candidate);
      if (span !== null && span.start < close && span.end > open) return span;
    }
    const next = [of(day), of(day + 1)].find((span) => span !== null && span.start >= close);
    this.#idleUntil = next?.start ?? clock.momentOf(day + 2, 0);
    return null;
  }

  /** Of a bar of a day and more: the last session that opens on one of its days. */
  #lastOpened(open: number, close: number, dated: boolean): SessionSpan | null {
    const clock = dated ? UTC_CLOCK : this.#days.clock;
    for (let day = dayOn(clock, close - 1); day >= dayOn(clock, open); day -= 1) {
      const span = this.#days.of(day);
      if (span !== null) return span;
    }
    return null;
  }
}
