import type { Logger } from '#core/observe/logger.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { BacktestDocument, BacktestWarning } from '../backtest-document.ts';
import { isoTime } from '../backtest-document.ts';
import type { BarFeed } from '../feeds/bar-feed.ts';
import type { BotClock } from '../feeds/bot-clock.ts';
import { createPacer, type Pacer } from '../feeds/pacer.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';
import { resultDocument } from '../result-document.ts';
import { openPaperStrategy, type PaperStrategy } from './open-paper-strategy.ts';
import type { PaperEvent } from './paper-event.ts';
import { type PaperEnd, type PaperLoopOptions, RUNNER_LIMITS, runPaperLoop } from './paper-loop.ts';
import { type StateFolder, strategyId } from './state-folder.ts';

export interface PaperBotOptions {
  readonly folder: StateFolder;
  readonly strategies: readonly { readonly prepared: PreparedStrategy; readonly feed: BarFeed }[];
  readonly clock: BotClock;
  readonly log: Logger;
  /** Infinity: as fast as it can. Bars of the warm-up are never waited for. */
  readonly barsPerSecond: number;
  readonly stopAfter: number;
  readonly limits?: PaperLoopOptions['limits'];
  readonly onEvent: (event: PaperEvent) => void;
}

/** How one strategy came out: its loop's end, or the error that ended it. */
export interface PaperOutcome {
  readonly strategy: PaperStrategy;
  readonly end: PaperEnd | null;
  readonly error: unknown;
}

export interface PaperBot {
  readonly strategies: readonly PaperStrategy[];
  /** Runs until every loop has ended; journals are closed then. Never rejects because of one strategy. */
  readonly run: () => Promise<readonly PaperOutcome[]>;
  /** Ends all loops after the step they are in. */
  readonly stop: () => void;
}

/**
 * Opens every strategy's journal; nothing runs yet.
 * @throws StratError USAGE for two strategies of one name, and those of `openPaperStrategy`
 */
export function openPaperBot(options: PaperBotOptions): PaperBot {
  const { folder, clock, log } = options;
  refuseTwins(options.strategies.map(({ prepared }) => prepared.source.file));
  const strategies: PaperStrategy[] = [];
  try {
    for (const { prepared, feed } of options.strategies) {
      const strategy = openPaperStrategy(folder, prepared, feed, clock.now);
      strategies.push(strategy);
      log.info(
        { strategy: strategy.id, file: prepared.source.file, notes: strategy.notes, journal: strategy.journal.file },
        'journal opened',
      );
    }
  } catch (error) {
    for (const { journal } of strategies) journal.close();
    throw error;
  }
  const stopping = new AbortController();
  const pacers = pacersOf(strategies, options);
  const runOne = async (strategy: PaperStrategy): Promise<PaperOutcome> => {
    try {
      const end = await runPaperLoop(strategy, {
        clock,
        pacer: pacers.get(feedKey(strategy))!,
        stopAfter: options.stopAfter,
        limits: options.limits ?? RUNNER_LIMITS,
        signal: stopping.signal,
        onEvent: (event) => {
          record(log, event);
          options.onEvent(event);
        },
      });
      return { strategy, end, error: null };
    } catch (error) {
      log.error({ strategy: strategy.id, err: error }, 'strategy stopped by an error');
      options.onEvent({ type: 'failed', id: strategy.id, error });
      return { strategy, end: null, error };
    } finally {
      strategy.journal.close();
    }
  };
  return {
    strategies,
    run: async () => Promise.all(strategies.map(runOne)),
    stop: () => stopping.abort(),
  };
}

function refuseTwins(files: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const file of files) {
    const other = seen.get(strategyId(file));
    if (other !== undefined) {
      throw new StratError('USAGE', {
        reason: `"${other}" and "${file}" would share the state "${strategyId(file)}"`,
        hint: 'Give one of the files another name',
      });
    }
    seen.set(strategyId(file), file);
  }
}

const feedKey = ({ feed }: PaperStrategy): string => `${feed.market} ${feed.timeframe.name}`;

/** Strategies on the same market see its bars at the same time; who is behind after a crash catches up at once. */
function pacersOf(strategies: readonly PaperStrategy[], { clock, barsPerSecond }: PaperBotOptions): ReadonlyMap<string, Pacer> {
  const liveFrom = (group: readonly PaperStrategy[]): number =>
    Math.max(...group.map(({ account, prepared }) => Math.max(account.bars, prepared.warmUpBars)));
  return new Map([...Map.groupBy(strategies, feedKey)].map(([key, group]) => [key, createPacer(clock, barsPerSecond, liveFrom(group))]));
}

function record(log: Logger, event: PaperEvent): void {
  const strategy = event.id;
  switch (event.type) {
    case 'fill': {
      const { kind, bar, qty, price, fee } = event.fill;
      log.info(
        { strategy, kind, bar, barTime: isoTime(event.time), qty, price, fee, profit: event.closed?.profit ?? null, equity: event.equity },
        'fill',
      );
      break;
    }
    case 'order':
      log.warn({ strategy, ...event.event, barTime: isoTime(event.time) }, 'order not filled as wanted');
      break;
    case 'undecided':
      log.error({ strategy, barTime: isoTime(event.time), reason: event.reason }, 'no decision: nothing was ordered on this bar');
      break;
    case 'runner': {
      const { type, id: _, ...fields } = event.event;
      const { pid: runnerPid, ...rest } = { pid: undefined, ...fields };
      const level = type === 'started' || type === 'closed' ? 'info' : 'error';
      log[level]({ strategy, runnerPid, ...rest }, `runner ${type}`);
      break;
    }
    case 'bar':
      log.trace({ strategy, bar: event.index }, 'bar');
      break;
    case 'failed':
      break;
    // no default
  }
}

/** The document of what an account did so far, in the form of a backtest's; null before its first bar. */
export function paperDocument({ strategy, end }: PaperOutcome, timing: Readonly<Record<string, number>>): BacktestDocument | null {
  const { feed, prepared, account } = strategy;
  const outcome = account.outcome();
  const { columns } = outcome;
  const rows = columns.time.length;
  if (rows === 0) return null;
  const source = {
    market: feed.market,
    timeframe: feed.timeframe.name,
    rows,
    from: isoTime(columns.time[0]!),
    to: isoTime(columns.time[rows - 1]!),
    sha256: feed.sha256(columns),
    ...(feed.description.kind === 'sim' ? { synthetic: true as const } : {}),
  };
  const warnings: BacktestWarning[] = [
    ...prepared.warnings.map(({ code, message }) => ({ code, message })),
    ...feed.warnings.map((message) => ({ code: 'DATA', message })),
  ];
  const undecided = end?.undecided ?? 0;
  if (undecided > 0)
    warnings.push({ code: 'UNDECIDED', message: `the strategy gave no decision on ${undecided} bars: its runner failed, see the log` });
  return resultDocument(prepared, source, outcome, warnings, timing);
}
