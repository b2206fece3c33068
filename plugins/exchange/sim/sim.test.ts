import { describe, expect, test } from 'vitest';
import { exchangeContract } from 'strat/testkit/exchange-contract';
import { pluginSurroundings } from 'strat/testkit/plugin-surroundings';
import type { SimConfig } from './schema.ts';
import { setup } from './sim.ts';

const config = (changes: Partial<SimConfig> = {}): SimConfig => ({
  seed: 7,
  speed: 10,
  startPrice: 30_000,
  volatility: 0.6,
  missingRate: 0,
  ...changes,
});
const signal = new AbortController().signal;

exchangeContract({ create: (context, speed) => setup(config({ speed, missingRate: 0.2 }), context), market: 'BTC/USDT', timeframe: '1h' });

describe('the sim exchange', () => {
  test('says that its markets are made up, and by which seed', async () => {
    const { context } = pluginSurroundings();
    const { port } = setup(config(), context);
    const feed = await port.openFeed('ETH/USDT', '15m', signal);
    expect(feed).toMatchObject({ isSynthetic: true, rows: Infinity, description: { kind: 'sim', seed: 7 }, stepMs: 900_000 });
    expect(feed.warnings.join()).toContain('seed 7');
  });

  test('names what makes it another market than the seed alone, so that no account goes on with it', async () => {
    const open = async (changes: Partial<SimConfig>): Promise<unknown> => {
      const { port } = setup(config(changes), pluginSurroundings().context);
      return (await port.openFeed('BTC/USDT', '1h', signal)).description;
    };
    expect(await open({})).toEqual({ kind: 'sim', seed: 7 });
    expect(await open({ startPrice: 100, volatility: 1 })).toEqual({ kind: 'sim', seed: 7, variant: 'startPrice 100, volatility 1' });
    expect(await open({ missingRate: 0.1 })).toEqual({ kind: 'sim', seed: 7, variant: 'missingRate 0.1' });
  });

  test('gives a perpetual funding rates where they are asked for', async () => {
    const { context } = pluginSurroundings();
    const { port } = setup(config(), context);
    const columns = async (market: string, wished: readonly 'funding_rate'[]): Promise<unknown> =>
      (await port.openFeed(market, '1h', signal, { columns: wished, isBeside: false })).columns;
    expect(await columns('BTC/USDT:USDT', ['funding_rate'])).toEqual(['funding_rate']);
    expect(await columns('BTC/USDT:USDT', [])).toEqual([]);
    expect(await columns('BTC/USDT', ['funding_rate'])).toEqual([]);
    expect(await columns('BTC/USDT:USDT-261225', ['funding_rate'])).toEqual([]);
  });

  test('waits for nothing at the speed "max"', async () => {
    const { context, clock } = pluginSurroundings();
    const { port } = setup(config({ speed: 'max' }), context);
    const feed = await port.openFeed('BTC/USDT', '1h', signal);
    await feed.due(1_000_000, 0, signal);
    expect(clock.sleeping()).toBe(0);
  });
});
