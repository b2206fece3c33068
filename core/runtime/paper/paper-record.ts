import type { Journal, JournalEntry } from '../journal/journal-file.ts';
import type { StartRecord } from '../journal/journal-record.ts';
import { snapshotData } from '../journal/snapshot-record.ts';
import { legMarkets } from '../portfolio/account-slots.ts';
import type { PaperAccount } from './paper-account.ts';
import type { PaperHistory } from './paper-history.ts';
import { rulesText } from './restore-account.ts';

/** What is in force beside the account; a snapshot tells it as well. */
export interface InForce {
  readonly start: StartRecord;
  /** Rules, params and costs under which bars were traded before this start, each set once. */
  readonly rules: ReadonlySet<string>;
  readonly isPaused: boolean;
  /** Markets whose position a person wants closed, and no decision has done so yet. */
  readonly flattening: ReadonlySet<number>;
}

/** Some thousand bars: replayed in a moment at a start, and compacted twice a minute at 500 bars a second. */
export const JOURNAL_BYTES = 2 * 2 ** 20;

/**
 * What a strategy on paper leaves on the disk: a journal of its last steps and the history before them. When the journal has grown by
 * `journalBytes`, the history is made durable and a snapshot takes the place of all records (docs/adr/0007-journal-with-snapshots.md).
 */
export class PaperRecord {
  readonly file: string;
  /** By market. */
  readonly histories: readonly PaperHistory[];
  readonly #journal: Journal;
  readonly #start: StartRecord;
  /** Markets that rules trade. */
  readonly #traded: number;
  readonly #rules: ReadonlySet<string>;
  readonly #journalBytes: number;
  #isPaused: boolean;
  readonly #flattening: Set<number>;
  /** Length of the journal when nothing more could be taken out of it. */
  #leastBytes = 0;

  constructor(journal: Journal, histories: readonly PaperHistory[], { start, rules, isPaused, flattening }: InForce, journalBytes: number) {
    this.file = journal.file;
    this.histories = histories;
    this.#journal = journal;
    this.#start = start;
    this.#traded = histories.length - legMarkets(start.plan).length;
    this.#rules = rules;
    this.#isPaused = isPaused;
    this.#flattening = new Set(flattening);
    this.#journalBytes = journalBytes;
  }

  /** As `Journal.append`. */
  append(entries: readonly JournalEntry[]): void {
    this.#journal.append(entries);
  }

  /** A person paused or resumed the strategy, or wants its position closed. */
  control(isPaused: boolean, isFlatten = false): void {
    this.#isPaused = isPaused;
    if (isFlatten) for (let market = 0; market < this.#traded; market++) this.#flattening.add(market);
    this.append([{ type: 'control', data: { paused: isPaused, ...(isFlatten ? { flatten: true } : {}) } }]);
  }

  /** A decision closes the position of a market. */
  flattened(market: number): void {
    this.#flattening.delete(market);
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
   * @param account decided on its last step; nothing may drive it until this resolves
   * @throws StratError FILE_UNWRITABLE
   */
  async compact(account: PaperAccount): Promise<void> {
    const kept = await Promise.all(this.histories.map(async (history) => history.sync()));
    const data = snapshotData({
      steps: account.steps,
      markets: kept.map(({ bars, fills }, market) => ({
        bars,
        fills,
        registers: account.registers(market),
        isFlattening: this.#flattening.has(market),
      })),
      baskets: account.basketRegisters(),
      capital: account.capital,
      start: this.#start,
      rules: [...new Set([...this.#rules, rulesText(this.#start)])],
      isPaused: this.#isPaused,
    });
    this.#journal.replace({ type: 'snapshot', data });
    this.#leastBytes = this.#journal.bytes();
  }

  close(): void {
    try {
      this.#journal.close();
    } finally {
      for (const history of this.histories) history.close();
    }
  }
}
