import { dayNumber, weekdayOf } from '#core/model/civil-date.ts';
import { holidayCalendar } from './holiday-calendars.ts';
import { lastWeekday } from './holiday-rules.ts';
import type { SessionSpan } from './session-clock.ts';
import { remembered } from './span-list.ts';
import { zoneClock } from './zone-clock.ts';

const FRIDAY = 5;
const SATURDAY = 6;
const SUNDAY = 7;
const NOON = 12 * 60;
const MORNING = 8 * 60;
const FOREX_CLOSE = 17 * 60;

/** How the days after Christmas and New Year begin: late, or not at all. */
export type DayAfter = 'late' | 'closed';

/**
 * Christmas and New Year, the two holidays of currencies: spans in which brokers may be closed, each by its own announcement. From noon in New York on
 * the last weekday before (London has gone home, its exchange has a half day: `lse` of holiday-calendars.ts; FXTM closed at 14:00 New York on
 * 2018-12-24 and 31) until the first of London and New York opens, at 8:00 there, that has no holiday (26 December is one in London, where FXTM opened at
 * 6:00 and 9:00 of Athens; a holiday on a Sunday is kept on Monday in both). With `closed` the whole next day is one of them too (FXCL, 2023: closed
 * on 25 and 26 December, 1 and 2 January).
 * Sources: forextime.com, "FXTM trading schedule during Christmas & New Year holidays" of 2017 and 2018; fxclearing.com, "Schedule on winter holidays", 2023.
 */
export class ForexHolidays {
  readonly #dayAfter: DayAfter;
  readonly #newYork = zoneClock('America/New_York');
  readonly #london = zoneClock('Europe/London');
  readonly #known = new Map<number, readonly SessionSpan[]>();

  constructor(dayAfter: DayAfter) {
    this.#dayAfter = dayAfter;
  }

  /** Of the turn of a year: Christmas of `year` and the New Year after it. */
  around(year: number): readonly SessionSpan[] {
    return remembered(this.#known, year, () => [
      this.#span(dayNumber(year, 12, 25), lastWeekday(12, 24)(year)!),
      this.#span(dayNumber(year + 1, 1, 1), lastWeekday(12, 31)(year)!),
    ]);
  }

  #span(holiday: number, eve: number): SessionSpan {
    const reopens = this.#reopening(holiday);
    const end = this.#dayAfter === 'closed' ? Math.max(reopens, this.#newYork.momentOf(holiday + 1, FOREX_CLOSE)) : reopens;
    return { start: this.#newYork.momentOf(eve, NOON), end };
  }

  #reopening(holiday: number): number {
    const kept = weekdayOf(holiday) === SUNDAY ? holiday + 1 : holiday;
    // Nothing is closed of the week that follows.
    if (weekdayOf(kept) === FRIDAY || weekdayOf(kept) === SATURDAY) return this.#newYork.momentOf(kept, FOREX_CLOSE);
    const day = kept + 1;
    const isLondonOff = holidayCalendar('lse').isHoliday(day);
    return isLondonOff ? this.#newYork.momentOf(day, MORNING) : this.#london.momentOf(day, MORNING);
  }
}
