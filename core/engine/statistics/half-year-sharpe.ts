import { dailyEquity, type NamedCalendar, periodsPerYear, simpleReturns } from './daily-equity.ts';
import { rollingSharpe } from './rolling-sharpe.ts';

/** The Sharpe ratio of the last half year of days, at each day but the first. */
export interface HalfYearSharpe {
  /** Days in half a year. */
  readonly window: number;
  /** Start of the UTC day, ms. */
  readonly day: Float64Array;
  /** NaN before there are so many days, and where the equity does not move. */
  readonly sharpe: Float64Array;
}

/** Of bars [from, to). */
export function halfYearSharpe(
  time: Float64Array,
  equity: Float64Array,
  from: number,
  to: number,
  calendar: NamedCalendar | null = null,
): HalfYearSharpe {
  const daily = dailyEquity(time, equity, from, to, calendar);
  const perYear = periodsPerYear(daily, time, from, to, calendar);
  const window = Math.round(perYear / 2);
  return { window, day: daily.day.slice(1), sharpe: rollingSharpe(simpleReturns(daily.equity), window, perYear) };
}
