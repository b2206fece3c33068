/** One side of an order book: prices with what is offered at each. */
class BookSide {
  readonly #levels = new Map<number, number>();
  /** 1 of bids, whose best price is the highest; -1 of asks. */
  readonly #sign: 1 | -1;
  /** NaN: not known, to be looked up. */
  #best = NaN;

  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  get levels(): number {
    return this.#levels.size;
  }

  /** Null without levels. */
  get best(): number | null {
    if (this.#levels.size === 0) return null;
    if (Number.isNaN(this.#best))
      for (const price of this.#levels.keys()) if (!(this.#sign * price <= this.#sign * this.#best)) this.#best = price;
    return this.#best;
  }

  clear(): void {
    this.#levels.clear();
    this.#best = NaN;
  }

  /** A quantity of 0 takes the level away. */
  set(price: number, quantity: number): void {
    if (quantity === 0) {
      this.#levels.delete(price);
      if (price === this.#best) this.#best = NaN;
      return;
    }
    const best = this.best;
    this.#levels.set(price, quantity);
    if (best === null || this.#sign * price > this.#sign * best) this.#best = price;
  }
}

/** An order book that is kept by changes of its levels. */
export class OrderBook {
  readonly bids = new BookSide(1);
  readonly asks = new BookSide(-1);

  clear(): void {
    this.bids.clear();
    this.asks.clear();
  }

  /** The best bid is at or above the best ask: no market was so. */
  get isCrossed(): boolean {
    const [bid, ask] = [this.bids.best, this.asks.best];
    return bid !== null && ask !== null && bid >= ask;
  }
}
