import type { Bar } from '#core/model/bar.ts';
import type { BarGrid } from './bar-grid.ts';

/** How a value of shorter bars becomes one of the longer bar: their sum (na when one is), or the last that is known. */
export type Merging = 'sum' | 'last';

/** A longer bar that has ended. */
export interface LongerBar {
  readonly bar: Bar;
  /** When it closes by the grid, whichever of its parts are missing. */
  readonly end: number;
  /** Its values besides the candle, in the order of the mergings. */
  readonly values: Float64Array;
}

/**
 * Makes longer bars of shorter ones as they come: first open, highest high, lowest low, last close, volumes summed oldest first.
 *
 * A bar is a part of the longer bar in which it ends. On the grid that is the one in which it opens; off the grid (bars at half past, days that begin in
 * the evening, a zone's midnight inside of a bar) nothing that happened after the end of a longer bar is ever in it, so it can be shown when it ends.
 */
export class LongerBars {
  readonly #grid: BarGrid;
  readonly #mergings: readonly Merging[];
  #start = Number.NaN;
  /** -Infinity when there is no bar at hand. */
  #end = -Infinity;
  #open = 0;
  #high = 0;
  #low = 0;
  #close = 0;
  #volume = 0;
  #values = new Float64Array(0);

  constructor(grid: BarGrid, mergings: readonly Merging[] = []) {
    this.#grid = grid;
    this.#mergings = mergings;
  }

  /** Takes the next shorter bar, which ends at `close`; gives the longer bar that it is no part of any more, if there is one. */
  add(bar: Bar, close: number, values: ArrayLike<number>): LongerBar | null {
    if (close > this.#end) {
      const ended = this.#take();
      this.#begin(bar, close, values);
      return ended;
    }
    if (bar.high > this.#high) this.#high = bar.high;
    if (bar.low < this.#low) this.#low = bar.low;
    this.#close = bar.close;
    this.#volume += bar.volume;
    for (let at = 0; at < this.#mergings.length; at++) {
      const value = values[at]!;
      if (this.#mergings[at] === 'sum') this.#values[at] = this.#values[at]! + value;
      else if (!Number.isNaN(value)) this.#values[at] = value;
    }
    return null;
  }

  /** The longer bar at hand when it has ended at `timeMs`, by the grid. */
  endedBy(timeMs: number): LongerBar | null {
    return this.#end <= timeMs ? this.#take() : null;
  }

  /** The longer bar at hand, ended or not; null when there is none. */
  forming(): LongerBar | null {
    if (this.#end === -Infinity) return null;
    const bar = { time: this.#start, open: this.#open, high: this.#high, low: this.#low, close: this.#close, volume: this.#volume };
    return { bar, end: this.#end, values: this.#values };
  }

  #begin(bar: Bar, close: number, values: ArrayLike<number>): void {
    this.#start = this.#grid.open(close - 1);
    this.#end = this.#grid.end(close - 1);
    this.#open = bar.open;
    this.#high = bar.high;
    this.#low = bar.low;
    this.#close = bar.close;
    this.#volume = bar.volume;
    this.#values = new Float64Array(this.#mergings.length);
    for (let at = 0; at < this.#mergings.length; at++) this.#values[at] = values[at]!;
  }

  #take(): LongerBar | null {
    const ended = this.forming();
    this.#end = -Infinity;
    return ended;
  }
}
