import { type AccountMoney, type BacktestLimits, type BacktestResult, DEFAULT_LIMITS, runStrategies } from '#core/runtime/backtest.ts';
import type { StrategyOnMarkets } from '#core/runtime/portfolio/strategy-on-markets.ts';
import type { PreparedStrategy } from '#core/runtime/prepare-strategy.ts';
import type { BacktestConfig } from '#core/kernel/backtest-config.ts';
import type { Command, CommandInput, CommandIo } from '../command.ts';
import { interruptibleRun } from '../interruptible.ts';
import { seedOption } from '../option-values.ts';
import { checkOutputs, writeOutput } from '../output-files.ts';
import { MODEL_OPTIONS, openSimulation, RUN_OPTIONS } from '../simulation-input.ts';

const OUTPUTS = ['report', 'trades', 'equity', 'receipt'] as const;
/** Options that say what to write or print; the others say what is run. */
export const OUTPUT_OPTIONS: ReadonlySet<string> = new Set([...OUTPUTS, 'json', 'break-even']);

export const backtestCommand: Command = {
  name: 'backtest',
  summary: 'run a strategy over candles of the past',
  usage: 'backtest FILE... [--data PATH | --market SERIES | --synthetic SEED] [OPTIONS]',
  description:
    'Compiles the strategy, runs it over the candles in a sandbox, and prints what it would have earned, costs included.\n\nCandle files are .csv or .csv.gz, best named {venue}_{BASE}-{QUOTE}_{timeframe}.csv.gz; shorter bars are made into longer ones. Without --data the candles come from the data store (strat data list). Several strategies share one account: cash, equity and margin; each has positions of its own. Every number of the result is defined in docs/metrics.md.',
  options: [
    ...RUN_OPTIONS,
    { name: 'seed', value: 'N', help: 'of the random numbers behind the intervals of `significance` (1)' },
    { name: 'report', value: 'FILE', help: 'write an HTML report with charts' },
    { name: 'trades', value: 'FILE', help: 'write the trades as CSV' },
    { name: 'equity', value: 'FILE', help: 'write the equity at every bar as CSV' },
    { name: 'receipt', value: 'FILE', help: 'write what strat verify needs to repeat the run and compare it' },
    { name: 'break-even', help: 'run again with higher costs: the fee, slippage and delay at which the profit is gone' },
    { name: 'json', help: 'print one JSON document' },
    ...MODEL_OPTIONS,
  ],
  examples: [
    'strat backtest strategies/sma-cross/sma-cross.strat --data binance_BTC-USDT_1h.csv.gz',
    'strat backtest my.strat --data binance_BTC-USDT_1h.csv.gz --detail binance_BTC-USDT_5m.csv.gz',
    'strat backtest trend.strat revert.strat --data binance_BTC-USDT_1h.csv.gz --set trend.fast=20',
    'strat backtest my.strat --market binance:BTC/USDT --from 2024-01-01',
    'strat backtest my.strat --synthetic 1 --set fast=20 --report report.html',
    'strat backtest my.strat --data BTC/USDT=candles.csv --from 2024-01-01 --fee 0.05% --json',
  ],
  async run(input, io) {
    const run = await runOfInput(input, io);
    if (run === null) return 1;
    await tell(input, io, run);
    return 0;
  },
};

/** A finished run, before anything of it is written. */
interface BacktestRun extends BacktestResult {
  readonly strategies: readonly StrategyOnMarkets[];
}

/** Runs what the options of the command say; null when the file has errors, which are printed. */
export async function runOfInput(input: CommandInput, io: CommandIo): Promise<BacktestRun | null> {
  const seed = seedOption(backtestCommand, input, 'seed');
  const run = await openSimulation(backtestCommand, input, io, { check: (files) => checkOutputs(backtestCommand, input, OUTPUTS, files) });
  if (run === null) return null;
  const { strategies, account, timing, rules, close } = run;
  try {
    return { ...(await runCancellable(strategies, account, timing, rules, seed, input.flag('break-even'), io)), strategies };
  } finally {
    await close();
  }
}

async function tell(input: CommandInput, io: CommandIo, run: BacktestRun): Promise<void> {
  await writeFiles(input, run);
  const { document } = run;
  if (input.flag('json')) {
    const { jsonText } = await import('../render/json-text.ts');
    io.out(jsonText(document));
  } else {
    const { renderBacktestTable } = await import('../render/backtest-table.ts');
    io.out(renderBacktestTable(document, { color: io.color, width: io.width }));
  }
}

/** Ctrl-C ends the run at the next chunk, a second one at once; long runs show how far they are. */
async function runCancellable(
  strategies: readonly StrategyOnMarkets[],
  account: AccountMoney | undefined,
  timing: Readonly<Record<string, number>>,
  rules: BacktestConfig['rules'],
  seed: number | undefined,
  isBreakEven: boolean,
  io: CommandIo,
): Promise<BacktestResult> {
  const { prepared } = strategies[0]!;
  return interruptibleRun(strategies, io, async (watch) => {
    const limits = { ...watch, ...(seed === undefined ? {} : { seed }) };
    // What the account pays is the same for all strategies.
    const settled = (one: PreparedStrategy): readonly StrategyOnMarkets[] =>
      strategies.map((own, at) => ({ ...own, prepared: at === 0 ? one : { ...own.prepared, settings: one.settings } }));
    const run = (one: PreparedStrategy, how: BacktestLimits): Promise<BacktestResult> =>
      runStrategies(settled(one), how, timing, rules, account);
    const result = await run(prepared, isBreakEven ? { ...limits, onRan: () => undefined } : limits);
    if (!isBreakEven) return result;
    const { breakEvenOf } = await import('#core/runtime/break-even.ts');
    const quick = { ...DEFAULT_LIMITS, signal: watch.signal, seed: null };
    const profitOf = async (one: PreparedStrategy): Promise<number> => (await run(one, quick)).document.metrics.netProfit;
    const breakEven = await breakEvenOf(prepared, result.document.metrics.netProfit, profitOf);
    return { ...result, document: { ...result.document, breakEven } };
  });
}

async function writeFiles(input: CommandInput, { document, outcome, strategies }: BacktestRun): Promise<void> {
  const [report, trades, equity, receipt] = OUTPUTS.map((name) => input.value(name));
  if (report !== undefined) {
    const { reportOf } = await import('#core/runtime/report/report-file.ts');
    writeOutput(report, reportOf(document, outcome, strategies[0]!.prepared));
  }
  if (trades !== undefined) {
    const { tradesCsv } = await import('../render/trades-csv.ts');
    writeOutput(trades, tradesCsv(document));
  }
  if (equity !== undefined) {
    const { equityCsv } = await import('../render/equity-csv.ts');
    writeOutput(equity, equityCsv(outcome, document.settings.capital, document.settings.conventions.calendar ?? null));
  }
  if (receipt !== undefined) {
    const { receiptOf } = await import('../receipt/receipt.ts');
    const { jsonText } = await import('../render/json-text.ts');
    writeOutput(receipt, jsonText(receiptOf(receipt, backtestCommand, input, OUTPUT_OPTIONS, document)));
  }
}
