import { ACCOUNT as A, LOG_KIND, MARGIN_KIND, SETTING as K } from '#core/model/strategy-abi.ts';
import { Fees, TRADED_FIELDS } from '../costs/fees.ts';
import { type Valuation, valuationOf } from '../valuation.ts';
import { NAN_WHEN_FLAT, OTHERS, POSITION as P, TRADED_AT, ZERO_WHEN_FLAT } from './registers.ts';

const NO_ROWS = new Float64Array(0);

/**
 * Cash and position: books fills in one fixed order of operations and writes them to the log. Prices here are final.
 */
export class PositionAccount {
  readonly registers: Float64Array;
  readonly #settings: Float64Array;
  readonly #fees: Fees;
  readonly valuation: Valuation;
  /** Positions that have ended since this was made. */
  ended = 0;
  #rows: number[] = [];

  constructor(registers: Float64Array, settings: Float64Array) {
    this.registers = registers;
    this.#settings = settings;
    this.valuation = valuationOf(settings);
    this.#fees = new Fees(settings, registers.subarray(TRADED_AT, TRADED_AT + TRADED_FIELDS));
  }

  /** @param time open of the bar at hand, ms */
  atTime(time: number): void {
    this.#fees.atTime(time);
  }

  get qty(): number {
    return this.registers[A.qty]!;
  }

