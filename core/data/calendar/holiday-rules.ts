import { civilDate, dayNumber, weekdayOf } from '#core/model/civil-date.ts';

/** Gives the day on which a holiday is kept in a year, as days since 1970-01-01; null when it is not kept. */
export type HolidayRule = (year: number) => number | null;

const FRIDAY = 5;
const SATURDAY = 6;
const SUNDAY = 7;

/** A date that stays where it falls. */
export const on =
  (month: number, day: number): HolidayRule =>
  (year) =>
    dayNumber(year, month, day);

/** The `nth` such weekday of a month (1 = Monday); -1 = the last. */
export const nthWeekday =
  (month: number, weekday: number, nth: number): HolidayRule =>
  (year) => {
    if (nth < 0) {
      const last = dayNumber(year, month + 1, 0);
      return last - ((weekdayOf(last) - weekday + 7) % 7);
    }
    const first = dayNumber(year, month, 1);
    return first + ((weekday - weekdayOf(first) + 7) % 7) + 7 * (nth - 1);
  };

/** Days from Easter Sunday. Algorithm: "anonymous Gregorian", Nature 13, 1876; J. Meeus, Astronomical Algorithms, chapter 8. */
export const easter =
  (days: number): HolidayRule =>
  (year) => {
    const a = year % 19;
    const b = Math.floor(year / 100);
    const c = year % 100;
    const d = Math.floor(b / 4);
    const g = Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3);
    const h = (19 * a + b - d - g + 15) % 30;
    const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
    const m = Math.floor((a + 11 * h + 22 * l) / 451);
    const n = h + l - 7 * m + 114;
    return dayNumber(year, Math.floor(n / 31), (n % 31) + 1) + days;
  };

/** Kept on Monday when it falls on a Sunday, and on Friday when on a Saturday, `saturday` permitting. */
export const observed =
  (rule: HolidayRule, saturday: 'friday' | 'dropped'): HolidayRule =>
  (year) => {
    const day = rule(year);
    if (day === null) return null;
    const weekday = weekdayOf(day);
    if (weekday === SUNDAY) return day + 1;
    if (weekday !== SATURDAY) return day;
    return saturday === 'friday' ? day - 1 : null;
  };

/** The next weekday that `others` do not keep: holidays that are never lost. */
export const moved =
  (rule: HolidayRule, ...others: readonly HolidayRule[]): HolidayRule =>
  (year) => {
    const day = rule(year);
    if (day === null) return null;
    const taken = new Set(others.map((other) => other(year)));
    let free = day;
    while (weekdayOf(free) >= SATURDAY || taken.has(free)) free += 1;
    return free;
  };

/** From this year on, up to and including `to`. */
export const years =
  (from: number, to: number, rule: HolidayRule): HolidayRule =>
  (year) =>
    year >= from && year <= to ? rule(year) : null;

/** Not in these years. */
export const except =
  (rule: HolidayRule, ...not: readonly number[]): HolidayRule =>
  (year) =>
    not.includes(year) ? null : rule(year);

/** Only when it falls on a weekday up to this one (1 = Monday). */
export const upToWeekday =
  (rule: HolidayRule, last: number): HolidayRule =>
  (year) => {
    const day = rule(year);
    return day !== null && weekdayOf(day) <= last ? day : null;
  };

/** The date, or the Friday before it when it falls on a weekend. */
export const lastWeekday =
  (month: number, day: number): HolidayRule =>
  (year) => {
    const date = dayNumber(year, month, day);
    return date - Math.max(0, weekdayOf(date) - FRIDAY);
  };

/** So many days behind another. */
export const after =
  (rule: HolidayRule, days: number): HolidayRule =>
  (year) => {
    const day = rule(year);
    return day === null ? null : day + days;
  };

/** Single dates, `2001-09-11`, at most one a year. */
export const dates =
  (...texts: readonly string[]): HolidayRule =>
  (year) =>
    texts.map(dayOfText).find((day) => civilDate(day).year === year) ?? null;

/** Days since 1970-01-01 of `2001-09-11`. */
export function dayOfText(text: string): number {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  return dayNumber(year, month, day);
}
