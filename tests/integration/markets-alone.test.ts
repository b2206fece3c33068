import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { fileColumns } from '#core/data/columns/column-stream.ts';
import { generateMarket } from '#core/data/market-generator.ts';
import { IndicatorShelf } from '#core/indicators/indicator-shelf.ts';
import { writePlugin } from '#core/indicators/testing/plugin-files.ts';
import { parseFee } from '#core/model/fee-text.ts';
import { backtest, DEFAULT_LIMITS, portfolioBacktest } from '#core/runtime/backtest.ts';
import type { BacktestDocument } from '#core/runtime/backtest-document.ts';
import { otherMarkets } from '#core/runtime/further-columns.ts';
import { loadMarkets } from '#core/runtime/market-data.ts';
import { prepareStrategy } from '#core/runtime/prepare-strategy.ts';
import type { SettingsRequest } from '#core/runtime/resolve-settings.ts';
import { createCompiler } from '#dsl/compile.ts';
import { temporaryFolder } from './cli-process.ts';
import { script } from './running-bot.ts';

/**
 * Rules that ask nothing of the account, with sizes in money and more of it than they need, trade each of several markets as they would alone: whatever they read
 * and whatever the models of costs are.
 */
const HOUR = 3_600_000;
const START = Date.UTC(2024, 0, 1);
const BARS = 500;
const MARKETS = ['AAA/USDT', 'BBB/USDT'] as const;
const folder = temporaryFolder();
const fileOf = (market: string): string => join(folder, `x_${market.replace('/', '-')}_1h.csv`);

/** Plugin: the change since the last bar. */
const CHANGE = {
  manifest: {
    strat: 1,
    name: '@acme/change',
    kind: 'indicator',
    version: '1.0.0',
    entry: 'change.js',
    inputs: { close: 'price' },
    params: {},
    outputs: { value: { kind: 'number' } },
    state: '1',
    lookback: '1',
  },
  files: {
    'change.js': `export function init(params, state) { state[0] = NaN; }
export function step(params, state, input, out) { out[0] = input[0] - state[0]; state[0] = input[0]; }
`,
  },
};

beforeAll(() => {
  for (const [at, market] of [...MARKETS, 'CCC/USDT'].entries()) {
    const { time, open, high, low, close, volume } = generateMarket({
      seed: at + 1,
      bars: BARS,
      stepMs: HOUR,
      startTime: START,
      startPrice: 100 * (at + 1),
      tick: 0.01,
      missingRate: 0.05,
    });
    const lines = Array.from(time, (moment, i) =>
      [moment, open[i], high[i], low[i], close[i], volume[i], (((i * 7919) % 41) - 20) / 1e5].join(','),
    );
    writeFileSync(fileOf(market), `timestamp,open,high,low,close,volume,funding_rate\n${lines.join('\n')}\n`);
  }
  mkdirSync(join(folder, 'models'));
  const predictions = Array.from({ length: BARS / 2 }, (_, i) => `${START + 2 * i * HOUR},${((i * 37) % 100) / 100}`);
  writeFileSync(join(folder, 'models/net.csv'), `timestamp,up\n${predictions.join('\n')}\n`);
  writePlugin(join(folder, 'mine'), 'change', CHANGE);
  writeFileSync(join(folder, 'strat.yaml'), 'plugins: { folders: [mine] }\n');
  script(folder, 'bin/strat.js', 'plugin', 'lock');
}, 60_000);

async function documentOf(markets: readonly string[], rules: string, settings: SettingsRequest): Promise<BacktestDocument> {
  const compiler = createCompiler();
  const uses = rules.split('\n').filter((line) => line.startsWith('use '));
  const others = rules.split('\n').filter((line) => !line.startsWith('use '));
  const text = ['strat 1', 'strategy "alone"', `trade ${markets.join(', ')} on 1h side both`, ...uses, ...others, ''].join('\n');
  const indicators = new IndicatorShelf({ folders: [{ folder: join(folder, 'mine'), isOwn: false }], lockFolder: folder, compiler });
  const prepared = prepareStrategy(compiler, text, join(folder, 'alone.strat'), { capital: 1e9, indicators, ...settings });
  if (!prepared.ok) throw new Error(prepared.error.map(({ code, message }) => `${code} ${message}`).join('\n'));
  const { program, source } = prepared.value;
  const data = loadMarkets(
    {
      file: source.file,
      markets: program.markets,
      timeframe: program.timeframe,
      reads: otherMarkets(program),
      wanted: fileColumns(program.columns),
    },
    { data: [...MARKETS, 'CCC/USDT'].map(fileOf), timeframe: null, from: null, to: null },
  );
  const run =
    data.length === 1
      ? backtest(prepared.value, data[0]!, DEFAULT_LIMITS, {})
      : portfolioBacktest(prepared.value, data, DEFAULT_LIMITS, {});
  return (await run).document;
}

const RULES = `
long {
  enter when close > sma(close, 5) and close[1] <= sma(close, 5)[1]
  exit when close < sma(close, 8)
  size 10000 USDT
  stop 2%
  take 50% at 2%
  trail 3%
}
short {
  enter when close < close[3] at stop low good for 2 bars
  timeout 9 bars
  size 5000 USDT
  stop 1.5%
  add 50% every 0.5% in_favor max 2 times
}`;

const CASES: readonly (readonly [what: string, rules: string, settings: SettingsRequest])[] = [
  ['plain', RULES, { feeRate: 0.001, slippageRate: 0.0005 }],
  ['funding of the data, and borrow', `costs { funding true borrow 9% }${RULES}`, {}],
  ['fees in the base coin', RULES, { fee: parseFee('0.1%/0.2%')!, feeIn: 'base' }],
  ['a share of the volume', RULES, { participation: 0.02 }],
  ['slippage by size, after the bars of the market', RULES, { slippage: { rate: 0, models: { volumeShare: 0.1, squareRoot: 1 } } }],
  ['latency', RULES, { latency: { bars: 1 } }],
  ['on margin of their own', `account { leverage 20 margin isolated }${RULES}`, {}],
  [
    'another market',
    `${RULES}\nenter long when close of CCC/USDT > (close of CCC/USDT)[1] and close of AAA/USDT > (close of AAA/USDT)[2]`,
    {},
  ],
  ['a longer chart', `${RULES}\nenter long when (close on 4h) > (sma(close, 3) on 4h)`, {}],
  ['funding rates as a series', `${RULES}\nenter long when funding_rate > 0.01%`, {}],
  ['a model', `use model net from "./models/net" with { r1 = roc(close, 1) }${RULES}\nenter long when net.up > 70%`, {}],
  ['a plugin', `use indicator change as moved from "plugin:@acme/change"${RULES}\nenter long when moved().value > 0`, {}],
];

describe('several markets with money enough trade as each of them would alone', () => {
  test.each(CASES)('%s', async (_, rules, settings) => {
    // A rule outside of blocks has their sizes too.
    const whole = rules.includes('\nenter long') ? `${rules}\nsize 7000 USDT\nstop 4%` : rules;
    const together = await documentOf(MARKETS, whole, settings);
    for (const market of MARKETS) {
      const alone = await documentOf([market], whole, settings);
      const told = ({ trades }: BacktestDocument): readonly object[] =>
        trades.filter((trade) => trade.market === market).map(({ positionId: _id, ...trade }) => trade);
      expect(alone.trades.length).toBeGreaterThan(10);
      expect(told(together)).toEqual(told(alone));
    }
  });
});
