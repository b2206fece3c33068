import { type MarketCalendar, MARKET_CALENDARS, marketCalendar } from '#core/data/calendar/market-calendar.ts';
import { type ChosenCalendar, usualCalendar } from '#core/data/calendar/usual-calendar.ts';
import type { RawSeries } from '#core/data/quality/raw-series.ts';
import type { Command, CommandInput, CommandOption } from '../command.ts';
import { usage } from '../command-line.ts';

export const CALENDAR_OPTION: CommandOption = {
  name: 'calendar',
  value: 'NAME',
  help: `when the market trades: ${MARKET_CALENDARS.join(', ')} (what venue or market tell, else 24x7)`,
};

/** The calendar that is named; null where none is. @throws StratError USAGE */
export function calendarOption(command: Command, input: CommandInput): MarketCalendar | null {
  const name = input.value('calendar');
  if (name === undefined) return null;
  const calendar = marketCalendar(name);
  if (calendar === null) throw usage(`--calendar takes ${MARKET_CALENDARS.join(', ')}, found "${name}"`, command);
  return calendar;
}

/** The calendar of a series: the one that is named, else what venue and market tell without a doubt, else round the clock. */
export function calendarOf({ venue, market, columns: { time } }: RawSeries, named: MarketCalendar | null): ChosenCalendar {
  return named === null ? usualCalendar({ venue, market, time }, new Map()) : { calendar: named, reason: null };
}
