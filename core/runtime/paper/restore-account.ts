import type { SimulationSettings } from '#core/engine/simulation-settings.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { Journal } from '../journal/journal-file.ts';
import type { JournalLine } from '../journal/journal-line.ts';
import { logData, readBar, readDecision, readLog, readStart, type StartRecord } from '../journal/journal-record.ts';
import { PaperAccount } from './paper-account.ts';

/** The account that a journal tells of, and the start that was in force at its end. */
export interface RestoredAccount {
  readonly account: PaperAccount;
  readonly first: StartRecord;
  readonly last: StartRecord;
  /** Rules, params and costs under which bars were traded, each set once. */
  readonly rules: ReadonlySet<string>;
  /** A person had paused the strategy. */
  readonly isPaused: boolean;
}

export const settingsOf = (start: StartRecord, capital: number): SimulationSettings => ({
  ...start.settings,
  capital,
  conventions: start.conventions,
});
const rowsOf = (start: StartRecord): number => start.rows ?? Infinity;

/**
 * Replays a journal through the broker; null when it is empty. Fills that the last record led to and that were not written
 * any more are appended, so that the file is complete up to its last bar or decision.
 * @throws StratError JOURNAL_DAMAGED, JOURNAL_MISMATCH
 */
export function restoreAccount(journal: Journal): RestoredAccount | null {
  const [head, ...lines] = journal.content.lines;
  if (head === undefined) return null;
  const replay = new JournalReplay(journal.file, head);
  for (const [at, line] of lines.entries()) replay.step(line, at + 2);
  const missing = replay.unwritten;
  if (missing.length > 0) journal.append([{ type: 'log', data: logData(missing) }]);
  return replay.result();
}

const NOTHING = new Float64Array(0);

/** What decides about trades, as text: equal when a run under either would be the same. */
export function rulesText({ sha256, modules = [], params, settings: { feeRate, slippageRate } }: StartRecord): string {
  return JSON.stringify([sha256, modules, params, feeRate, slippageRate]);
}

class JournalReplay {
  readonly #file: string;
  readonly #account: PaperAccount;
  readonly #first: StartRecord;
  #last: StartRecord;
  #produced: Float64Array = NOTHING;
  #isPaused = false;
  readonly #rules = new Set<string>();

  constructor(file: string, head: JournalLine) {
    const start = head.type === 'start' ? readStart(head.data) : undefined;
    if (start === undefined) throw new StratError('JOURNAL_DAMAGED', { file, line: 1, reason: 'it does not begin with a start record' });
    this.#file = file;
    this.#first = start;
    this.#last = start;
    this.#account = new PaperAccount(settingsOf(start, start.settings.capital), start.firstBar, rowsOf(start));
  }

  /** Log rows that the broker gave and no record holds. */
  get unwritten(): Float64Array {
    return this.#produced;
  }

  result(): RestoredAccount {
    return { account: this.#account, first: this.#first, last: this.#last, rules: this.#rules, isPaused: this.#isPaused };
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
      const { index, bar } = this.#fit(readBar(data), line);
      if (index !== this.#account.bars || this.#account.awaitsDecision) throw this.#mismatch(`bar ${index} is out of turn`, line);
      this.#rules.add(rulesText(this.#last));
      this.#produced = this.#account.openBar(bar);
    } else if (type === 'decision') {
      const { index, row } = this.#fit(readDecision(data), line);
      if (index !== this.#account.bars - 1 || !this.#account.awaitsDecision)
        throw this.#mismatch(`the decision on bar ${index} is out of turn`, line);
      this.#produced = this.#account.takeDecision(row);
    } else if (type === 'control') {
      this.#isPaused = data['paused'] === true;
    } else if (type === 'start') {
      const start = this.#fit(readStart(data), line);
      this.#last = start;
      this.#account.useSettings(settingsOf(start, this.#first.settings.capital), start.firstBar, rowsOf(start));
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
