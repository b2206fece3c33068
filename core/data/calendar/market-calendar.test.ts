import { describe, expect, test } from 'vitest';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { ExpectedBars } from './expected-bars.ts';
import { MARKET_CALENDARS, marketCalendar } from './market-calendar.ts';

const at = (text: string): number => Date.parse(`${text}Z`);
const bars = (calendar: string, timeframe: string): ExpectedBars =>
  new ExpectedBars(marketCalendar(calendar) ?? expect.fail(), parseTimeframe(timeframe) ?? expect.fail());
const opens = (calendar: string, timeframe: string, from: string, to: string): readonly string[] =>
  [...bars(calendar, timeframe).opensBetween(at(from), at(to))].map((time) => new Date(time).toISOString().slice(5, 16).replace('T', ' '));

test('calendars go by several names', () => {
  expect(['24/7', 'FX', 'NYSE', 'xnas', 'lse', 'xetra'].map((name) => marketCalendar(name)?.name)).toEqual([
    '24x7',
    'forex',
    'xnys',
    'xnys',
    'xlon',
    'xetr',
  ]);
  expect(marketCalendar('nowhere')).toBeNull();
  expect(MARKET_CALENDARS.map((name) => marketCalendar(name)?.name)).toEqual(MARKET_CALENDARS);
});

test('days of a usual year are those that the calendar has from 2010 to 2024, on average', () => {
  // The days that FXCM leaves out are traded elsewhere.
  for (const name of MARKET_CALENDARS.filter((one) => one !== 'forex-fxcm')) {
    const days = 1 + bars(name, '1d').between(at('2009-12-31T00:00'), at('2025-01-01T00:00'));
    const usual = marketCalendar(name)!.daysOfYear;
    expect(Math.abs(days / 15 - usual), `${name}: ${days / 15} a year`).toBeLessThan(1);
  }
});

describe('bars that should be there', () => {
  test('round the clock: all', () => {
    expect(bars('24x7', '1h').between(at('2024-01-01T00:00'), at('2024-01-02T00:00'))).toBe(23);
    expect(opens('24x7', '1mo', '2024-01-01T00:00', '2024-04-01T00:00')).toEqual(['02-01 00:00', '03-01 00:00']);
  });

  test('forex: from Sunday to Friday at 17:00 in New York, an hour earlier in UTC while clocks are forward', () => {
    // 2024-03-10: clocks go forward in New York.
    expect(opens('forex', '1h', '2024-03-08T20:00', '2024-03-10T23:00')).toEqual(['03-08 21:00', '03-10 21:00', '03-10 22:00']);
    expect(opens('forex', '1h', '2024-03-15T19:00', '2024-03-17T22:00')).toEqual(['03-15 20:00', '03-17 21:00']);
    // Christmas of 2017 was a Monday: its day begins on Sunday evening.
    expect(opens('forex', '1h', '2017-12-22T21:00', '2017-12-25T22:00')).toEqual([]);
  });

  test.each(['forex', 'forex-oanda', 'forex-fxcm', 'forex-metatrader', 'metals'])(
    '%s: days are Monday to Friday, however the night is divided',
    (calendar) => {
      expect(opens(calendar, '1d', '2024-06-06T00:00', '2024-06-11T00:00')).toEqual(['06-07 00:00', '06-10 00:00']);
    },
  );

  test('a bar over two days of forex is one bar', () => {
    expect(opens('forex', '4h', '2024-06-03T16:00', '2024-06-04T04:00')).toEqual(['06-03 20:00', '06-04 00:00']);
  });

  test('New York: an hour in part of which it is open, half days, holidays; days and weeks in which a session ends', () => {
    expect(opens('xnys', '1h', '2024-07-02T19:00', '2024-07-05T14:00')).toEqual([
      '07-03 13:00',
      '07-03 14:00',
      '07-03 15:00',
      '07-03 16:00',
      '07-05 13:00',
    ]);
    expect(opens('xnys', '30m', '2024-01-12T20:30', '2024-01-16T15:00')).toEqual(['01-16 14:30']);
    expect(opens('xnys', '1d', '2024-07-02T00:00', '2024-07-09T00:00')).toEqual(['07-03 00:00', '07-05 00:00', '07-08 00:00']);
    expect(opens('xnys', '1w', '2024-07-01T00:00', '2024-07-22T00:00')).toEqual(['07-08 00:00', '07-15 00:00']);
  });

  test('bars off the grid are counted on their own', () => {
    expect(opens('xnys', '1h', '2024-01-12T19:30', '2024-01-16T15:30')).toEqual(['01-12 20:30', '01-16 14:30']);
    expect(opens('forex', '1d', '2024-03-07T22:00', '2024-03-12T22:00')).toEqual(['03-10 22:00', '03-11 22:00']);
  });
});
