import type { Bar } from '#core/model/bar.ts';
import type { BookSnapshots } from '#core/model/book-snapshots.ts';
import type { InnerBars } from '#core/model/inner-bars.ts';
import type { SwapSettings } from '../simulation-settings.ts';
import { LOG, LOG_FIELDS, LOG_KIND, type RunConventions, SETTING as K } from '#core/model/strategy-abi.ts';
import { ROW_TAIL, type TradePlan } from '#core/model/trade-plan.ts';
import { Liquidity } from '../costs/liquidity.ts';
import { Carry } from './carry.ts';
import { EngineMarket } from './engine-market.ts';
import { InnerSteps } from './inner-steps.ts';
import { OrderFills } from './order-fills.ts';
import { atMarket, hasOrders } from './order-slot.ts';
import { NO_REVIEW, type OrderReview } from './order-review.ts';
import { POSITION as P } from './registers.ts';
import { splitShares } from './share-split.ts';
import type { AccountAction } from './risk-limits.ts';
import { TradeRules } from './trade-rules.ts';

/**
 * Runs the rules of a plan on one market and one sub-account: orders, fills inside of bars, protection, risk limits. docs/engine.md has every
 * rule in words. One bar is `openBar`, `mark`, (the strategy computes its values), `decide`. All state is in `registers`.
 */
export class TradingEngine {
  /** ACCOUNT first. */
  readonly registers: Float64Array;
  readonly #market: EngineMarket;
  readonly #fills: OrderFills;
  readonly #rules: TradeRules;
  /** That of the bar at hand; NaN = not known. */
  #markOpen = Number.NaN;
  readonly #carry: Carry;
  /** What happened inside of bars; null = nothing is known. */
  readonly inner: InnerSteps | null;

