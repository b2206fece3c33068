import {
  accountBacktest,
  type AccountMoney,
  backtest,
  type BacktestLimits,
  type BacktestResult,
  DEFAULT_LIMITS,
} from '#core/runtime/backtest.ts';
import { MARKET_KINDS, type MarketKind } from '#core/data/market-generator.ts';
import { dataNeeds } from '#core/runtime/data-needs.ts';
import { dataPath } from '#core/runtime/data-path.ts';
import { loadMarkets, type MarketData } from '#core/runtime/market-data.ts';
import type { LabelledStrategy } from '#core/runtime/portfolio/prepare-together.ts';
import type { StrategyOnMarkets } from '#core/runtime/portfolio/strategy-on-markets.ts';
import type { PreparedStrategy } from '#core/runtime/prepare-strategy.ts';
import { syntheticMarkets } from '#core/runtime/synthetic-market-data.ts';
import type { BacktestConfig } from '#core/kernel/backtest-config.ts';
import type { Command, CommandInput, CommandIo } from '../command.ts';
import { usage } from '../command-line.ts';
import { choiceOption, countOption, seedOption, timeframeOption, timeOption } from '../option-values.ts';
import { accountMoney, CURRENCY_OPTIONS, rateFiles } from '../account-money.ts';
import { FACT_OPTIONS, factFiles, withFacts } from '../market-facts.ts';
import { checkOutputs, writeOutput } from '../output-files.ts';
import { ProgressLine } from '../progress-line.ts';
import { prepareStrategies } from '../prepare-strategies.ts';
import { CONVENTION_OPTIONS, COST_OPTIONS, MARGIN_OPTIONS, SIMULATION_OPTIONS } from '../simulation-options.ts';

const SYNTHETIC_BARS = 10_000;
/** As much as fits well into memory: nineteen years of minutes. */
const MAX_SYNTHETIC_BARS = 10_000_000;
const OUTPUTS = ['report', 'trades', 'equity', 'receipt'] as const;
/** Options that say what to write or print; the others say what is run. */
export const OUTPUT_OPTIONS: ReadonlySet<string> = new Set([...OUTPUTS, 'json', 'break-even']);

