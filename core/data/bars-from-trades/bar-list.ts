import { type Columns, sharedColumns } from '#core/model/columns.ts';

/** Bars as they are made of trades, one after the other, in columns that grow. */
export class BarList {
  #columns = sharedColumns(1024);
  #rows = 0;
  /** Of the bar at hand; NaN when there is none. */
  #time = NaN;
  #open = 0;
  #high = 0;
  #low = 0;
  #close = 0;
  #volume = 0;
  /** What rounding has left out of the volume so far: Kahan's sum, so that a bar of thousands of trades is as exact as one of two. */
  #lost = 0;

  get isForming(): boolean {
    return !Number.isNaN(this.#time);
  }

  get high(): number {
    return this.#high;
  }

  get low(): number {
    return this.#low;
  }

  get volume(): number {
    return this.#volume;
  }

  /** A trade, or a part of one, goes into the bar at hand; where there is none it begins one that opens at `open`. */
  add(open: number, price: number, qty: number): void {
    if (!this.isForming) {
      this.#time = open;
      this.#open = this.#high = this.#low = price;
      this.#volume = this.#lost = 0;
    }
    if (price > this.#high) this.#high = price;
    if (price < this.#low) this.#low = price;
    this.#close = price;
    const added = qty - this.#lost;
    const sum = this.#volume + added;
    this.#lost = sum - this.#volume - added;
    this.#volume = sum;
  }

  /** Volume without a price: of trades between two bricks. */
  addVolume(open: number, price: number, qty: number): void {
    const { isForming } = this;
    const [high, low, close] = [this.#high, this.#low, this.#close];
    this.add(open, price, qty);
    if (!isForming) return;
    this.#high = high;
    this.#low = low;
    this.#close = close;
  }

  /** The bar at hand ends as one with these prices. */
  endAs(open: number, close: number): void {
    this.#open = open;
    this.#close = close;
    this.#high = Math.max(open, close);
    this.#low = Math.min(open, close);
    this.end();
  }

  /** The bar at hand ends. Times rise: one of a moment that has a bar already is a ms later. */
  end(): void {
    if (!this.isForming) return;
    if (this.#rows === this.#columns.time.length) this.#grow();
    const { time, open, high, low, close, volume } = this.#columns;
    const row = this.#rows++;
    time[row] = row > 0 ? Math.max(Math.floor(this.#time), time[row - 1]! + 1) : Math.floor(this.#time);
    open[row] = this.#open;
    high[row] = this.#high;
    low[row] = this.#low;
    close[row] = this.#close;
    volume[row] = this.#volume;
    this.#time = NaN;
  }

  /** The bars that have ended. */
  columns(): Columns {
    return resized(this.#columns, this.#rows, this.#rows);
  }

  #grow(): void {
    this.#columns = resized(this.#columns, this.#rows, this.#rows * 2);
  }
}

function resized(from: Columns, rows: number, size: number): Columns {
  const to = sharedColumns(size);
  for (const name of ['time', 'open', 'high', 'low', 'close', 'volume'] as const) to[name].set(from[name].subarray(0, rows));
  return to;
}
