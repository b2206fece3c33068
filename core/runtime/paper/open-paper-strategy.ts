import { dirname } from 'node:path';
import { StratError } from '#core/errors/strat-error.ts';
import { COLUMN_NAMES } from '#core/model/columns.ts';
import type { FeedDescription } from '#core/ports/bar-feed.ts';
import type { BarFeed } from '../feeds/bar-feed.ts';
import { type JournalContent, type JournalEntry, openJournal } from '../journal/journal-file.ts';
import { logData, startData, type StartRecord } from '../journal/journal-record.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';
import { columnPlan } from '../further-columns.ts';
import { RowTails } from '../row-tails.ts';
import type { RunOutcome } from '../result-document.ts';
import { STRAT_VERSION } from '../version.ts';
import { PaperAccount } from './paper-account.ts';
import { PaperHistory } from './paper-history.ts';
import { JOURNAL_BYTES, PaperRecord } from './paper-record.ts';
import { costsText, restoreAccount, type RestoredAccount, rulesOf, rulesText } from './restore-account.ts';
import { ShownHistory } from './shown-history.ts';
import { type StateFolder, strategyId } from './state-folder.ts';

/** A strategy with its account and its record on the disk, ready to go on with the next bar. */
export interface PaperStrategy {
  readonly id: string;
  readonly prepared: PreparedStrategy;
  readonly feed: BarFeed;
  readonly account: PaperAccount;
  readonly record: PaperRecord;
  /** What a runner of it is shown. */
  readonly shown: ShownHistory;
  /** Bars of its past were traded under other rules, params or costs than those in force now. */
  readonly isMixed: boolean;
  /** A person paused it before the last stop. */
  readonly isPaused: boolean;
  /** A person wanted its position closed before the last stop, and no decision did so. */
  readonly isFlattening: boolean;
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
  feed: BarFeed,
  now: () => number,
  id: string = strategyId(prepared.source.file),
  journalBytes: number = JOURNAL_BYTES,
): PaperStrategy {
  const others = new Map([...feed.others].map(([market, other]) => [market, other.bar] as const));
  const plan = columnPlan(prepared, feed.timeframe);
  const tails = (): RowTails => new RowTails(plan, others);
  // Before anything is written: it may refuse the markets.
  tails();
  const { journal, content } = openJournal(folder.journalFile(id), now);
  let history: PaperHistory | null = null;
  try {
    const restored = restoreAccount(journal.file, content.lines);
    history = restored?.history ?? new PaperHistory(dirname(journal.file));
    const { capital, bars } = restored?.account ?? { capital: prepared.settings.capital, bars: 0 };
    const start = startRecord(prepared, feed, capital, bars);
    const account = restored?.account ?? new PaperAccount(rulesOf(start, capital));
    if (restored !== null) refuseOther(folder.path, restored.last, start);
    if (account.lastBar !== null) refuseOtherBars(folder.path, account, feed);
    account.useRules(rulesOf(start, capital));
    journal.append([...unwritten(restored), { type: 'start', data: startData(start) }]);
    const rules = restored?.rules ?? new Set();
    const { isPaused, isFlattening } = restored ?? { isPaused: false, isFlattening: false };
    return {
      id,
      prepared: { ...prepared, settings: { ...prepared.settings, capital } },
      feed,
      account,
      shown: new ShownHistory(history, feed, tails),
      record: new PaperRecord(journal, history, { start, rules, isPaused, isFlattening }, journalBytes),
      isMixed: [...rules].some((one) => one !== rulesText(start)),
      isPaused,
      isFlattening,
      notes: notesOf(content, restored, start, account, prepared.settings.capital),
    };
  } catch (error) {
    journal.close();
    history?.close();
    throw error;
  }
}

/** What the account did so far, read from the disk; a bar that waits for its decision counts. */
export function outcomeOf({ account, record }: PaperStrategy): RunOutcome {
  const { awaitsDecision, lastBar: bar, equity } = account;
  return record.history.outcome(awaitsDecision && bar !== null ? { bar, equity } : null);
}

