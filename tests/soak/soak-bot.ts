/**
 * The bot of bench/soak.ts, in a process of its own: runs the config of a folder through the BotHost and tells its parent how it is. Takes
 * `sample`, `settle` (a sample after a garbage collection) and `stop` as messages; ends with the account of its bars.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createMarketGenerator } from '#core/data/market-generator.ts';
import { BotHost } from '#core/kernel/bot-host.ts';
import { COLUMN_NAMES } from '#core/model/columns.ts';
import { createLogger } from '#core/observe/logger.ts';
import type { PaperOutcome } from '#core/runtime/bot/bot-slot.ts';
import { systemClock } from '#core/runtime/feeds/bot-clock.ts';
import type { PaperMarket } from '#core/runtime/paper/open-paper-strategy.ts';
import type { DecidedBar } from '#core/runtime/paper/paper-history.ts';
import { recordEvent } from '#core/runtime/paper/paper-bot.ts';
import { openStateFolder } from '#core/runtime/paper/state-folder.ts';
import { SYNTHETIC_START } from '#core/runtime/synthetic-market-data.ts';
import { SEED } from '../../bench/soak-config.ts';

const KB = 1024;
const MB = 1024 * 1024;

/** Sizes in MB, times in ms. */
export interface SoakSample {
  readonly at: number;
  /** Of each strategy. */
  readonly bars: readonly number[];
  readonly botRss: number;
  readonly runnerRss: number;
  readonly runners: number;
  /** Time of processors used so far. */
  readonly botCpuMs: number;
  readonly runnerCpuMs: number;
  readonly heap: number;
  /** Columns and packed rows. */
  readonly buffers: number;
  /** Open descriptors of the bot and its runners. */
  readonly descriptors: number;
  /** Of the event loop since the last sample: the 99th percentile and the longest. */
  readonly delayP99: number;
  readonly delayMax: number;
}

/** How a strategy came out; `wrong` is the first bar that is not the feed's. */
export interface SoakEnd {
  readonly id: string;
  readonly bars: number;
  readonly undecided: number;
  readonly wrong: number | null;
  readonly error: string | null;
}

export type SoakMessage =
  | { readonly type: 'running'; readonly url: string }
  | { readonly type: 'sample'; readonly sample: SoakSample }
  | { readonly type: 'end'; readonly ends: readonly SoakEnd[]; readonly problems: readonly string[] };

const tell = (message: SoakMessage): void => void process.send?.(message);

function childrenOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

const belowOf = (pid: number): readonly number[] => childrenOf(pid).flatMap((child) => [child, ...belowOf(child)]);

/** Linux counts the time of processors in hundredths of a second. */
const TICK_MS = 10;

/** Null for a process that has ended meanwhile. */
function sizesOf(pid: number): { readonly rss: number; readonly descriptors: number; readonly cpuMs: number } | null {
  try {
    const kb = /VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    // Behind the name, which may hold anything, from its state on; times in user and system mode are the 12th and 13th.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    const cpuMs = (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    return { rss: (Number(kb ?? 0) * KB) / MB, descriptors: readdirSync(`/proc/${pid}/fd`).length, cpuMs };
  } catch {
    return null;
  }
}

function endOf({ strategy, end, error }: PaperOutcome): SoakEnd {
  const { account, markets, id } = strategy;
  const [{ feed, history }] = markets as readonly [PaperMarket, ...PaperMarket[]];
  return {
    id,
    bars: account.steps,
    undecided: end?.undecided ?? 0,
    wrong: firstOther(history.decided(), feed.timeframe.stepMs),
    error: error instanceof Error ? error.message : null,
  };
}

/** The first bar that is not that of the generator behind the feed, made anew; null = all are. */
function firstOther(decided: Iterable<DecidedBar>, stepMs: number): number | null {
  const market = createMarketGenerator({
    seed: SEED,
    stepMs,
    startTime: SYNTHETIC_START,
    startPrice: 30_000,
    tick: 0.01,
    yearlyVolatility: 0.6,
    missingRate: 0,
  });
  let index = 0;
  for (const { bar } of decided) {
    const wanted = market.next();
    if (COLUMN_NAMES.some((name) => wanted[name] !== bar[name])) return index;
    index += 1;
  }
  return null;
}

const [home] = process.argv.slice(2);
if (home === undefined) throw new Error('soak-bot.ts FOLDER: started by bench/soak.ts');
process.chdir(home);
const folder = openStateFolder(join(home, '.strat'), systemClock.now);
const log = createLogger({ destination: folder.logFile, pretty: false });
const host = await BotHost.open({
  path: 'strat.yaml',
  env: { STRAT_HTTP__PORT: '0' },
  folder,
  clock: systemClock,
  log,
  stopAfter: Infinity,
  pageFolder: home,
  onEvent: (event) => recordEvent(log, event),
  onOpen: () => undefined,
});
const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();

function sample(): SoakSample {
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  const runners = belowOf(process.pid).flatMap((pid) => sizesOf(pid) ?? []);
  const cpu = process.cpuUsage();
  const taken = {
    at: performance.now(),
    bars: host.bot.strategies().map(({ bars }) => bars),
    botRss: rss / MB,
    runnerRss: runners.reduce((sum, one) => sum + one.rss, 0),
    runners: runners.length,
    botCpuMs: (cpu.user + cpu.system) / 1000,
    runnerCpuMs: runners.reduce((sum, one) => sum + one.cpuMs, 0),
    heap: heapUsed / MB,
    buffers: arrayBuffers / MB,
    descriptors: runners.reduce((sum, one) => sum + one.descriptors, sizesOf(process.pid)?.descriptors ?? 0),
    delayP99: delay.percentile(99) / 1e6,
    delayMax: delay.max / 1e6,
  };
  delay.reset();
  return taken;
}

process.on('message', (message) => {
  if (message === 'stop') host.stop('the soak run is over');
  if (message === 'settle') globalThis.gc?.();
  if (message === 'settle' || message === 'sample') tell({ type: 'sample', sample: sample() });
});
const running = host.run();
tell({ type: 'running', url: host.url ?? '' });
const outcomes = await running;
tell({ type: 'end', ends: outcomes.map(endOf), problems: host.bot.problems().map(({ part, text }) => `${part}: ${text}`) });
await host.close();
folder.close();
process.disconnect?.();
