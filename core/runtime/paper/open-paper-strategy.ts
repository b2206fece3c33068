import { dirname } from 'node:path';
import { StratError } from '#core/errors/strat-error.ts';
import { COLUMN_NAMES } from '#core/model/columns.ts';
import type { FeedDescription } from '#core/ports/bar-feed.ts';
import type { TradePlan } from '#core/model/trade-plan.ts';
import type { BarFeed } from '../feeds/bar-feed.ts';
import { type JournalContent, type JournalEntry, openJournal } from '../journal/journal-file.ts';
import { logData, startData, type StartRecord } from '../journal/journal-record.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';
import { columnPlan } from '../further-columns.ts';
import { RowTails } from '../row-tails.ts';
import { noFurtherColumns } from '#core/model/chart-column.ts';
import { legMarkets } from '../portfolio/account-slots.ts';
import { portfolioOutcome } from '../portfolio/portfolio-outcome.ts';
import type { RunOutcome } from '../result-document.ts';
import { STRAT_VERSION } from '../version.ts';
import { PaperAccount } from './paper-account.ts';
import { openHistories, type PaperHistory } from './paper-history.ts';
import { JOURNAL_BYTES, PaperRecord } from './paper-record.ts';
import { costsText, restoreAccount, type RestoredAccount, rulesOf, rulesText } from './restore-account.ts';
import { ShownHistory } from './shown-history.ts';
import { type StateFolder, strategyId } from './state-folder.ts';

/** One market of a strategy. */
export interface PaperMarket {
  readonly feed: BarFeed;
  readonly history: PaperHistory;
  /** What a runner of it is shown; null = it is the leg of a basket, on which nothing is decided. */
  readonly shown: ShownHistory | null;
}

/** A strategy with its account and its record on the disk, ready to go on with the next bar. */
export interface PaperStrategy {
  readonly id: string;
  readonly prepared: PreparedStrategy;
  /** What its rules trade, in the order of its `trade` line or universe, at least one; then the legs of its baskets, which may be the same markets again. */
  readonly markets: readonly PaperMarket[];
  readonly account: PaperAccount;
  readonly record: PaperRecord;
  /** Bars of its past were traded under other rules, params or costs than those in force now. */
  readonly isMixed: boolean;
  /** A person paused it before the last stop. */
  readonly isPaused: boolean;
  /** Markets whose position a person wanted closed before the last stop, and no decision did so. */
  readonly flattening: ReadonlySet<number>;
  /** What a person should know about how it starts: continuing, changed rules, a torn line. */
  readonly notes: readonly string[];
}

/**
 * Opens the journal of a strategy, rebuilds the account from it, and writes the record of this start.
 * @param journalBytes by which the journal may grow until a snapshot takes the place of its records
 * @throws StratError JOURNAL_*, HISTORY_DAMAGED when the state is not one to go on with, FILE_UNREADABLE, FILE_UNWRITABLE;
 * DATA_MISSING when the feed has not all markets that the strategy reads, USAGE when it has bars of another length than those were made for
 */
export function openPaperStrategy(
  folder: StateFolder,
  prepared: PreparedStrategy,
  feeds: readonly BarFeed[],
  now: () => number,
  id: string = strategyId(prepared.source.file),
  journalBytes: number = JOURNAL_BYTES,
): PaperStrategy {
  const traded = feeds.length - legMarkets(prepared.compiled.plan).length;
  const tails = feeds.slice(0, traded).map(({ timeframe, others }) => {
    const plan = columnPlan(prepared, timeframe);
    const sources = new Map([...others].map(([market, other]) => [market, other.bar] as const));
    return (): RowTails => new RowTails(plan, sources);
  });
  // Before anything is written: it may refuse the markets.
  for (const newTails of tails) newTails();
  const { journal, content } = openJournal(folder.journalFile(id), now);
  let histories: readonly PaperHistory[] = [];
  try {
    const restored = restoreAccount(journal.file, content.lines);
    histories = restored?.histories ?? [];
    const { capital, steps } = restored?.account ?? { capital: prepared.settings.capital, steps: 0 };
    const start = startRecord(prepared, feeds, capital, steps);
    if (restored === null) histories = openHistories(dirname(journal.file), start.markets);
    else refuseOther(folder.path, restored.last, start);
    const account = restored?.account ?? new PaperAccount(rulesOf(start, capital));
    for (const [market, feed] of feeds.entries()) refuseOtherBars(folder.path, account, market, feed);
    account.useRules(rulesOf(start, capital));
    journal.append([...unwritten(restored), { type: 'start', data: startData(start) }]);
    const rules = restored?.rules ?? new Set();
    const { isPaused, flattening } = restored ?? { isPaused: false, flattening: new Set<number>() };
    return {
      id,
      prepared: { ...prepared, settings: { ...prepared.settings, capital } },
      markets: feeds.map((feed, market) => {
        const history = histories[market]!;
        const newTails = tails[market];
        return { feed, history, shown: newTails === undefined ? null : new ShownHistory(history, feed, newTails) };
      }),
      account,
      record: new PaperRecord(journal, histories, { start, rules, isPaused, flattening }, journalBytes),
      isMixed: [...rules].some((one) => one !== rulesText(start)),
      isPaused,
      flattening,
      notes: notesOf(content, restored, start, account, prepared.settings.capital),
    };
  } catch (error) {
    journal.close();
    for (const history of histories) history.close();
    throw error;
  }
}

