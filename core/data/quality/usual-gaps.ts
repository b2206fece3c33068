import { type CalendarSigns, usualCalendar } from '../calendar/usual-calendar.ts';
import type { GapsOfSeries } from '../series-checks.ts';
import { gapsOf, quietGaps } from './gap-list.ts';

/**
 * Places at which bars are missing by the calendar that venue and market tell without a doubt, but for minutes in which nobody seems to have quoted; null
 * where nothing tells one: every bar that is not there is missing.
 */
export const usualGaps =
  ({ venue, market }: Omit<CalendarSigns, 'time'>): GapsOfSeries =>
  (columns, timeframe) => {
    const { calendar } = usualCalendar({ venue, market, time: columns.time }, new Map());
    if (calendar.spans === null) return null;
    const gaps = gapsOf(columns, timeframe, calendar);
    const quiet = quietGaps(columns, timeframe, calendar, gaps);
    return { calendar: calendar.name, gaps: gaps.filter((gap) => !quiet.has(gap)) };
  };
