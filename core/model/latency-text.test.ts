import { expect, it } from 'vitest';
import { parseLatency } from './latency-text.ts';

it.each([
  ['250ms', { ms: 250 }],
  ['2s', { ms: 2000 }],
  ['0.5 s', { ms: 500 }],
  ['1m', { ms: 60_000 }],
  ['1h', { ms: 3_600_000 }],
  ['1 bar', { bars: 1 }],
  ['2bars', { bars: 2 }],
])('%s', (text, latency) => {
  expect(parseLatency(text)).toEqual(latency);
});

it.each(['', '0s', '2', '-1s', '1.5 bars', '1d', '1e3s', 'toString'])('refuses "%s"', (text) => {
  expect(parseLatency(text)).toBeNull();
});
