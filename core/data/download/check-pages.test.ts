import { describe, expect, test } from 'vitest';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { checkBars } from './check-bars.ts';
import { checkFunding } from './check-funding.ts';
import { checkTrades } from './check-trades.ts';
import type { PageLimits } from './checked-page.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2024, 0, 1);
const limits: PageLimits = { sinceMs: START, endMs: START + 10 * HOUR, futureMs: START + 11 * HOUR };
const bars = (...rows: readonly (readonly unknown[])[]) => checkBars(rows, 'candles', parseTimeframe('1h')!, limits);
const good = (hour: number): readonly unknown[] => [START + hour * HOUR, 10, 12, 9, 11, 5];

describe('bars of a venue', () => {
  test('that are right are taken, whatever their order; a bar given twice alike counts once', () => {
    const page = bars(good(2), good(0), good(1), good(0));
    expect(page.faults).toEqual([]);
    expect(Array.from(page.rows.columns['time']!)).toEqual([START, START + HOUR, START + 2 * HOUR]);
    expect(page.lastMs).toBe(START + 2 * HOUR);
  });

  test('that are not over, or older than what was asked for, are left out without a fault', () => {
    const page = bars(good(-1), good(9), good(10));
    expect(page).toMatchObject({ faults: [], lastMs: START + 10 * HOUR });
    expect(Array.from(page.rows.columns['time']!)).toEqual([START + 9 * HOUR]);
  });

  // threats.md 44, and what JSON can hold besides.
  test.each([
    ['NaN as a price', [START, NaN, 12, 9, 11, 5]],
    ['an infinite price', [START, 10, Infinity, 9, 11, 5]],
    ['1e308', [START, 10, 1e308, 9, 11, 5]],
    ['a price of zero', [START, 10, 12, 0, 11, 5]],
    ['a negative price', [START, 10, 12, -9, 11, 5]],
    ['a text as a price', [START, '10', 12, 9, 11, 5]],
    ['nothing as a price', [START, 10, null, 9, 11, 5]],
    ['a high below the close', [START, 10, 10.5, 9, 11, 5]],
    ['a low above the open', [START, 10, 12, 10.5, 11, 5]],
    ['a high below the low', [START, 10, 8, 9, 11, 5]],
    ['a negative volume', [START, 10, 12, 9, 11, -5]],
    ['a text as a volume', [START, 10, 12, 9, 11, '5']],
    ['a volume of 1e300', [START, 10, 12, 9, 11, 1e300]],
    ['a time off the grid', [START + 1, 10, 12, 9, 11, 5]],
    ['a time of the future', [START + 100 * HOUR, 10, 12, 9, 11, 5]],
    ['a time in seconds', [START / 1000, 10, 12, 9, 11, 5]],
    ['a time in microseconds', [START * 1000, 10, 12, 9, 11, 5]],
    ['a text as a time', [String(START), 10, 12, 9, 11, 5]],
    ['half a millisecond', [START + 0.5, 10, 12, 9, 11, 5]],
    ['an empty row', []],
    ['an object in the row', [START, {}, 12, 9, 11, 5]],
  ])('with %s are refused, and the others taken', (_, row) => {
    const page = bars(good(1), row, good(2));
    expect(page.faults).toHaveLength(1);
    expect(page.rows.length).toBe(2);
  });

  test('that contradict each other are both left out', () => {
    const page = bars(good(0), [START, 10, 12, 9, 11.5, 5], good(1));
    expect(page.faults).toEqual(['two bars that differ at 2024-01-01T00:00:00.000Z']);
    expect(Array.from(page.rows.columns['time']!)).toEqual([START + HOUR]);
  });

  test('without a volume have none; mark prices never have', () => {
    expect(bars([START, 10, 12, 9, 11, undefined]).rows.columns['volume']![0]).toBeNaN();
    expect(checkBars([good(0)], 'mark', parseTimeframe('1h')!, limits).rows.columns['volume']).toBeUndefined();
  });

  test('tell of a text without what moves a terminal', () => {
    expect(bars([START, '\u001b[2J\u0007', 12, 9, 11, 5]).faults.join()).toMatch(/^[\x20-\x7e]+$/);
  });

  test('with thousands of faults tell the first of them', () => {
    expect(bars(...Array.from({ length: 5000 }, () => [START, 0, 0, 0, 0, 0])).faults).toHaveLength(20);
  });
});

describe('rates of a venue', () => {
  const market = 'BTC/USDT:USDT';
  test.each([
    ['another market', { market: 'ETH/USDT:USDT', time: START, rate: 0.0001 }],
    ['no market', { market: undefined, time: START, rate: 0.0001 }],
    ['a text', { market, time: START, rate: '0.0001' }],
    ['a rate above 1', { market, time: START, rate: 1.5 }],
    ['NaN', { market, time: START, rate: NaN }],
    ['a time of the future', { market, time: START + 50 * HOUR, rate: 0.0001 }],
  ])('with %s are refused', (_, row) => {
    const page = checkFunding([{ market, time: START + HOUR, rate: -0.0002 }, row], market, limits);
    expect(page.faults).toHaveLength(1);
    expect(Array.from(page.rows.columns['rate']!)).toEqual([-0.0002]);
  });
});

describe('trades of a venue', () => {
  const market = 'BTC/USDT';
  const trade = (id: unknown, more: object = {}) => ({
    market,
    time: START + Number(id) * 1000,
    price: 10,
    qty: 1,
    side: 'buy',
    id: String(id),
    ...more,
  });
  const check = (rows: readonly ReturnType<typeof trade>[], afterId: number | null = null, isNumbered = true) =>
    checkTrades(rows, market, { ...limits, isNumbered, afterId });

  test('go by their numbers; sides are of the taker', () => {
    const page = check([trade(2, { side: 'sell' }), trade(1), trade(3, { side: null })]);
    expect(page).toMatchObject({ faults: [], lastId: 3 });
    expect(Array.from(page.rows.columns['side']!)).toEqual([1, -1, 0]);
  });

  test.each([
    ['a hole', [trade(1), trade(2), trade(4)], null, 2],
    ['a hole behind the last known', [trade(7)], 5, 0],
    ['a step back in time', [trade(1), trade(2, { time: START })], null, 1],
    ['no number', [trade(1), trade('x', { time: START + 5000 })], null, 1],
    ['another market', [trade(1), trade(2, { market: 'ETH/USDT' }), trade(3)], null, 1],
    ['a negative quantity', [trade(1), trade(2, { qty: -1 })], null, 1],
    ['a price of NaN', [trade(1), trade(2, { price: NaN })], null, 1],
  ])('with %s are taken up to there', (_, rows, afterId, taken) => {
    const page = check(rows, afterId);
    expect(page.faults.length).toBeGreaterThan(0);
    expect(page.rows.length).toBe(taken);
  });

  test('numbers beyond what doubles hold are not known', () => {
    expect(check([trade(1, { id: '99999999999999999999' })], null, false).rows.columns['id']![0]).toBeNaN();
  });
});
