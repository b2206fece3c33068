const DAY_MS = 86_400_000;
/** Below so many days, figures of daily returns say nothing. */
export const MIN_DAYS = 10;

/** One point a day: the equity after the last bar that opened on that UTC day. Days without a bar have no point. */
export interface DailyEquity {
  /** Start of the UTC day, ms since the epoch. */
  readonly day: Float64Array;
  readonly equity: Float64Array;
}

/** The days on which a market trades, where its calendar was named. */
export interface NamedCalendar {
  /** `xnys`, `forex`, ... */
  readonly name: string;
  /** Days of trading in a usual year: how many of the daily returns a year holds. */
  readonly daysOfYear: number;
}

/** 1970-01-01 was a Thursday: day 0 is weekday 4 with Sunday = 0. */
const weekdayOf = (time: number): number => (Math.floor(time / DAY_MS) + 4) % 7;

/**
 * Start of the UTC day to which a bar counts, ms. Where a calendar with sessions was named, bars of Saturday and Sunday count to the Monday behind them: the week of currencies begins on
 * Sunday evening in New York, and that is a part of Monday's session.
 */
export function tradingDay(time: number, calendar: NamedCalendar | null): number {
  const day = Math.floor(time / DAY_MS) * DAY_MS;
  const weekday = calendar === null || calendar.daysOfYear >= 365 ? 1 : weekdayOf(time);
  return weekday === 6 ? day + 2 * DAY_MS : weekday === 0 ? day + DAY_MS : day;
}

export function dailyEquity(
  time: Float64Array,
  equity: Float64Array,
  from: number,
  to: number,
  calendar: NamedCalendar | null = null,
): DailyEquity {
  const days: number[] = [];
  const values: number[] = [];
  for (let i = from; i < to; i++) {
    const day = tradingDay(time[i]!, calendar);
    if (days.length > 0 && days[days.length - 1] === day) values[values.length - 1] = equity[i]!;
    else {
      days.push(day);
      values.push(equity[i]!);
    }
  }
  return { day: Float64Array.from(days), equity: Float64Array.from(values) };
}

/** Simple returns between neighbours: one fewer than values. */
export function simpleReturns(values: Float64Array): Float64Array {
  const returns = new Float64Array(Math.max(0, values.length - 1));
  for (let i = 0; i < returns.length; i++) returns[i] = values[i + 1]! / values[i]! - 1;
  return returns;
}

/**
 * Sessions unless more than 60 % of the weekend share of a market that never closes (2/7 of the days) is there, the rule of
 * backtesting.py 0.6: a few bars on a Sunday evening do not make a currency pair trade round the clock.
 */
function daysByBars(time: Float64Array, from: number, to: number): 365 | 252 {
  let weekend = 0;
  for (let i = from; i < to; i++) {
    const weekday = weekdayOf(time[i]!);
    if (weekday === 0 || weekday === 6) weekend += 1;
  }
  return weekend > (to - from) * (2 / 7) * 0.6 ? 365 : 252;
}

/**
 * Periods a year by which daily figures of bars [from, to) are annualised: those of the calendar, or 365 or 252 by the bars. When the bars are longer than a
 * day (the middle of the distances between points is two days or more) the points are no daily ones: then 365.25 days over that distance.
 */
export function periodsPerYear(daily: DailyEquity, time: Float64Array, from: number, to: number, calendar: NamedCalendar | null): number {
  const distances: number[] = [];
  for (let i = 1; i < daily.day.length; i++) distances.push((daily.day[i]! - daily.day[i - 1]!) / DAY_MS);
  distances.sort((a, b) => a - b);
  const middle = distances[distances.length >> 1] ?? 1;
  if (middle >= 2) return 365.25 / middle;
  return calendar?.daysOfYear ?? daysByBars(time, from, to);
}
