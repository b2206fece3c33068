import { expect, test } from 'vitest';
import { messageText, valueText } from './message-text.ts';

test('a text has its values and the market in their places', () => {
  const parts = [
    { kind: 'symbol' },
    { kind: 'text', text: ' at ' },
    { kind: 'value', value: 1, unit: 'price', digits: 1 },
    { kind: 'text', text: '!' },
  ] as const;
  expect(messageText(parts, 'BTC/USDT', (place) => [7, 8.25][place])).toBe('BTC/USDT at 8.3!');
  expect(messageText(parts, 'BTC/USDT', () => undefined)).toBe('BTC/USDT at na!');
});

test('values are printed by their units', () => {
  const value = (x: number, unit: string, digits: number | null = null, states?: readonly string[]): string =>
    valueText(x, { kind: 'value', value: 0, unit, digits, ...(states === undefined ? {} : { states }) });
  expect(value(0.1234, 'percent')).toBe('12.34%');
  expect(value(0.1234, 'percent', 0)).toBe('12%');
  expect(value(0.1 + 0.2, 'number')).toBe('0.3');
  expect(value(1, 'condition')).toBe('true');
  expect(value(Number.NaN, 'price', 2)).toBe('na');
  expect(value(1, 'regime', null, ['calm', 'wild'])).toBe('wild');
});