/** What the account did so far, read from the disk; bars that wait for their decision count. */
export function outcomeOf({ account, markets }: PaperStrategy): RunOutcome {
  const waiting = new Set(account.awaitsDecision ? account.present : []);
  const outcomes = markets.map(({ history }, market) => {
    const bar = waiting.has(market) ? account.lastBar(market) : null;
    return history.outcome(bar === null ? null : { bar, equity: account.equity });
  });
  const [only, ...more] = outcomes;
  return more.length === 0 ? only! : joinedOutcome(markets, outcomes);
}

/** Of several markets: all that have a bar at a moment tell the same equity. */
function joinedOutcome(markets: readonly PaperMarket[], outcomes: readonly RunOutcome[]): RunOutcome {
  const equities = new Map(outcomes.flatMap(({ columns, equity }) => Array.from(columns.time, (time, at) => [time, equity[at]!] as const)));
  const time = Float64Array.from(equities.keys()).toSorted();
  return portfolioOutcome(
    { time, equity: time.map((at) => equities.get(at)!) },
    outcomes.flatMap(({ columns, fromIndex, log }, at) => {
      const { market } = markets[at]!.feed;
      return columns.time.length === 0 ? [] : [{ market, columns, fromIndex, log, further: noFurtherColumns(columns.time.length) }];
    }),
  );
}

/** Fills that the last record led to and that were not written any more: with them the file is complete up to its last bar or decision. */
function unwritten(restored: RestoredAccount | null): readonly JournalEntry[] {
  return restored === null || restored.unwritten.every(({ length }) => length === 0)
    ? []
    : [{ type: 'log', data: logData(restored.unwritten) }];
}

function startRecord(prepared: PreparedStrategy, feeds: readonly BarFeed[], capital: number, steps: number): StartRecord {
  const { source, program, params, compiled } = prepared;
  // What a pip is goes with the market, which is written down.
  const { conventions, pip: _, ...costs } = prepared.settings;
  // Other predictions are other rules, as other functions are.
  const files = [...source.modules, ...source.models];
  const others = new Map(feeds.flatMap((feed) => [...feed.others]));
  return {
    strat: STRAT_VERSION,
    strategy: source.name,
    file: source.file,
    sha256: source.sha256,
    ...(files.length === 0 ? {} : { modules: files }),
    params: Object.fromEntries(program.params.map((param, at) => [param.name, params[at]!])),
    settings: { ...costs, capital },
    conventions,
    markets: feeds.map(({ market, description, rows }) => ({ market, feed: description, rows: Number.isFinite(rows) ? rows : null })),
    timeframe: feeds[0]!.timeframe.name,
    ...(others.size === 0 ? {} : { others: [...others].map(([market, other]) => ({ market, feed: other.description })) }),
    firstBar: prepared.warmUpBars,
    steps,
    plan: compiled.plan,
  };
}

function feedText(feed: FeedDescription): string {
  switch (feed.kind) {
    case 'sim':
      return `the synthetic market of seed ${feed.seed}${feed.variant === undefined ? '' : `, ${feed.variant}`}`;
    case 'replay':
      return `a replay of "${feed.file}" (sha256 ${feed.sha256.slice(0, 12)})`;
    case 'live':
      return `live bars of ${feed.venue} from ${new Date(feed.from).toISOString()}`;
    // no default
  }
}

function sameFeed(a: FeedDescription, b: FeedDescription): boolean {
  switch (a.kind) {
    case 'sim':
      return b.kind === 'sim' && a.seed === b.seed && a.variant === b.variant;
    case 'replay':
      return b.kind === 'replay' && a.sha256 === b.sha256;
    case 'live':
      return b.kind === 'live' && a.venue === b.venue && a.from === b.from;
    // no default
  }
}

