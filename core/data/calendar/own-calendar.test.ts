import { describe, expect, test } from 'vitest';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { SECTIONS } from '#core/config/schema.ts';
import { ExpectedBars } from './expected-bars.ts';
import { MARKET_CALENDARS } from './market-calendar.ts';
import { type OwnCalendar, ownCalendar } from './own-calendar.ts';

const opens = (own: OwnCalendar, timeframe: string, from: string, to: string): readonly string[] =>
  [
    ...new ExpectedBars(ownCalendar('mine', own), parseTimeframe(timeframe)!).opensBetween(Date.parse(`${from}Z`), Date.parse(`${to}Z`)),
  ].map((time) => new Date(time).toISOString().slice(5, 16).replace('T', ' '));

test('the config takes the calendars that there are', () => {
  expect(SECTIONS.calendars.additionalProperties.properties.like.enum).toEqual(MARKET_CALENDARS);
});

describe('a calendar of the config', () => {
  // 2024-06-05 is a Wednesday; New York is four hours behind UTC.
  test('a pause of every day', () => {
    const own = { like: 'forex', closed: ['16:30-17:30'] };
    expect(opens(own, '15m', '2024-06-05T20:00', '2024-06-05T22:00')).toEqual(['06-05 20:15', '06-05 21:30', '06-05 21:45']);
  });

  test('by other clocks', () => {
    // Athens is three hours ahead.
    const own = { like: 'forex', zone: 'Europe/Athens', closed: ['14:00-16:00'] };
    expect(opens(own, '1h', '2024-06-05T09:00', '2024-06-05T15:00')).toEqual(['06-05 10:00', '06-05 13:00', '06-05 14:00']);
  });

  test('a date is the trading day of it: of currencies from 17:00 on the day before', () => {
    const own = { like: 'forex', closed: ['06-05'] };
    expect(opens(own, '1h', '2024-06-04T19:00', '2024-06-05T22:00')).toEqual(['06-04 20:00', '06-05 21:00']);
    expect(opens({ ...own, closed: ['2025-06-05'] }, '1h', '2024-06-05T10:00', '2024-06-05T13:00')).toEqual(['06-05 11:00', '06-05 12:00']);
    expect(opens({ like: 'xnys', closed: ['06-05'] }, '1d', '2024-06-03T00:00', '2024-06-07T00:00')).toEqual([
      '06-04 00:00',
      '06-06 00:00',
    ]);
  });

  test('Good Friday and Easter Monday, 2024-03-29 and 04-01', () => {
    const own = { like: 'forex', closed: ['good-friday', 'easter-monday'] };
    expect(opens(own, '1d', '2024-03-27T00:00', '2024-04-04T00:00')).toEqual(['03-28 00:00', '04-02 00:00', '04-03 00:00']);
  });

  test('a weekday, and hours of one', () => {
    expect(opens({ like: 'xnys', closed: ['wednesday'] }, '1d', '2024-06-03T00:00', '2024-06-07T00:00')).toEqual([
      '06-04 00:00',
      '06-06 00:00',
    ]);
    expect(opens({ like: 'forex', closed: ['friday 12:00-17:00'] }, '1h', '2024-06-07T14:00', '2024-06-09T22:00')).toEqual([
      '06-07 15:00',
      '06-09 21:00',
    ]);
  });

  test('a pause makes no day of its own', () => {
    // 2024-06-09 is a Sunday: quotes of its evening are Monday's.
    const own = { like: 'forex', closed: ['sunday 18:00-18:30', '12:00-12:30'] };
    expect(opens(own, '1d', '2024-06-06T00:00', '2024-06-11T00:00')).toEqual(['06-07 00:00', '06-10 00:00']);
    expect(opens(own, '1w', '2024-06-03T00:00', '2024-06-24T00:00')).toEqual(['06-10 00:00', '06-17 00:00']);
  });

  test('maintenance of a market that never closes', () => {
    const own = { like: '24x7', closed: ['thursday 02:00-04:00', '2024-06-05'] };
    expect(opens(own, '1h', '2024-06-04T22:00', '2024-06-06T05:00')).toEqual(['06-04 23:00', '06-06 00:00', '06-06 01:00', '06-06 04:00']);
    expect(opens(own, '1d', '2024-06-02T00:00', '2024-06-07T00:00')).toEqual(['06-03 00:00', '06-04 00:00', '06-06 00:00']);
  });
});
