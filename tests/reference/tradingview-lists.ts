import { backtest, DEFAULT_LIMITS } from '#core/runtime/backtest.ts';
import type { BacktestDocument } from '#core/runtime/backtest-document.ts';
import { loadMarketData } from '#core/runtime/market-data.ts';
import { type PrepareOptions, prepareStrategy } from '#core/runtime/prepare-strategy.ts';
import { createCompiler } from '#dsl/compile.ts';
import { sharedPath, sharedText } from './shared-data.ts';

/** How TradingView's tester differs from strat: it trades as soon as all is known, reverses positions, and rounds quantities and prices. */
export const TESTER = { warmup: 'first', opposite: 'reverse', tick: 0.00001, lot: 0.1 } as const;

/** Slippage in ticks, as half of a spread in pips of ten ticks. */
export const ticksOfSlippage = (ticks: number): NonNullable<PrepareOptions['slippage']> => ({
  rate: 0,
  models: ticks === 0 ? null : { spreadPips: (2 * ticks) / 10 },
});

/** A strategy over the bars of one of its lists. */
export async function runTester(source: string, candles: string, options: PrepareOptions): Promise<BacktestDocument> {
  const prepared = prepareStrategy(createCompiler(), source, 'tester.strat', {
    ...options,
    conventions: { ...TESTER, ...options.conventions },
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

export const closedTrades = ({ trades }: BacktestDocument): BacktestDocument['trades'] =>
  trades.filter(({ exitTime }) => exitTime !== null);
export const shownTrades = (document: BacktestDocument): readonly string[] =>
  closedTrades(document).map((trade) => shown(trade.side, trade.qty, trade.entryTime, trade.entryPrice, trade.exitTime!, trade.exitPrice!));

/** Two rows a trade, entry and exit; what is open at the end it calls an exit at the last close. */
export function testerTrades(name: string): readonly { readonly text: string; readonly profit: number }[] {
  const rows = sharedText(`backtests/tradingview/${name}_trades.csv.gz`).trim().split(/\r?\n/).slice(1);
  const fields = rows.map((row) => row.split(','));
  return Array.from({ length: fields.length / 2 }, (_, at) => [fields[2 * at]!, fields[2 * at + 1]!] as const).flatMap(([entry, exit]) => {
    const side = entry[1]!.replace('Entry ', '');
    const text = shown(side, Number(entry[5]), entry[2]!, Number(entry[4]), exit[2]!, Number(exit[4]));
    return exit[3] === 'Open' ? [] : [{ text, profit: Number(exit[7]) }];
  });
}