  get #isIsolated(): boolean {
    return this.#settings[K.marginKind] === MARGIN_KIND.isolated;
  }

  /** Log rows since the last call (LOG layout). */
  drainLog(): Float64Array {
    if (this.#rows.length === 0) return NO_ROWS;
    const rows = Float64Array.from(this.#rows);
    this.#rows = [];
    return rows;
  }

  log(kind: number, bar: number, qty: number, price: number, refPrice: number, fee: number, rule: number): void {
    this.#rows.push(kind, bar, qty, price, refPrice, fee, rule);
  }

  /** Of the account, with this position at a price and the others at their last. */
  equityAt(price: number): number {
    const r = this.registers;
    return r[A.cash]! + this.valuation.worth(r[A.qty]!, price) + r[OTHERS.value]!;
  }

  mark(close: number): number {
    const r = this.registers;
    const equity = this.equityAt(close);
    r[A.equity] = equity;
    if (equity > r[A.peakEquity]!) r[A.peakEquity] = equity;
    return equity;
  }

  /** The quantity cut to what there is margin for (all of the value without leverage), fee included; not above zero when that is nothing, or at a price of zero, which a tick far above the market's price makes of it. */
  affordable(side: number, qty: number, price: number, isMaker: boolean): number {
    return price > 0 ? this.#fees.affordable(qty, price, this.#freeMargin(side, price), this.#settings[K.leverage]!, isMaker) : 0;
  }

  /** Equity less the margin that the position takes at that price; of an isolated one, what its own margin and its profit leave. */
  #freeMargin(side: number, price: number): number {
    const r = this.registers;
    const { worth, sign } = this.valuation;
    const others = r[OTHERS.free]!;
    if (this.#isIsolated) return (r[A.qty] === 0 ? r[A.cash]! : r[A.cash]! + worth(r[A.qty]!, r[A.avgPrice]!) - r[P.margin]!) + others;
    return r[A.cash]! + worth(r[A.qty]!, price) * (1 - (side * sign) / this.#settings[K.leverage]!) + others;
  }

  /** Money that goes out (or comes in, when negative) without a fill; an isolated position has it from its margin. */
  pay(kind: number, bar: number, cost: number, price: number, rate: number): void {
    const r = this.registers;
    r[A.cash] = r[A.cash]! - cost;
    r[P.profit] = r[P.profit]! - cost;
    if (this.#isIsolated) r[P.margin] = r[P.margin]! - cost;
    this.log(kind, bar, r[A.qty]!, price, rate, cost, -1);
  }

  /**
   * Opens a position, or buys more of one: by an add, or by what earlier bars have left of its entry. The caller has cut the quantity to the cash.
   */
  enter(
    bar: number,
    time: number,
    side: number,
    ordered: number,
    price: number,
    refPrice: number,
    isMaker: boolean,
    isAdd: boolean,
    rule: number,
  ): void {
    const r = this.registers;
    const { notional, priceAt, sign } = this.valuation;
    const qty = side > 0 ? this.#fees.received(ordered, isMaker) : ordered;
    const value = notional(qty, price);
    const fee = qty === ordered ? this.#fees.feeOf(qty, value, isMaker) : notional(ordered - qty, price);
    this.#fees.count(notional(ordered, price));
    r[A.cash] = side * sign > 0 ? r[A.cash]! - (value + fee) : r[A.cash]! + (value - fee);
    const held = r[A.qty]!;
    if (held === 0) {
      r[A.qty] = side * qty;
      r[A.avgPrice] = price;
      r[A.entryBar] = bar;
      r[A.entryTime] = time;
      r[P.profit] = -fee;
      r[P.firstQty] = qty;
      r[P.firstPrice] = price;
      r[P.boughtQty] = qty;
    } else {
      const before = Math.abs(held);
      r[A.avgPrice] = priceAt(notional(before, r[A.avgPrice]!) + value, before + qty);
      r[A.qty] = side * (before + qty);
      r[P.profit] = r[P.profit]! - fee;
      r[P.boughtQty] = r[P.boughtQty]! + qty;
      if (!isAdd) r[P.firstQty] = r[P.firstQty]! + qty;
    }
    if (this.#isIsolated) r[P.margin] = r[P.margin]! + value / this.#settings[K.leverage]!;
    r[A.lastFill] = price;
    this.log(isAdd ? LOG_KIND.add : LOG_KIND.entry, bar, side * qty, price, refPrice, fee, rule);
  }

  /** Closes `amount` of the position, all of it when that is not less than what is held. True when it has ended. */
  leave(bar: number, amount: number, price: number, refPrice: number, isMaker: boolean, kind: number, rule: number): boolean {
    const r = this.registers;
    const qty = r[A.qty]!;
    const isLong = qty > 0;
    const { notional, gain, sign } = this.valuation;
    const value = notional(amount, price);
    const dust = amount < Math.abs(qty) ? 0 : this.#fees.dustOf(amount);
    const fee =
      kind === LOG_KIND.liquidation
        ? value * this.#settings[K.liquidationRate]!
        : dust === 0
          ? this.#fees.feeOf(amount, value, isMaker)
          : this.#fees.feeOf(amount - dust, notional(amount - dust, price), isMaker) + notional(dust, price);
    this.#fees.count(value);
    const avg = r[A.avgPrice]!;
    const left = isLong ? -amount : amount;
    const profit = (isLong ? gain(amount, avg, price) : gain(amount, price, avg)) - fee;
    if (this.#isIsolated) this.#releaseMargin(bar, amount, -profit, price);
    r[A.cash] = left * sign < 0 ? r[A.cash]! + (value - fee) : r[A.cash]! - (value + fee);
    r[P.profit] = r[P.profit]! + profit;
    r[A.qty] = qty + left;
    r[A.lastFill] = price;
    this.log(kind, bar, left, price, refPrice, fee, rule);
    if (r[A.qty] !== 0) return false;
    this.#end(bar, kind);
    return true;
  }

  /** The margin of what is closed is free; what it lost beyond that is the venue's. */
  #releaseMargin(bar: number, amount: number, loss: number, price: number): void {
    const r = this.registers;
    const margin = r[P.margin]! * (amount / Math.abs(r[A.qty]!));
    if (loss > margin) this.pay(LOG_KIND.covered, bar, margin - loss, price, Number.NaN);
    r[P.margin] = r[P.margin]! - Math.max(margin, loss);
  }

  #end(bar: number, kind: number): void {
    const r = this.registers;
    const profit = r[P.profit]!;
    this.ended += 1;
    r[A.trades] = r[A.trades]! + 1;
    if (profit > 0) {
      r[A.wins] = r[A.wins]! + 1;
      r[A.losingStreak] = 0;
    } else if (profit < 0) {
      r[A.losses] = r[A.losses]! + 1;
      r[A.losingStreak] = r[A.losingStreak]! + 1;
    }
    r[P.endedBar] = bar;
    r[P.endedProfit] = profit;
    r[P.endedKind] = kind;
    for (const field of NAN_WHEN_FLAT) r[field] = Number.NaN;
    for (const field of ZERO_WHEN_FLAT) r[field] = 0;
  }
}
