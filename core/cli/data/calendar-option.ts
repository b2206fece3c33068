import { existsSync } from 'node:fs';
import { configError } from '#core/config/config-error.ts';
import { type MarketCalendar, MARKET_CALENDARS, marketCalendar } from '#core/data/calendar/market-calendar.ts';
import { ownCalendar } from '#core/data/calendar/own-calendar.ts';
import { type ChosenCalendar, usualCalendar } from '#core/data/calendar/usual-calendar.ts';
import type { RawSeries } from '#core/data/quality/raw-series.ts';
import type { Command, CommandInput, CommandOption } from '../command.ts';
import { usage } from '../command-line.ts';

export const CALENDAR_OPTION: CommandOption = {
  name: 'calendar',
  value: 'NAME',
  help: `when the market trades: ${MARKET_CALENDARS.join(', ')} (what venue or market tell, else 24x7)`,
};

/** Those of strat by their names, where no config takes part. @throws StratError USAGE */
export function calendarOption(command: Command, input: CommandInput): MarketCalendar | null {
  const name = input.value('calendar');
  if (name === undefined) return null;
  return marketCalendar(name) ?? unknown(command, name, []);
}

/** Which calendar series have: the one that is named, else what venue and market tell without a doubt, else round the clock. */
export type CalendarOf = (series: RawSeries) => ChosenCalendar;

/**
 * With those of the config too: that of `--config`, else ./strat.yaml where it is there.
 * @throws StratError USAGE, CONFIG_INVALID
 */
export async function calendarChoice(command: Command, input: CommandInput): Promise<CalendarOf> {
  const own = await ownCalendars(input.value('config') ?? (existsSync('strat.yaml') ? 'strat.yaml' : null));
  const name = input.value('calendar');
  if (name === undefined) return ({ venue, market, columns: { time } }) => usualCalendar({ venue, market, time }, own);
  const calendar = own.get(name) ?? marketCalendar(name) ?? unknown(command, name, [...own.keys()]);
  return () => ({ calendar, reason: null });
}

function unknown(command: Command, name: string, own: readonly string[]): never {
  throw usage(`--calendar takes ${[...own, ...MARKET_CALENDARS].join(', ')}, found "${name}"`, command);
}

async function ownCalendars(path: string | null): Promise<ReadonlyMap<string, MarketCalendar>> {
  if (path === null) return new Map();
  // The reader of configs is loaded where there is one alone.
  const { configCalendars } = await import('#core/config/load-config.ts');
  const loaded = configCalendars(path);
  if (!loaded.ok) throw configError(path, loaded.error);
  return new Map([...loaded.value].map(([name, calendar]) => [name, ownCalendar(name, calendar)]));
}
