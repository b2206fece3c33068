import { ACCOUNT as A, LOG_KIND, MARGIN_KIND, type RunConventions, SETTING as K, SIZE } from '#core/model/strategy-abi.ts';
import type { BookSnapshots } from '#core/model/book-snapshots.ts';
import type { PlannedAdd, PlannedEntry, PlannedOrder, TradePlan } from '#core/model/trade-plan.ts';
import { closablePart } from '../costs/closable-part.ts';
import { BookDepth } from '../costs/book-depth.ts';
import { LimitQueue, QUEUE_FIELDS } from '../costs/limit-queue.ts';
import type { Liquidity } from '../costs/liquidity.ts';
import { MARKET_STATISTICS, observeBar } from '../costs/market-statistics.ts';
import { Slippage } from '../costs/slippage.ts';
import { roundDownToLot, sizeOf } from '../sizing.ts';
import type { Valuation } from '../valuation.ts';
import { BARE_BLOCK, type BlockPlan, blockPlans } from './block-plan.ts';
import { KellyRecord } from './kelly.ts';
import { liquidationPrice } from './liquidation-price.ts';
import type { OrderReview } from './order-review.ts';
import {
  atMarket,
  ORDER_TYPE,
  type Execution,
  hasRest,
  type OrderBar,
  placeOrder,
  type Signal,
  waitingQty,
  withdraw,
} from './order-slot.ts';
import { PositionAccount } from './position-account.ts';
import { Protection } from './protection.ts';
import {
  EXIT_FROM_AT,
  LAST_VOLUME_AT,
  LOST_SHARE,
  ORDER as O,
  OTHERS,
  POSITION as P,
  type RegisterLayout,
  registerLayout,
  STATISTICS_AT,
  STOP_QUEUE_AT,
} from './registers.ts';
import { RiskLimits } from './risk-limits.ts';

/** What came of an order, base units: nothing of either where it was dropped. */
export interface Filled {
  readonly qty: number;
  /** What the bar has left of it, after it was cut to the cash. */
  readonly rest: number;
}

const NOTHING: Filled = { qty: 0, rest: 0 };

/** What fills and rules work on: the plan, the registers with those who write them, and the bar at hand. */
export class EngineMarket {
  readonly registers: Float64Array;
  readonly basket: number | null;
  readonly plan: TradePlan;
  readonly blocks: readonly BlockPlan[];
  readonly settings: Float64Array;
  readonly conventions: RunConventions;
  readonly layout: RegisterLayout;
  readonly account: PositionAccount;
  readonly protection: Protection;
  readonly limits: RiskLimits;
  readonly kelly: KellyRecord;
  readonly liquidity: Liquidity;
  readonly queue: LimitQueue;
  readonly #slippage: Slippage;
  readonly #statistics: Float64Array;
  index = 0;
  /** Bars of the account so far; that of the market where it is alone. */
  step = 0;
  /** Open time of the bar, ms. */
  time = 0;
  /** That of what orders are met with: the bar, or one of those that it is made of. */
  moment = 0;
  close = 0;
  /** Base units that what orders are met with has traded; zero = unknown. */
  traded = 0;
  /** The members of the universe were chosen on this bar. */
  isRebalance = false;
  /** Something was ordered since this was set to false. */
  hasNewOrders = false;
  readonly bar: { open: number; high: number; low: number; readonly isTouchEnough: boolean; isPrint: boolean };
  /** What buys meet, where bid and ask are known apart: `bar` and `close` are the bid then. Null = one price for both. */
  ask: (OrderBar & { readonly close: number }) | null = null;
  /** The mark price of the bar, by which the venue liquidates; null = not known, then its own prices are taken for it. */
  mark: { readonly open: number; readonly high: number; readonly low: number; readonly close: number } | null = null;
  /** What recorded books show; null = there are none. */
  #depth: BookDepth | null = null;

  /** @param basket place in the plan of the basket that this market is; null = it is a market */
  constructor(
    plan: TradePlan,
    settings: Float64Array,
    conventions: RunConventions,
    registers: Float64Array,
    basket: number | null,
    liquidity: Liquidity,
  ) {
    this.basket = basket;
    this.registers = registers;
    this.plan = plan;
    this.blocks = blockPlans(plan);
    this.settings = settings;
    this.conventions = conventions;
    this.layout = registerLayout(plan, this.blocks);
    this.account = new PositionAccount(registers, settings);
    this.protection = new Protection(registers, this.layout.frozen);
    this.limits = new RiskLimits(plan, this.account, this.layout);
    this.liquidity = liquidity;
    this.#statistics = registers.subarray(STATISTICS_AT, STATISTICS_AT + MARKET_STATISTICS);
    this.#slippage = new Slippage(settings, this.#statistics, this.liquidity);
    this.queue = new LimitQueue(registers, settings, LAST_VOLUME_AT);
    this.kelly = new KellyRecord(registers, this.layout, plan.kellyTrades);
    this.bar = { open: 0, high: 0, low: 0, isTouchEnough: conventions.limitFill === 'touch', isPrint: false };
  }

