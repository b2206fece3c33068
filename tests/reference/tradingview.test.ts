import { describe, expect, test } from 'vitest';
import { backtest, DEFAULT_LIMITS } from '#core/runtime/backtest.ts';
import type { BacktestDocument } from '#core/runtime/backtest-document.ts';
import { loadMarketData } from '#core/runtime/market-data.ts';
import { prepareStrategy } from '#core/runtime/prepare-strategy.ts';
import { createCompiler } from '#dsl/compile.ts';
import { hasSharedData, sharedPath, sharedText } from './shared-data.ts';

interface TesterRun {
  readonly rules: string;
  /** Money on which TradingView's two digits mean something; else only prices and quantities are compared. */
  readonly hasMoney: boolean;
  readonly capital: number;
  readonly candles: string;
  readonly feeRate: number;
  readonly slippageRate: number;
  /** Its slippage in ticks, on top of the other: half of a spread, in pips of ten ticks. */
  readonly slippageTicks?: number;
}

const RUN = { hasMoney: false, capital: 1_000_000, candles: 'ohlcv', feeRate: 0, slippageRate: 0 } as const;

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

async function run({ rules, capital, candles, feeRate, slippageRate, slippageTicks = 0 }: TesterRun): Promise<BacktestDocument> {
  const source = `strat 1\nstrategy "TradingView"\ntrade EUR/USD on 1h side both\n${rules}`;
  const conventions = { warmup: 'first', opposite: 'reverse', tick: 0.00001, lot: 0.1 } as const;
  const prepared = prepareStrategy(createCompiler(), source, 'tester.strat', {
    capital,
    feeRate,
    slippage: { rate: slippageRate, models: slippageTicks === 0 ? null : { spreadPips: (2 * slippageTicks) / 10 } },
    conventions,
  });
  if (!prepared.ok) throw new Error(prepared.error.map(({ code, message }) => `${code} ${message}`).join('\n'));
  const { markets, timeframe } = prepared.value.program;
  const path = sharedPath(`backtests/tradingview/${candles}.csv.gz`);
  const data = loadMarketData(
    { file: 'tester.strat', markets, timeframe },
    { data: [`EUR/USD=${path}`], timeframe: null, from: null, to: null },
  );
  return (await backtest(prepared.value, data, DEFAULT_LIMITS, {})).document;
}

const minute = (time: string): string => new Date(time).toISOString().slice(0, 16);
const shown = (side: string, qty: number, entry: string, entryPrice: number, exit: string, exitPrice: number): string =>
  `${side} ${qty} ${minute(entry)} @${entryPrice.toFixed(5)} ${minute(exit)} @${exitPrice.toFixed(5)}`;

const closed = ({ trades }: BacktestDocument): BacktestDocument['trades'] => trades.filter(({ exitTime }) => exitTime !== null);
const shownOurs = (document: BacktestDocument): readonly string[] =>
  closed(document).map((trade) => shown(trade.side, trade.qty, trade.entryTime, trade.entryPrice, trade.exitTime!, trade.exitPrice!));

/** Two rows a trade, entry and exit; what is open at the end it calls an exit at the last close. */
function testerTrades(name: string): readonly { readonly text: string; readonly profit: number }[] {
  const rows = sharedText(`backtests/tradingview/${name}_trades.csv.gz`).trim().split(/\r?\n/).slice(1);
  const fields = rows.map((row) => row.split(','));
  return Array.from({ length: fields.length / 2 }, (_, at) => [fields[2 * at]!, fields[2 * at + 1]!] as const).flatMap(([entry, exit]) => {
    const side = entry[1]!.replace('Entry ', '');
    const text = shown(side, Number(entry[5]), entry[2]!, Number(entry[4]), exit[2]!, Number(exit[4]));
    return exit[3] === 'Open' ? [] : [{ text, profit: Number(exit[7]) }];
  });
}

describe.skipIf(!hasSharedData)("every trade of TradingView's tester is reproduced (../shared/data)", () => {
  test.for(Object.entries(RUNS))('%s', async ([name, settings]) => {
    const document = await run(settings);
    const theirs = testerTrades(name);
    expect(theirs.length).toBeGreaterThan(name === 'slippage_basic' ? 1 : 100);
    expect(shownOurs(document)).toEqual(theirs.map(({ text }) => text));
    if (!settings.hasMoney) return;
    const wrong = closed(document).filter(({ profit }, at) => Math.abs(profit! - theirs[at]!.profit) > 0.0051);
    expect(wrong).toEqual([]);
  });
});
