import { civilDate, weekdayOf } from '#core/model/civil-date.ts';
import { type SessionHours, type SessionSpan, sessionDays } from './session-clock.ts';
import { dayOn, zoneClock } from './zone-clock.ts';

/** When a market trades. */
export interface MarketCalendar {
  /** `24x7`, `forex`, or the exchange's market identifier code in small letters, `xnys`. */
  readonly name: string;
  /** In a few words, for people. */
  readonly hours: string;
  /** Spans in which it is open that end behind `fromMs` and begin before `toMs`, in order; null: it never closes. */
  readonly spans: ((fromMs: number, toMs: number) => Iterable<SessionSpan>) | null;
  /** Days of trading in a usual year, by which measures of a day are brought to a year. */
  readonly daysOfYear: number;
}

const WEEKDAYS = [1, 2, 3, 4, 5];
const NEW_YORK = 'America/New_York';
/** The day of currencies ends when New York closes. */
const FOREX_CLOSE = 17 * 60;

interface Exchange {
  readonly aliases: readonly string[];
  readonly session: SessionHours;
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

/** Regular hours: the exchanges' own pages, as in holiday-calendars.ts. */
const EXCHANGES: ReadonlyMap<string, Exchange> = new Map([
  [
    'xnys',
    {
      aliases: ['nyse', 'xnas', 'nasdaq', 'us'],
      session: exchange('09:30', '16:00', NEW_YORK, 'nyse'),
      hours: '09:30 to 16:00 in New York, holidays and half days of the NYSE',
      daysOfYear: 252,
    },
  ],
  [
    'xlon',
    {
      aliases: ['lse'],
      session: exchange('08:00', '16:30', 'Europe/London', 'lse'),
      hours: '08:00 to 16:30 in London, holidays and half days of the LSE',
      daysOfYear: 253,
    },
  ],
  [
    'xetr',
    {
      aliases: ['xetra', 'xeur'],
      session: exchange('09:00', '17:30', 'Europe/Berlin', 'xetra'),
      hours: '09:00 to 17:30 in Frankfurt, holidays and half days of Xetra',
      daysOfYear: 254,
    },
  ],
]);

const ROUND_THE_CLOCK: MarketCalendar = { name: '24x7', hours: 'round the clock', spans: null, daysOfYear: 365 };

const FOREX: MarketCalendar = {
  name: 'forex',
  hours: 'Sunday to Friday, 17:00 in New York; closed for Christmas and New Year',
  spans: forexSpans,
  daysOfYear: 260,
};

/** Names that `marketCalendar` takes, without the other names of exchanges. */
export const MARKET_CALENDARS: readonly string[] = [ROUND_THE_CLOCK.name, FOREX.name, ...EXCHANGES.keys()];

/** By its name, or another one that people use for it; null when there is none. */
export function marketCalendar(name: string): MarketCalendar | null {
  const wanted = name.toLowerCase();
  if (wanted === '24x7' || wanted === '24/7') return ROUND_THE_CLOCK;
  if (wanted === 'forex' || wanted === 'fx') return FOREX;
  for (const [code, { aliases, session, hours, daysOfYear }] of EXCHANGES) {
    if (code !== wanted && !aliases.includes(wanted)) continue;
    const days = sessionDays(session);
    return {
      name: code,
      hours,
      daysOfYear,
      spans: (from, to) => spansOf(days.of, dayOn(days.clock, from), dayOn(days.clock, to), from, to),
    };
  }
  return null;
}

function* spansOf(of: (day: number) => SessionSpan | null, first: number, last: number, from: number, to: number): Generator<SessionSpan> {
  for (let day = first; day <= last; day++) {
    const span = of(day);
    if (span !== null && span.end > from && span.start < to) yield span;
  }
}

/** Each trading day from 17:00 in New York to 17:00; it is that of the date on which it ends, so Sunday evening is Monday's. */
function forexSpans(from: number, to: number): Iterable<SessionSpan> {
  const clock = zoneClock(NEW_YORK);
  const of = (day: number): SessionSpan | null => {
    const { month, day: date } = civilDate(day);
    const isHoliday = (month === 12 && date === 25) || (month === 1 && date === 1);
    if (weekdayOf(day) > 5 || isHoliday) return null;
    return { start: clock.momentOf(day - 1, FOREX_CLOSE), end: clock.momentOf(day, FOREX_CLOSE) };
  };
  return spansOf(of, dayOn(clock, from), dayOn(clock, to) + 1, from, to);
}

function minuteOf(text: string): number {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  return hour * 60 + minute;
}
