import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { createLogger, type Logger } from '#core/observe/logger.ts';
import { BotHost, type BotHostOptions } from '#core/kernel/bot-host.ts';
import type { PaperOutcome } from '#core/runtime/bot/bot-slot.ts';
import { systemClock } from '#core/runtime/feeds/bot-clock.ts';
import { paperDocument, recordEvent } from '#core/runtime/paper/paper-bot.ts';
import { openStateFolder, type StateFolder, strategyId } from '#core/runtime/paper/state-folder.ts';
import { STRAT_VERSION } from '#core/runtime/version.ts';
import type { Command, CommandInput, CommandIo, ExitCode } from '../command.ts';
import { usage } from '../command-line.ts';
import { exitCodeOf } from '../exit-code.ts';
import { countOption, numberOption, portOption, timeframeOption } from '../option-values.ts';
import { painter } from '../render/paint.ts';
import { RunLines } from '../render/run-lines.ts';
import { SIMULATION_OPTIONS, simulationRequest } from '../simulation-options.ts';

/** Speed and market of runs without a config that do not say others. */
const AD_HOC = { seed: 53, barsPerSecond: 10 } as const;
const DEMO_FILES = ['sma-cross/sma-cross.strat', 'rsi-reversion/rsi-reversion.strat'] as const;
const STRATEGIES = resolve(import.meta.dirname, '../../../strategies');
/** Options that a config says in its own words. */
const AD_HOC_OPTIONS = ['venue', 'replay', 'sim', 'speed', 'timeframe', 'set', 'capital', 'fee', 'slippage'] as const;
const DEFAULT_CONFIG = 'strat.yaml';
const PAGE_FOLDER = resolve(import.meta.dirname, '../../../web/dist');
const STATUS_MS = 5000;
/** npm passes Ctrl-C on to what it started, which has it from the terminal already: the same one, twice. */
const SAME_SIGNAL_MS = 750;

export const runCommand: Command = {
  name: 'run',
  summary: 'run the bot: paper trading on live bars of a venue, or a generated or replayed market',
  usage: 'run [--config FILE | FILE... [--venue VENUE | --replay PATH | --sim SEED]] [OPTIONS]',
  description:
    'Trades the strategies on paper, each with an account of its own, bar by bar as a bot does: a process per strategy and market decides, the\nengine fills, a journal keeps every step. A stopped or killed run continues where it was. Ctrl-C stops.\n\nWithout files it runs what the config says: --config, else ./strat.yaml, else a demo of two strategies on a generated market.\nIt serves a page and an API on this machine, and takes edits of the config and the strategies while it runs.\nWith files it runs just these, without a config and, unless --port is given, without the page.',
  options: [
    { name: 'config', value: 'FILE', help: `config (./${DEFAULT_CONFIG} if it is there)` },
    { name: 'port', value: 'N', help: 'port of page and API, 0 = any that is free (the config: http.port)' },
    {
      name: 'venue',
      value: 'VENUE',
      help: 'a venue whose bars are traded as they close, on paper: binance, kraken, ... as ccxt names them',
    },
    { name: 'replay', value: 'PATH', isMany: true, help: 'candles or trades to play back; MARKET=PATH says whose they are' },
    { name: 'sim', value: 'SEED', help: `a generated market, the same for the same number (${AD_HOC.seed})` },
    { name: 'speed', value: 'N|max', help: `bars a second (${AD_HOC.barsPerSecond}; a replay: max)` },
    { name: 'timeframe', value: '1h', help: "length of a bar (the strategy's trade line)" },
    { name: 'stop-after', value: 'BARS', help: 'end with bar BARS of the market; of several: the moments of all' },
    ...SIMULATION_OPTIONS,
    { name: 'home', value: 'DIR', help: 'folder of the state (STRAT_HOME, else .strat beside the config)' },
    { name: 'fresh', help: 'begin new accounts; the old state is moved into its folder "old"' },
    { name: 'json', help: 'print the result as "strat backtest --json" does; an array for several strategies' },
  ],
  examples: [
    'strat run',
    'strat run --config conservative.yaml',
    'strat run my.strat --sim 3 --speed 5',
    'strat run my.strat --venue binance',
    'strat run strategies/sma-cross/sma-cross.strat --replay binance_BTC-USDT_1h.csv.gz --json',
  ],
  async run(input, io) {
    const request = botRequest(input, io);
    const stopAfter = countOption(runCommand, input, 'stop-after') ?? Infinity;
    const home = input.value('home') ?? io.env['STRAT_HOME'] ?? join(request.path === null ? '.' : dirname(request.path), '.strat');
    const folder = openStateFolder(home, systemClock.now);
    try {
      return await runBot(request, folder, stopAfter, input, io);
    } finally {
      folder.close();
    }
  },
};

