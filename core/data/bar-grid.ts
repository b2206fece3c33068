import { barOpen, firstDay, hasWholeDays, nextFirstDay, nextOpen, type Timeframe } from '#core/model/timeframe.ts';
import { isOvernight, type SessionHours } from './calendar/session-clock.ts';
import { DAY_MS, MINUTE_MS, type ZoneClock, zoneClock } from './calendar/zone-clock.ts';

/** Where the bars of a timeframe begin and end. */
export interface BarGrid {
  readonly timeframe: Timeframe;
  /** Begin of the bar that holds a moment, ms. */
  readonly open: (timeMs: number) => number;
  /** Its end, which is the begin of the next one. */
  readonly end: (timeMs: number) => number;
}

export function utcGrid(timeframe: Timeframe): BarGrid {
  return {
    timeframe,
    open: (timeMs) => barOpen(timeframe, timeMs),
    end: (timeMs) => nextOpen(timeframe, barOpen(timeframe, timeMs)),
  };
}

/**
 * The grid of a strategy with exactly one session: its days are those of the session's zone, from midnight to midnight; those of a session over
 * midnight begin when it opens and are named by the day on which it closes, so that Sunday evening belongs to Monday. Weeks begin on Monday,
 * months on the 1st. Bars that are not made of days are those of UTC.
 * @throws StratError SESSION_ZONE
 */
export function sessionGrid(timeframe: Timeframe, session: Pick<SessionHours, 'opensAt' | 'closesAt' | 'zone'>): BarGrid {
  if (!hasWholeDays(timeframe)) return utcGrid(timeframe);
  const days = tradingDays(session);
  let open = Infinity;
  let end = -Infinity;
  const look = (timeMs: number): void => {
    if (timeMs >= open && timeMs < end) return;
    const day = days.at(timeMs);
    open = days.begin(firstDay(timeframe, day));
    end = days.begin(nextFirstDay(timeframe, day));
  };
  return {
    timeframe,
    open: (timeMs) => {
      look(timeMs);
      return open;
    },
    end: (timeMs) => {
      look(timeMs);
      return end;
    },
  };
}

interface TradingDays {
  readonly at: (timeMs: number) => number;
  readonly begin: (day: number) => number;
}

function tradingDays(session: Pick<SessionHours, 'opensAt' | 'closesAt' | 'zone'>): TradingDays {
  const clock: ZoneClock = zoneClock(session.zone);
  const isNight = isOvernight(session);
  const begin = (day: number): number => (isNight ? clock.momentOf(day - 1, session.opensAt) : clock.momentOf(day, 0));
  return {
    begin,
    at: (timeMs) => {
      const shiftMs = isNight ? DAY_MS - session.opensAt * MINUTE_MS : 0;
      let day = Math.floor((clock.wallTime(timeMs) + shiftMs) / DAY_MS);
      // Clocks that are put back or forth around the begin of a day make the wall time of a moment that of a neighbour.
      while (timeMs < begin(day)) day -= 1;
      while (timeMs >= begin(day + 1)) day += 1;
      return day;
    },
  };
}
