import type { Logger } from '#core/observe/logger.ts';
import type { Columns } from '#core/model/columns.ts';
import { type BacktestDocument, type BacktestWarning, dataSource, type DataSource, isoTime } from '../backtest-document.ts';
import type { BarFeed } from '../feeds/bar-feed.ts';
import { columnWarnings } from '../further-columns.ts';
import type { BotClock } from '../feeds/bot-clock.ts';
import { createPacer, type Pacer } from '../feeds/pacer.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';
import { PLUGIN_FAULT } from '../plugin-faults.ts';
import { resultDocument } from '../result-document.ts';
import { Bot } from '../bot/bot.ts';
import type { PaperOutcome } from '../bot/bot-slot.ts';
import { BarHistory } from '#core/data/columns/bar-history.ts';
import { outcomeOf, type PaperStrategy } from './open-paper-strategy.ts';
import type { PaperEvent } from './paper-event.ts';
import { type PaperLoopOptions, RUNNER_LIMITS } from './paper-loop.ts';
import type { StateFolder } from './state-folder.ts';

export interface PaperBotOptions {
  readonly folder: StateFolder;
  readonly strategies: readonly { readonly prepared: PreparedStrategy; readonly feeds: readonly BarFeed[] }[];
  readonly clock: BotClock;
  readonly log: Logger;
  /** Infinity: as fast as it can. Bars of the warm-up are never waited for. */
  readonly barsPerSecond: number;
  readonly stopAfter: number;
  readonly limits?: PaperLoopOptions['limits'];
  /** Growth of a journal that a snapshot ends; default JOURNAL_BYTES. */
  readonly journalBytes?: number;
  readonly onEvent: (event: PaperEvent) => void;
}

export interface PaperBot {
  readonly strategies: readonly PaperStrategy[];
  /** Runs until every loop has ended; journals are closed then. Never rejects because of one strategy. */
  readonly run: () => Promise<readonly PaperOutcome[]>;
  /** Ends all loops after the step they are in. */
  readonly stop: () => void;
}

/**
 * A bot of fixed strategies without rules or an operator; opens every strategy's journal, nothing runs yet.
 * @throws StratError USAGE for two strategies of one name, and those of `openPaperStrategy`
 */
export function openPaperBot(options: PaperBotOptions): PaperBot {
  const { folder, clock, log, strategies, barsPerSecond, stopAfter, limits = RUNNER_LIMITS } = options;
  const bot = new Bot({
    folder,
    clock,
    log,
    stopAfter,
    limits,
    ...(options.journalBytes === undefined ? {} : { journalBytes: options.journalBytes }),
    rules: () => [],
    onEvent: (event) => {
      recordEvent(log, event);
      options.onEvent(event);
    },
    config: () => null,
    problems: () => [],
    reload: async () => ({ ok: false, code: 'REFUSED', text: 'this bot has no config' }),
  });
  // Strategies on the same market see its bars at the same time.
  const pacers = new Map<string, Pacer>();
  const pacerOf = (feed: BarFeed): Pacer => {
    const key = `${feed.market} ${feed.timeframe.name}`;
    const known = pacers.get(key) ?? createPacer(clock, barsPerSecond);
    pacers.set(key, known);
    return known;
  };
  try {
    const opened = strategies.map(({ prepared, feeds }) =>
      bot.open({ prepared, markets: feeds.map((feed) => ({ feed, pacer: pacerOf(feed) })) }),
    );
    return {
      strategies: opened,
      run: () => {
        for (const { id } of opened) bot.start(id);
        return bot.ended();
      },
      stop: () => bot.stopAll('stopped'),
    };
  } catch (error) {
    bot.abandon();
    throw error;
  }
}

