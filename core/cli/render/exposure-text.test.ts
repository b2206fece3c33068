import { expect, it } from 'vitest';
import { exposureText } from './exposure-text.ts';

it.each([
  [
    { leverage: 0.3, lossPerTrade: 0.01 },
    'allows positions of at most 0.3 x equity, at most 1% of equity lost in a trade; before gaps and slippage',
  ],
  [{ leverage: Infinity, lossPerTrade: 0.005 }, 'positions of no bounded size'],
  [{ leverage: 1, lossPerTrade: Infinity }, 'no bound on the loss of a trade'],
])('%j', (bound, text) => {
  expect(exposureText({ ...bound, enforcedLeverage: Infinity })).toContain(text);
});
