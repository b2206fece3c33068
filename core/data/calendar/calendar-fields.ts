import { civilDate, weekdayOf } from '#core/model/civil-date.ts';
import { DAY_MS, MINUTE_MS } from './zone-clock.ts';

const MINUTES_OF_HOUR = 60;
const dayOf = (wallMs: number): number => Math.floor(wallMs / DAY_MS);
const minuteOfDay = (wallMs: number): number => Math.floor((wallMs - dayOf(wallMs) * DAY_MS) / MINUTE_MS);

/** What a calendar and a clock on the wall say at `wallMs` (`ZoneClock.wallTime`); the ranges are those of the language (dsl/graph/columns.ts). */
export const CALENDAR_FIELDS = {
  hour: (wallMs: number) => Math.floor(minuteOfDay(wallMs) / MINUTES_OF_HOUR),
  minute: (wallMs: number) => minuteOfDay(wallMs) % MINUTES_OF_HOUR,
  minute_of_day: minuteOfDay,
  weekday: (wallMs: number) => weekdayOf(dayOf(wallMs)),
  day: dayOf,
  day_of_month: (wallMs: number) => civilDate(dayOf(wallMs)).day,
  month: (wallMs: number) => civilDate(dayOf(wallMs)).month,
  year: (wallMs: number) => civilDate(dayOf(wallMs)).year,
} as const;