async function runBot(request: BotRequest, folder: StateFolder, stopAfter: number, input: CommandInput, io: CommandIo): Promise<ExitCode> {
  const isJson = input.flag('json');
  const log = twofold(
    createLogger({ destination: folder.logFile, pretty: false }),
    createLogger({ level: io.isTerminal && !isJson ? 'silent' : 'info' }),
  );
  if (input.flag('fresh')) setAside(folder, request.ids, log);
  const lines = isJson ? null : new RunLines(painter(io.color), () => (io.isTerminal ? io.width : Infinity));
  let isOpening = true;
  const host = await BotHost.open({
    ...request,
    folder,
    stopAfter,
    log,
    clock: systemClock,
    pageFolder: PAGE_FOLDER,
    onOpen: (strategy) => {
      lines?.take(strategy);
      if (!isOpening && lines !== null) io.out(`${lines.fold(`${strategy.id}: ${strategy.notes.join('; ')}`, 2)}\n`);
    },
    onEvent: (event) => {
      recordEvent(log, event);
      const line = lines?.event(event) ?? null;
      if (line !== null) io.out(`${line}\n`);
    },
  });
  isOpening = false;
  try {
    for (const line of lines?.opening(STRAT_VERSION, folder.path, host.url) ?? []) io.out(`${line}\n`);
    if (lines !== null) tellConfigs(host, io, lines);
    const outcomes = await runUntilStopped(host, io, lines, log);
    await report(outcomes, input, io, lines);
    const ends = outcomes.map(({ strategy, end }) => ({
      strategy: strategy.id,
      bars: strategy.account.steps,
      end: end?.reason ?? 'error',
    }));
    log.info({ strategies: ends }, 'bot ended');
    const failed = outcomes.find(({ end }) => end === null);
    return failed === undefined ? 0 : exitCodeOf(failed.error);
  } finally {
    await host.close();
  }
}

/** What the bot is to run, and the names of its strategies as far as the command line says them. */
type BotRequest = Pick<BotHostOptions, 'path' | 'text' | 'env'> & { readonly ids: readonly string[] };

function botRequest(input: CommandInput, io: CommandIo): BotRequest {
  const port = portOption(runCommand, input);
  const env = { ...io.env, ...(port === undefined ? {} : { STRAT_HTTP__PORT: String(port), STRAT_HTTP__ENABLED: 'true' }) };
  const path = input.value('config') ?? (existsSync(DEFAULT_CONFIG) ? DEFAULT_CONFIG : null);
  const option = AD_HOC_OPTIONS.find((name) => input.values(name).length > 0);
  if (input.args.length === 0 && (path !== null || option === undefined)) {
    if (option !== undefined)
      throw usage(`--${option} goes with strategy files; the config "${path}" says the same in its own words`, runCommand);
    return { path, env, ids: [] };
  }
  if (input.value('config') !== undefined) throw usage('--config and strategy files exclude each other', runCommand);
  const files = input.args.length > 0 ? input.args : DEMO_FILES.map((file) => relative('.', resolve(STRATEGIES, file)));
  return { path: null, text: JSON.stringify(adHocConfig(files, input, port !== undefined)), env, ids: files.map(strategyId) };
}

