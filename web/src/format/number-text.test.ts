import { describe, expect, test } from 'vitest';
import { quoteOf, sharedQuote } from './market-text.ts';
import { money, percent, price, qty, signed } from './number-text.ts';
import { duration, localTime, utcMinute, utcSecond } from './time-text.ts';

describe('numbers', () => {
  test.for<[number | null, string]>([
    [42_000.5, '42,000.50'],
    [123.456, '123.46'],
    [1.23456, '1.2346'],
    [0.000123456, '0.00012346'],
    [0, '0.00'],
    [-5, '−5.0000'],
    [null, '–'],
    [Number.NaN, '–'],
  ])('price %s is %s', ([value, text]) => expect(price(value)).toBe(text));

  test.for<[number, string]>([
    [1234.5, '+1,234.50'],
    [-0.5, '−0.50'],
    [0, '0.00'],
    [0.001, '0.00'],
    [-0.001, '0.00'],
  ])('a result of %s is %s', ([value, text]) => expect(signed(value, money)).toBe(text));

  test('quantities have no idle zeros, percents their sign', () => {
    expect(qty(0.1584251)).toBe('0.158425');
    expect(qty(2)).toBe('2');
    expect(signed(1.5, percent)).toBe('+1.50 %');
    expect(signed(null, percent)).toBe('–');
  });
});

describe('times', () => {
  test('are UTC', () => {
    expect(utcMinute(Date.UTC(2026, 10, 21, 4, 36, 5))).toBe('2026-11-21 04:36');
    expect(utcSecond(Date.UTC(2026, 10, 21, 4, 36, 5))).toBe('2026-11-21 04:36:05');
    expect(utcMinute(Number.NaN)).toBe('–');
    expect(localTime(Number.NaN)).toBe('');
  });

  test.for<[number, string]>([
    [90_061_000, '1 d 1 h'],
    [3_660_000, '1 h 1 min'],
    [59_000, '0 min'],
    [-5, '0 min'],
  ])('%s ms last %s', ([ms, text]) => expect(duration(ms)).toBe(text));
});

test('the quote is in the name of the market', () => {
  expect(quoteOf('SIM:BTC/USDT')).toBe('USDT');
  expect(quoteOf('kraken:ETH/USD:USD')).toBe('USD');
  expect(quoteOf('kraken:BTC/USD:BTC')).toBe('BTC');
  expect(quoteOf('SPY')).toBe('');
  expect(sharedQuote(['A/USD', 'B/USD'])).toBe('USD');
  expect(sharedQuote(['A/USD', 'B/EUR'])).toBe('');
});