/** What the log keeps of an event. */
export function recordEvent(log: Logger, event: PaperEvent): void {
  const of = { strategy: event.id, ...('market' in event ? { market: event.market } : {}) };
  switch (event.type) {
    case 'fill': {
      const { kind, bar, qty, price, fee } = event.fill;
      log.info(
        { ...of, kind, bar, barTime: isoTime(event.time), qty, price, fee, profit: event.closed?.profit ?? null, equity: event.equity },
        'fill',
      );
      break;
    }
    case 'order':
      log.warn({ ...of, ...event.event, barTime: isoTime(event.time) }, 'order not filled as wanted');
      break;
    case 'message':
      log[event.level === 'warning' ? 'warn' : event.level](
        { ...of, barTime: isoTime(event.time), text: event.text },
        'message of the strategy',
      );
      break;
    case 'plugin':
      log.error({ ...of, code: 'E1005', plugins: event.plugins, barTime: isoTime(event.time) }, `a plugin ${PLUGIN_FAULT[event.kind]}`);
      break;
    case 'feed':
      log[event.level === 'warning' ? 'warn' : event.level](of, event.text);
      break;
    case 'undecided':
      log.error({ ...of, barTime: isoTime(event.time), reason: event.reason }, 'no decision: nothing was ordered on this bar');
      break;
    case 'runner': {
      const { type, id: _, ...fields } = event.event;
      const { pid: runnerPid, ...rest } = { pid: undefined, ...fields };
      const level = type === 'started' || type === 'closed' ? 'info' : 'error';
      log[level]({ ...of, runnerPid, ...rest }, `runner ${type}`);
      break;
    }
    case 'bar':
      log.trace({ ...of, bar: event.index }, 'bar');
      break;
    case 'failed':
      break;
    // no default
  }
}

/** The document of what an account did so far, in the form of a backtest's; null before its first bar. */
export function paperDocument({ strategy, end }: PaperOutcome, timing: Readonly<Record<string, number>>): BacktestDocument | null {
  const { markets, prepared } = strategy;
  const outcome = outcomeOf(strategy);
  const { columns } = outcome;
  const rows = columns.time.length;
  if (rows === 0) return null;
  // A market that is a leg as well is told once.
  const traded = [...Map.groupBy(markets, ({ feed }) => feed.market).values()].map(([first]) => first!.feed);
  const endMs = columns.time[rows - 1]! + traded[0]!.timeframe.stepMs;
  const seen = outcome.markets ?? [{ market: traded[0]!.market, columns }];
  const sources = traded.flatMap((feed) => {
    const own = seen.find(({ market }) => market === feed.market);
    return own === undefined ? [] : [feedSource(feed, own.columns)];
  });
  const names = new Set(traded.map(({ market }) => market));
  const read = [...new Map(traded.flatMap(({ others }) => [...others])).values()];
  const others = read.filter(({ market }) => !names.has(market)).map((other) => feedSource(other, barsBefore(other, endMs)));
  const [source, ...more] = [...sources, ...others];
  // That a market is generated is said once.
  const told = new Set([...traded, ...read.filter(({ description }) => description.kind !== 'sim')].flatMap((one) => one.warnings));
  const lacking = new Set(
    traded.flatMap((feed) => columnWarnings(prepared.program, feed.market, (market) => new Set((feed.others.get(market) ?? feed).columns))),
  );
  const warnings: BacktestWarning[] = [
    ...prepared.warnings.map(({ code, message }) => ({ code, message })),
    ...[...told, ...lacking].map((message) => ({ code: 'DATA', message })),
  ];
  if (strategy.isMixed) {
    const message =
      'part of these trades was made under other rules, params or costs than those shown: this account has seen changes (--fresh begins a new one)';
    warnings.push({ code: 'MIXED_RULES', message });
  }
  const undecided = end?.undecided ?? 0;
  if (undecided > 0)
    warnings.push({ code: 'UNDECIDED', message: `the strategy gave no decision on ${undecided} bars: its runner failed, see the log` });
  return resultDocument(prepared, [source!, ...more], outcome, warnings, timing);
}

function feedSource(feed: BarFeed, columns: Columns): DataSource {
  const { market, timeframe, description } = feed;
  const source = dataSource({ market, timeframe, columns, sha256: feed.sha256(columns) });
  return description.kind === 'sim' ? { ...source, synthetic: true } : source;
}

/** What a strategy has read of another market. */
function barsBefore(feed: BarFeed, endMs: number): Columns {
  const bars = new BarHistory();
  for (let bar = feed.bar(0); bar !== null && bar.time < endMs; bar = feed.bar(bars.count)) bars.append(bar);
  return bars.columns();
}
