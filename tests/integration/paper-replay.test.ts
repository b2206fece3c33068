import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BacktestDocument } from '#core/runtime/backtest-document.ts';
import { simFeed } from '#core/runtime/feeds/bar-feed.ts';
import { backtest, DEFAULT_LIMITS } from '#core/runtime/backtest.ts';
import { paperDocument } from '#core/runtime/paper/paper-bot.ts';
import { syntheticMarketData } from '#core/runtime/synthetic-market-data.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import {
  backtestEssence,
  essence,
  essences,
  gappyFile,
  onFile,
  prepared,
  ROOT,
  runPaper,
  startStrat,
  temporaryFolder,
} from './paper-runs.ts';

const CANDLES = join(ROOT, '../shared/data/candles');
const HOUR: Timeframe = { name: '1h', count: 1, unit: 'h', stepMs: 3_600_000 };
const NAMES = ['sma-cross', 'rsi-reversion', 'macd-trend', 'atr-trail', 'bollinger-breakout'] as const;

const fileOf = (name: string): string => join('strategies', name, `${name}.strat`);
const shipped = (name: string) => prepared(readFileSync(join(ROOT, fileOf(name)), 'utf8'), fileOf(name));

describe('paper over a replay is the backtest', () => {
  it('for every shipped strategy side by side, on a file with gaps', async () => {
    const folder = temporaryFolder();
    const file = gappyFile(folder, 3000);
    const strategies = NAMES.map(shipped);
    const outcomes = await runPaper(
      join(folder, 'home'),
      strategies.map((strategy) => onFile(strategy, file)),
    );
    const expected = await Promise.all(strategies.map(async (strategy) => backtestEssence(strategy, file)));
    expect(essences(outcomes)).toEqual(expected);
    for (const result of expected)
      expect(result).toMatchObject({ metrics: { tradeCount: expect.toSatisfy((count: number) => count > 0) } });
  });

  it.skipIf(!existsSync(CANDLES)).each([
    ['coinbase_BTC-USD_1d.csv.gz', ['sma-cross', 'macd-trend', 'atr-trail']],
    ['binance_XRP-ETH_5m.csv.gz', ['sma-cross', 'atr-trail', 'bollinger-breakout']],
    ['bittrex_ETH-BTC_5m.csv.gz', ['rsi-reversion', 'macd-trend', 'bollinger-breakout']],
    ['binance_BTC-USDT_1h.csv.gz', ['sma-cross', 'rsi-reversion', 'atr-trail']],
  ])('on the candles %s for %j', async (name, names) => {
    const file = join(CANDLES, name);
    const folder = temporaryFolder();
    const timeframe = /_(\w+)\.csv/.exec(name)?.[1] ?? '';
    const strategies = names.map((strategy) =>
      prepared(readFileSync(join(ROOT, fileOf(strategy)), 'utf8').replace(/ on \d+\w+/, ` on ${timeframe}`), fileOf(strategy)),
    );
    const outcomes = await runPaper(
      join(folder, 'home'),
      strategies.map((strategy) => onFile(strategy, file)),
    );
    const expected = await Promise.all(strategies.map(async (strategy) => backtestEssence(strategy, file)));
    expect(essences(outcomes)).toEqual(expected);
    for (const result of expected)
      expect(result).toMatchObject({ trades: expect.toSatisfy((trades: readonly unknown[]) => trades.length > 0) });
  });

  it('on a generated market, where it ends with the same bar', async () => {
    const strategy = shipped('sma-cross');
    const [outcome] = await runPaper(join(temporaryFolder(), 'home'), [{ prepared: strategy, feeds: [simFeed('BTC/USDT', HOUR, 5)] }], {
      stopAfter: 1200,
    });
    const { program, source } = strategy;
    const data = syntheticMarketData(
      { file: source.file, markets: program.markets, timeframe: program.timeframe },
      { seed: 5, bars: 1200, timeframe: null },
    );
    const { document } = await backtest(strategy, data, DEFAULT_LIMITS, {});
    const paper = outcome === undefined ? null : paperDocument(outcome, {});
    expect(essence(paper)).toEqual(essence(document));
    expect(paper?.data[0]?.synthetic).toBe(true);
  });

  it('on a generated perpetual, whose funding rates are those of the seed as well', async () => {
    const text = `strat 1
strategy "funded"
trade BTC/USDT:USDT on 1h side both
costs { funding true }
let f = ema(funding_rate, 24)
enter short when f > 2bp and close < close[1]
enter long when f < 0% and close > close[1]
exit short when f < 2bp
exit long when f > 0%
size 10% of equity
stop 5%
`;
    const strategy = prepared(text, 'funded.strat');
    const [outcome] = await runPaper(
      join(temporaryFolder(), 'home'),
      [{ prepared: strategy, feeds: [simFeed('BTC/USDT:USDT', HOUR, 5)] }],
      {
        stopAfter: 1200,
      },
    );
    const needs = { file: 'funded.strat', markets: ['BTC/USDT:USDT'], timeframe: '1h', wanted: ['funding_rate' as const] };
    const data = syntheticMarketData(needs, { seed: 5, bars: 1200, timeframe: null });
    expect(data.warnings.join()).toContain('its funding rates are made by the generator too');
    const { document } = await backtest(strategy, data, DEFAULT_LIMITS, {});
    expect(essence(outcome === undefined ? null : paperDocument(outcome, {}))).toEqual(essence(document));
    expect(document.metrics.tradeCount).toBeGreaterThan(3);
    expect(document.metrics.funding).not.toBe(0);
  });

  it('as documents of the two commands, for people as for programs', async () => {
    const folder = temporaryFolder();
    const file = gappyFile(folder, 2000);
    const common = [fileOf('sma-cross'), '--set', 'fast=10', '--fee', '0.2%', '--capital', '5000', '--json'];
    const run = startStrat(['run', ...common, '--replay', file, '--home', join(folder, 'home')]);
    const test = startStrat(['backtest', ...common, '--data', file]);
    expect([await run.ended, await test.ended]).toEqual([
      { code: 0, signal: null },
      { code: 0, signal: null },
    ]);
    const [paper, tested] = [run, test].map(({ output }) => JSON.parse(output()) as BacktestDocument);
    expect({ ...paper, timing: {} }).toEqual({ ...tested, timing: {} });
  });
});