  get valuation(): Valuation {
    return this.account.valuation;
  }

  /** What the bar at hand, or what it is made of, has traded: base units; orders take their share of it. */
  offer(volume: number): void {
    this.liquidity.offer(volume);
    this.traded = volume;
  }

  /** What an order of a side meets of the bar at hand. */
  met(side: number): OrderBar {
    return side > 0 && this.ask !== null ? this.ask : this.bar;
  }

  /** The last price that an order of a side would have met. */
  closeFor(side: number): number {
    return side > 0 && this.ask !== null ? this.ask.close : this.close;
  }

  /** The price at which the venue closes the position; NaN = at none. */
  liquidationLevel(): number {
    const { registers: r, settings } = this;
    const kind = settings[K.marginKind]!;
    const { qty } = this.account;
    if (kind === MARGIN_KIND.none || qty === 0) return Number.NaN;
    const backing =
      kind === MARGIN_KIND.cross
        ? r[A.cash]! + r[OTHERS.value]! - r[OTHERS.maintenance]!
        : r[P.margin]! - this.valuation.worth(qty, r[A.avgPrice]!);
    return liquidationPrice(Math.sign(qty), Math.abs(qty), backing, settings);
  }

  /** Whether an account on margin has lost all it had: its orders go, once and for all. */
  isBankrupt(): boolean {
    const r = this.registers;
    if (r[P.isBankrupt] === 1) return true;
    const isLeft = r[A.equity]! > r[A.peakEquity]! * LOST_SHARE;
    const isHeld = this.account.qty !== 0 || r[OTHERS.long]! > 0 || r[OTHERS.value]! < 0;
    if (this.settings[K.marginKind] === MARGIN_KIND.none || isHeld || isLeft) return false;
    r[P.isBankrupt] = 1;
    this.withdrawEntries();
    this.drop(LOG_KIND.bankrupt, Number.NaN, this.close, -1);
    return true;
  }

  /** What orders take from from now on, where slippage asks for it. */
  useBooks(books: BookSnapshots): void {
    this.#depth = this.settings[K.depthShare]! > 0 ? new BookDepth(books, this.settings) : null;
  }