/** The config that strategy files and options stand for. JSON is YAML. */
function adHocConfig(files: readonly string[], input: CommandInput, isServed: boolean): object {
  const { set, capital, fee, slippage } = simulationRequest(runCommand, input);
  const timeframe = timeframeOption(runCommand, input, 'timeframe');
  const costs = {
    ...(fee === undefined ? {} : { fee: input.value('fee') }),
    ...(slippage === undefined ? {} : { slippage: input.value('slippage') }),
  };
  return {
    ...(capital === undefined ? {} : { account: { capital } }),
    ...(Object.keys(costs).length === 0 ? {} : { costs }),
    http: { enabled: isServed },
    notifiers: [],
    exchanges: { market: marketOf(input) },
    strategies: files.map((file) => ({
      file,
      exchange: 'market',
      ...(timeframe === null ? {} : { timeframe: timeframe.name }),
      ...(set === undefined || set.size === 0 ? {} : { params: Object.fromEntries(set) }),
    })),
  };
}

function marketOf(input: CommandInput): object {
  const seed = input.value('sim');
  const replay = input.values('replay');
  const venue = input.value('venue');
  if (venue !== undefined) {
    const other = ['sim', 'replay', 'speed'].find((name) => input.values(name).length > 0);
    if (other !== undefined) throw usage(`--venue and --${other} exclude each other`, runCommand);
    if (!/^[a-z0-9]{1,40}$/.test(venue)) throw usage(`--venue takes a name such as binance, found "${venue}"`, runCommand);
    return { use: 'exchange/ccxt', venue };
  }
  if (replay.length > 0) {
    if (seed !== undefined) throw usage('--replay and --sim exclude each other', runCommand);
    return { use: 'exchange/replay', files: replay, speed: speedOption(input) ?? 'max' };
  }
  if (seed !== undefined && !/^\d{1,9}$/.test(seed)) throw usage(`--sim takes a whole number, found "${seed}"`, runCommand);
  return { use: 'exchange/sim', seed: seed === undefined ? AD_HOC.seed : Number(seed), speed: speedOption(input) ?? AD_HOC.barsPerSecond };
}

function speedOption(input: CommandInput): number | 'max' | undefined {
  return input.value('speed') === 'max' ? 'max' : numberOption(runCommand, input, 'speed');
}

function setAside(folder: StateFolder, ids: readonly string[], log: Logger): void {
  for (const id of ids.length > 0 ? ids : folder.strategies()) {
    const to = folder.setAside(id);
    if (to !== null) log.info({ strategy: id, to }, 'old state moved aside');
  }
}

/** What comes of an edit of the config or a strategy while the bot runs. */
function tellConfigs({ bot }: BotHost, io: CommandIo, lines: RunLines): void {
  bot.subscribe((event) => {
    if (event.type === 'config') io.out(`${lines.fold(`${event.ok ? 'Config taken' : '! Config refused'}: ${event.text}`, 2)}\n`);
  });
}

/** SIGINT, SIGTERM and a closed terminal end the bot after the step it is in; a second one at once, runners included. */
async function runUntilStopped(host: BotHost, io: CommandIo, lines: RunLines | null, log: Logger): Promise<readonly PaperOutcome[]> {
  let first: number | null = null;
  const onSignal = (signal: NodeJS.Signals): void => {
    const now = systemClock.steady();
    if (first !== null && now - first < SAME_SIGNAL_MS) return;
    if (first !== null) process.exit(130);
    first = now;
    log.info({ signal }, 'stopping');
    if (lines !== null) io.out('\nStopping; once more forces it.\n');
    host.stop('stopped');
  };
  const status = setInterval(() => {
    const line = lines?.status() ?? null;
    if (line !== null) io.out(`${line}\n`);
  }, STATUS_MS);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  try {
    return await host.run();
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
