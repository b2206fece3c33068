import { expect, test } from 'vitest';
import { exchangeContract } from 'strat/testkit/exchange-contract';
import { pluginSurroundings } from 'strat/testkit/plugin-surroundings';
import { setup } from './__name__.ts';

const config = { speed: 10, markets: ['BTC/USDT'] };

exchangeContract({
  create: (context, speed) => setup({ ...config, speed }, context),
  market: 'BTC/USDT',
  timeframe: '1h',
  missingMarket: 'ETH/USDT',
});

test('its saw tooth rises by one a bar', async () => {
  const { context } = pluginSurroundings();
  const feed = await setup(config, context).port.openFeed('BTC/USDT', '1h', context.signal);
  expect(feed.bar(3)).toMatchObject({ open: 103, close: 104 });
});
