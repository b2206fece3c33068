import type { BookSnapshots } from '#core/model/book-snapshots.ts';
import { SETTING as K } from '#core/model/strategy-abi.ts';

/**
 * What orders that take find in a recorded book: the last snapshot at the moment or before. What an order has taken is gone for others of that moment; at the
 * next the book is whole again. Books that are older than the moment tell of depths, not of prices: distances are shares of the price.
 */
export class BookDepth {
  readonly #books: BookSnapshots;
  readonly #settings: Float64Array;
  /** The snapshot in force; -1 = none is known yet. */
  #at = -1;
  #moment = Number.NaN;
  /** Base units that orders of the moment have bought, and sold. */
  #bought = 0;
  #sold = 0;

  constructor(books: BookSnapshots, settings: Float64Array) {
    this.#books = books;
    this.#settings = settings;
  }

  /** @param moment ms, of what orders are met with */
  atMoment(moment: number): void {
    if (moment === this.#moment) return;
    const { time } = this.#books;
    if (!(moment > this.#moment)) this.#at = -1;
    while (this.#at + 1 < time.length && time[this.#at + 1]! <= moment) this.#at += 1;
    this.#moment = moment;
    this.#bought = 0;
    this.#sold = 0;
  }

  /** Base units that there are for an order that buys (side above zero) or sells; Infinity before the first snapshot. */
  left(side: number): number {
    if (this.#at < 0) return Infinity;
    let sum = 0;
    for (let level = 0; level < this.#books.levels; level++) sum += this.#sizeOf(side, level);
    return Math.max(0, sum - this.#takenOf(side));
  }

  take(side: number, qty: number): void {
    if (side > 0) this.#bought += qty;
    else this.#sold += qty;
  }

  /**
   * How much worse than the market an order fills that takes level after level, as share of the price. What is more than there is pays the last level.
   * @param isApart buys meet a price of their own: the market is the best of the side, else the middle
   */
  rateOf(side: number, qty: number, isApart: boolean): number {
    if (this.#at < 0) return 0;
    const { levels } = this.#books;
    const base = isApart ? this.#priceOf(side, 0) : (this.#priceOf(1, 0) + this.#priceOf(-1, 0)) / 2;
    let skipped = this.#takenOf(side);
    let wanted = qty;
    let paid = 0;
    let price = this.#priceOf(side, 0);
    for (let level = 0; level < levels; level++) {
      const size = this.#sizeOf(side, level);
      if (!(size > 0)) continue;
      price = this.#priceOf(side, level);
      const rest = size - skipped;
      skipped = Math.max(0, -rest);
      if (!(rest > 0)) continue;
      const part = Math.min(rest, wanted);
      paid += part * price;
      wanted -= part;
      if (!(wanted > 0)) break;
    }
    const mean = qty > 0 ? (paid + Math.max(0, wanted) * price) / qty : price;
    return side > 0 ? mean / base - 1 : 1 - mean / base;
  }

  #takenOf(side: number): number {
    return side > 0 ? this.#bought : this.#sold;
  }

  #placeOf(level: number): number {
    return (this.#at * this.#books.levels + level) * 2;
  }

  #priceOf(side: number, level: number): number {
    return (side > 0 ? this.#books.asks : this.#books.bids)[this.#placeOf(level)]!;
  }

  /** What a level has, as far as the run believes in it. */
  #sizeOf(side: number, level: number): number {
    return (side > 0 ? this.#books.asks : this.#books.bids)[this.#placeOf(level) + 1]! * this.#settings[K.depthShare]!;
  }
}
