import { type ClockTime, type DailyBreak, type ForexHours, NEW_YORK } from './forex-week.ts';

const HOUR = 60;
const sunday = (hour: number, minute: number, zone = NEW_YORK): ClockTime => ({ zone, minute: (hour - 24) * HOUR + minute });
const at = (hour: number, minute: number, zone = NEW_YORK): ClockTime => ({ zone, minute: hour * HOUR + minute });
const pause = (from: ClockTime, to: ClockTime): DailyBreak => ({ zone: from.zone, from: from.minute, to: to.minute });
const midnight = (zone: string): DailyBreak => pause(at(23, 55, zone), at(24, 5, zone));

export interface ForexCalendar {
  readonly aliases: readonly string[];
  /** For people. */
  readonly text: string;
  readonly hours: ForexHours;
}

/**
 * The week of currencies begins on Sunday and ends on Friday at 17:00 in New York, whose clocks decide (forex.com, "Trading hours & holidays"). Brokers quote a
 * little less of it, and say so:
 *
 * - most pause at the turn of the day: OANDA 16:58 to 17:03, Pepperstone 16:59 to 17:01 and from 16:55 on Fridays, Land-FX 17:00 to 17:05
 *   (oanda.com/us-en/trading/hours-of-operation, pepperstone.com, "Trading hours", land-fx.com, "Trading hours");
 * - FXCM opens on Sunday between 17:00 and 17:15 and closes on Friday at about 16:55 (fxcm.com, "When is FXCM open for trading?", 2017);
 * - gold and silver pause from 17:00 to 18:00 (forex.com, "Trading hours", as those of CME's futures).
 */
export const FOREX_CALENDARS: ReadonlyMap<string, ForexCalendar> = new Map<string, ForexCalendar>([
  [
    'forex',
    {
      aliases: ['fx'],
      text: 'Sunday to Friday, 17:00 in New York; brokers pause at the turn of the day and close for Christmas and New Year',
      hours: { opens: [sunday(17, 15)], closes: [at(16, 55)], breaks: [pause(at(16, 55), at(17, 5))], dayAfter: 'late' },
    },
  ],
  [
    'forex-oanda',
    {
      aliases: ['oanda'],
      text: 'Sunday 17:03 to Friday 16:58 in New York, a pause between them every day; may close for Christmas and New Year',
      hours: { opens: [sunday(17, 5)], closes: [at(16, 58)], breaks: [pause(at(16, 58), at(17, 5))], dayAfter: 'late' },
    },
  ],
  [
    'forex-fxcm',
    {
      aliases: ['fxcm'],
      text: 'Sunday 17:15 to Friday 16:55 in New York, a pause at the turn of the day; may close for Christmas and New Year and the days after',
      // Of its daily bars those of 26 December and 2 January are never there, as with brokers that announce them as closed.
      hours: { opens: [sunday(17, 15)], closes: [at(16, 55)], breaks: [pause(at(16, 55), at(17, 5))], dayAfter: 'closed' },
    },
  ],
  [
    // Servers of MetaTrader show the clocks of their brokers, which their weeks follow: UTC+2 with the summer time of the USA (pepperstone.com), the time of
    // eastern Europe (forextime.com), that of Berlin. Which one it was a file does not say.
    'forex-metatrader',
    {
      aliases: ['mt4', 'mt5', 'metatrader'],
      text: 'while brokers on the clocks of New York, Athens and Berlin all quote: from Monday 0:00 in the last to Friday 16:55 in the first; may close for Christmas and New Year',
      hours: {
        opens: [sunday(17, 15), at(0, 5, 'Europe/Athens'), at(0, 5, 'Europe/Berlin')],
        closes: [at(16, 55)],
        mayClose: at(24, 0, 'Europe/Berlin'),
        breaks: [pause(at(16, 55), at(17, 5)), midnight('Europe/Athens'), midnight('Europe/Berlin')],
        dayAfter: 'late',
      },
    },
  ],
  [
    'metals',
    {
      aliases: ['xau', 'xag'],
      text: 'Sunday 18:00 to Friday 17:00 in New York, a pause from 17:00 to 18:00 every day; may close for Christmas and New Year',
      hours: { opens: [sunday(18, 15)], closes: [at(16, 55)], breaks: [pause(at(16, 55), at(18, 5))], dayAfter: 'late' },
    },
  ],
]);
