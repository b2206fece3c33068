import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { StratError } from '#core/errors/strat-error.ts';
import type { JournalLine } from '../journal/journal-line.ts';
import { readBars, readDecisions, readLog, readStart, type StartRecord } from '../journal/journal-record.ts';
import { readSnapshot, type SnapshotRecord } from '../journal/snapshot-record.ts';
import type { EngineBar } from '#core/engine/trading/portfolio-input.ts';
import { ACCOUNT_FIELDS } from '#core/model/strategy-abi.ts';
import { rowLength } from '#core/model/trade-plan.ts';
import { replayReview } from '../journal/review-record.ts';
import { type AccountRules, PaperAccount } from './paper-account.ts';
import { openHistories, type PaperHistory } from './paper-history.ts';

/** The account that a journal and its history tell of, and what was in force at their end. */
export interface RestoredAccount {
  readonly account: PaperAccount;
  /** By market. */
  readonly histories: readonly PaperHistory[];
  readonly last: StartRecord;
  /** Rules, params and costs under which bars were traded, each set once. */
  readonly rules: ReadonlySet<string>;
  /** A person had paused the strategy. */
  readonly isPaused: boolean;
  /** Markets whose position a person wanted closed, and no decision did so yet. */
  readonly flattening: ReadonlySet<number>;
  /** Log rows that the last record led to and that were not written any more, by market. */
  readonly unwritten: readonly Float64Array[];
}

/** What an account trades by from a start on. */
export function rulesOf(start: StartRecord, capital: number): AccountRules {
  const { plan, settings, conventions, firstBar, markets, sha256, modules = [], params } = start;
  return {
    identity: JSON.stringify([sha256, modules, params]),
    plan,
    settings: { ...settings, capital, conventions },
    markets: markets.map(({ market, rows }) => ({ market, firstBar, rows: rows ?? Infinity })),
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
    for (const history of replay.result().histories) history.close();
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
  return new JournalReplay(file, account, openHistories(dirname(file), start.markets), start);
}

function replayFrom(file: string, { data }: JournalLine): JournalReplay {
  const snapshot = readSnapshot(data);
  if (snapshot === undefined) throw new StratError('JOURNAL_DAMAGED', { file, line: 1, reason: 'its fields are not those of its type' });
  const { start, capital, steps, markets, baskets } = snapshot;
  const histories = openHistories(dirname(file), start.markets, markets);
  const points = markets.map(({ registers, bars }, market) => {
    const [last] = bars.rows === 0 ? [] : histories[market]!.slice(bars.rows - 1, bars.rows);
    return { registers, bars: bars.rows, lastBar: last?.bar ?? null, row: last?.account ?? new Float64Array(ACCOUNT_FIELDS) };
  });
  const account = new PaperAccount(rulesOf(start, capital), { capital, steps, markets: points, baskets });
  return new JournalReplay(file, account, histories, start, snapshot);
}

class JournalReplay {
  readonly #file: string;
  readonly #account: PaperAccount;
  readonly #histories: readonly PaperHistory[];
  #last: StartRecord;
  #produced: readonly Float64Array[] = [];
  #isPaused: boolean;
  readonly #flattening: Set<number>;
  readonly #rules: Set<string>;

  constructor(
    file: string,
    account: PaperAccount,
    histories: readonly PaperHistory[],
    start: StartRecord,
    snapshot: SnapshotRecord | null = null,
  ) {
    this.#file = file;
    this.#account = account;
    this.#histories = histories;
    this.#last = start;
    this.#isPaused = snapshot?.isPaused ?? false;
    this.#flattening = new Set(snapshot?.markets.flatMap(({ isFlattening }, market) => (isFlattening ? [market] : [])));
    this.#rules = new Set(snapshot?.rules);
  }

  result(): RestoredAccount {
    return {
      account: this.#account,
      histories: this.#histories,
      last: this.#last,
      rules: this.#rules,
      isPaused: this.#isPaused,
      flattening: this.#flattening,
      unwritten: this.#produced,
    };
  }

  step({ type, data }: JournalLine, line: number): void {
    if (type === 'log') {
      const logs = this.#fit(readLog(data, this.#histories.length), line);
      const isSame = logs.every((rows, market) => isSameRows(rows, this.#produced[market]));
      if (!isSame) throw this.#mismatch('the fills differ', line);
      this.#produced = [];
      return;
    }
    if (this.#produced.some((rows) => rows.length > 0)) throw this.#mismatch('a fill is missing', line);
    const account = this.#account;
    if (type === 'bar') {
      const bars = this.#fit(readBars(data), line);
      const step: (EngineBar | null)[] = this.#histories.map(() => null);
      for (const { market, index, bar, fundingRate } of bars) {
        const isInTurn = step[market] === null && index === account.bars(market) && bar.time === bars[0]!.bar.time;
        if (!isInTurn || account.awaitsDecision) throw this.#mismatch(`bar ${index} is out of turn`, line);
        step[market] = { ...bar, fundingRate };
      }
      this.#rules.add(rulesText(this.#last));
      this.#take(account.openBars(step), bars[0]!.bar.time);
    } else if (type === 'decision') {
      const decisions = this.#fit(readDecisions(data), line);
      for (const { index, row } of decisions)
        if (row !== null && row.length !== rowLength(this.#last.plan))
          throw this.#mismatch(`the decision on bar ${index} has ${row.length} values`, line);
      const present = account.present.filter((market) => market < account.traded);
      const isInTurn = decisions.every(({ market, index }, at) => market === present[at] && index === account.bars(market) - 1);
      if (!isInTurn || decisions.length !== present.length || !account.awaitsDecision)
        throw this.#mismatch(`the decision on step ${account.steps - 1} is out of turn`, line);
      const logs = account.takeDecisions(decisions.map(({ market, row, review }) => ({ market, row, review: replayReview(review) })));
      for (const { market, review } of decisions) if (review.isFlatten) this.#flattening.delete(market);
      for (const market of account.present) this.#histories[market]!.addBar(account.lastBar(market)!, account.row(market), account.equity);
      this.#take(logs, account.lastBar(account.latest)!.time);
    } else if (type === 'control') {
      this.#isPaused = data['paused'] === true;
      if (data['flatten'] === true) for (let market = 0; market < this.#account.traded; market++) this.#flattening.add(market);
    } else if (type === 'start') {
      const start = this.#fit(readStart(data), line);
      if (start.markets.length !== this.#histories.length) throw this.#mismatch(`it trades ${start.markets.length} markets`, line);
      this.#last = start;
      this.#account.useRules(rulesOf(start, this.#account.capital));
    } else if (type === 'snapshot') {
      throw new StratError('JOURNAL_DAMAGED', { file: this.#file, line, reason: 'a snapshot stands behind other records' });
    }
  }

  #take(logs: readonly Float64Array[], time: number): void {
    this.#produced = logs;
    for (const [market, rows] of logs.entries()) this.#histories[market]!.addLog(rows, time);
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

const isSameRows = (rows: Float64Array, produced: Float64Array | undefined): boolean =>
  rows.length === (produced?.length ?? 0) && rows.every((value, at) => Object.is(value, produced![at]));