/** Fills that the last record led to and that were not written any more: with them the file is complete up to its last bar or decision. */
function unwritten(restored: RestoredAccount | null): readonly JournalEntry[] {
  return restored === null || restored.unwritten.length === 0 ? [] : [{ type: 'log', data: logData(restored.unwritten) }];
}

function startRecord(prepared: PreparedStrategy, feed: BarFeed, capital: number, bars: number): StartRecord {
  const { source, program, params, compiled } = prepared;
  const { conventions, ...costs } = prepared.settings;
  // Other predictions are other rules, as other functions are.
  const files = [...source.modules, ...source.models];
  return {
    strat: STRAT_VERSION,
    strategy: source.name,
    file: source.file,
    sha256: source.sha256,
    ...(files.length === 0 ? {} : { modules: files }),
    params: Object.fromEntries(program.params.map((param, at) => [param.name, params[at]!])),
    settings: { ...costs, capital },
    conventions,
    market: feed.market,
    timeframe: feed.timeframe.name,
    feed: feed.description,
    ...(feed.others.size === 0 ? {} : { others: [...feed.others].map(([market, other]) => ({ market, feed: other.description })) }),
    firstBar: prepared.warmUpBars,
    rows: Number.isFinite(feed.rows) ? feed.rows : null,
    bars,
    plan: compiled.plan,
  };
}

const feedText = (feed: FeedDescription): string =>
  feed.kind === 'sim'
    ? `the synthetic market of seed ${feed.seed}${feed.variant === undefined ? '' : `, ${feed.variant}`}`
    : `a replay of "${feed.file}" (sha256 ${feed.sha256.slice(0, 12)})`;
const sameFeed = (a: FeedDescription, b: FeedDescription): boolean =>
  a.kind === 'sim' ? b.kind === 'sim' && a.seed === b.seed && a.variant === b.variant : b.kind === 'replay' && a.sha256 === b.sha256;

const conventionsText = ({
  conventions: { sizeAt, fillAt, warmup, closeAtEnd, lot, tick, limitFill = 'through', opposite = 'ignore' },
}: StartRecord): string => JSON.stringify({ sizeAt, fillAt, warmup, closeAtEnd, lot, tick, limitFill, opposite });

/** An account goes on with its own strategy and market only; rules, params and costs may change. */
function refuseOther(folder: string, was: StartRecord, now: StartRecord): void {
  const refuse = (what: string, before: string, after: string): StratError =>
    new StratError('JOURNAL_OTHER', { folder, what, was: before, now: after });
  if (was.strategy !== now.strategy) throw refuse('the strategy', `"${was.strategy}"`, `"${now.strategy}"`);
  if (was.market !== now.market) throw refuse('the market', was.market, now.market);
  if (was.timeframe !== now.timeframe) throw refuse('bars of', was.timeframe, now.timeframe);
  if (!sameFeed(was.feed, now.feed)) throw refuse('the feed', feedText(was.feed), feedText(now.feed));
  for (const { market, feed } of now.others ?? []) {
    const before = was.others?.find((other) => other.market === market)?.feed;
    if (before !== undefined && !sameFeed(before, feed)) throw refuse(`the feed of ${market}`, feedText(before), feedText(feed));
  }
  const [before, after] = [conventionsText(was), conventionsText(now)];
  if (before !== after) throw refuse('the conventions', before, after);
}

/** The last journaled bar must be the feed's: a generator or a resampling that gives other bars is another market. */
function refuseOtherBars(folder: string, account: PaperAccount, feed: BarFeed): void {
  const index = account.bars - 1;
  const [known, given] = [account.lastBar, feed.bar(index)];
  if (known !== null && given !== null && COLUMN_NAMES.every((name) => Object.is(known[name], given[name]))) return;
  throw new StratError('JOURNAL_OTHER', {
    folder,
    what: 'the feed',
    was: `whose bar ${index} closes at ${known?.close ?? 'nothing'}`,
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
  const next = account.awaitsDecision ? account.bars - 1 : account.bars;
  notes.push(
    account.lastBar === null
      ? 'continuing from its first bar'
      : `continuing from bar ${next} of ${new Date(account.lastBar.time).toISOString().slice(0, 16).replace('T', ' ')}`,
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
