import { civilDate, dayNumber } from './civil-date.ts';

/** Units of candle timeframes; `mo` = calendar month. */
export type TimeframeUnit = 's' | 'm' | 'h' | 'd' | 'w' | 'mo';

/** Length of a bar. Equal lengths have one form only: `60m` is `1h`, `24h` is `1d`, `7d` is `1w`. */
export interface Timeframe {
  /** As written in strategies and reports: `1m`, `4h`, `1mo`. */
  readonly name: string;
  readonly count: number;
  readonly unit: TimeframeUnit;
  /**
   * Length in ms. Of months only nominal (a mean Gregorian month of 365.2425 / 12 days), good for comparing and for
   * annualising; where bars begin and end comes from `barOpen` and `nextOpen`, which use the calendar.
   */
  readonly stepMs: number;
}

const DAY_MS = 86_400_000;
const MONTH_MS = 2_629_746_000;
/** 1970-01-05, the first Monday after the epoch, as a day: multiples of weeks are counted from here. */
const FIRST_MONDAY = 4;
const FIXED_UNITS = [
  ['w', 7 * DAY_MS],
  ['d', DAY_MS],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

const monthly = (count: number): Timeframe => ({ name: `${count}mo`, count, unit: 'mo', stepMs: count * MONTH_MS });

/** The timeframe of `stepMs` milliseconds; null unless it is a whole number of seconds from 1 s to 52 weeks. Never months. */
export function timeframeOfStep(stepMs: number): Timeframe | null {
  if (!Number.isInteger(stepMs) || stepMs <= 0 || stepMs > 364 * DAY_MS) return null;
  for (const [unit, unitMs] of FIXED_UNITS) {
    const count = stepMs / unitMs;
    if (Number.isInteger(count)) return { name: `${count}${unit}`, count, unit, stepMs };
  }
  return null;
}

/**
 * Reads `30s 1m 5m 15m 1h 4h 1d 1w 1mo`; file names of exchanges write the month `1M` and sometimes `1H 1D 1W`.
 * `1m` is a minute and `1M` a month, as exchanges write it. At most 52 weeks or 12 months. Null when it is none of these.
 */
export function parseTimeframe(text: string): Timeframe | null {
  const match = /^([1-9]\d{0,4})(mo|M|[smhdwHDW])$/.exec(text);
  const count = Number(match?.[1]);
  const unit = match?.[2];
  if (unit === undefined) return null;
  if (unit === 'mo' || unit === 'M') return count <= 12 ? monthly(count) : null;
  const unitMs = FIXED_UNITS.find(([name]) => name === unit.toLowerCase())?.[1];
  return unitMs === undefined ? null : timeframeOfStep(count * unitMs);
}

/** Months since year 0 of the month that holds a day. */
function monthOfDay(day: number): number {
  const { year, month } = civilDate(day);
  return year * 12 + month - 1;
}

/** Bars of whole days: what `firstDay` and `nextFirstDay` are about. */
export const hasWholeDays = ({ unit }: Timeframe): boolean => unit === 'd' || unit === 'w' || unit === 'mo';

const anchorDayOf = ({ unit }: Timeframe): number => (unit === 'w' ? FIRST_MONDAY : 0);
const daysOf = ({ count, unit }: Timeframe): number => (unit === 'w' ? 7 * count : count);

/**
 * First day of the bar of whole days that holds `day`; days are counted from 1970-01-01 = 0. Weeks start on Monday, months on the 1st
 * (several months: counted from January, so `3mo` is a quarter), several days or weeks on multiples since 1970.
 */
export function firstDay(timeframe: Timeframe, day: number): number {
  const { count, unit } = timeframe;
  if (unit === 'mo') return dayNumber(0, Math.floor(monthOfDay(day) / count) * count + 1, 1);
  const anchor = anchorDayOf(timeframe);
  return Math.floor((day - anchor) / daysOf(timeframe)) * daysOf(timeframe) + anchor;
}

/** First day of the bar of whole days behind the one that holds `day`. */
export function nextFirstDay(timeframe: Timeframe, day: number): number {
  const { count, unit } = timeframe;
  if (unit === 'mo') return dayNumber(0, (Math.floor(monthOfDay(day) / count) + 1) * count + 1, 1);
  return firstDay(timeframe, day) + daysOf(timeframe);
}

/**
 * Open time of the bar that holds `timeMs` (ms, UTC): bars of whole days begin at 00:00 UTC of their first day, all others on multiples
 * since 1970-01-01 00:00 UTC.
 */
export function barOpen(timeframe: Timeframe, timeMs: number): number {
  if (hasWholeDays(timeframe)) return firstDay(timeframe, Math.floor(timeMs / DAY_MS)) * DAY_MS;
  return Math.floor(timeMs / timeframe.stepMs) * timeframe.stepMs;
}

/**
 * End of the bar that opens at `openMs`, which is the open of the next one. An open off the grid keeps its distance to it,
 * except with months, where the end is the next month's first moment.
 */
export function nextOpen(timeframe: Timeframe, openMs: number): number {
  if (timeframe.unit !== 'mo') return openMs + timeframe.stepMs;
  return nextFirstDay(timeframe, Math.floor(openMs / DAY_MS)) * DAY_MS;
}

/** Number of bars from the one that opens at `fromMs` to the one that opens at `toMs`, rounded when they are off the grid. */
export function barsBetween(timeframe: Timeframe, fromMs: number, toMs: number): number {
  if (timeframe.unit !== 'mo') return Math.round((toMs - fromMs) / timeframe.stepMs);
  const bar = (timeMs: number): number => Math.floor(monthOfDay(Math.floor(timeMs / DAY_MS)) / timeframe.count);
  return bar(toMs) - bar(fromMs);
}

/** Whether every bar of `longer` is made of whole bars of `shorter` (equal ones too): `4h` of `1h`, `1mo` of `1d`, not `1mo` of `1w`. */
export function isWholeMultiple(longer: Timeframe, shorter: Timeframe): boolean {
  if (shorter.unit === 'mo') return longer.unit === 'mo' && longer.count % shorter.count === 0;
  // Months begin at any midnight of the grid, so only what divides a day fits into all of them.
  if (longer.unit === 'mo') return DAY_MS % shorter.stepMs === 0;
  return longer.stepMs % shorter.stepMs === 0 && ((anchorDayOf(longer) - anchorDayOf(shorter)) * DAY_MS) % shorter.stepMs === 0;
}
