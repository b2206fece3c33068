import type { Bar } from '#core/model/bar.ts';
import { type HistoryRows, joinedRows, packRow } from '#core/sandbox/history-rows.ts';
import type { BarFeed } from '../feeds/bar-feed.ts';
import type { RowTails } from '../row-tails.ts';
import type { PaperHistory } from './paper-history.ts';

/**
 * The history of an account as its strategy is shown it: bars and accounts from the disk, and behind each the further columns, which are
 * computed again whenever a runner has to be brought up. They come in the order of the bars only, so one pass is kept, and begun anew to go back.
 */
export class ShownHistory implements HistoryRows {
  readonly #history: PaperHistory;
  readonly #feed: BarFeed;
  readonly #newTails: () => RowTails;
  #tails: RowTails;
  /** The bar whose tail comes next. */
  #next = 0;

  constructor(history: PaperHistory, feed: BarFeed, newTails: () => RowTails) {
    this.#history = history;
    this.#feed = feed;
    this.#newTails = newTails;
    this.#tails = newTails();
  }

  readonly count = (): number => this.#history.count;

  readonly slice = (from: number, to: number): Float64Array => {
    this.#goTo(from);
    return joinedRows(this.#history.slice(from, to).map(({ bar, account }) => packRow(bar, account, this.#nextTail(bar))));
  };

  /** The tail of the bar after the history, which is not decided on yet. Asked for once. */
  tail(bar: Bar): Float64Array {
    this.#goTo(this.count());
    return this.#nextTail(bar);
  }

  /** A bar of the history with what the feed has of it besides the candle, as a tail. */
  #nextTail(bar: Bar): Float64Array {
    const index = this.#next;
    this.#next += 1;
    const further = this.#feed.columns.length === 0 ? undefined : this.#feed.bar(index)?.further;
    return this.#tails.next(further === undefined ? bar : { ...bar, further });
  }

  #goTo(index: number): void {
    if (index < this.#next) {
      this.#tails = this.#newTails();
      this.#next = 0;
    }
    if (this.#tails.isEmpty) this.#next = index;
    while (this.#next < index) {
      const bars = this.#history.slice(this.#next, Math.min(index, this.#next + BLOCK_ROWS));
      for (const { bar } of bars) this.#nextTail(bar);
    }
  }
}

const BLOCK_ROWS = 1024;
