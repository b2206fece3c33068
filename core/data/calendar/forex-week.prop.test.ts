import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { gapsOf } from '../quality/gap-list.ts';
import { ExpectedBars } from './expected-bars.ts';
import { type MarketCalendar, marketCalendar } from './market-calendar.ts';
import { isForexBar, isForexMinute } from './testing/forex-by-hand.ts';

const HOUR = 3_600_000;
const FOREX = marketCalendar('forex')!;
const at = (text: string): number => Date.parse(`${text}Z`);

/** Whether a quote is expected, and whether there may be one, at a moment of the clocks in New York. */
function says({ spans, possible }: MarketCalendar, clock: string): string {
  const time = Temporal.PlainDateTime.from(clock).toZonedDateTime('America/New_York').epochMilliseconds;
  const has = (of: MarketCalendar['spans']): boolean => [...of!(time, time + 1)].length > 0;
  return has(spans) ? 'open' : has(possible) ? 'may be' : 'closed';
}

describe('the week of currencies', () => {
  test('any stretch of any length of bars is that of the hours written down minute by minute', () => {
    const lengths = fc.constantFrom('5m', '15m', '1h', '4h').map((name) => parseTimeframe(name)!);
    const begins = fc.integer({ min: at('2007-01-01T00:00'), max: at('2018-12-20T00:00') });
    fc.assert(
      fc.property(lengths, begins, fc.integer({ min: 1, max: 400 }), (timeframe, begin, bars) => {
        const from = Math.floor(begin / timeframe.stepMs) * timeframe.stepMs;
        const to = from + bars * timeframe.stepMs;
        const byHand = Array.from({ length: bars - 1 }, (_, bar) => from + (bar + 1) * timeframe.stepMs);
        expect([...new ExpectedBars(FOREX, timeframe).opensBetween(from, to)]).toEqual(
          byHand.filter((open) => isForexBar(open, timeframe.stepMs)),
        );
      }),
      { numRuns: 60 },
    );
  });

  test.each([2007, 2009, 2010, 2011, 2012, 2015, 2016, 2017])('the turn of the year %i', (year) => {
    const hour = parseTimeframe('1h')!;
    const [from, to] = [at(`${year}-12-20T00:00`), at(`${year + 1}-01-06T00:00`)];
    const hours = Array.from({ length: (to - from) / HOUR - 1 }, (_, bar) => from + (bar + 1) * HOUR);
    expect([...new ExpectedBars(FOREX, hour).opensBetween(from, to)]).toEqual(hours.filter((open) => isForexBar(open, HOUR)));
  });

  test('a hole that is planted is found, as many bars of it as the market was open for', () => {
    const hour = parseTimeframe('1h')!;
    const wallOf = (open: number): string =>
      Temporal.Instant.fromEpochMilliseconds(open).toZonedDateTimeISO('America/New_York').toPlainDateTime().toString();
    const hours = Array.from({ length: 24 * 400 }, (_, bar) => at('2016-12-01T00:00') + bar * HOUR);
    const all = hours.filter((open) => says(FOREX, wallOf(open)) !== 'closed');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: all.length - 60 }), fc.integer({ min: 1, max: 50 }), (row, count) => {
        const lost = all.slice(row, row + count).filter((open) => isForexBar(open, HOUR));
        const gaps = gapsOf({ time: Float64Array.from(all.toSpliced(row, count)) }, hour, FOREX);
        expect(gaps.map(({ missing, before }) => [missing, before])).toEqual(lost.length === 0 ? [] : [[lost.length, all[row + count]]]);
      }),
      { numRuns: 200 },
    );
  });

  test('the hours by hand are those of a week with a change of the clocks', () => {
    // 2024-03-10: clocks go forward in New York, so 17:15 is 21:15 UTC on Sunday and was 22:15 the week before.
    const opened = (date: string): string => {
      let time = at(`${date}T12:00`);
      while (!isForexMinute(time)) time += 60_000;
      return new Date(time).toISOString().slice(11, 16);
    };
    expect([opened('2024-03-03'), opened('2024-03-10')]).toEqual(['22:15', '21:15']);
  });
});

