import { appendFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generateMarket } from '#core/data/market-generator.ts';
import type { BacktestDocument } from '#core/runtime/backtest-document.ts';
import { statements, type Workplace, workplace } from './cli-fixtures.ts';
import { essence } from './paper-runs.ts';

const MINUTES = 30 * 60_000;
const START = Date.UTC(2024, 1, 1);
const BTC = 'x_BTC-USDT_30m.csv';
const ETH = 'x_ETH-USDT_30m.csv';

/** Half hours with gaps, so that hours are made of one or two; rates at every third, some quote volumes unknown. */
function withColumns(seed: number): string {
  const { time, open, high, low, close, volume } = generateMarket({
    seed,
    bars: 1500,
    stepMs: MINUTES,
    startTime: START,
    startPrice: 2000,
    tick: 0.01,
    missingRate: 0.1,
  });
  const line = (at: number, i: number): string => {
    const candle = [at, open[i], high[i], low[i], close[i], volume[i]];
    const quote = i % 17 === 3 ? '' : (volume[i]! * open[i]! * (1 + (i % 5) / 50)).toFixed(4);
    const rate = i % 3 === 0 ? (((i * 7919) % 41) - 20) / 1e5 : '';
    return [...candle, quote, rate, (i * 104_729) % 9973, ((i % 13) + 1) / 1e4].join(',');
  };
  const header = 'timestamp,open,high,low,close,volume,quote_volume,funding_rate,open_interest,spread';
  // Both markets end at the same time.
  const end = `${START + 1800 * MINUTES},2000,2000,2000,2000,1,2000,0,1,0`;
  return `${header}\n${[...Array.from(time, line), end].join('\n')}\n`;
}

/** Every column decides about something, on the traded chart, on a longer one and on another market. */
const STRATEGY = statements(
  'enter long when quote_volume > (quote_volume on 4h) / 4 and funding_rate of ETH/USDT < 0.005% and spread < 0.1%',
  'exit long when open_interest > open_interest[1] and (funding_rate > 0% or (spread of ETH/USDT on 4h) > 0.05%)',
);

function filled(): Workplace {
  const place = workplace();
  place.put('columns.strat', STRATEGY);
  place.put(BTC, withColumns(1));
  place.put(ETH, withColumns(2));
  return place;
}

async function documentOf({ strat }: Workplace, ...args: readonly string[]): Promise<BacktestDocument> {
  const { status, stdout, stderr } = await strat([...args, '--json']);
  // The bot logs to stderr.
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout) as BacktestDocument;
}

describe('what data hold besides candles, and other markets, on paper', () => {
  it('is what it is in a backtest, played back from the same files and stopped in between', { timeout: 60_000 }, async () => {
    const place = filled();
    const files = (option: string): string[] => [BTC, ETH].flatMap((file) => [option, file]);
    const tested = await documentOf(place, 'backtest', 'columns.strat', ...files('--data'));
    expect(tested.metrics.tradeCount).toBeGreaterThan(20);
    const run = ['run', 'columns.strat', ...files('--replay')];
    const paper = await documentOf(place, ...run, '--home', 'at-once');
    expect({ ...paper, timing: {} }).toEqual({ ...tested, timing: {} });
    for (const bars of ['200', '405']) await documentOf(place, ...run, '--home', 'stopped', '--stop-after', bars);
    expect(essence(await documentOf(place, ...run, '--home', 'stopped'))).toEqual(essence(tested));
  });

  it('is what it is in a backtest on generated markets, one for each name', { timeout: 60_000 }, async () => {
    const place = workplace();
    place.put(
      'pair.strat',
      statements(
        'enter long when close of ETH/USDT > open of ETH/USDT',
        'exit long when close < open and close of ETH/USDT < open of ETH/USDT',
      ),
    );
    const tested = await documentOf(place, 'backtest', 'pair.strat', '--synthetic', '3', '--bars', '400');
    const [traded, other] = tested.data;
    expect(traded!.sha256).not.toBe(other!.sha256);
    const paper = await documentOf(place, 'run', 'pair.strat', '--sim', '3', '--stop-after', '400', '--speed', 'max', '--home', 'home');
    expect(essence(paper)).toEqual(essence(tested));
  });

  it('refuses a strategy whose other market is in none of the files', async () => {
    const place = filled();
    const { status, stderr } = await place.strat(['run', 'columns.strat', '--replay', BTC, '--home', 'home']);
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/No candles for ETH\/USDT: none of the files given is of this market, which the strategy reads/),
    ]);
  });

  it('does not go on with other candles of a market that it reads', { timeout: 30_000 }, async () => {
    const place = filled();
    const run = ['run', 'columns.strat', '--replay', BTC, '--replay', ETH, '--home', 'home'];
    await documentOf(place, ...run, '--stop-after', '100');
    appendFileSync(place.path(ETH), `${START + 4000 * MINUTES},1,1,1,1,1,,,,\n`);
    const { status, stderr } = await place.strat(run);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/belongs to the feed of ETH\/USDT a replay of/)]);
  });
});