export const backtestCommand: Command = {
  name: 'backtest',
  summary: 'run a strategy over candles of the past',
  usage: 'backtest FILE... (--data PATH | --synthetic SEED) [OPTIONS]',
  description:
    'Compiles the strategy, runs it over the candles in a sandbox, and prints what it would have earned, costs included.\n\nCandle files are .csv or .csv.gz, best named {venue}_{BASE}-{QUOTE}_{timeframe}.csv.gz; shorter bars are made into longer ones. Several strategies share one account: cash, equity and margin; each has positions of its own. Every number of the result is defined in docs/metrics.md.',
  options: [
    { name: 'data', value: 'PATH', isMany: true, help: 'candles; MARKET=PATH says whose they are' },
    {
      name: 'synthetic',
      value: 'SEED',
      help: 'a generated market instead of candles, the same for the same number: for trying things out, never for judging a strategy',
    },
    { name: 'bars', value: 'N', help: `length of the generated market (${SYNTHETIC_BARS})` },
    { name: 'market-kind', value: 'KIND', help: `what the generated market does: ${MARKET_KINDS.join(', ')} (mixed)` },
    ...FACT_OPTIONS,
    { name: 'config', value: 'FILE', help: 'take costs, capital, params and risk rules from a config of the bot' },
    { name: 'timeframe', value: 'LENGTH', help: "length of a bar, such as 15m, 4h or 1d (that of the strategy's trade line)" },
    { name: 'from', value: 'DATE', help: 'first day that counts, UTC; earlier bars serve warm-up' },
    { name: 'to', value: 'DATE', help: 'end, UTC, not included' },
    ...CURRENCY_OPTIONS,
    ...SIMULATION_OPTIONS,
    { name: 'seed', value: 'N', help: 'of the random numbers behind the intervals of `significance` (1)' },
    { name: 'report', value: 'FILE', help: 'write an HTML report with charts' },
    { name: 'trades', value: 'FILE', help: 'write the trades as CSV' },
    { name: 'equity', value: 'FILE', help: 'write the equity at every bar as CSV' },
    { name: 'receipt', value: 'FILE', help: 'write what strat verify needs to repeat the run and compare it' },
    { name: 'break-even', help: 'run again with higher costs: the fee, slippage and delay at which the profit is gone' },
    { name: 'json', help: 'print one JSON document' },
    ...COST_OPTIONS,
    ...MARGIN_OPTIONS,
    ...CONVENTION_OPTIONS,
  ],
  examples: [
    'strat backtest strategies/sma-cross/sma-cross.strat --data binance_BTC-USDT_1h.csv.gz',
    'strat backtest my.strat --data binance_BTC-USDT_1h.csv.gz --detail binance_BTC-USDT_5m.csv.gz',
    'strat backtest trend.strat revert.strat --data binance_BTC-USDT_1h.csv.gz --set trend.fast=20',
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
  const startMs = performance.now();
  const strategyFiles = strategyArguments(input);
  const request = marketRequest(input);
  const seed = seedOption(backtestCommand, input, 'seed');
  const files = [...request.data.map((text) => dataPath(text).path), ...factFiles(input), ...rateFiles(input)];
  checkOutputs(backtestCommand, input, OUTPUTS, [...strategyFiles, ...files]);
  const config = await openConfig(input, io, strategyFiles);
  try {
    const prepared = await prepareStrategies(backtestCommand, input, io, strategyFiles, config);
    if (prepared === null) return null;
    const compiled = performance.now();
    const timeframe = request.timeframe ?? config?.timeframe ?? null;
    const strategies = withFacts(backtestCommand, input, marketsOf(prepared, { ...request, timeframe }), request);
    const rules = config?.rules ?? [];
    const account = accountMoney(backtestCommand, input, strategies, rules.length > 0);
    const timing = { startMs, compileMs: compiled - startMs, loadMs: performance.now() - compiled };
    return { ...(await runCancellable(strategies, account, timing, rules, seed, input.flag('break-even'), io)), strategies };
  } finally {
    await config?.close();
  }
}

/** What a config of the bot says for these strategies; null without `--config`. */
async function openConfig(input: CommandInput, io: CommandIo, files: readonly string[]): Promise<BacktestConfig | null> {
  const path = input.value('config');
  if (path === undefined) return null;
  const { openBacktestConfig } = await import('#core/kernel/backtest-config.ts');
  const { createLogger } = await import('#core/observe/logger.ts');
  return openBacktestConfig(path, files, io.env, createLogger({ level: 'warn' }));
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

function strategyArguments({ args }: CommandInput): readonly string[] {
  if (args.length === 0) throw usage('No strategy file was given', backtestCommand);
  const candles = args.find((file) => /\.csv(\.gz)?$/.test(file));
  if (candles !== undefined)
    throw usage(`"${candles}" is no strategy file: each file of candles needs a --data of its own`, backtestCommand);
  return args;
}

interface MarketRequest {
  readonly data: readonly string[];
  readonly synthetic: { readonly seed: number; readonly bars: number; readonly kind: MarketKind } | null;
  readonly timeframe: ReturnType<typeof timeframeOption>;
  readonly from: number | null;
  readonly to: number | null;
}

function marketRequest(input: CommandInput): MarketRequest {
  const data = input.values('data');
  const seed = seedOption(backtestCommand, input, 'synthetic');
  const bars = countOption(backtestCommand, input, 'bars');
  const kind = choiceOption(backtestCommand, input, 'market-kind', MARKET_KINDS);
  const refuse = (reason: string): Error => usage(reason, backtestCommand);
  if (seed === undefined) {
    if (data.length === 0) throw refuse('No candles were given: add --data PATH, or --synthetic 1 for a generated market');
    if (bars !== undefined)
      throw refuse('--bars is the length of a generated market and needs --synthetic; --from and --to choose from candles');
    if (kind !== undefined) throw refuse('--market-kind is that of a generated market and needs --synthetic');
  } else {
    if (data.length > 0) throw refuse('--synthetic and --data exclude each other');
    if (input.value('detail') !== undefined) throw refuse('--detail tells of the inside of candles and needs --data');
    if (input.value('depth') !== undefined) throw refuse('--depth tells of the order books of a market and needs --data');
    if (input.value('factors') !== undefined) throw refuse('--factors tells of a stock and needs --data');
    if (input.value('ask') !== undefined) throw refuse('--ask tells of the other side of candles and needs --data');
    if ((bars ?? 0) > MAX_SYNTHETIC_BARS) throw refuse(`--bars takes at most ${MAX_SYNTHETIC_BARS}, found "${input.value('bars')}"`);
  }
  const from = timeOption(backtestCommand, input, 'from');
  const to = timeOption(backtestCommand, input, 'to');
  if (from !== null && to !== null && from >= to)
    throw refuse(`--from must lie before --to, found "${input.value('from')}" and "${input.value('to')}"`);
  const synthetic = seed === undefined ? null : { seed, bars: bars ?? SYNTHETIC_BARS, kind: kind ?? 'mixed' };
  return { data, synthetic, timeframe: timeframeOption(backtestCommand, input, 'timeframe'), from, to };
}

/** The candles of each strategy. */
function marketsOf(strategies: readonly LabelledStrategy[], request: MarketRequest): readonly StrategyOnMarkets[] {
  const traded = new Set(strategies.flatMap(({ prepared }) => prepared.program.markets));
  const isOneOfMany = strategies.length > 1 && (traded.size > 1 || request.data.length > 1);
  return strategies.map(({ label, prepared }) => ({ label, prepared, markets: marketData(prepared, request, isOneOfMany) }));
}

function marketData(prepared: PreparedStrategy, request: MarketRequest, isOneOfMany: boolean): readonly MarketData[] {
  const needs = dataNeeds(prepared, isOneOfMany);
  const { synthetic } = request;
  return synthetic === null ? loadMarkets(needs, request) : syntheticMarkets(needs, { ...request, ...synthetic });
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
): ReturnType<typeof backtest> {
  const cancel = new AbortController();
  const onSignal = (): void => cancel.abort();
  process.once('SIGINT', onSignal);
  const markets = strategies.flatMap((one) => one.markets);
  const { prepared } = strategies[0]!;
  const progress = new ProgressLine(io, Math.max(...markets.map(({ columns }) => columns.time.length)));
  // From here on Ctrl-C ends the process, as it does before the run: nothing that blocks could be asked to stop.
  const leave = (): void => {
    progress.end();
    process.off('SIGINT', onSignal);
  };
  const watch = {
    ...(seed === undefined ? {} : { seed }),
    signal: cancel.signal,
    onProgress: (bars: number) => progress.show(bars),
    onRan: leave,
  };
  try {
    const limits = { ...DEFAULT_LIMITS, ...watch };
    const isAlone =
      account === undefined && markets.length === 1 && prepared.program.universe === null && prepared.program.baskets.length === 0;
    // What the account pays is the same for all strategies.
    const settled = ({ settings }: PreparedStrategy): readonly StrategyOnMarkets[] =>
      strategies.map((own) => ({ ...own, prepared: { ...own.prepared, settings } }));
    const run = (one: PreparedStrategy, how: BacktestLimits): ReturnType<typeof backtest> =>
      isAlone ? backtest(one, markets[0]!, how, timing, rules) : accountBacktest(settled(one), how, timing, rules, account);
    const result = await run(prepared, isBreakEven ? { ...limits, onRan: () => undefined } : limits);
    if (!isBreakEven) return result;
    const { breakEvenOf } = await import('#core/runtime/break-even.ts');
    const quick = { ...DEFAULT_LIMITS, signal: cancel.signal, seed: null };
    const profitOf = async (one: PreparedStrategy): Promise<number> => (await run(one, quick)).document.metrics.netProfit;
    const breakEven = await breakEvenOf(prepared, result.document.metrics.netProfit, profitOf);
    return { ...result, document: { ...result.document, breakEven } };
  } finally {
    leave();
  }
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
    writeOutput(equity, equityCsv(outcome, document.settings.capital));
  }
  if (receipt !== undefined) {
    const { receiptOf } = await import('../receipt/receipt.ts');
    const { jsonText } = await import('../render/json-text.ts');
    writeOutput(receipt, jsonText(receiptOf(receipt, backtestCommand, input, OUTPUT_OPTIONS, document)));
  }
}
