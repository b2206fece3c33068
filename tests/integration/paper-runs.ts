import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { fileColumns } from '#core/data/columns/column-stream.ts';
import { generateMarket } from '#core/data/market-generator.ts';
import { createLogger } from '#core/observe/logger.ts';
import { backtest, DEFAULT_LIMITS } from '#core/runtime/backtest.ts';
import type { BacktestDocument } from '#core/runtime/backtest-document.ts';
import { type BarFeed, replayFeed } from '#core/runtime/feeds/bar-feed.ts';
import { Bot } from '#core/runtime/bot/bot.ts';
import type { NamedRule } from '#core/runtime/bot/order-gate.ts';
import { systemClock } from '#core/runtime/feeds/bot-clock.ts';
import { loadMarketData, type MarketData } from '#core/runtime/market-data.ts';
import { openPaperBot, paperDocument, type PaperBot, type PaperBotOptions } from '#core/runtime/paper/paper-bot.ts';
import type { PaperOutcome } from '#core/runtime/bot/bot-slot.ts';
import { openStateFolder } from '#core/runtime/paper/state-folder.ts';
import { legMarkets } from '#core/runtime/portfolio/account-slots.ts';
import { prepareStrategy, type PreparedStrategy } from '#core/runtime/prepare-strategy.ts';
import { createCompiler } from '#dsl/compile.ts';

export const ROOT = join(import.meta.dirname, '../..');
const SILENT = createLogger({ level: 'silent' });

/** A folder that is gone when the test has ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'strat-paper-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A candle file of a generated market in which one bar of ten is missing. */
export function gappyFile(folder: string, bars: number, seed = 11, pair = 'BTC-USDT'): string {
  const columns = generateMarket({
    seed,
    bars,
    stepMs: 3_600_000,
    startTime: Date.UTC(2024, 0, 1),
    startPrice: 30_000,
    tick: 0.01,
    missingRate: 0.1,
  });
  const lines = Array.from(columns.time, (time, i) =>
    [time, columns.open[i], columns.high[i], columns.low[i], columns.close[i], columns.volume[i]].join(','),
  );
  const file = join(folder, `generated_${pair}_1h.csv`);
  writeFileSync(file, `timestamp,open,high,low,close,volume\n${lines.join('\n')}\n`);
  return file;
}

/** Trades often and on few bars: crossings of short averages, both sides, a stop and a trail. */
export const BUSY_STRATEGY = `strat 1
strategy "Busy"
trade BTC/USDT on 1h
param fast = 2 in 2..4 step 1
let quick = sma(close, fast)
let slow = sma(close, 4)
long {
  enter when quick crosses above slow reason "{symbol}: {quick:6} over {slow}"
  exit when quick crosses below slow reason "crossed back"
  size 30% of equity
  stop 0.6%
  take 50% at 0.5%
  timeout 12 bars
}
short {
  enter when quick crosses below slow at limit close * 1.0005 good for 3 bars reason "closed at {close}"
  exit when quick crosses above slow reason "back at {close:1}"
  size 20% of equity
  trail 0.5%
  add 50% every 0.3% in_favor max 2 times
}
risk { max trades 8 per day }
`;

export function prepared(text: string, file: string, set: Readonly<Record<string, string>> = {}): PreparedStrategy {
  const result = prepareStrategy(createCompiler(), text, file, { set: new Map(Object.entries(set)) });
  return result.ok ? result.value : expect.fail(result.error.map(({ code, message }) => `${code} ${message}`).join('\n'));
}

export function marketData({ program, source }: PreparedStrategy, file: string): MarketData {
  const wanted = fileColumns(program.columns);
  const strategy = { file: source.file, markets: program.markets, timeframe: program.timeframe, wanted };
  return loadMarketData(strategy, { data: [`${program.markets[0] ?? ''}=${file}`], timeframe: null, from: null, to: null });
}

/** What must be equal between a backtest and the bot, and between a bot that was stopped and one that was not. */
export function essence(document: BacktestDocument | null): object {
  if (document === null) return expect.fail('no document');
  const { strategy, params, settings, data, metrics, trades, resultHash } = document;
  return {
    strategy,
    params,
    settings,
    data: data.map(({ rows, sha256, from, to }) => ({ rows, sha256, from, to })),
    metrics,
    trades,
    resultHash,
  };
}

