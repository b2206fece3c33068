import { describe, expect, test } from 'vitest';
import { candleTable, TABLE_START } from 'strat/testkit/candles';
import { exchangeContract } from 'strat/testkit/exchange-contract';
import { pluginSurroundings } from 'strat/testkit/plugin-surroundings';
import { setup } from './replay.ts';

const candles = new Map([
  ['BTC/USDT', candleTable(Array.from({ length: 12 }, (_, i) => `${100 + i} ${102 + i} ${99 + i} ${101 + i} ${i + 1}`).join('\n'))],
]);
const signal = new AbortController().signal;

exchangeContract({
  create: (context, speed) => setup({ files: ['candles.csv'], speed }, context),
  market: 'BTC/USDT',
  timeframe: '1h',
  missingMarket: 'ETH/USDT',
  surroundings: { candles },
});

describe('the replay exchange', () => {
  test('gives the bars of the file, one after the other, and no more', async () => {
    const { port } = setup({ files: ['candles.csv'], speed: 'max' }, pluginSurroundings({ candles }).context);
    const feed = await port.openFeed('BTC/USDT', '1h', signal);
    expect(feed.rows).toBe(12);
    expect(feed.bar(3)).toEqual({ time: TABLE_START + 3 * 3_600_000, open: 103, high: 105, low: 102, close: 104, volume: 4 });
    expect(feed.bar(12)).toBeNull();
    expect(feed).toMatchObject({ isSynthetic: false, description: { kind: 'replay', file: 'candles.csv', sha256: '0'.repeat(64) } });
  });
});
