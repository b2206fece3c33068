import type { Columns } from '#core/model/columns.ts';
import { barsBetween, type Timeframe } from '#core/model/timeframe.ts';
import { ExpectedBars } from '../calendar/expected-bars.ts';
import type { MarketCalendar } from '../calendar/market-calendar.ts';

/** A place at which bars are missing. */
export interface Gap {
  /** Opens of the bars on both sides, ms. */
  readonly after: number;
  readonly before: number;
  readonly missing: number;
  /** Of the bar behind it. */
  readonly row: number;
}

/** Places at which bars are missing that the calendar has, in the order of time. */
export function gapsOf({ time }: Pick<Columns, 'time'>, timeframe: Timeframe, calendar: MarketCalendar): readonly Gap[] {
  const expected = new ExpectedBars(calendar, timeframe);
  const gaps: Gap[] = [];
  for (let row = 1; row < time.length; row++) {
    const [after, before] = [time[row - 1]!, time[row]!];
    if (barsBetween(timeframe, after, before) <= 1) continue;
    const missing = expected.between(after, before);
    if (missing > 0) gaps.push({ after, before, missing, row });
  }
  return gaps;
}

/** Rows of bars that are there although the calendar has the market closed. */
export function barsOutside({ time }: Pick<Columns, 'time'>, timeframe: Timeframe, calendar: MarketCalendar): readonly number[] {
  if (calendar.spans === null) return [];
  const expected = new ExpectedBars(calendar, timeframe);
  const rows: number[] = [];
  for (let row = 0; row < time.length; row++) if (!expected.isOpenIn(time[row]!)) rows.push(row);
  return rows;
}
