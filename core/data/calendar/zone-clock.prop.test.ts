import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CALENDAR_FIELDS } from './calendar-fields.ts';
import { DAY_MS, zoneClock } from './zone-clock.ts';

/** Half hours, quarters, half hours of summer time, a zone that skipped a day, summer time over the year's end, clocks that change at midnight. */
const ZONES = [
  'UTC',
  'America/New_York',
  'Europe/London',
  'Australia/Sydney',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Casablanca',
  'America/Sao_Paulo',
  'Asia/Tokyo',
];

const FORMATS = new Map(
  ZONES.map((zone) => [
    zone,
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      weekday: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }),
  ]),
);
const WEEKDAYS = ['', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

function byIntl(zone: string, timeMs: number): object {
  const parts = new Map(
    FORMATS.get(zone)!
      .formatToParts(timeMs)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  return {
    year: part('year'),
    month: part('month'),
    day_of_month: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    minute_of_day: part('hour') * 60 + part('minute'),
    weekday: WEEKDAYS.indexOf(parts.get('weekday') ?? ''),
    day: Math.round(Date.UTC(part('year'), part('month') - 1, part('day')) / DAY_MS),
  };
}

const fieldsOf = (wallMs: number): object => Object.fromEntries(Object.entries(CALENDAR_FIELDS).map(([name, of]) => [name, of(wallMs)]));

const anyZone = fc.constantFrom(...ZONES);
const anyTime = fc.integer({ min: Date.UTC(1890, 0, 1), max: Date.UTC(2120, 0, 1) });

describe('clocks of a zone', () => {
  test('say what Intl says, in whatever order they are asked', () => {
    fc.assert(
      fc.property(anyZone, fc.array(anyTime, { minLength: 1, maxLength: 20 }), (zone, times) => {
        const clock = zoneClock(zone);
        for (const time of times) expect(fieldsOf(clock.wallTime(time))).toEqual(byIntl(zone, time));
      }),
      { numRuns: 150 },
    );
  });

  test('say it around every change of the clocks', () => {
    for (const zone of ZONES) {
      const clock = zoneClock(zone);
      let change = Temporal.Instant.from('1965-01-01T00:00Z').toZonedDateTimeISO(zone).getTimeZoneTransition('next');
      for (; change !== null && change.year < 2045; change = change.getTimeZoneTransition('next')) {
        for (const off of [-3_600_000, -1, 0, 1, 3_600_000]) {
          const time = change.epochMilliseconds + off;
          expect([zone, time, fieldsOf(clock.wallTime(time))]).toEqual([zone, time, byIntl(zone, time)]);
        }
      }
    }
  });

  test('are found again from what they show, but for times that are skipped or come twice', () => {
    fc.assert(
      fc.property(anyZone, anyTime, (zone, time) => {
        const clock = zoneClock(zone);
        const minutes = Math.floor(clock.wallTime(time) / 60_000);
        const [day, minute] = [Math.floor(minutes / 1440), minutes - Math.floor(minutes / 1440) * 1440];
        const moment = clock.momentOf(day, minute);
        // The first of the moments that show this minute, hence never a later one.
        expect(Math.floor(clock.wallTime(moment) / 60_000)).toBe(minutes);
        expect(moment).toBeLessThanOrEqual(time);
        expect(clock.momentOf(day - 1, minute + 1440)).toBe(moment);
      }),
      { numRuns: 300 },
    );
  });
});

describe('known changes', () => {
  const wall = (zone: string, utc: string): string => new Date(zoneClock(zone).wallTime(Date.parse(utc))).toISOString().slice(0, 16);

  test.for([
    // Public tables of the time zone database (iana.org/time-zones): northamerica, europe, australasia, asia.
    ['America/New_York', '2024-03-10T06:59Z', '2024-03-10T01:59'],
    ['America/New_York', '2024-03-10T07:00Z', '2024-03-10T03:00'],
    ['America/New_York', '2024-11-03T05:59Z', '2024-11-03T01:59'],
    ['America/New_York', '2024-11-03T06:00Z', '2024-11-03T01:00'],
    ['America/New_York', '1974-01-06T07:00Z', '1974-01-06T03:00'],
    ['America/New_York', '2006-04-02T07:00Z', '2006-04-02T03:00'],
    ['Europe/London', '1970-06-01T00:00Z', '1970-06-01T01:00'],
    ['Europe/London', '1970-12-01T00:00Z', '1970-12-01T01:00'],
    ['Europe/London', '2024-03-31T01:00Z', '2024-03-31T02:00'],
    ['Australia/Sydney', '2024-10-05T16:00Z', '2024-10-06T03:00'],
    ['Australia/Sydney', '2024-04-06T16:00Z', '2024-04-07T02:00'],
    ['Asia/Kolkata', '2024-01-01T00:00Z', '2024-01-01T05:30'],
    ['Asia/Kathmandu', '1985-12-31T18:30Z', '1986-01-01T00:15'],
    ['Australia/Lord_Howe', '2024-04-06T15:00Z', '2024-04-07T01:30'],
    ['Pacific/Apia', '2011-12-30T10:00Z', '2011-12-31T00:00'],
    ['America/New_York', '1883-11-18T17:00Z', '1883-11-18T12:00'],
    ['America/New_York', '2099-07-01T00:00Z', '2099-06-30T20:00'],
  ] as const)('%s at %s shows %s', ([zone, utc, shown]) => expect(wall(zone, utc)).toBe(shown));

  test('a midnight that is skipped is the first moment of its day', () => {
    const clock = zoneClock('America/Sao_Paulo');
    const day = Date.UTC(2018, 10, 4) / DAY_MS;
    expect(new Date(clock.momentOf(day, 0)).toISOString()).toBe('2018-11-04T03:00:00.000Z');
    expect(Math.floor(clock.wallTime(clock.momentOf(day, 0)) / DAY_MS)).toBe(day);
    expect(Math.floor(clock.wallTime(clock.momentOf(day, 0) - 1) / DAY_MS)).toBe(day - 1);
  });

  test.for(['Mars/Olympus', '+05:30', '', 'America/New_York ', '__proto__', '../../etc/localtime'])('%j is no zone', (zone) => {
    expect(() => zoneClock(zone)).toThrow('which is none');
  });

  test.for([
    ['America/NewYork', 'Did you mean America/New_York?'],
    ['Europe/Londn', 'Did you mean Europe/London?'],
    ['Mars/Olympus', 'such as America/New_York'],
  ] as const)('%s is answered with %s', ([zone, hint]) => expect(() => zoneClock(zone)).toThrow(hint));
});
