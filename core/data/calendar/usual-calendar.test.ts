import { describe, expect, test } from 'vitest';
import { marketCalendar } from './market-calendar.ts';
import { usualCalendar } from './usual-calendar.ts';

const DAY = 86_400_000;
/** Days of eight weeks from a Monday on, with and without weekends. */
const WEEKS = Array.from({ length: 56 }, (_, day) => Date.UTC(2024, 0, 1) + day * DAY);
const ALL = Float64Array.from(WEEKS);
const WEEKDAYS = ALL.filter((_, day) => day % 7 < 5);

describe('the calendar that nobody named', () => {
  test.each([
    ['us', 'SPY/USD', WEEKDAYS, 'xnys'],
    ['NASDAQ', 'AAPL', WEEKDAYS, 'xnys'],
    ['eurex-bt2006', 'ESTX50/EUR', WEEKDAYS, 'xetr'],
    ['oanda', 'EUR/USD', WEEKDAYS, 'forex-oanda'],
    ['fxcm-ask', 'USD/JPY', WEEKDAYS, 'forex-fxcm'],
    ['mt4', 'GBP/USD', WEEKDAYS, 'forex-metatrader'],
    // Brokers have other things than currencies.
    ['oanda', 'XAU/USD', WEEKDAYS, 'metals'],
    ['oanda', 'BTC/USD', ALL, '24x7'],
    // Without a venue that says it: what is traded, and when.
    ['mybroker', 'EUR/USD', WEEKDAYS, 'forex'],
    [null, 'XAG/USD', WEEKDAYS, 'metals'],
    ['kraken', 'EUR/USD', ALL, '24x7'],
    ['mybroker', 'BTC/USD', WEEKDAYS, '24x7'],
    ['mybroker', 'AAPL', WEEKDAYS, '24x7'],
    ['mybroker', 'EUR/USD:USD', WEEKDAYS, '24x7'],
    ['binance', 'BTC/USDT', ALL, '24x7'],
    // Too few bars to tell.
    ['mybroker', 'EUR/USD', WEEKDAYS.slice(0, 5), '24x7'],
    [null, null, WEEKDAYS, '24x7'],
  ] as const)('of %s %s', (venue, market, time, expected) => {
    const { calendar, reason } = usualCalendar({ venue, market, time }, new Map());
    expect(calendar.name).toBe(expected);
    expect(reason === null).toBe(expected === '24x7');
  });

  test('one of the config with the name of the venue goes before', () => {
    const own = new Map([['mybroker', { ...marketCalendar('forex')!, name: 'mybroker' }]]);
    const signs = { market: 'EUR/USD', time: WEEKDAYS };
    expect(usualCalendar({ venue: 'mybroker', ...signs }, own).calendar.name).toBe('mybroker');
    expect(usualCalendar({ venue: 'mybroker-ask', ...signs }, own).calendar.name).toBe('mybroker');
    expect(usualCalendar({ venue: 'other', ...signs }, own).calendar.name).toBe('forex');
  });
});