const conventionsText = ({
  conventions: { sizeAt, fillAt, warmup, closeAtEnd, lot, tick, limitFill = 'through', opposite = 'ignore' },
}: StartRecord): string => JSON.stringify({ sizeAt, fillAt, warmup, closeAtEnd, lot, tick, limitFill, opposite });

/** What an account holds of baskets is in their legs; weights may change. */
const basketsText = ({ baskets = [] }: TradePlan): string =>
  baskets.map(({ legs }) => legs.map(({ market }) => market).join(' with ')).join(', ') || 'none';

/** An account goes on with its own strategy and market only; rules, params and costs may change. */
function refuseOther(folder: string, was: StartRecord, now: StartRecord): void {
  const refuse = (what: string, before: string, after: string): StratError =>
    new StratError('JOURNAL_OTHER', { folder, what, was: before, now: after });
  if (was.strategy !== now.strategy) throw refuse('the strategy', `"${was.strategy}"`, `"${now.strategy}"`);
  const [marketsBefore, marketsNow] = [was, now].map(({ markets }) => markets.map(({ market }) => market).join(', '));
  if (marketsBefore !== marketsNow) throw refuse('the market', marketsBefore!, marketsNow!);
  const [basketsBefore, basketsNow] = [was, now].map(({ plan }) => basketsText(plan));
  if (basketsBefore !== basketsNow) throw refuse('the baskets', basketsBefore!, basketsNow!);
  if (was.timeframe !== now.timeframe) throw refuse('bars of', was.timeframe, now.timeframe);
  for (const [at, { market, feed }] of now.markets.entries()) {
    const before = was.markets[at]!.feed;
    if (!sameFeed(before, feed))
      throw refuse(now.markets.length === 1 ? 'the feed' : `the feed of ${market}`, feedText(before), feedText(feed));
  }
  for (const { market, feed } of now.others ?? []) {
    const before = was.others?.find((other) => other.market === market)?.feed;
    if (before !== undefined && !sameFeed(before, feed)) throw refuse(`the feed of ${market}`, feedText(before), feedText(feed));
  }
  const [before, after] = [conventionsText(was), conventionsText(now)];
  if (before !== after) throw refuse('the conventions', before, after);
}

/** The last journaled bar must be the feed's: a generator or a resampling that gives other bars is another market. */
function refuseOtherBars(folder: string, account: PaperAccount, market: number, feed: BarFeed): void {
  const index = account.bars(market) - 1;
  const known = account.lastBar(market);
  if (known === null) return;
  const given = feed.bar(index);
  if (given !== null && COLUMN_NAMES.every((name) => Object.is(known[name], given[name]))) return;
  throw new StratError('JOURNAL_OTHER', {
    folder,
    what: 'the feed',
    was: `whose bar ${index} closes at ${known.close}`,
    now: given === null ? 'one that has no such bar' : `one where it closes at ${given.close}`,
  });
}

function notesOf(
  { tornBytes }: JournalContent,
  restored: RestoredAccount | null,
  now: StartRecord,
  account: PaperAccount,
  capital: number,
): readonly string[] {
  if (restored === null) return ['new account'];
  const notes: string[] = [];
  if (tornBytes > 0) notes.push(`the last line of the journal was never finished; its ${tornBytes} bytes were cut off`);
  const next = account.awaitsDecision ? account.steps - 1 : account.steps;
  const last = account.lastBar(account.latest);
  notes.push(
    last === null
      ? 'continuing from its first bar'
      : `continuing from bar ${next} of ${new Date(last.time).toISOString().slice(0, 16).replace('T', ' ')}`,
  );
  const was = restored.last;
  const changed = [
    ...(was.sha256 === now.sha256 ? [] : ['the strategy file']),
    ...(JSON.stringify(was.modules) === JSON.stringify(now.modules) ? [] : ['its modules']),
    ...(JSON.stringify(was.params) === JSON.stringify(now.params) ? [] : ['its params']),
    ...(was.strat !== now.strat && JSON.stringify(was.plan) !== JSON.stringify(now.plan)
      ? ['the version of strat, which reads the rules otherwise,']
      : []),
    ...(costsText(was) === costsText(now) ? [] : ['the costs']),
  ];
  if (changed.length > 0) notes.push(`${changed.join(' and ')} changed: account and position go on, the new rules decide from bar ${next}`);
  if (capital !== account.capital) notes.push(`the capital stays ${account.capital}: it belongs to the account, which --fresh begins anew`);
  return notes;
}
