import { civilDate, weekdayOf } from '#core/model/civil-date.ts';
import { type DayAfter, ForexHolidays } from './forex-holidays.ts';
import type { SessionSpan } from './session-clock.ts';
import { hull, remembered, spansWithin, without } from './span-list.ts';
import { dayOn, type ZoneClock, zoneClock } from './zone-clock.ts';

/** A moment of the week by clocks of a zone: minutes since midnight, 17:00 on the day before is -420. */
export interface ClockTime {
  readonly zone: string;
  readonly minute: number;
}

/** A pause of every day by clocks of a zone; `to` above 1440 is on the next day. */
export interface DailyBreak {
  readonly zone: string;
  readonly from: number;
  readonly to: number;
}

/** When brokers of one kind quote. Where they differ, quotes are expected while all of them have some, and taken while one may. */
export interface ForexHours {
  /** The week begins when the last of these has come on Monday (Sunday evening is before its midnight). */
  readonly opens: readonly ClockTime[];
  /** It ends with the first of these on Friday. */
  readonly closes: readonly ClockTime[];
  /** The latest end that one may have, on Friday; 17:00 in New York where nothing is said. */
  readonly mayClose?: ClockTime;
  readonly breaks: readonly DailyBreak[];
  readonly dayAfter: DayAfter;
}

export const NEW_YORK = 'America/New_York';
/** The day of currencies ends when New York closes. */
const FOREX_CLOSE = 17 * 60;
const DAY_MINUTES = 1440;
const MONDAY = 1;
const FRIDAY = 5;

/** Trading days from 17:00 to 17:00 in New York, each named by the date on which it ends: Sunday evening is Monday's. */
export class ForexWeek {
  readonly #hours: ForexHours;
  readonly #clock = zoneClock(NEW_YORK);
  readonly #clocks = new Map<string, ZoneClock>();
  readonly #holidays: ForexHolidays;
  /** A day is asked for by each of its bars. */
  readonly #expected = new Map<number, readonly SessionSpan[]>();
  readonly #whole = new Map<number, SessionSpan>();

  constructor(hours: ForexHours) {
    this.#hours = hours;
    this.#holidays = new ForexHolidays(hours.dayAfter);
  }

  /** Spans in which quotes are expected. */
  *spans(from: number, to: number): Generator<SessionSpan> {
    for (const day of this.#days(from, to)) yield* spansWithin(remembered(this.#expected, day, this.#expectedOn), from, to);
  }

  /** Days on which quotes are expected, each from its first moment to its last. */
  *days(from: number, to: number): Generator<SessionSpan> {
    for (const day of this.#days(from, to)) {
      const whole = hull(remembered(this.#expected, day, this.#expectedOn));
      if (whole !== null) yield* spansWithin([whole], from, to);
    }
  }

  /** Spans in which there may be some: the whole week, holidays too, as some quote through them. */
  *possible(from: number, to: number): Generator<SessionSpan> {
    for (const day of this.#days(from, to)) yield* spansWithin([remembered(this.#whole, day, this.#wholeDay)], from, to);
  }

  *#days(from: number, to: number): Generator<number> {
    const last = dayOn(this.#clock, to) + 1;
    // A Friday may end after its midnight in New York has not come: one day before is enough.
    for (let day = dayOn(this.#clock, from) - 1; day <= last; day++) if (weekdayOf(day) <= FRIDAY) yield day;
  }

  readonly #wholeDay = (day: number): SessionSpan => {
    const close = this.#clock.momentOf(day, FOREX_CLOSE);
    const { mayClose } = this.#hours;
    const end = weekdayOf(day) === FRIDAY && mayClose !== undefined ? Math.max(close, this.#moment(mayClose, day)) : close;
    return { start: this.#clock.momentOf(day - 1, FOREX_CLOSE), end };
  };

  readonly #expectedOn = (day: number): readonly SessionSpan[] => {
    const { opens, closes, breaks } = this.#hours;
    const at = (times: readonly ClockTime[]): readonly number[] => times.map((time) => this.#moment(time, day));
    const start = Math.max(this.#clock.momentOf(day - 1, FOREX_CLOSE), ...(weekdayOf(day) === MONDAY ? at(opens) : []));
    const end = Math.min(this.#clock.momentOf(day, FOREX_CLOSE), ...(weekdayOf(day) === FRIDAY ? at(closes) : []));
    const pauses = breaks.flatMap((pause) => [day - 1, day].map((date) => this.#pause(pause, date)));
    const { year, month } = civilDate(day);
    return without({ start, end }, [...pauses, ...this.#holidays.around(month === 1 ? year - 1 : year)]);
  };

  #pause({ zone, from, to }: DailyBreak, day: number): SessionSpan {
    return { start: this.#moment({ zone, minute: from }, day), end: this.#moment({ zone, minute: to }, day) };
  }

  #moment({ zone, minute }: ClockTime, day: number): number {
    const clock = this.#clocks.get(zone) ?? zoneClock(zone);
    this.#clocks.set(zone, clock);
    const over = Math.floor(minute / DAY_MINUTES);
    return clock.momentOf(day + over, minute - over * DAY_MINUTES);
  }
}
