import { weekdayOf } from '#core/model/civil-date.ts';
import { dayOn, type ZoneClock, zoneClock } from '../calendar/zone-clock.ts';

/** The day of currencies ends when New York closes. */
const ZONE = 'America/New_York';
const CLOSE_MINUTE = 17 * 60;
const WEDNESDAY = 3;
const FRIDAY = 5;

/**
 * Nights of interest that a position crosses: each trading day at 17:00 in New York, one, and three on Wednesdays, as what was traded then is delivered on
 * Friday or Monday. Saturdays and Sundays have none.
 */
export class RolloverNights {
  readonly #clock: ZoneClock = zoneClock(ZONE);

  /** Of the rollovers in (from, to], ms. */
  between(from: number, to: number): number {
    let nights = 0;
    const last = dayOn(this.#clock, to);
    for (let day = dayOn(this.#clock, from); day <= last; day++) {
      const moment = this.#clock.momentOf(day, CLOSE_MINUTE);
      if (moment > from && moment <= to) nights += nightsOf(weekdayOf(day));
    }
    return nights;
  }
}

const nightsOf = (weekday: number): number => (weekday > FRIDAY ? 0 : weekday === WEDNESDAY ? 3 : 1);
