import { expect, test } from 'vitest';
import { usualMarket } from './usual-market.ts';

test.for([
  ['XBT/USD', 'kraken', 'BTC/USD'],
  ['XBTUSD', 'bitmex', 'BTC/USD'],
  ['XXBTZUSD', 'kraken', 'BTC/USD'],
  ['BTCUSDT', 'binance', 'BTC/USDT'],
  ['BTC-USD', 'coinbase', 'BTC/USD'],
  ['btc_usd', null, 'BTC/USD'],
  ['XDG/USD', 'kraken', 'DOGE/USD'],
  ['BTC/USDT:USDT', 'okx', 'BTC/USDT:USDT'],
  ['XBT/USD:XBT', 'bitmex', 'BTC/USD:BTC'],
  ['SPY', 'us', 'SPY'],
  ['BTC/UST', 'bitfinex', 'BTC/USDT'],
  // Another coin than Bitfinex means by it.
  ['UST/USD', 'kraken', 'UST/USD'],
] as const)('%s of %s is %s', ([text, venue, name]) => {
  expect(usualMarket(text, venue)?.name).toBe(name);
});

test('what names no market is none', () => {
  expect(['', '/', '???', 'BTC/'].map((text) => usualMarket(text, null))).toEqual([null, null, null, null]);
});
