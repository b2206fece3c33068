import { firstInner, type InnerBars } from '#core/model/inner-bars.ts';
import type { EngineMarket } from './engine-market.ts';

/**
 * What a bar is made of, shown one after the other as if each were the bar at hand: `begin`, then as long as `next` gives one, orders and levels against it.
 * What follows sees the bar's close, and the range since the position was opened.
 */
export class InnerSteps {
  readonly #inner: InnerBars;
  readonly #market: EngineMarket;
  /** Next one, the first and the one behind the last of the bar. */
  #at = 0;
  #first = 0;
  #end = 0;
  #close = 0;
  #high = -Infinity;
  #low = Infinity;
  /** Of the position before the one at hand was met. */
  #side = 0;
  #ended = 0;

  constructor(inner: InnerBars, market: EngineMarket) {
    this.#inner = inner;
    this.#market = market;
  }

  /** Whether the inside of a bar is known. */
  knows(index: number): boolean {
    return firstInner(this.#inner, index) !== this.#inner.ends[index];
  }

  /** Where quotes do not tell of a bar: how much higher buys are met in it; undefined = bid and ask are one. */
  spreadOf(index: number): number | undefined {
    return this.#inner.spread[index];
  }

  /** Begins with the bar that the market shows. False when nothing waits for it: orders come of decisions, so none will inside of the bar. */
  begin(index: number): boolean {
    const inner = this.#inner;
    const { account, close } = this.#market;
    this.#first = this.#at = firstInner(inner, index);
    this.#end = inner.ends[index]!;
    this.#close = close;
    this.#high = -Infinity;
    this.#low = Infinity;
    if (account.qty !== 0 || this.#market.hasEntries()) return true;
    if (inner.ask.length > 0) this.#market.showQuote(inner.ask[this.#end - 1]!);
    this.#at = this.#end;
    return false;
  }

  /** Open time of the next one, ms; Infinity = there is none. */
  get time(): number {
    return this.#at < this.#end ? this.#inner.time[this.#at]! : Infinity;
  }

  /** Shows the next one; false after the last, when the bar is shown again. */
  next(): boolean {
    const market = this.#market;
    const { bar, account } = market;
    if (this.#at > this.#first) this.#keepRange();
    if (this.#at === this.#end) {
      market.close = this.#close;
      bar.high = this.#high;
      bar.low = this.#low;
      bar.isPrint = false;
      return false;
    }
    const inner = this.#inner;
    const at = this.#at++;
    const hasRange = inner.high.length > 0;
    const open = inner.open[at]!;
    market.moment = inner.time[at]!;
    market.close = hasRange ? inner.close[at]! : open;
    bar.open = open;
    bar.high = hasRange ? inner.high[at]! : open;
    bar.low = hasRange ? inner.low[at]! : open;
    bar.isPrint = !hasRange && at > this.#first;
    if (inner.ask.length > 0) market.showQuote(inner.ask[at]!);
    if (inner.volume.length > 0) market.offer(inner.volume[at]!);
    // Quotes have no volume of their own.
    else market.traded = 0;
    this.#side = Math.sign(account.qty);
    this.#ended = account.ended;
    return true;
  }

  /** The range since the position was opened takes the one that was met. */
  #keepRange(): void {
    const { bar, account } = this.#market;
    const isSame = Math.sign(account.qty) === this.#side && account.ended === this.#ended;
    this.#high = isSame ? Math.max(this.#high, bar.high) : bar.high;
    this.#low = isSame ? Math.min(this.#low, bar.low) : bar.low;
  }
}
