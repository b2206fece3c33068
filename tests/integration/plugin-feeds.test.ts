import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createMarketGenerator, generateMarket } from '#core/data/market-generator.ts';
import { createKernel } from '#core/kernel/kernel.ts';
import type { Bar } from '#core/model/bar.ts';
import { createLogger } from '#core/observe/logger.ts';
import type { ExchangePort } from '#core/ports/exchange.ts';
import { syntheticMarketData } from '#core/runtime/synthetic-market-data.ts';

const START = Date.UTC(2024, 0, 1);
const OPTIONS = { seed: 9, stepMs: 3_600_000, startTime: START, startPrice: 30_000, tick: 0.01 };
const { signal } = new AbortController();

async function exchange(id: string, config: unknown, folder = '/'): Promise<ExchangePort> {
  const kernel = createKernel({ log: createLogger({ level: 'silent' }), folder });
  onTestFinished(kernel.close);
  await kernel.lifecycle.apply(await kernel.discover([]), [{ name: 'main', id, config }]);
  const port = kernel.lifecycle.ports('exchange').get('main');
  if (port === undefined) throw new Error(JSON.stringify(kernel.lifecycle.problems()));
  return port;
}

describe('exchange/sim', () => {
  test('gives the market of `strat backtest --synthetic SEED` with its default settings', async () => {
    const sim = await exchange('exchange/sim', { seed: 9, speed: 'max', startPrice: 30_000, volatility: 0.6, missingRate: 0 });
    const feed = await sim.openFeed('BTC/USDT', '1h', signal);
    const generator = createMarketGenerator(OPTIONS);
    for (let i = 0; i < 200; i++) expect(feed.bar(i)).toEqual(generator.next());
  });
});

describe('exchange/sim, beside', () => {
  test('another market is another one for each name, and that of `strat backtest --synthetic SEED`', async () => {
    const sim = await exchange('exchange/sim', { seed: 9, speed: 'max', startPrice: 30_000, volatility: 0.6, missingRate: 0 });
    const open = async (market: string): Promise<readonly unknown[]> => {
      const feed = await sim.openFeed(market, '1h', signal, { columns: ['funding_rate'], isBeside: true });
      expect(feed.columns).toEqual([]);
      return [feed.description, ...[0, 1, 2].map((index) => feed.bar(index))];
    };
    const [eth, sol] = [await open('ETH/USDT'), await open('SOL/USDT')];
    expect(eth[0]).toEqual({ kind: 'sim', seed: 9, variant: 'market ETH/USDT' });
    expect(eth[3]).not.toEqual(sol[3]);
    const strategy = { file: 'x', markets: ['BTC/USDT'], timeframe: '1h', reads: ['ETH/USDT'] };
    const { others } = syntheticMarketData(strategy, { seed: 9, bars: 3, timeframe: null });
    expect(eth.slice(1).map((bar) => (bar as Bar).close)).toEqual([...others[0]!.columns.close]);
  });
});

describe('exchange/replay', () => {
  const columns = generateMarket({ ...OPTIONS, bars: 48 });
  const folder = (): string => {
    const made = mkdtempSync(join(tmpdir(), 'strat-replay-'));
    onTestFinished(() => rmSync(made, { recursive: true, force: true }));
    const rows = Array.from(columns.time, (time, i) =>
      [time, columns.open[i], columns.high[i], columns.low[i], columns.close[i], columns.volume[i]].join(','),
    );
    writeFileSync(join(made, 'x_BTC-USDT_1h.csv'), `timestamp,open,high,low,close,volume\n${rows.join('\n')}\n`);
    return made;
  };

  test('finds the file of the market below the folder of the config, and gives its bars', async () => {
    const replay = await exchange('exchange/replay', { files: ['x_BTC-USDT_1h.csv'], speed: 'max' }, folder());
    const feed = await replay.openFeed('BTC/USDT', '1h', signal);
    expect(feed.rows).toBe(48);
    expect(feed.bar(47)).toMatchObject({ time: START + 47 * 3_600_000, close: columns.close[47] });
    expect(feed.bar(48)).toBeNull();
    expect(feed.description).toMatchObject({ kind: 'replay', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test('gives the columns of the file that are wished for, and no others', async () => {
    const made = folder();
    const text = readFileSync(join(made, 'x_BTC-USDT_1h.csv'), 'utf8').trimEnd().split('\n');
    const rows = text.map((line, index) =>
      index === 0 ? `${line},funding_rate,spread` : `${line},${index % 8 === 1 ? '0.0001' : ''},0.001`,
    );
    writeFileSync(join(made, 'x_BTC-USDT_1h.csv'), `${rows.join('\n')}\n`);
    const replay = await exchange('exchange/replay', { files: ['x_BTC-USDT_1h.csv'], speed: 'max' }, made);
    const wish = { columns: ['funding_rate', 'open_interest'], isBeside: false } as const;
    const feed = await replay.openFeed('BTC/USDT', '1h', signal, wish);
    expect(feed.columns).toEqual(['funding_rate']);
    expect([0, 1, 8].map((index) => feed.bar(index)?.further)).toEqual(
      [0.0001, Number.NaN, 0.0001].map((rate) => ({ funding_rate: rate })),
    );
    const longer = await replay.openFeed('BTC/USDT', '4h', signal, wish);
    expect([0, 1, 2].map((index) => longer.bar(index)?.further?.funding_rate)).toEqual([0.0001, Number.NaN, 0.0001]);
    expect((await replay.openFeed('BTC/USDT', '1h', signal)).bar(0)).not.toHaveProperty('further');
  });

  test('lets no single file stand in for a market that is read beside another one', async () => {
    const replay = await exchange('exchange/replay', { files: ['x_BTC-USDT_1h.csv'], speed: 'max' }, folder());
    expect((await replay.openFeed('DOGE/USDT', '1h', signal)).rows).toBe(48);
    await expect(replay.openFeed('DOGE/USDT', '1h', signal, { columns: [], isBeside: true })).rejects.toThrow(
      'No candles for DOGE/USDT: none of the files given is of this market, which the strategy reads',
    );
  });

  test('makes longer bars', async () => {
    const replay = await exchange('exchange/replay', { files: ['ETH/USDT=x_BTC-USDT_1h.csv'], speed: 'max' }, folder());
    const feed = await replay.openFeed('ETH/USDT', '4h', signal);
    expect(feed.rows).toBe(12);
    expect(feed.bar(1)).toMatchObject({ time: START + 4 * 3_600_000, open: columns.open[4], close: columns.close[7] });
  });

  test('refuses a market that no file is of, as the answer that it is and not as a fault', async () => {
    const replay = await exchange('exchange/replay', { files: ['x_BTC-USDT_1h.csv', 'x_BTC-USDT_1h.csv'], speed: 'max' }, folder());
    await expect(replay.openFeed('DOGE/USDT', '1h', signal)).rejects.toThrow('No candles for DOGE/USDT');
  });
});
