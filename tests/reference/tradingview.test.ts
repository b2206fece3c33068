import { describe, expect, test } from 'vitest';
import type { BacktestDocument } from '#core/runtime/backtest-document.ts';
import { hasSharedData } from './shared-data.ts';
import { closedTrades, runTester, shownTrades, testerTrades, ticksOfSlippage } from './tradingview-lists.ts';

interface TesterRun {
  readonly rules: string;
  /** Money on which TradingView's two digits mean something; else only prices and quantities are compared. */
  readonly hasMoney: boolean;
  readonly capital: number;
  readonly candles: string;
  readonly feeRate: number;
  /** Its slippage in ticks. */
  readonly slippageTicks?: number;
}

const RUN = { hasMoney: false, capital: 1_000_000, candles: 'ohlcv', feeRate: 0 } as const;

/** Rules of TradingView's tester as the index of the references has them, in strat. Its tester reverses a position when the other side is entered. */
const RUNS: Readonly<Record<string, TesterRun>> = {
  // Stop entries at the bands; an order whose signal has gone is cancelled; of two the first that fills cancels the other.
  bollinger: {
    ...RUN,
    rules: `let band = bbands(close, 20, 2)
size 1 EUR
oco {
  enter long when close crosses above band.lower at stop band.lower good for 1 bar
  enter short when close crosses below band.upper at stop band.upper good for 1 bar
}`,
  },
  rsi: {
    ...RUN,
    rules: `let r = rsi(close, 14)
size 1 EUR
enter long when r crosses above 30
enter short when r crosses below 70`,
  },
  supertrend: {
    ...RUN,
    hasMoney: true,
    rules: `let trend = supertrend(3, 10)
size 15% of equity
enter long when trend.up and not trend.up[1]
enter short when trend.up[1] and not trend.up`,
  },
  // The limit never breaks on these bars: it takes part, and does nothing.
  barupdn: {
    ...RUN,
    hasMoney: true,
    rules: `size 10% of equity
enter long when close > open and open > close[1]
enter short when close < open and open < close[1]
risk { max loss 1% of equity per day then flatten }`,
  },
  slippage_basic: {
    ...RUN,
    capital: 10_000,
    feeRate: 0.001,
    slippageTicks: 10,
    candles: 'slippage_basic_ohlcv',
    rules: `size 1 EUR
enter long when bar_index == 10
exit long when bar_index == 20
enter short when bar_index == 40
exit short when bar_index == 50`,
  },
  slippage_direction: {
    ...RUN,
    capital: 10_000,
    feeRate: 0.001,
    slippageTicks: 15,
    candles: 'slippage_direction_ohlcv',
    rules: `let turn = if turn[1] == 19 then 0 else turn[1] + 1 start 0
size 1 EUR
enter long when bar_index >= 20 and turn == 0
enter short when bar_index >= 20 and turn == 10`,
  },
};

function run({ rules, capital, candles, feeRate, slippageTicks = 0 }: TesterRun): Promise<BacktestDocument> {
  const source = `strat 1\nstrategy "TradingView"\ntrade EUR/USD on 1h side both\n${rules}`;
  return runTester(source, candles, { capital, feeRate, slippage: ticksOfSlippage(slippageTicks) });
}

describe.skipIf(!hasSharedData)("every trade of TradingView's tester is reproduced (../shared/data)", () => {
  test.for(Object.entries(RUNS))('%s', async ([name, settings]) => {
    const document = await run(settings);
    const theirs = testerTrades(name);
    expect(theirs.length).toBeGreaterThan(name === 'slippage_basic' ? 1 : 100);
    expect(shownTrades(document)).toEqual(theirs.map(({ text }) => text));
    if (!settings.hasMoney) return;
    const wrong = closedTrades(document).filter(({ profit }, at) => Math.abs(profit! - theirs[at]!.profit) > 0.0051);
    expect(wrong).toEqual([]);
  });
});