export async function backtestEssence(strategy: PreparedStrategy, file: string): Promise<object> {
  return essence((await backtest(strategy, marketData(strategy, file), DEFAULT_LIMITS, {})).document);
}

type RunOptions = Partial<Omit<PaperBotOptions, 'folder' | 'strategies'>>;
type RunStrategies = readonly { readonly prepared: PreparedStrategy; readonly feeds: readonly BarFeed[] }[];

/** A bot over candle files with real runners and real journals; without an own `barsPerSecond` as fast as it can. */
export function openPaper(
  home: string,
  strategies: RunStrategies,
  options: RunOptions = {},
): { readonly bot: PaperBot; readonly run: () => Promise<readonly PaperOutcome[]> } {
  const folder = openStateFolder(home, systemClock.now);
  try {
    const bot = openPaperBot({
      clock: systemClock,
      log: SILENT,
      barsPerSecond: Infinity,
      stopAfter: Infinity,
      onEvent: () => undefined,
      ...options,
      folder,
      strategies,
    });
    return { bot, run: async () => bot.run().finally(folder.close) };
  } catch (error) {
    folder.close();
    throw error;
  }
}

export async function runPaper(
  home: string,
  strategies: RunStrategies,
  options: RunOptions & { readonly onOpen?: (stop: () => void) => void } = {},
): Promise<readonly PaperOutcome[]> {
  const { bot, run } = openPaper(home, strategies, options);
  options.onOpen?.(bot.stop);
  return run();
}

export const onFile = (
  strategy: PreparedStrategy,
  file: string,
): { readonly prepared: PreparedStrategy; readonly feed: BarFeed } & RunStrategies[number] => {
  const feed = replayFeed(marketData(strategy, file));
  return { prepared: strategy, feed, feeds: [feed] };
};

/** With the feeds that a bot opens: of what rules trade, then of legs of baskets. */
export function onMarkets(strategy: PreparedStrategy, data: readonly MarketData[]): RunStrategies[number] {
  const feeds = data.map(replayFeed);
  const { universe, markets } = strategy.program;
  const traded = feeds.filter(({ market }) => universe !== null || markets.includes(market));
  const legs = legMarkets(strategy.compiled.plan).map((leg) => feeds.find(({ market }) => market === leg)!);
  return { prepared: strategy, feeds: [...traded, ...legs] };
}

export const essences = (outcomes: readonly PaperOutcome[]): object[] => outcomes.map((outcome) => essence(paperDocument(outcome, {})));

export interface StratProcess {
  readonly pid: number;
  readonly output: () => string;
  readonly errors: () => string;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Resolves once stdout holds `text` (so often); rejects when the process ends before. */
  readonly says: (text: string, times?: number) => Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** `strat ARGS` as a process of its own, as a user starts it. @param checkout of the repository that it is started from */
export function startStrat(args: readonly string[], cwd: string = ROOT, checkout: string = ROOT): StratProcess {
  const child = spawn(process.execPath, [join(checkout, 'bin/strat.js'), ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, STRAT_HTTP__PORT: '0' },
  });
  let output = '';
  let errors = '';
  const watchers = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    for (const watch of watchers) watch();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, signal: child.signalCode }));
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return {
    pid: child.pid ?? expect.fail('strat could not be started'),
    output: () => output,
    errors: () => errors,
    kill: (signal) => child.kill(signal),
    says: async (text, times = 1) => {
      const said = Promise.withResolvers<void>();
      const watch = (): void => {
        if (output.split(text).length > times) said.resolve();
      };
      watchers.add(watch);
      watch();
      await Promise.race([said.promise, ended.then(() => expect.fail(`strat ended without saying "${text}":\n${output}\n${errors}`))]);
      watchers.delete(watch);
    },
    ended,
  };
}

export const BOT_LIMITS = { memoryMb: 64, timeoutMs: 5000 };

/** A bot without a config, over feeds that it is given. */
export function openBot(home: string, rules: readonly NamedRule[] = []): { readonly bot: Bot; readonly close: () => void } {
  const folder = openStateFolder(home, systemClock.now);
  const bot = new Bot({
    folder,
    clock: systemClock,
    log: SILENT,
    stopAfter: Infinity,
    limits: BOT_LIMITS,
    rules: () => rules,
    onEvent: () => undefined,
    config: () => ({}),
    problems: () => [],
    reload: async () => ({ ok: false, code: 'REFUSED', text: 'no config' }),
  });
  onTestFinished(folder.close);
  return { bot, close: folder.close };
}