  /**
   * @param inner what happened inside of bars, of those that it covers; null = nothing is known
   * @param basket place in the plan of the basket whose rules it runs; null = those of a market
   * @param volume what bars give to orders: others who trade the market may take of it too
   */
  constructor(
    plan: TradePlan,
    settings: Float64Array,
    conventions: RunConventions,
    registers: Float64Array,
    inner: InnerBars | null = null,
    basket: number | null = null,
    volume = new Liquidity(settings),
  ) {
    this.registers = registers;
    this.#market = new EngineMarket(plan, settings, conventions, registers, basket, volume);
    this.inner = inner === null ? null : new InnerSteps(inner, this.#market);
    this.#fills = new OrderFills(this.#market);
    this.#rules = new TradeRules(this.#market);
    this.#carry = new Carry(this.#market.account, settings, plan.stepMs);
  }

  /** Recorded order books, which market orders take from. */
  useBooks(books: BookSnapshots): void {
    this.#market.useBooks(books);
  }

  /** Closes a share of the position at the open of the bar at hand. */
  leaveShare(fraction: number, kind: number, rule: number): void {
    const refPrice = this.#market.bar.open;
    const amount = this.#market.shareOf(fraction, refPrice, rule);
    if (amount > 0) this.#market.leave(amount, atMarket(refPrice, true), kind, rule);
  }

  /** Buys or sells at the open of the bar at hand. */
  enterAtOpen(side: number, qty: number, rule: number, isAdd: boolean): void {
    if (qty > 0) this.#market.enter(side, qty, atMarket(this.#market.bar.open, true), rule, isAdd, true);
  }

  /** Of a basket: stop and targets that the close has reached are ordered. */
  orderReached(): void {
    this.#fills.orderReached();
  }

  /** All of the position goes at the next open. */
  orderExit(kind: number): void {
    this.#market.orderExit(kind, 1, -1);
  }

  withdrawEntries(): void {
    this.#market.withdrawEntries();
  }

  /** An event at the close. */
  tell(kind: number, qty: number): void {
    this.#market.drop(kind, qty, this.#market.close, -1);
  }

  /** Events since the last call (LOG layout), without fills and charges. */
  drainEvents(): Float64Array {
    const log = this.drainLog();
    const isEvent = (kind: number): boolean => kind >= LOG_KIND.droppedInvalid && kind !== LOG_KIND.said;
    return log.filter((_, place) => isEvent(log[place - (place % LOG_FIELDS) + LOG.kind]!));
  }

  /** The members of the universe were chosen on the bar at hand, or not. */
  useRebalance(isRebalance: boolean): void {
    this.#market.isRebalance = isRebalance;
  }

  /** Rules act on the bar at hand: what they need has settled. */
  get isSettled(): boolean {
    return this.#market.index >= this.#market.settings[K.firstBar]!;
  }

  /** Bars of the account so far, where it has other markets: after `showBar`. */
  useStep(step: number): void {
    this.#market.step = step;
  }

  /** What limits of the account did at the last decision: the other markets are to do the same. */
  get forAll(): AccountAction {
    return this.#market.limits.forAll;
  }

  /** What a limit of the account did, met by another market. */
  obeyAccount(action: AccountAction): void {
    this.#market.limits.obeyAccount(action, this.#market.index);
  }

  /** The same where the market has no bar to decide on: what waits for its next one is withdrawn, and a position leaves there. */
  obeyWithoutBar(): void {
    const market = this.#market;
    if (this.registers[P.isFlattenDue] === 1 && market.account.qty !== 0) market.orderExit(LOG_KIND.flatten, 1, -1);
    this.registers[P.isFlattenDue] = 0;
    market.withdrawEntries();
    market.withdrawAdds();
  }

  /** The last decision ordered something. */
  get hasNewOrders(): boolean {
    return this.#market.hasNewOrders;
  }

  /**
   * Whether a bar on which no entry fires would change nothing but what is known of the last bar (`passTo`): nothing is held or ordered, no limit counts, and no model
   * of costs watches the market. After `decide`.
   */
  isIdle(): boolean {
    const { account, plan, settings, queue, layout } = this.#market;
    if (account.qty !== 0 || this.registers[P.exitKind] !== 0 || hasOrders(this.registers, layout)) return false;
    return this.inner === null && plan.limits.length === 0 && plan.guards.length === 0 && !queue.isOn && settings[K.squareRootImpact] === 0;
  }

  /** Whether a row is of any concern to it while it is idle: an entry fires, or something happened to plugins. */
  wakesAt(row: Float64Array): boolean {
    const { plan, basket } = this.#market;
    if (row[plan.valueCount + ROW_TAIL.pluginsFlagged]! > 0 || row[plan.valueCount + ROW_TAIL.pluginsDisabled]! > 0) return true;
    for (const { when, basket: of = null } of plan.entries) if (of === basket && row[when] === 1) return true;
    return false;
  }

  /** Bars on which it was idle have passed it: the open time of the last, ms, and the funding rate that the data have for it. */
  passTo(time: number, fundingRate: number): void {
    this.registers[P.lastTime] = time;
    this.registers[P.lastFundingRate] = fundingRate;
  }

  /** Log rows since the last call (LOG layout). */
  drainLog(): Float64Array {
    return this.#market.account.drainLog();
  }

  /** Marks the account at the close; returns the equity. */
  mark(close: number): number {
    return this.#market.account.mark(close);
  }

  /** Before `openBar`: cash for each share that was held, then `ratio` shares in the place of one. @param close of the bar before */
  giveToHolders(index: number, { dividend, ratio }: { readonly dividend: number; readonly ratio: number }, close: number): void {
    const { account, plan, blocks, layout } = this.#market;
    if (dividend > 0 && account.qty !== 0) account.pay(LOG_KIND.dividend, index, -account.qty * dividend, close, dividend);
    if (ratio !== 1) splitShares(this.registers, plan, blocks, layout, ratio);
  }

  /** Before `openBar`: a currency position costs interest for the nights since the bar before. @param price that of the open @param rate of a year */
  payNights(index: number, nights: number, price: number, { long, short }: SwapSettings): void {
    const { account } = this.#market;
    const rate = account.qty > 0 ? long : short;
    if (account.qty === 0 || nights === 0 || rate === 0) return;
    account.pay(LOG_KIND.swap, index, account.valuation.notional(Math.abs(account.qty), price) * rate * (nights / 365), price, rate);
  }

  /** Before `openBar`: what buys meet in the bar, where that is known apart from what sales meet. */
  showAsk({ open, high, low, close }: Pick<Bar, 'open' | 'high' | 'low' | 'close'>): void {
    this.#market.ask = { open, high, low, close, isTouchEnough: this.#market.bar.isTouchEnough, isPrint: false };
  }

  /** Before `openBar`: the mark prices of the bar, where they are known. Of what happened inside of the bar, where finer bars tell it, they know nothing: then these liquidate. */
  showMark(index: number, mark: Pick<Bar, 'open' | 'high' | 'low' | 'close'> | undefined): void {
    this.#market.mark = this.inner?.knows(index) === true ? null : (mark ?? null);
    this.#markOpen = mark?.open ?? Number.NaN;
  }

  /** After the last decision: the market is gone. What is held goes at the last close at a market order's price, and no order is left. */
  delist(): void {
    const { account, close } = this.#market;
    this.#market.takeOver(this.#market.closeFor(-Math.sign(account.qty)), LOG_KIND.delisting);
    this.mark(close);
  }

  /**
   * Steps 0 to 2: what is owed, what waits for the open, then the range of the bar.
   * @param volume traded base units
   * @param fundingRate of this bar, where the data have one
   */
  openBar(
    index: number,
    time: number,
    open: number,
    high: number,
    low: number,
    close: number,
    volume: number,
    fundingRate: number = Number.NaN,
  ): void {
    this.showBar(index, time, open, high, low, close);
    this.offer(volume);
    this.payCarry(fundingRate);
    if (this.inner?.knows(index) === true) this.#fillInner(this.inner, index);
    else {
      this.showSpread(index);
      this.#fillBar();
    }
    this.observe(volume);
  }

  /** Where quotes tell of other bars and not of this one, buys are met as far above as the last of them were. */
  showSpread(index: number): void {
    const spread = this.inner?.spreadOf(index);
    if (spread === undefined) return;
    const { bar, close } = this.#market;
    this.showAsk({ open: bar.open + spread, high: bar.high + spread, low: bar.low + spread, close: close + spread });
  }

  /** The bar at hand has been met: what it was is known from now on. */
  observe(volume: number): void {
    this.#market.observe(volume);
  }

  /** What the bar at hand traded, base units: orders take their share of it. */
  offer(volume: number): void {
    this.#market.offer(volume);
  }

  /** Step 0 of the bar at hand. */
  payCarry(fundingRate: number): void {
    const { index, time, bar } = this.#market;
    const mark = Number.isNaN(this.#markOpen) ? bar.open : this.#markOpen;
    this.#carry.pay({ index, time, open: bar.open, mark, fundingRate });
  }

  /** Orders and levels against the bar at hand: its open, then its range. */
  #fillBar(): void {
    this.fillExits();
    this.fillEntries();
    this.fillRange();
  }

  /** Market exits at the open of the bar at hand, or at its close. */
  fillExits(at: 'open' | 'close' = 'open'): void {
    this.#fills.fillExit(at);
  }

  /** Market entries and adds. */
  fillEntries(at: 'open' | 'close' = 'open'): void {
    this.#fills.fillMarketOrders(at);
  }

  /** The venue looks at the account at the close as well, where other markets moved beside this one. */
  fillClose(): void {
    if (this.#market.account.qty !== 0) this.#fills.testClose();
  }

  /** What rests, against all of it. */
  fillRange(): void {
    const { account, conventions } = this.#market;
    this.#fills.passQueues();
    if (account.qty !== 0) this.#fills.protect(null);
    else this.#fills.fillResting();
    if (account.qty !== 0 && conventions.opposite === 'reverse') this.#fills.fillResting();
  }

  /** The same against what the bar at hand is made of, one after the other. */
  #fillInner(inner: InnerSteps, index: number): void {
    if (!inner.begin(index)) return;
    while (inner.next()) this.#fillBar();
  }

  /** The bar at hand, without trading on it: before `decide`, where another engine with these registers has opened it. */
  showBar(index: number, time: number, open: number, high: number, low: number, close: number): void {
    const market = this.#market;
    market.index = index;
    market.step = index;
    market.time = time;
    market.moment = time;
    market.account.atTime(time);
    market.close = close;
    market.bar.open = open;
    market.bar.high = high;
    market.bar.low = low;
  }

  /**
   * Steps 4 to 6 on the bar last opened.
   * @param row what `decide` gave for the bar (`rowLength`), read before this returns; null = it gave nothing: levels that need no values move, no rule acts
   */
  decide(index: number, row: Float64Array | null, review: OrderReview = NO_REVIEW): void {
    this.checkLimits(index, row, review);
    this.decideExits(index, row);
    this.decideEntries(index, row, review);
    if (this.#market.conventions.fillAt !== 'close') return;
    this.fillExits('close');
    this.fillEntries('close');
    this.mark(this.#market.close);
  }

  /** The first part of `decide`: levels move, limits are checked. Markets that share an account all do this part before the next. */
  checkLimits(index: number, row: Float64Array | null, { isResumed = false }: OrderReview): void {
    const market = this.#market;
    market.hasNewOrders = false;
    market.limits.begin(isResumed);
    if (row !== null) this.#logPlugins(index, row);
    const side = Math.sign(market.account.qty);
    if (side !== 0) this.#rules.movePosition(side, row);
    if (this.#isDue(index, row)) market.limits.check(index, market.step, market.close, row);
  }

  /** The second part. */
  decideExits(index: number, row: Float64Array | null): void {
    if (!this.#isDue(index, row)) return;
    this.#market.limits.settle(index);
    this.#rules.decideExits(index, row);
  }

  /** The last part: entries, adds, what a person ordered. */
  decideEntries(index: number, row: Float64Array | null, review: OrderReview): void {
    const { account, settings } = this.#market;
    const r = this.registers;
    if (this.#isDue(index, row)) this.#rules.decideEntries(index, row, review);
    this.#rules.obey(review);
    const isLeaving = r[P.exitKind] !== 0 && r[P.exitFraction]! >= 1;
    if (account.qty !== 0 && index === settings[K.endBar] && !isLeaving) this.#market.orderExit(LOG_KIND.end, 1, -1);
  }

  /** Whether rules act on a bar. */
  #isDue(index: number, row: Float64Array | null): row is Float64Array {
    return row !== null && index >= this.#market.settings[K.firstBar]!;
  }

  /** E1005: each fault is told on the bar of it. */
  #logPlugins(index: number, row: Float64Array): void {
    const { account, plan, close } = this.#market;
    const [flagged, disabled] = [row[plan.valueCount + ROW_TAIL.pluginsFlagged]!, row[plan.valueCount + ROW_TAIL.pluginsDisabled]!];
    if (flagged > 0) account.log(LOG_KIND.pluginFlagged, index, Number.NaN, close, close, 0, flagged);
    if (disabled > 0) account.log(LOG_KIND.pluginDisabled, index, Number.NaN, close, close, 0, disabled);
  }
}
