import { type MarketCalendar, MARKET_CALENDARS, marketCalendar } from '#core/data/calendar/market-calendar.ts';
import type { Command, CommandInput, CommandOption } from '../command.ts';
import { usage } from '../command-line.ts';

export const CALENDAR_OPTION: CommandOption = {
  name: 'calendar',
  value: 'NAME',
  help: `when the market trades: ${MARKET_CALENDARS.join(', ')} (24x7)`,
};

/** @throws StratError USAGE */
export function calendarOption(command: Command, input: CommandInput): MarketCalendar {
  const name = input.value('calendar') ?? '24x7';
  const calendar = marketCalendar(name);
  if (calendar === null) throw usage(`--calendar takes ${MARKET_CALENDARS.join(', ')}, found "${name}"`, command);
  return calendar;
}
