import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dayNumber, weekdayOf } from '#core/model/civil-date.ts';
import { readCandleFile } from '../candle-file.ts';
import { holidayCalendar } from './holiday-calendars.ts';

const DAY_MS = 86_400_000;
const CANDLES = join(import.meta.dirname, '../../../../shared/data/candles');
const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
const dayOf = (date: string): number => Date.parse(date) / DAY_MS;

/** Weekdays of a year that a calendar keeps. */
function kept(name: string, year: number): string {
  const { isHoliday } = holidayCalendar(name);
  const days = Array.from({ length: 366 }, (_, index) => dayNumber(year, 1, 1) + index);
  return days
    .filter((day) => day < dayNumber(year + 1, 1, 1) && weekdayOf(day) <= 5 && isHoliday(day))
    .map((day) => dateOf(day).slice(5))
    .join(' ');
}

function early(name: string, year: number): string {
  const { earlyClose, isHoliday } = holidayCalendar(name);
  const days = Array.from({ length: 366 }, (_, index) => dayNumber(year, 1, 1) + index);
  return days
    .filter((day) => day < dayNumber(year + 1, 1, 1) && !isHoliday(day))
    .flatMap((day) => (earlyClose(day) === null ? [] : [`${dateOf(day).slice(5)} ${earlyClose(day)! / 60}`]))
    .join(', ');
}

describe('holidays as the exchanges announced them', () => {
  it.each([
    // nyse.com/markets/hours-calendars and the press releases on the days of mourning; earlier years: nyse.com/publicdocs, "NYSE special closings".
    ['nyse', 1990, '01-01 02-19 04-13 05-28 07-04 09-03 11-22 12-25'],
    ['nyse', 1994, '02-21 04-01 04-27 05-30 07-04 09-05 11-24 12-26'],
    ['nyse', 1998, '01-01 01-19 02-16 04-10 05-25 07-03 09-07 11-26 12-25'],
    ['nyse', 2001, '01-01 01-15 02-19 04-13 05-28 07-04 09-03 09-11 09-12 09-13 09-14 11-22 12-25'],
    ['nyse', 2004, '01-01 01-19 02-16 04-09 05-31 06-11 07-05 09-06 11-25 12-24'],
    ['nyse', 2007, '01-01 01-02 01-15 02-19 04-06 05-28 07-04 09-03 11-22 12-25'],
    ['nyse', 2010, '01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24'],
    ['nyse', 2011, '01-17 02-21 04-22 05-30 07-04 09-05 11-24 12-26'],
    ['nyse', 2012, '01-02 01-16 02-20 04-06 05-28 07-04 09-03 10-29 10-30 11-22 12-25'],
    ['nyse', 2018, '01-01 01-15 02-19 03-30 05-28 07-04 09-03 11-22 12-05 12-25'],
    ['nyse', 2021, '01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24'],
    ['nyse', 2022, '01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26'],
    ['nyse', 2024, '01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25'],
    ['nyse', 2025, '01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25'],
    ['nyse', 2026, '01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25'],
    ['nyse', 2027, '01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24'],
    // londonstockexchange.com, "Business days"; gov.uk/bank-holidays.
    ['lse', 2020, '01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28'],
    ['lse', 2021, '01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28'],
    ['lse', 2022, '01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27'],
    ['lse', 2023, '01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26'],
    ['lse', 2012, '01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26'],
    // xetra.com, "Trading calendar".
    ['xetra', 2016, '01-01 03-25 03-28 05-16 10-03 12-26'],
    ['xetra', 2017, '04-14 04-17 05-01 06-05 10-03 10-31 12-25 12-26'],
    ['xetra', 2024, '01-01 03-29 04-01 05-01 12-24 12-25 12-26 12-31'],
    // ecb.europa.eu, press releases on the TARGET calendar.
    ['target', 1999, '01-01 12-31'],
    ['target', 2001, '01-01 04-13 04-16 05-01 12-25 12-26 12-31'],
    ['target', 2024, '01-01 03-29 04-01 05-01 12-25 12-26'],
  ] as const)('%s %i', (name, year, days) => expect(kept(name, year)).toBe(days));

  it.each([
    ['nyse', 1992, '11-27 14, 12-24 14'],
    ['nyse', 1996, '07-05 13, 11-29 13, 12-24 13'],
    ['nyse', 1999, '11-26 13, 12-31 13'],
    ['nyse', 2003, '07-03 13, 11-28 13, 12-24 13, 12-26 13'],
    ['nyse', 2013, '07-03 13, 11-29 13, 12-24 13'],
    ['nyse', 2021, '11-26 13'],
    ['nyse', 2024, '07-03 13, 11-29 13, 12-24 13'],
    ['nyse', 2026, '11-27 13, 12-24 13'],
    ['nyse', 2027, '11-26 13'],
    ['lse', 2022, '12-23 12.5, 12-30 12.5'],
    ['lse', 2024, '12-24 12.5, 12-31 12.5'],
    ['xetra', 2023, '12-29 14'],
    ['xetra', 2024, '12-30 14'],
  ] as const)('%s %i closes early', (name, year, days) => expect(early(name, year)).toBe(days));

  it('Easter Monday of the years 1990 to 2035', () => {
    // Dates of Easter Sunday: Astronomical Society of South Australia, assa.org.au/edm.
    const sundays =
      '04-15 03-31 04-19 04-11 04-03 04-16 04-07 03-30 04-12 04-04 04-23 04-15 03-31 04-20 04-11 03-27 04-16 04-08 03-23 04-12 04-04 04-24 04-08 03-31 04-20 04-05 03-27 04-16 04-01 04-21 04-12 04-04 04-17 04-09 03-31 04-20 04-05 03-28 04-16 04-01 04-21 04-13 03-28 04-17 04-09 03-25';
    const { isHoliday } = holidayCalendar('lse');
    const mondays = sundays.split(' ').map((sunday, index) => dayOf(`${1990 + index}-${sunday}`) + 1);
    expect(mondays.filter((day) => !isHoliday(day))).toEqual([]);
  });

  it('a name that is not known is told what is', () => {
    expect(() => holidayCalendar('nysee')).toThrow('Did you mean nyse?');
    expect(() => holidayCalendar('tokyo')).toThrow('There are lse, nyse, target, xetra');
    expect(() => holidayCalendar('__proto__')).toThrow('not known');
  });
});

describe.skipIf(!existsSync(CANDLES))('holidays against the days on which SPY was traded, ../shared/data', () => {
  it.each(['us_SPY-USD_1d', 'us_SPY-USD_1h'])('%s has bars on the days that nyse trades, and on no other', (file) => {
    const { columns } = readCandleFile(join(CANDLES, `${file}.csv.gz`));
    const traded = new Set(Array.from(columns.time, (time) => Math.floor(time / DAY_MS)));
    const { isHoliday } = holidayCalendar('nyse');
    const [from, to] = [Math.min(...traded), Math.max(...traded)];
    const days = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    const open = days.filter((day) => weekdayOf(day) <= 5 && !isHoliday(day));
    expect(open.filter((day) => !traded.has(day)).map(dateOf)).toEqual([]);
    expect([...traded].filter((day) => weekdayOf(day) > 5 || isHoliday(day)).map(dateOf)).toEqual([]);
    expect(open.length).toBeGreaterThan(5800);
  });
});