describe('brokers as they announced their hours', () => {
  // oanda.com/us-en/trading/hours-of-operation: 17:03 to 16:58, closed between them every day.
  test.each([
    ['2022-06-14T16:57', 'open'],
    ['2022-06-14T17:00', 'may be'],
    ['2022-06-14T17:06', 'open'],
    ['2022-06-17T16:57', 'open'],
    ['2022-06-17T17:01', 'closed'],
    ['2022-06-19T16:59', 'closed'],
    ['2022-06-19T17:06', 'open'],
  ])('OANDA at %s: %s', (clock, expected) => expect(says(marketCalendar('forex-oanda')!, clock)).toBe(expected));

  // fxcm.com, 2017: opens on Sunday between 17:00 and 17:15, closes on Friday at about 16:55.
  test.each([
    ['2017-01-15T17:05', 'may be'],
    ['2017-01-15T17:15', 'open'],
    ['2017-01-20T16:50', 'open'],
    ['2017-01-20T16:56', 'may be'],
    ['2017-01-20T17:00', 'closed'],
  ])('FXCM at %s: %s', (clock, expected) => expect(says(marketCalendar('forex-fxcm')!, clock)).toBe(expected));

  // FXTM, announcement of 2018-12-20, in the time of Athens (7 hours ahead): closes at 21:00 on 24 and 31 December, opens at 6:00 on 26 December and 2 January.
  // That of 2017: normal on 22 and 29 December, opens at 9:00.
  test.each([
    ['2018-12-24T11:59', 'open'],
    ['2018-12-24T14:00', 'may be'],
    ['2018-12-25T22:59', 'may be'],
    ['2018-12-31T14:00', 'may be'],
    ['2019-01-01T22:59', 'may be'],
    ['2019-01-02T03:00', 'open'],
    ['2017-12-25T12:00', 'may be'],
    ['2017-12-26T01:59', 'may be'],
    ['2018-01-02T01:59', 'may be'],
    ['2018-01-02T03:00', 'open'],
  ])('FXTM at %s: %s', (clock, expected) => expect(says(marketCalendar('forex-metatrader')!, clock)).toBe(expected));

  // FXCL, 2023: closed on 25 and 26 December, 1 and 2 January; open again on the 27th and the 3rd.
  test.each([
    ['2023-12-26T12:00', 'may be'],
    ['2023-12-27T12:00', 'open'],
    ['2024-01-02T12:00', 'may be'],
    ['2024-01-03T12:00', 'open'],
  ])('one that stays closed for a day more at %s: %s', (clock, expected) =>
    expect(says(marketCalendar('forex-fxcm')!, clock)).toBe(expected),
  );

  // Good Friday and the days of independence and thanks are traded.
  test.each(['2018-03-30T12:00', '2018-07-04T12:00', '2018-11-22T12:00'])('no holiday at %s', (clock) =>
    expect(says(FOREX, clock)).toBe('open'),
  );

  // forex.com: gold from Sunday 18:00 to Friday 17:00, closed from 17:00 to 18:00 every day.
  test.each([
    ['2021-03-16T17:30', 'may be'],
    ['2021-03-16T18:10', 'open'],
    ['2021-03-14T17:30', 'may be'],
  ])('gold at %s: %s', (clock, expected) => expect(says(marketCalendar('metals')!, clock)).toBe(expected));

  test('servers on the clocks of Europe open an hour after New York while only America has summer time', () => {
    const broker = marketCalendar('forex-metatrader')!;
    // 2017-03-19: New York is 4 hours behind UTC, Athens 2 ahead: its Monday begins at 18:00.
    expect(['2017-03-19T17:30', '2017-03-19T18:30', '2017-03-19T19:10'].map((clock) => says(broker, clock))).toEqual([
      'may be',
      'may be',
      'open',
    ]);
    // Its Friday may go on to midnight in Berlin.
    expect(['2017-03-17T16:50', '2017-03-17T18:30', '2017-03-17T19:00'].map((clock) => says(broker, clock))).toEqual([
      'open',
      'may be',
      'closed',
    ]);
  });
});

test('before and behind the session of an exchange there may be trade, on half days for less long', () => {
  const nyse = marketCalendar('xnys')!;
  const clocks = ['2024-11-26T03:59', '2024-11-26T04:00', '2024-11-26T09:30', '2024-11-26T19:59', '2024-11-26T20:00', '2024-11-28T12:00'];
  expect(clocks.map((clock) => says(nyse, clock))).toEqual(['closed', 'may be', 'open', 'may be', 'closed', 'closed']);
  expect(['2024-11-29T12:59', '2024-11-29T13:00', '2024-11-29T17:00'].map((clock) => says(nyse, clock))).toEqual([
    'open',
    'may be',
    'closed',
  ]);
});
