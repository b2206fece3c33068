import { civilDate } from './civil-date.ts';

/** What `per day` and `once per day` count in. */
export type Period = 'bar' | 'hour' | 'day' | 'week' | 'month';

/** A moment on some clock. */
export interface PeriodMoment {
  /** What tells bars apart. */
  readonly bar: number;
  readonly year: number;
  /** 1..12. */
  readonly month: number;
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly minuteOfDay: number;
}

/** Number of the period that a moment lies in; equal within one period, and only there. */
export function periodNumber(per: Period, { bar, year, month, day, minuteOfDay }: PeriodMoment): number {
  switch (per) {
    case 'bar':
      return bar;
    case 'hour':
      return day * 24 + Math.floor(minuteOfDay / 60);
    case 'day':
      return day;
    case 'week':
      // 1970-01-01 was a Thursday; weeks start on Monday.
      return Math.floor((day + 3) / 7);
    case 'month':
      return year * 12 + month;
    // no default
  }
}

const DAY_MINUTES = 1440;

/** One bar later: the moment at which the next bar opens, where none is missing. */
export function nextMoment({ bar, day, minuteOfDay }: PeriodMoment, stepMs: number): PeriodMoment {
  const minutes = minuteOfDay + stepMs / 60_000;
  const later = day + Math.floor(minutes / DAY_MINUTES);
  const { year, month } = civilDate(later);
  return { bar: bar + 1, year, month, day: later, minuteOfDay: minutes % DAY_MINUTES };
}
