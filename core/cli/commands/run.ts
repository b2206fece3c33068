import { relative, resolve } from 'node:path';
import { createLogger, type Logger } from '#core/observe/logger.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import { type BarFeed, replayFeed, simFeed } from '#core/runtime/feeds/bar-feed.ts';
import { systemClock } from '#core/runtime/feeds/bot-clock.ts';
import { loadMarketData } from '#core/runtime/market-data.ts';
import { openPaperBot, paperDocument, type PaperBot } from '#core/runtime/paper/paper-bot.ts';
import type { PaperOutcome } from '#core/runtime/bot/bot-slot.ts';
import { openStateFolder, type StateFolder, strategyId } from '#core/runtime/paper/state-folder.ts';
import { plainText } from '#core/runtime/report/plain-text.ts';
import { prepareStrategy, type PreparedStrategy } from '#core/runtime/prepare-strategy.ts';
import { STRAT_VERSION } from '#core/runtime/version.ts';
import { createCompiler } from '#dsl/compile.ts';
import { frame } from '#dsl/diagnostics/frame.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import type { Command, CommandInput, CommandIo } from '../command.ts';
import { usage } from '../command-line.ts';
import { exitCodeOf } from '../exit-code.ts';
import { countOption, numberOption, timeframeOption } from '../option-values.ts';
import { painter } from '../render/paint.ts';
import { RunLines } from '../render/run-lines.ts';
import { SIMULATION_OPTIONS, simulationRequest } from '../simulation-options.ts';
import { readStrategyFile } from '../strategy-file.ts';

/** What `strat run` alone, and so `npm start`, trades: a trend follower and a mean reversion on one generated market. */
const DEMO = { files: ['sma-cross/sma-cross.strat', 'rsi-reversion/rsi-reversion.strat'], seed: 53, barsPerSecond: 10 } as const;
const STRATEGIES = resolve(import.meta.dirname, '../../../strategies');
const STATUS_MS = 5000;
/** npm passes Ctrl-C on to what it started, which has it from the terminal already: the same one, twice. */
const SAME_SIGNAL_MS = 750;

export const runCommand: Command = {
  name: 'run',
  summary: 'run the bot: paper trading on a generated or replayed market',
  usage: 'run [FILE...] [--replay PATH | --sim SEED] [options]',
  description:
    'Trades the strategies on paper, each with an account of its own, bar by bar as a bot does: a process per strategy decides, the\nengine fills, a journal keeps every step. A stopped or killed run continues where it was. Without arguments it shows two\nstrategies on a generated market. Ctrl-C stops.',
  options: [
    { name: 'replay', value: 'PATH', isMany: true, help: 'candles to play back; MARKET=PATH says whose they are' },
    { name: 'sim', value: 'SEED', help: `a generated market, the same for the same number (${DEMO.seed})` },
    { name: 'speed', value: 'N|max', help: `bars a second (${DEMO.barsPerSecond}; a replay: max)` },
    { name: 'timeframe', value: '1h', help: "length of a bar (the strategy's trade line)" },
    { name: 'stop-after', value: 'BARS', help: 'end with bar BARS of the market' },
    ...SIMULATION_OPTIONS,
    { name: 'home', value: 'DIR', help: 'folder of the state (STRAT_HOME, else .strat)' },
    { name: 'fresh', help: 'begin new accounts; the old state is moved into its folder "old"' },
    { name: 'json', help: 'print the result as "strat backtest --json" does; an array for several strategies' },
  ],
  examples: [
    'strat run',
    'strat run my.strat --sim 3 --speed 5',
    'strat run strategies/sma-cross/sma-cross.strat --replay binance_BTC-USDT_1h.csv.gz --json',
  ],
  async run(input, io) {
    const barsPerSecond = speedOption(input);
    const stopAfter = countOption(runCommand, input, 'stop-after') ?? Infinity;
    const files = input.args.length > 0 ? input.args : DEMO.files.map((file) => relative('.', resolve(STRATEGIES, file)));
    const strategies = prepareAll(files, input, io);
    if (strategies === null) return 1;
    const folder = openStateFolder(input.value('home') ?? io.env['STRAT_HOME'] ?? '.strat', systemClock.now);
    try {
      const isJson = input.flag('json');
      const log = twofold(
        createLogger({ destination: folder.logFile, pretty: false }),
        createLogger({ level: io.isTerminal && !isJson ? 'silent' : 'info' }),
      );
      if (input.flag('fresh')) setAside(folder, files, isJson ? io.err : io.out);
      let lines: RunLines | null = null;
      const bot = openPaperBot({
        folder,
        strategies,
        clock: systemClock,
        log,
        barsPerSecond,
        stopAfter,
        onEvent: (event) => {
          const line = lines?.event(event) ?? null;
          if (line !== null) io.out(`${line}\n`);
        },
      });
      if (!isJson) lines = new RunLines(bot.strategies, painter(io.color));
      for (const line of lines?.opening(STRAT_VERSION, folder.path) ?? []) io.out(`${line}\n`);
      const outcomes = await runUntilStopped(bot, io, lines, log);
      await report(outcomes, input, io, lines);
      log.info(
        {
          strategies: outcomes.map(({ strategy, end }) => ({
            strategy: strategy.id,
            bars: strategy.account.bars,
            end: end?.reason ?? 'error',
          })),
        },
        'bot ended',
      );
      const failed = outcomes.find(({ end }) => end === null);
      return failed === undefined ? 0 : exitCodeOf(failed.error);
    } finally {
      folder.close();
    }
  },
};

