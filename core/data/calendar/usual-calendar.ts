import { weekdayOf } from '#core/model/civil-date.ts';
import { parseMarket } from '#core/model/market.ts';
import { type MarketCalendar, marketCalendar } from './market-calendar.ts';
import { DAY_MS } from './zone-clock.ts';

/** What tells which calendar a series has. */
export interface CalendarSigns {
  readonly venue: string | null;
  /** `EUR/USD`. */
  readonly market: string | null;
  /** Opens of the bars, ms. */
  readonly time: Float64Array;
}

/** A calendar, and what chose it, for people; null: nothing did. */
export interface ChosenCalendar {
  readonly calendar: MarketCalendar;
  readonly reason: string | null;
}

/** Fewer bars than this say nothing of weekends. */
const FEW_BARS = 20;
const SATURDAY = 6;
const METALS: ReadonlySet<string> = new Set(['XAU', 'XAG', 'XPT', 'XPD']);

/**
 * The calendar of a series where there is no doubt about it, else round the clock. A venue whose name is that of a calendar (`fxcm`, `us`, `mt4`; of
 * `fxcm-ask` the first word) has that one, those of the config first; a pair of national currencies (ISO 4217) or of a precious metal whose data have no
 * Saturdays has that of its market. Tickers alone do not tell their exchange.
 * @param own calendars of the config, by name
 */
export function usualCalendar({ venue, market, time }: CalendarSigns, own: ReadonlyMap<string, MarketCalendar>): ChosenCalendar {
  const said = venue?.toLowerCase() ?? '';
  const kind = pairKind(market);
  for (const name of [said, said.split(/[-.]/)[0] ?? '']) {
    const configured = own.get(name);
    if (configured !== undefined) return { calendar: configured, reason: `the config has it for the venue ${name}` };
    const calendar = fitting(marketCalendar(name), kind);
    if (calendar !== null) return { calendar, reason: `the venue is ${venue}` };
  }
  if (kind !== null && lacksSaturdays(time)) {
    const what = kind === 'metals' ? 'a metal' : 'a pair of currencies';
    return { calendar: marketCalendar(kind)!, reason: `${market} is ${what}, and there are no Saturdays` };
  }
  return { calendar: marketCalendar('24x7')!, reason: null };
}

/** Whether there is no bar that opens on a Saturday, UTC, among enough of them. */
export const lacksSaturdays = (time: Float64Array): boolean => time.length > FEW_BARS && !time.some(isSaturday);

const isSaturday = (at: number): boolean => weekdayOf(Math.floor(at / DAY_MS)) === SATURDAY;

/** Brokers of currencies have metals, and coins, whose hours are others. */
function fitting(calendar: MarketCalendar | null, kind: 'forex' | 'metals' | null): MarketCalendar | null {
  if (calendar === null || !/^(?:forex|metals)/.test(calendar.name)) return calendar;
  if (kind === 'metals') return marketCalendar('metals');
  return kind === 'forex' && calendar.name !== 'metals' ? calendar : null;
}

function pairKind(market: string | null): 'forex' | 'metals' | null {
  const pair = market === null ? null : parseMarket(market);
  if (pair?.settle !== null || pair.quote === null || !isNational(pair.quote)) return null;
  if (METALS.has(pair.base)) return 'metals';
  return isNational(pair.base) ? 'forex' : null;
}

/** ISO 4217, whose X codes are metals, funds and tests. */
const isNational = (code: string): boolean => !code.startsWith('X') && Intl.supportedValuesOf('currency').includes(code);
