import { writeFileSync } from 'node:fs';
import { StratError } from '#core/errors/strat-error.ts';
import { backtest, DEFAULT_LIMITS } from '#core/runtime/backtest.ts';
import type { BacktestDocument } from '#core/runtime/backtest-document.ts';
import type { RunOutcome } from '#core/runtime/result-document.ts';
import { loadMarketData, type MarketData } from '#core/runtime/market-data.ts';
import { prepareStrategy, type PreparedStrategy } from '#core/runtime/prepare-strategy.ts';
import { syntheticMarketData } from '#core/runtime/synthetic-market-data.ts';
import { createCompiler } from '#dsl/compile.ts';
import { frames } from '#dsl/diagnostics/frame.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import type { Command, CommandInput, CommandIo } from '../command.ts';
import { usage } from '../command-line.ts';
import { countOption, timeframeOption, timeOption } from '../option-values.ts';
import { CONVENTION_OPTIONS, conventionsRequest, SIMULATION_OPTIONS, simulationRequest } from '../simulation-options.ts';
import { readStrategyFile } from '../strategy-file.ts';

const SYNTHETIC_BARS = 10_000;

export const backtestCommand: Command = {
  name: 'backtest',
  summary: 'run a strategy over candles of the past',
  usage: 'backtest FILE --data PATH [options]',
  description:
    'Compiles the strategy, runs it over the candles in a sandbox, and prints what it would have earned, costs included.\nCandle files are .csv or .csv.gz, best named {venue}_{BASE}-{QUOTE}_{timeframe}.csv.gz; shorter bars are made into longer ones.',
  options: [
    { name: 'data', value: 'PATH', isMany: true, help: 'candles; MARKET=PATH says whose they are' },
    { name: 'synthetic', value: 'SEED', help: 'a generated market instead of candles: for trying things out, never for judging a strategy' },
    { name: 'bars', value: 'N', help: `length of the generated market (${SYNTHETIC_BARS})` },
    { name: 'timeframe', value: '1h', help: "length of a bar (the strategy's trade line)" },
    { name: 'from', value: 'DATE', help: 'first day that counts; earlier bars serve warm-up' },
    { name: 'to', value: 'DATE', help: 'end, not included' },
    ...SIMULATION_OPTIONS,
    { name: 'report', value: 'FILE', help: 'write an HTML report' },
    { name: 'trades', value: 'FILE', help: 'write the trades as CSV' },
    { name: 'json', help: 'print one JSON document' },
    ...CONVENTION_OPTIONS,
  ],
  examples: [
    'strat backtest strategies/sma-cross/sma-cross.strat --data binance_BTC-USDT_1h.csv.gz',
    'strat backtest my.strat --synthetic 1 --set fast=20 --report report.html',
    'strat backtest my.strat --data BTC/USDT=candles.csv --from 2024-01-01 --fee 0.05% --json',
  ],
  async run(input, io) {
    const [file, ...more] = input.args;
    if (file === undefined) throw usage('No strategy file was given', backtestCommand);
    if (more.length > 0) throw usage(`One strategy at a time, found also "${more[0]}"`, backtestCommand);
    const started = performance.now();
    const text = readStrategyFile(file);
    const prepared = prepareStrategy(createCompiler(), text, file, { ...simulationRequest(backtestCommand, input), conventions: conventionsRequest(backtestCommand, input) });
    if (!prepared.ok) {
      const lines = new LineMap(text);
      io.err(`${frames(lines, prepared.error)}\n`);
      return 1;
    }
    const compiled = performance.now();
    const data = marketData(prepared.value, input);
    const loaded = performance.now();
    const limits = withCancel(io, data.columns.time.length);
    const { document, outcome } = await backtest(prepared.value, data, limits, { compileMs: compiled - started, loadMs: loaded - compiled });
    await writeFiles(input, document, outcome);
    if (input.flag('json')) {
      io.out(`${JSON.stringify(document, null, 2)}\n`);
    } else {
      const { renderBacktestTable } = await import('../render/backtest-table.ts');
      io.out(renderBacktestTable(document, { color: io.color, width: io.width }));
    }
    return 0;
  },
};

function marketData({ program, source }: PreparedStrategy, input: CommandInput): MarketData {
  const request = {
    data: input.values('data'),
    timeframe: timeframeOption(backtestCommand, input, 'timeframe'),
    from: timeOption(backtestCommand, input, 'from'),
    to: timeOption(backtestCommand, input, 'to'),
  };
  const strategy = { file: source.file, markets: program.markets, timeframe: program.timeframe };
  const seed = input.value('synthetic');
  if (seed === undefined) {
    if (request.data.length === 0) throw usage('No candles were given: add --data PATH, or --synthetic 1 for a generated market', backtestCommand);
    return loadMarketData(strategy, request);
  }
  if (request.data.length > 0) throw usage('--synthetic and --data exclude each other', backtestCommand);
  if (!/^\d{1,9}$/.test(seed)) throw usage(`--synthetic takes a whole number, found "${seed}"`, backtestCommand);
  return syntheticMarketData(strategy, { ...request, seed: Number(seed), bars: countOption(backtestCommand, input, 'bars') ?? SYNTHETIC_BARS });
}

/** Ctrl-C ends the run at the next chunk; long runs show how far they are. */
function withCancel(io: CommandIo, total: number): typeof DEFAULT_LIMITS {
  const cancel = new AbortController();
  process.once('SIGINT', () => cancel.abort());
  const onProgress = (bars: number): void => {
    if (process.stderr.isTTY && total > 0) io.err(`\r${Math.floor((100 * bars) / total)} %\r`);
  };
  return { ...DEFAULT_LIMITS, signal: cancel.signal, onProgress };
}

async function writeFiles(input: CommandInput, document: BacktestDocument, outcome: RunOutcome): Promise<void> {
  const report = input.value('report');
  const trades = input.value('trades');
  if (report !== undefined) {
    const { renderHtmlReport } = await import('#core/runtime/report/html-report.ts');
    const { columns, equity, fromIndex } = outcome;
    writeResult(report, renderHtmlReport(document, { columns, equity, from: fromIndex, to: columns.time.length }));
  }
  if (trades !== undefined) {
    const { tradesCsv } = await import('../render/trades-csv.ts');
    writeResult(trades, tradesCsv(document));
  }
}

function writeResult(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new StratError('FILE_UNWRITABLE', { file, reason }, { cause: error });
  }
}
