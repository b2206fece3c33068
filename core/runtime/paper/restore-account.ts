import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { StratError } from '#core/errors/strat-error.ts';
import type { JournalLine } from '../journal/journal-line.ts';
import { readBar, readDecision, readLog, readStart, type StartRecord } from '../journal/journal-record.ts';
import { readSnapshot, type SnapshotRecord } from '../journal/snapshot-record.ts';
import { rowLength } from '#core/model/trade-plan.ts';
import { replayReview } from '../journal/review-record.ts';
import { type AccountRules, PaperAccount } from './paper-account.ts';
import { PaperHistory } from './paper-history.ts';

/** The account that a journal and its history tell of, and what was in force at their end. */
export interface RestoredAccount {
  readonly account: PaperAccount;
  readonly history: PaperHistory;
  readonly last: StartRecord;
  /** Rules, params and costs under which bars were traded, each set once. */
  readonly rules: ReadonlySet<string>;
  /** A person had paused the strategy. */
  readonly isPaused: boolean;
  /** A person wanted the position closed, and no decision did so yet. */
  readonly isFlattening: boolean;
  /** Log rows that the last record led to and that were not written any more. */
  readonly unwritten: Float64Array;
}

/** What an account trades by from a start on. */
export function rulesOf(start: StartRecord, capital: number): AccountRules {
  const { plan, settings, conventions, firstBar, rows, sha256, modules = [], params } = start;
  return {
    identity: JSON.stringify([sha256, modules, params]),
    plan,
    settings: { ...settings, capital, conventions },
    firstBar,
    rows: rows ?? Infinity,
  };
}

/**
 * Replays the records of a journal through the engine, from its snapshot on if it begins with one, and brings the history beside it up to
 * them; null when there are none.
 * @throws StratError JOURNAL_DAMAGED, JOURNAL_MISMATCH, HISTORY_DAMAGED, FILE_UNWRITABLE
 */
export function restoreAccount(file: string, lines: readonly JournalLine[]): RestoredAccount | null {
  const [head, ...others] = lines;
  if (head === undefined) return null;
  const replay = head.type === 'snapshot' ? replayFrom(file, head) : replayAll(file, head);
  try {
    for (const [at, line] of others.entries()) replayLine(replay, file, line, at + 2);
    return replay.result();
  } catch (error) {
    replay.result().history.close();
    throw error;
  }
}

/** Records that fit their checksum and say what strat never writes are told as that, not as a fault of strat. */
function replayLine(replay: JournalReplay, file: string, record: JournalLine, line: number): void {
  try {
    replay.step(record, line);
  } catch (error) {
    if (error instanceof StratError && error.code !== 'INTERNAL') throw error;
    throw new StratError('JOURNAL_MISMATCH', { file, reason: 'its records cannot be traded again', line }, { cause: error });
  }
}

const NOTHING = new Float64Array(0);

/** What decides about trades and what they cost, as text: equal when a run under either would be the same. */
export function rulesText(start: StartRecord): string {
  // Another version of strat may read the same file otherwise.
  return JSON.stringify([start.sha256, start.modules ?? [], start.params, crc32(JSON.stringify(start.plan)), costsText(start)]);
}

/** What trading costs, as text. */
export const costsText = ({ settings }: Pick<StartRecord, 'settings'>): string => JSON.stringify({ ...settings, capital: null }, sortKeys);

/** Keys of a journal are not in the order of those that were just made. */
const sortKeys = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;

function replayAll(file: string, { type, data }: JournalLine): JournalReplay {
  const start = type === 'start' ? readStart(data) : undefined;
  if (start === undefined)
    throw new StratError('JOURNAL_DAMAGED', { file, line: 1, reason: 'it begins neither with a start record nor with a snapshot' });
  const account = new PaperAccount(rulesOf(start, start.settings.capital));
  return new JournalReplay(file, account, new PaperHistory(dirname(file)), start);
}