  /** The book of the moment at hand. */
  get #book(): BookDepth | null {
    this.#depth?.atMoment(this.moment);
    return this.#depth;
  }

  /** How much of a quantity the bar gives, and the book to an order that takes from it; in lots unless it is all. */
  partOf(side: number, qty: number, isMaker: boolean): number {
    const part = this.liquidity.partOf(qty);
    const book = isMaker ? null : this.#book;
    if (book === null) return part;
    const left = book.left(side);
    return left >= part ? part : Math.min(part, roundDownToLot(left, this.settings));
  }

  /** What a fill takes is there for no other. */
  #take(side: number, qty: number, isMaker: boolean): void {
    this.liquidity.take(qty);
    if (!isMaker) this.#book?.take(side, qty);
  }

  /** What buys meet beside the bid at hand, a quote. */
  showQuote(ask: number): void {
    const { isTouchEnough, isPrint } = this.bar;
    this.ask = { open: ask, high: ask, low: ask, close: ask, isTouchEnough, isPrint };
  }

  /** Whether any order to enter rests or is on its way. */
  hasEntries(): boolean {
    return this.layout.entries.some((at) => this.registers[at] !== ORDER_TYPE.none);
  }

  /** Orders to enter, resting or on their way. */
  withdrawEntries(): void {
    for (const at of this.layout.entries) withdraw(this.registers, at);
  }

  /** Orders for more of the open position. */
  withdrawAdds(): void {
    for (const at of this.layout.adds.flat()) withdraw(this.registers, at);
    if (this.layout.rebalance !== null) withdraw(this.registers, this.layout.rebalance);
  }

  /** The venue takes the position over, all of it at once, and withdraws every order. */
  takeOver(refPrice: number, kind: number): void {
    if (this.account.qty !== 0) this.#close(Math.abs(this.account.qty), atMarket(refPrice, false), kind, -1);
    this.withdrawEntries();
  }

  /** The entry that opened the position; null = it has none: the rules were changed since, and no longer enter on its side. */
  heldEntry(): PlannedEntry | null {
    const rule = this.registers[P.entryRule]!;
    return rule === 0 ? null : this.plan.entries[rule - 1]!;
  }

  /** Size and protection of the open position. */
  heldBlock(): BlockPlan {
    const entry = this.heldEntry();
    return entry === null ? BARE_BLOCK : this.blocks[entry.block]!;
  }

  eachAdd(visit: (at: number, add: PlannedAdd) => void): void {
    const entry = this.heldEntry();
    if (entry === null) return;
    const { adds } = this.blocks[entry.block]!.planned;
    for (const [place, add] of adds.entries()) visit(this.layout.adds[entry.block]![place]!, add);
  }

  /** Base units that orders for more of the open position may still buy or sell. */
  get addingQty(): number {
    const { rebalance } = this.layout;
    let sum = rebalance === null ? 0 : waitingQty(this.registers, rebalance);
    const entryAt = this.layout.entries[this.registers[P.entryRule]! - 1];
    if (entryAt !== undefined && hasRest(this.registers, entryAt)) sum += this.registers[entryAt + O.rest]!;
    this.eachAdd((at) => {
      sum += waitingQty(this.registers, at);
    });
    return sum;
  }

  /** How much of an add may go out: it is asked for together with those that wait, as all of them may fill within one bar. */
  passedAdd(review: OrderReview, side: 1 | -1, qty: number, price: number): number {
    if (!(qty > 0)) return 0;
    const adding = this.addingQty;
    const answer = review.allow(side, adding + qty, price);
    return answer >= adding + qty ? qty : answer - adding;
  }

  drop(kind: number, qty: number, price: number, rule: number, refPrice = price): void {
    this.account.log(kind, this.index, qty, price, refPrice, 0, rule);
  }

  /** Writes an order of a rule into its registers; false when it lacks a price or a time. */
  order(at: number, order: PlannedOrder, side: number, values: Float64Array, signal: Signal): boolean {
    this.hasNewOrders = true;
    const isNew = this.registers[at] === ORDER_TYPE.none;
    if (!placeOrder(this.registers, at, order, side, values, signal)) return false;
    if (isNew) this.sendFromHere(at);
    return true;
  }

  /** Time from a decision to its order at the market, ms. */
  get #latencyMs(): number {
    return this.settings[K.latencyMs]! + this.settings[K.latencyBars]! * this.plan.stepMs;
  }

  /** When what is decided at the close of the bar at hand reaches the market; zero without latency. */
  get #arrivalMs(): number {
    const latency = this.#latencyMs;
    return latency === 0 ? 0 : this.time + this.plan.stepMs + latency;
  }

  /** The order in the registers goes out at the close of the bar at hand. One that is priced anew before it fills keeps the time of its first. */
  sendFromHere(at: number): void {
    this.registers[at + O.fromMs] = this.#arrivalMs;
  }

  /** Whether an order is at the market. */
  hasArrived(at: number): boolean {
    return this.#latencyMs === 0 || this.moment >= this.registers[at + O.fromMs]!;
  }

  hasExitArrived(): boolean {
    return this.#latencyMs === 0 || this.moment >= this.registers[EXIT_FROM_AT]!;
  }

  /** A market order that no bar has met yet. */
  isOnItsWay(at: number): boolean {
    return this.#latencyMs !== 0 && this.registers[at] === ORDER_TYPE.market;
  }

  orderExit(kind: number, fraction: number, rule: number): void {
    const r = this.registers;
    // What went out at an earlier close and is on its way stays as it is, unless more is to leave.
    const isOnItsWay = r[P.exitKind] !== 0 && r[EXIT_FROM_AT]! < this.#arrivalMs;
    if (isOnItsWay && r[P.exitFraction]! >= fraction) return;
    this.hasNewOrders = true;
    if (!isOnItsWay) r[EXIT_FROM_AT] = this.#arrivalMs;
    r[P.exitKind] = kind;
    r[P.exitFraction] = fraction;
    r[P.exitRule] = rule;
  }

  /** Keeps what the reason of a rule says at this close, for when its order fills. */
  keepReason(of: 'entries' | 'exits', rule: number, values: Float64Array): void {
    const at = this.layout.said[of][rule]!;
    for (const [place, value] of (this.plan[of][rule]!.reason ?? []).entries()) this.registers[at + place] = values[value]!;
  }

  /** Logs it, before the fill. */
  #tellReason(of: 'entries' | 'exits', rule: number): void {
    const at = this.layout.said[of][rule]!;
    for (const place of (this.plan[of][rule]!.reason ?? []).keys())
      this.drop(LOG_KIND.said, Number.NaN, this.registers[at + place]!, place);
  }

  /** Takes the bar at hand into what is known of the market. */
  observe(volume: number): void {
    if (this.queue.isOn) this.registers[LAST_VOLUME_AT] = volume;
    if (this.settings[K.squareRootImpact] !== 0) observeBar(this.#statistics, this.plan.stepMs, this.close, volume);
  }

  /**
   * What an execution costs: a taker pays the slippage, never beyond its limit; a maker gets its price.
   * @param qty base units; zero = without the impact of its size
   */
  priceOf(side: number, { refPrice, isMaker, limit }: Execution, qty: number): number {
    if (isMaker) return refPrice;
    const price = this.#slippage.priceOf(side, refPrice, qty, this.#book, this.ask !== null);
    if (limit !== limit) return price;
    return side > 0 ? Math.min(price, limit) : Math.max(price, limit);
  }

  /**
   * Buys or sells as much of a quantity as the cash pays for and the bar gives, to open a position or to add to one.
   * @param isFirst no bar has met the order before: what this one has left of it is told
   */
  enter(side: number, qty: number, execution: Execution, rule: number, isAdd: boolean, isFirst: boolean): Filled {
    const { refPrice, isMaker } = execution;
    const part = this.partOf(side, qty, isMaker);
    const price = this.priceOf(side, execution, part);
    if (part === 0) {
      if (isFirst) this.drop(LOG_KIND.partFilled, qty, price, rule, refPrice);
      return { qty: 0, rest: qty };
    }
    // A short sells for more where it sells less. The bound is the price at which the quantity is worth more.
    const bound = side * this.valuation.sign > 0 ? price : this.priceOf(side, execution, 0);
    const paid = this.#cutToCash(side, qty, bound, refPrice, isMaker, rule);
    if (!(paid > 0)) return NOTHING;
    if (isFirst && this.isBelowMinimum(paid, refPrice)) {
      this.drop(LOG_KIND.droppedTooSmall, paid, price, rule, refPrice);
      return NOTHING;
    }
    const given = this.partOf(side, paid, isMaker);
    if (given < paid && isFirst) this.drop(LOG_KIND.partFilled, paid, price, rule, refPrice);
    if (given > 0) {
      if (!isAdd) this.#tellReason('entries', rule);
      // What cash or volume cut has less impact.
      const paidPrice = given === part ? price : this.priceOf(side, execution, given);
      this.#take(side, given, isMaker);
      this.account.enter(this.index, this.time, side, given, paidPrice, refPrice, isMaker, isAdd, rule);
    }
    return { qty: given, rest: given < paid ? roundDownToLot(paid - given, this.settings) : 0 };
  }

  /** A share of what is held, as much of it as may be closed; zero (told) when that is nothing. */
  shareOf(fraction: number, refPrice: number, rule: number): number {
    const held = Math.abs(this.account.qty);
    const amount = fraction >= 1 ? held : this.closable(held * fraction, refPrice);
    if (amount === 0) this.drop(LOG_KIND.droppedTooSmall, held * fraction, refPrice, rule);
    return amount;
  }

  /** How much an order for a part of the position may close. */
  closable(wanted: number, refPrice: number): number {
    return closablePart(wanted, Math.abs(this.account.qty), refPrice, this.registers[A.equity]!, this.settings);
  }

  /** Worth less than the venue takes. */
  isBelowMinimum(qty: number, price: number): boolean {
    return this.valuation.notional(qty, price) < this.settings[K.minNotional]!;
  }

  /** All of the position is on its way out, over several bars. */
  get isLeaving(): boolean {
    return this.registers[P.leavingQty] === Infinity;
  }

  /** What earlier bars have left of market exits, at the open. */
  leaveRest(refPrice: number): void {
    const r = this.registers;
    const wanted = r[P.leavingQty]!;
    if (!(wanted > 0)) return;
    const [kind, rule] = [r[P.leavingKind]!, r[P.leavingRule]!];
    const rest = this.leaveAt(Math.min(wanted, Math.abs(this.account.qty)), atMarket(refPrice, true), kind, rule, false);
    if (this.account.qty !== 0) r[P.leavingQty] = wanted === Infinity ? wanted : rest;
  }

  /** The quantity that the cash pays for; zero (told) when that is nothing. */
  #cutToCash(side: number, qty: number, price: number, refPrice: number, isMaker: boolean, rule: number): number {
    const affordable = this.account.affordable(side, qty, price, isMaker);
    if (affordable === qty) return qty;
    if (!(affordable > 0)) {
      this.drop(price > 0 ? LOG_KIND.droppedTooSmall : LOG_KIND.droppedInvalid, qty, price, rule, refPrice);
      return 0;
    }
    // A cut of one rounding error (all of the cash, no fee) is not worth telling.
    if (qty - affordable > qty * 1e-9) this.drop(LOG_KIND.cutToCash, qty, price, rule, refPrice);
    return affordable;
  }

  /** @param risk what one unit loses from the price to the initial stop */
  sizeOf(
    { planned, size, max, min, kellyTrades }: BlockPlan,
    setup: number | null,
    read: (place: number) => number,
    price: number,
    equity: number,
    risk: number,
  ): number {
    let [kind, amount] = [planned.size.kind, read(size)];
    if (kind === SIZE.kellyShare) {
      const share = this.kelly.share(setup, read(kellyTrades));
      kind = SIZE.equityShare;
      // Before there are enough trades the floor counts.
      amount = share === share ? amount * share : 0;
    }
    const terms = {
      sizeKind: kind,
      // Members of a universe share a size by their weights.
      sizeAmount: this.plan.universe === null ? amount : amount * this.registers[P.weight]!,
      maxKind: planned.max?.kind ?? SIZE.none,
      maxAmount: max < 0 ? 0 : read(max),
      minKind: planned.min?.kind ?? SIZE.none,
      minAmount: min < 0 ? 0 : read(min),
    };
    return sizeOf(terms, price, equity, this.registers[A.cash]!, risk, this.valuation);
  }

  /** Closes a part of the position, or all of it, at whatever the market offers; what this bar does not take follows at the next opens. */
  leave(amount: number, execution: Execution, kind: number, rule: number): void {
    const r = this.registers;
    const isAll = amount >= Math.abs(this.account.qty);
    const rest = this.leaveAt(amount, execution, kind, rule);
    if (rest === 0 || this.account.qty === 0 || this.isLeaving) return;
    r[P.leavingQty] = isAll ? Infinity : r[P.leavingQty]! + rest;
    r[P.leavingKind] = kind;
    r[P.leavingRule] = rule;
    if (isAll) this.#withdrawHeld();
  }

  /**
   * Closes as much of the position as the bar gives; when it has ended, everything that belonged to it goes.
   * @param isFirst no bar has met the order before: what this one has left of it is told
   * @returns what the bar has left of the amount, base units
   */
  leaveAt(amount: number, execution: Execution, kind: number, rule: number, isFirst = true): number {
    const given = this.partOf(-Math.sign(this.account.qty), amount, execution.isMaker);
    if (given < amount && isFirst) this.drop(LOG_KIND.partFilled, amount, execution.refPrice, rule);
    if (given > 0) this.#close(given, execution, kind, rule);
    return given < amount ? roundDownToLot(amount - given, this.settings) : 0;
  }

  #close(amount: number, execution: Execution, kind: number, rule: number): void {
    const r = this.registers;
    const entry = this.heldEntry();
    const entryAt = this.layout.entries[r[P.entryRule]! - 1];
    const cost = this.valuation.notional(r[P.boughtQty]!, r[P.firstPrice]!);
    const side = -Math.sign(this.account.qty);
    const price = this.priceOf(side, execution, amount);
    this.#take(side, amount, execution.isMaker);
    if (kind === LOG_KIND.exit && rule >= 0) this.#tellReason('exits', rule);
    if (!this.account.leave(this.index, amount, price, execution.refPrice, execution.isMaker, kind, rule)) return;
    this.kelly.add(entry?.setup ?? null, r[P.endedProfit]! / cost);
    r[P.exitKind] = 0;
    this.#withdrawHeld(entryAt);
    for (let place = 0; place < this.layout.targetCount; place++) {
      r[this.layout.targets + place] = 0;
      r[this.layout.targetQueues + place * QUEUE_FIELDS] = 0;
    }
    r[STOP_QUEUE_AT] = 0;
  }

  /** What waits for the open position: exits, adds, and what bars have left of its entry. */
  #withdrawHeld(entryAt = this.layout.entries[this.registers[P.entryRule]! - 1]): void {
    const r = this.registers;
    for (const at of this.layout.exits) withdraw(r, at);
    this.withdrawAdds();
    for (const at of this.layout.adds.flat()) r[at + O.isLimited] = 0;
    if (entryAt !== undefined && hasRest(r, entryAt)) withdraw(r, entryAt);
  }
}
