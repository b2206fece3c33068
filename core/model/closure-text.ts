import { civilDate, dayNumber } from './civil-date.ts';

/** On which days something is closed; all of them where it is null. */
export type ClosureDay =
  | { readonly kind: 'date'; /** Null: every year. */ readonly year: number | null; readonly month: number; readonly day: number }
  | { readonly kind: 'weekday'; /** 1 = Monday .. 7 = Sunday. */ readonly weekday: number }
  /** Days from Easter Sunday. */
  | { readonly kind: 'easter'; readonly days: number };

/** When a market is closed, as a config says it. */
export interface Closure {
  readonly on: ClosureDay | null;
  /** Minutes of the day, `from` before `to`, up to 1440; null: the whole day. */
  readonly hours: { readonly from: number; readonly to: number } | null;
}

/** For messages: what `parseClosure` takes. */
export const CLOSURE_WORDS =
  'a date, weekday or good-friday, hours, or both: 12-26, 2024-07-04 13:00-17:00, friday 16:30-17:00, 16:50-17:10';

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const EASTER = new Map([
  ['good-friday', -2],
  ['easter-monday', 1],
]);
const LEAP_YEAR = 2024;
const MINUTES_OF_DAY = 1440;

/** Null when the text is none, or a date that no calendar has. */
export function parseClosure(text: string): Closure | null {
  const match = /^(?:([a-z-]+|(?:\d{4}-)?\d\d-\d\d)(?: (?=\d)|$))?(?:(\d\d):(\d\d)-(\d\d):(\d\d))?$/.exec(text);
  if (match === null || text === '') return null;
  const [, day, ...clock] = match;
  const on = day === undefined ? null : closureDay(day);
  if (day !== undefined && on === null) return null;
  if (clock[0] === undefined) return { on, hours: null };
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = clock.map(Number);
  const hours = { from: fromHour * 60 + fromMinute, to: toHour * 60 + toMinute };
  return fromMinute < 60 && toMinute < 60 && hours.from < hours.to && hours.to <= MINUTES_OF_DAY ? { on, hours } : null;
}

function closureDay(text: string): ClosureDay | null {
  const weekday = WEEKDAYS.indexOf(text) + 1;
  if (weekday > 0) return { kind: 'weekday', weekday };
  const days = EASTER.get(text);
  if (days !== undefined) return { kind: 'easter', days };
  const date = /^(?:(\d{4})-)?(\d\d)-(\d\d)$/.exec(text);
  if (date === null) return null;
  const [year, month, day] = [date[1] === undefined ? null : Number(date[1]), Number(date[2]), Number(date[3])];
  const same = civilDate(dayNumber(year ?? LEAP_YEAR, month, day));
  return same.month === month && same.day === day ? { kind: 'date', year, month, day } : null;
}
