import { FOREX_CALENDARS } from './forex-calendars.ts';
import { ForexWeek, NEW_YORK } from './forex-week.ts';
import { type SessionDays, type SessionHours, type SessionSpan, sessionDays } from './session-clock.ts';
import { remembered, spansWithin } from './span-list.ts';
import { dayOn } from './zone-clock.ts';

/** Spans that end behind `fromMs` and begin before `toMs`, in order. */
export type CalendarSpans = (fromMs: number, toMs: number) => Iterable<SessionSpan>;

/** When a market trades. */
export interface MarketCalendar {
  /** `24x7`, `forex` and its kinds, the exchange's market identifier code in small letters, `xnys`, or a name of the config. */
  readonly name: string;
  /** In a few words, for people. */
  readonly hours: string;
  /** Spans in which it is open: a bar that is missing there is missing. Null: it never closes. */
  readonly spans: CalendarSpans | null;
  /** The same by trading days, each whole, whatever pauses it has: a bar of a day is there where one of them ends. */
  readonly days: CalendarSpans | null;
  /**
   * Spans in which there may be trade: those, the hours before and behind a session, and what one source keeps open and another does not. A bar is
   * out of place only outside of them.
   */
  readonly possible: CalendarSpans | null;
  /** Whether trade outside of `spans` is none of the session: before and behind the hours of an exchange. */
  readonly hasExtendedHours: boolean;
  /** Of its clocks. */
  readonly zone: string;
  /** When a trading day begins, minutes from midnight of its date: that of currencies at 17:00 on the day before, -420. */
  readonly dayBegins: number;
  /** Days of trading in a usual year, by which measures of a day are brought to a year. */
  readonly daysOfYear: number;
}

const WEEKDAYS = [1, 2, 3, 4, 5];

interface Exchange {
  readonly aliases: readonly string[];
  readonly session: SessionHours;
  /** Auctions and trade before and behind the session; on half days it ends at `shortEnd`. Minutes of the day. */
  readonly around: { readonly start: number; readonly end: number; readonly shortEnd: number };
  readonly hours: string;
  readonly daysOfYear: number;
}

const exchange = (opens: string, closes: string, zone: string, holidays: string): SessionHours => ({
  opensAt: minuteOf(opens),
  closesAt: minuteOf(closes),
  zone,
  days: WEEKDAYS,
  holidays,
});

const around = (start: string, end: string, shortEnd: string): Exchange['around'] => ({
  start: minuteOf(start),
  end: minuteOf(end),
  shortEnd: minuteOf(shortEnd),
});

/**
 * Regular hours: the exchanges' own pages, as in holiday-calendars.ts. Around them: NYSE Arca's early and late sessions (nyse.com/markets/hours-calendars:
 * 4:00 to 20:00, on half days to 17:00); London's auctions (londonstockexchange.com, "Trading services": 7:50 to 16:40); the floor of Frankfurt and Eurex
 * (boerse-frankfurt.de, "Trading hours", eurex.com: 8:00 to 22:00), Xetra's closing auction on half days.
 */
const EXCHANGES: ReadonlyMap<string, Exchange> = new Map([
  [
    'xnys',
    {
      aliases: ['nyse', 'xnas', 'nasdaq', 'arca', 'amex', 'us'],
      session: exchange('09:30', '16:00', NEW_YORK, 'nyse'),
      around: around('04:00', '20:00', '17:00'),
      hours: '09:30 to 16:00 in New York, holidays and half days of the NYSE',
      daysOfYear: 252,
    },
  ],
  [
    'xlon',
    {
      aliases: ['lse'],
      session: exchange('08:00', '16:30', 'Europe/London', 'lse'),
      around: around('07:50', '16:40', '12:40'),
      hours: '08:00 to 16:30 in London, holidays and half days of the LSE',
      daysOfYear: 253,
    },
  ],
  [
    'xetr',
    {
      aliases: ['xetra', 'xeur', 'eurex'],
      session: exchange('09:00', '17:30', 'Europe/Berlin', 'xetra'),
      around: around('08:00', '22:00', '14:15'),
      hours: '09:00 to 17:30 in Frankfurt, holidays and half days of Xetra',
      daysOfYear: 254,
    },
  ],
]);

const ROUND_THE_CLOCK: MarketCalendar = {
  name: '24x7',
  hours: 'round the clock',
  spans: null,
  days: null,
  possible: null,
  hasExtendedHours: false,
  zone: 'UTC',
  dayBegins: 0,
  daysOfYear: 365,
};

/** Mondays to Fridays of a year, less Christmas and New Year where they fall on one. */
const FOREX_DAYS = 260;
const FOREX_DAY_BEGINS = -7 * 60;

/** Names that `marketCalendar` takes, without the other names of exchanges. */
export const MARKET_CALENDARS: readonly string[] = [ROUND_THE_CLOCK.name, ...FOREX_CALENDARS.keys(), ...EXCHANGES.keys()];

/** By its name, or another one that people use for it; null when there is none. */
export function marketCalendar(name: string): MarketCalendar | null {
  const wanted = name.toLowerCase();
  if (wanted === '24x7' || wanted === '24/7') return ROUND_THE_CLOCK;
  for (const [known, { aliases, text, hours }] of FOREX_CALENDARS) {
    if (known !== wanted && !aliases.includes(wanted)) continue;
    const week = new ForexWeek(hours);
    return {
      name: known,
      hours: text,
      daysOfYear: FOREX_DAYS,
      hasExtendedHours: false,
      zone: NEW_YORK,
      dayBegins: FOREX_DAY_BEGINS,
      spans: (from, to) => week.spans(from, to),
      days: (from, to) => week.days(from, to),
      possible: (from, to) => week.possible(from, to),
    };
  }
  for (const [code, listed] of EXCHANGES) {
    if (code !== wanted && !listed.aliases.includes(wanted)) continue;
    const days = sessionDays(listed.session);
    const sessions: CalendarSpans = (from, to) => spansWithin(daily(days, days.of, from, to), from, to);
    const known = new Map<number, SessionSpan | null>();
    const aroundDay = (day: number): SessionSpan | null => remembered(known, day, () => aroundSession(listed, days, day));
    return {
      name: code,
      hours: listed.hours,
      daysOfYear: listed.daysOfYear,
      hasExtendedHours: true,
      zone: listed.session.zone,
      dayBegins: 0,
      spans: sessions,
      days: sessions,
      possible: (from, to) => spansWithin(daily(days, aroundDay, from, to), from, to),
    };
  }
  return null;
}

function* daily({ clock }: SessionDays, of: SessionDays['of'], from: number, to: number): Generator<SessionSpan> {
  const last = dayOn(clock, to);
  for (let day = dayOn(clock, from); day <= last; day++) {
    const span = of(day);
    if (span !== null) yield span;
  }
}

function aroundSession({ session, around: hours }: Exchange, { clock, of }: SessionDays, day: number): SessionSpan | null {
  const span = of(day);
  if (span === null) return null;
  const isShort = span.end < clock.momentOf(day, session.closesAt);
  return { start: clock.momentOf(day, hours.start), end: clock.momentOf(day, isShort ? hours.shortEnd : hours.end) };
}

function minuteOf(text: string): number {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  return hour * 60 + minute;
}