function replayFrom(file: string, { data }: JournalLine): JournalReplay {
  const snapshot = readSnapshot(data);
  if (snapshot === undefined) throw new StratError('JOURNAL_DAMAGED', { file, line: 1, reason: 'its fields are not those of its type' });
  const { start, capital, registers, bars } = snapshot;
  const history = new PaperHistory(dirname(file), snapshot);
  const [last] = history.slice(bars.rows - 1, bars.rows);
  const from = { registers, capital, bars: bars.rows, lastBar: last!.bar, row: last!.account };
  const account = new PaperAccount(rulesOf(start, capital), from);
  return new JournalReplay(file, account, history, start, snapshot);
}

class JournalReplay {
  readonly #file: string;
  readonly #account: PaperAccount;
  readonly #history: PaperHistory;
  #last: StartRecord;
  #produced: Float64Array = NOTHING;
  #isPaused: boolean;
  #isFlattening: boolean;
  readonly #rules: Set<string>;

  constructor(file: string, account: PaperAccount, history: PaperHistory, start: StartRecord, snapshot: SnapshotRecord | null = null) {
    this.#file = file;
    this.#account = account;
    this.#history = history;
    this.#last = start;
    this.#isPaused = snapshot?.isPaused ?? false;
    this.#isFlattening = snapshot?.isFlattening ?? false;
    this.#rules = new Set(snapshot?.rules);
  }

  result(): RestoredAccount {
    return {
      account: this.#account,
      history: this.#history,
      last: this.#last,
      rules: this.#rules,
      isPaused: this.#isPaused,
      isFlattening: this.#isFlattening,
      unwritten: this.#produced,
    };
  }

  step({ type, data }: JournalLine, line: number): void {
    if (type === 'log') {
      const rows = this.#fit(readLog(data), line);
      const isSame = rows.length === this.#produced.length && rows.every((value, at) => Object.is(value, this.#produced[at]));
      if (!isSame) throw this.#mismatch('the fills differ', line);
      this.#produced = NOTHING;
      return;
    }
    if (this.#produced.length > 0) throw this.#mismatch('a fill is missing', line);
    if (type === 'bar') {
      const { index, bar, fundingRate } = this.#fit(readBar(data), line);
      if (index !== this.#account.bars || this.#account.awaitsDecision) throw this.#mismatch(`bar ${index} is out of turn`, line);
      this.#rules.add(rulesText(this.#last));
      this.#produced = this.#account.openBar(bar, { fundingRate });
      this.#history.addLog(this.#produced, bar.time);
    } else if (type === 'decision') {
      const { index, row, review } = this.#fit(readDecision(data), line);
      if (row !== null && row.length !== rowLength(this.#last.plan))
        throw this.#mismatch(`the decision on bar ${index} has ${row.length} values`, line);
      if (index !== this.#account.bars - 1 || !this.#account.awaitsDecision)
        throw this.#mismatch(`the decision on bar ${index} is out of turn`, line);
      this.#produced = this.#account.takeDecision(row, replayReview(review));
      if (review.isFlatten) this.#isFlattening = false;
      const bar = this.#account.lastBar!;
      this.#history.addBar(bar, this.#account.row, this.#account.equity);
      this.#history.addLog(this.#produced, bar.time);
    } else if (type === 'control') {
      this.#isPaused = data['paused'] === true;
      this.#isFlattening ||= data['flatten'] === true;
    } else if (type === 'start') {
      const start = this.#fit(readStart(data), line);
      this.#last = start;
      this.#account.useRules(rulesOf(start, this.#account.capital));
    } else if (type === 'snapshot') {
      throw new StratError('JOURNAL_DAMAGED', { file: this.#file, line, reason: 'a snapshot stands behind other records' });
    }
  }

  #fit<T>(value: T | undefined, line: number): T {
    if (value === undefined)
      throw new StratError('JOURNAL_DAMAGED', { file: this.#file, line, reason: 'its fields are not those of its type' });
    return value;
  }

  #mismatch(reason: string, line: number): StratError {
    return new StratError('JOURNAL_MISMATCH', { file: this.#file, reason, line });
  }
}
