import type { Journal, JournalEntry } from '../journal/journal-file.ts';
import type { StartRecord } from '../journal/journal-record.ts';
import { snapshotData } from '../journal/snapshot-record.ts';
import type { PaperAccount } from './paper-account.ts';
import type { PaperHistory } from './paper-history.ts';
import { rulesText } from './restore-account.ts';

/** What is in force beside the account; a snapshot tells it as well. */
export interface InForce {
  readonly start: StartRecord;
  /** Rules, params and costs under which bars were traded before this start, each set once. */
  readonly rules: ReadonlySet<string>;
  readonly isPaused: boolean;
  /** A person wants the position closed, and no decision has done so yet. */
  readonly isFlattening: boolean;
}

/** Some thousand bars: replayed in a moment at a start, and compacted twice a minute at 500 bars a second. */
export const JOURNAL_BYTES = 2 * 2 ** 20;

/**
 * What a strategy on paper leaves on the disk: a journal of its last steps and the history before them. When the journal has grown by
 * `journalBytes`, the history is made durable and a snapshot takes the place of all records (docs/adr/0007-journal-with-snapshots.md).
 */
export class PaperRecord {
  readonly file: string;
  readonly history: PaperHistory;
  readonly #journal: Journal;
  readonly #start: StartRecord;
  readonly #rules: ReadonlySet<string>;
  readonly #journalBytes: number;
  #isPaused: boolean;
  #isFlattening: boolean;
  /** Length of the journal when nothing more could be taken out of it. */
  #leastBytes = 0;

  constructor(journal: Journal, history: PaperHistory, { start, rules, isPaused, isFlattening }: InForce, journalBytes: number) {
    this.file = journal.file;
    this.history = history;
    this.#journal = journal;
    this.#start = start;
    this.#rules = rules;
    this.#isPaused = isPaused;
    this.#isFlattening = isFlattening;
    this.#journalBytes = journalBytes;
  }

  /** As `Journal.append`. */
  append(entries: readonly JournalEntry[]): void {
    this.#journal.append(entries);
  }

  /** A person paused or resumed the strategy, or wants its position closed. */
  control(isPaused: boolean, isFlatten = false): void {
    this.#isPaused = isPaused;
    this.#isFlattening ||= isFlatten;
    this.append([{ type: 'control', data: { paused: isPaused, ...(isFlatten ? { flatten: true } : {}) } }]);
  }

  /** A decision closes the position. */
  flattened(): void {
    this.#isFlattening = false;
  }

  /** As `Journal.sync`. */
  async sync(): Promise<void> {
    await this.#journal.sync();
  }

  /** It is time for a snapshot. */
  get isFull(): boolean {
    return this.#journal.bytes() - this.#leastBytes > this.#journalBytes;
  }

  /**
   * Puts a snapshot in the place of the journal's records.
   * @param account decided on its last bar; nothing may drive it until this resolves
   * @throws StratError FILE_UNWRITABLE
   */
  async compact(account: PaperAccount): Promise<void> {
    const { bars, fills } = await this.history.sync();
    const data = snapshotData({
      bars,
      fills,
      registers: account.registers(),
      capital: account.capital,
      start: this.#start,
      rules: [...new Set([...this.#rules, rulesText(this.#start)])],
      isPaused: this.#isPaused,
      isFlattening: this.#isFlattening,
    });
    this.#journal.replace({ type: 'snapshot', data });
    this.#leastBytes = this.#journal.bytes();
  }

  close(): void {
    try {
      this.#journal.close();
    } finally {
      this.history.close();
    }
  }
}