function speedOption(input: CommandInput): number {
  if (input.value('speed') === 'max') return Infinity;
  return numberOption(runCommand, input, 'speed') ?? (input.value('replay') === undefined ? DEMO.barsPerSecond : Infinity);
}

/** Null when a file has errors, which are printed. */
function prepareAll(
  files: readonly string[],
  input: CommandInput,
  io: CommandIo,
): readonly { readonly prepared: PreparedStrategy; readonly feed: BarFeed }[] | null {
  const compiler = createCompiler();
  const strategies: { readonly prepared: PreparedStrategy; readonly feed: BarFeed }[] = [];
  let isWrong = false;
  for (const file of files) {
    const text = readStrategyFile(file);
    const prepared = prepareStrategy(compiler, text, file, simulationRequest(runCommand, input));
    if (prepared.ok) {
      strategies.push({ prepared: prepared.value, feed: feedOf(prepared.value, input) });
    } else {
      const lines = new LineMap(text);
      io.err(`${file}\n${prepared.error.map((diagnostic) => frame(lines, diagnostic)).join('\n')}\n`);
      isWrong = true;
    }
  }
  return isWrong ? null : strategies;
}

function feedOf({ program, source }: PreparedStrategy, input: CommandInput): BarFeed {
  const seed = input.value('sim');
  const timeframe = timeframeOption(runCommand, input, 'timeframe');
  if (input.values('replay').length > 0) {
    if (seed !== undefined) throw usage('--replay and --sim exclude each other', runCommand);
    return replayFeed(
      loadMarketData(
        { file: source.file, markets: program.markets, timeframe: program.timeframe },
        { data: input.values('replay'), timeframe, from: null, to: null },
      ),
    );
  }
  if (seed !== undefined && !/^\d{1,9}$/.test(seed)) throw usage(`--sim takes a whole number, found "${seed}"`, runCommand);
  const [market] = program.markets;
  if (market === undefined || program.markets.length > 1)
    throw new StratError('MARKETS_MANY', { file: source.file, count: program.markets.length });
  return simFeed(market, timeframe ?? ownTimeframe(program, market), seed === undefined ? DEMO.seed : Number(seed));
}

function ownTimeframe({ timeframe }: { readonly timeframe: string }, market: string): Timeframe {
  const parsed = parseTimeframe(timeframe);
  if (parsed === null) throw new StratError('DATA_MISSING', { market, reason: `"${timeframe}" is no timeframe`, hint: 'Give --timeframe' });
  return parsed;
}

function setAside(folder: StateFolder, files: readonly string[], say: (text: string) => void): void {
  for (const id of files.map(strategyId)) {
    const to = folder.setAside(id);
    if (to !== null) say(`The old state of ${id} is kept in ${plainText(to)}\n`);
  }
}

/** SIGINT, SIGTERM and a closed terminal end the bot after the step it is in; a second one at once, runners included. */
async function runUntilStopped(bot: PaperBot, io: CommandIo, lines: RunLines | null, log: Logger): Promise<readonly PaperOutcome[]> {
  let first: number | null = null;
  const onSignal = (signal: NodeJS.Signals): void => {
    const now = systemClock.steady();
    if (first !== null && now - first < SAME_SIGNAL_MS) return;
    if (first !== null) process.exit(130);
    first = now;
    log.info({ signal }, 'stopping');
    if (lines !== null) io.out('\nStopping; once more forces it.\n');
    bot.stop();
  };
  const status = setInterval(() => {
    const line = lines?.status() ?? null;
    if (line !== null) io.out(`${line}\n`);
  }, STATUS_MS);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  try {
    return await bot.run();
  } finally {
    clearInterval(status);
    for (const signal of signals) process.off(signal, onSignal);
  }
}

async function report(outcomes: readonly PaperOutcome[], input: CommandInput, io: CommandIo, lines: RunLines | null): Promise<void> {
  const documents = outcomes.map((outcome) => ({ outcome, document: paperDocument(outcome, {}) }));
  if (input.flag('json')) {
    const [only] = documents;
    io.out(`${JSON.stringify(documents.length === 1 ? only?.document : documents.map(({ document }) => document), null, 2)}\n`);
    return;
  }
  const isFinished = outcomes.every(({ end }) => end?.reason === 'finished');
  if (isFinished) {
    const { renderBacktestTable } = await import('../render/backtest-table.ts');
    for (const { document } of documents)
      if (document !== null) io.out(`\n${renderBacktestTable(document, { color: io.color, width: io.width })}`);
    return;
  }
  io.out('\nStopped.\n');
  for (const { outcome, document } of documents) io.out(`${lines?.closing(outcome.strategy, document) ?? ''}\n`);
  io.out('The next start continues from here.\n');
}

/** One line to the file of the state folder, the same to stderr. */
function twofold(file: Logger, screen: Logger): Logger {
  const both = (level: Exclude<keyof Logger, 'child'>): Logger['info'] => {
    function call(...args: [message: string] | [fields: Readonly<Record<string, unknown>>, message: string]): void {
      for (const logger of [file, screen]) {
        if (args.length === 1) logger[level](args[0]);
        else logger[level](args[0], args[1]);
      }
    }
    return call;
  };
  return {
    trace: both('trace'),
    debug: both('debug'),
    info: both('info'),
    warn: both('warn'),
    error: both('error'),
    fatal: both('fatal'),
    child: (fields) => twofold(file.child(fields), screen.child(fields)),
  };
}
