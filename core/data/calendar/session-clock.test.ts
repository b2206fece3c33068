import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCandleFile } from '../candle-file.ts';
import { holidayCalendar } from './holiday-calendars.ts';
import { type SessionBar, SessionClock, sessionDays, type SessionHours } from './session-clock.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const CANDLES = join(import.meta.dirname, '../../../../shared/data/candles');
const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

const WEEK = [1, 2, 3, 4, 5];
function hours(opens: string, closes: string, zone: string, more: Partial<SessionHours> = {}): SessionHours {
  return { opensAt: minutes(opens), closesAt: minutes(closes), zone, days: WEEK, holidays: null, ...more };
}
const NEW_YORK = hours('09:30', '16:00', 'America/New_York', { holidays: 'nyse' });

/** Bars by their open, `2024-07-03T13:00Z`. */
function place(rule: SessionHours, opens: readonly string[], stepMs: number, dated = false): SessionBar[] {
  const clock = new SessionClock(sessionDays(rule));
  return opens.map((text) => clock.next(Date.parse(text), Date.parse(text) + stepMs, dated));
}
/** `3F` = third bar, the first; `.` = outside. */
const marks = (bars: readonly SessionBar[]): string =>
  bars
    .map(({ active, first, last, bars: count }) => (active === 0 ? '.' : `${count}${first === 1 ? 'F' : ''}${last === 1 ? 'L' : ''}`))
    .join(' ');
const hourly = (from: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => new Date(Date.parse(from) + index * HOUR).toISOString());

describe('the place of a bar in its session', () => {
  it.each([
    ['a day in winter: 14:30 to 21:00 UTC', NEW_YORK, hourly('2024-01-03T13:00Z', 10), '. 1F 2 3 4 5 6 7L . .'],
    ['the first day of summer time: 13:30 to 20:00 UTC', NEW_YORK, hourly('2024-03-11T12:00Z', 10), '. 1F 2 3 4 5 6 7L . .'],
    ['the Friday before it', NEW_YORK, hourly('2024-03-08T12:00Z', 10), '. . 1F 2 3 4 5 6 7L .'],
    ['a half day ends at 17:00 UTC', NEW_YORK, hourly('2024-07-03T12:00Z', 10), '. 1F 2 3 4L . . . . .'],
    ['a holiday', NEW_YORK, hourly('2024-07-04T12:00Z', 10), '. . . . . . . . . .'],
    ['a Saturday', NEW_YORK, hourly('2024-07-06T12:00Z', 10), '. . . . . . . . . .'],
    ['over midnight', hours('22:00', '02:00', 'UTC'), hourly('2024-01-03T20:00Z', 8), '. . 1F 2 3 4L . .'],
    ['over midnight, opening on Friday', hours('22:00', '02:00', 'UTC'), hourly('2024-01-05T20:00Z', 8), '. . 1F 2 3 4L . .'],
    ['over midnight, none opens on Saturday', hours('22:00', '02:00', 'UTC'), hourly('2024-01-06T20:00Z', 8), '. . . . . . . .'],
    ['around the clock', hours('00:00', '00:00', 'UTC'), hourly('2024-01-03T22:00Z', 4), '1F 2L 1F 2'],
    ['half hours of a zone', hours('09:15', '15:30', 'Asia/Kolkata'), hourly('2024-01-03T03:00Z', 8), '1F 2 3 4 5 6 7L .'],
  ])('%s', (_, rule, opens, expected) => expect(marks(place(rule, opens, HOUR))).toBe(expected));

  it('the last bar is the one that reaches the end, and no other takes its place when it is missing', () => {
    const day = hourly('2024-01-03T14:00Z', 7);
    const lacking = (...gone: number[]): string[] => [...day.filter((_, index) => !gone.includes(index)), '2024-01-04T15:00Z'];
    expect(marks(place(NEW_YORK, lacking(), HOUR))).toBe('1F 2 3 4 5 6 7L 1F');
    expect(marks(place(NEW_YORK, lacking(6), HOUR))).toBe('1F 2 3 4 5 6 1F');
    expect(marks(place(NEW_YORK, lacking(0, 1, 3), HOUR))).toBe('1F 2 3 4L 1F');
  });

  it('nothing changes when later bars are left out', () => {
    const opens = hourly('2024-06-28T00:00Z', 24 * 12);
    const all = place(NEW_YORK, opens, HOUR);
    for (const cut of [1, 50, 111, 200]) expect(place(NEW_YORK, opens.slice(0, cut), HOUR)).toEqual(all.slice(0, cut));
  });

  it('elapsed is the time from the bell to the close of the bar', () => {
    const bars = place(NEW_YORK, hourly('2024-01-03T13:00Z', 4), HOUR);
    expect(bars.map(({ elapsed }) => elapsed / HOUR)).toEqual([Number.NaN, 0.5, 1.5, 2.5]);
  });

  it('bars of a day that carry its date belong to the session of that date, wherever the exchange lies', () => {
    const days = ['2024-01-04T00:00Z', '2024-01-05T00:00Z', '2024-01-06T00:00Z', '2024-01-08T00:00Z'];
    for (const zone of ['America/New_York', 'Australia/Sydney', 'Asia/Tokyo']) {
      const bars = place(hours('10:00', '16:00', zone), days, DAY, true);
      expect(marks(bars)).toBe('1FL 1FL . 1FL');
      expect(bars[0]!.elapsed).toBe(6 * HOUR);
    }
  });

  it('an early close counts where the exchange is: hours of New York written in the zone of Berlin', () => {
    const rule = hours('15:30', '22:00', 'Europe/Berlin', { holidays: 'nyse' });
    expect(marks(place(rule, hourly('2024-11-29T13:00Z', 8), HOUR))).toBe('. 1F 2 3 4L . . .');
  });
});

describe.skipIf(!existsSync(CANDLES))('sessions over ../shared/data, us_SPY-USD_1h', () => {
  // Its 09:00 bar of New York begins at the bell, its 13:00 bar of half days holds what was reported late, and the half days of 2002 to 2005 are whole in it.
  it('every day has its first bar, full days end with their last bar, and what lies outside is a half day', () => {
    const { columns } = readCandleFile(join(CANDLES, 'us_SPY-USD_1h.csv.gz'));
    const clock = new SessionClock(sessionDays(NEW_YORK));
    const { earlyClose } = holidayCalendar('nyse');
    const days = new Map<number, { firsts: number; lasts: number; outside: number }>();
    for (const time of columns.time) {
      const day = Math.floor(time / DAY);
      const seen = days.get(day) ?? { firsts: 0, lasts: 0, outside: 0 };
      days.set(day, seen);
      const { active, first, last } = clock.next(time, time + HOUR, false);
      seen.firsts += first;
      seen.lasts += last;
      seen.outside += 1 - active;
    }
    expect([...days.values()].every(({ firsts, lasts }) => firsts === 1 && lasts <= 1)).toBe(true);
    const dates = (wanted: (seen: { lasts: number; outside: number }) => boolean): number[] =>
      [...days].filter(([, seen]) => wanted(seen)).map(([day]) => day);
    expect(dates(({ outside }) => outside > 0).filter((day) => earlyClose(day) === null)).toEqual([]);
    // On a few days the last hour has no bar: nothing else is called the last.
    expect(dates(({ lasts }) => lasts === 0).length).toBeLessThan(20);
  });
});
