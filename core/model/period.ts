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
