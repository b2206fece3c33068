import { ACCOUNT as A, LOG_KIND } from '#core/model/strategy-abi.ts';
import { isUsable, roundDownToLot } from '../sizing.ts';
import type { EngineMarket } from './engine-market.ts';
import { atMarket, execute, type Execution, hasRest, isAlive, keepRest, ORDER_IMMEDIATE, ORDER_TYPE, withdraw } from './order-slot.ts';
import { PositionFills } from './position-fills.ts';
import { initialStop } from './protection.ts';
import { ORDER as O, POSITION as P } from './registers.ts';

/** Step 1 of a bar: orders against the market. */
export class OrderFills {
  readonly #market: EngineMarket;
  readonly #position: PositionFills;

  constructor(market: EngineMarket) {
    this.#market = market;
    this.#position = new PositionFills(market);
  }

  /** Market exits: the one that was ordered at the last close, and those that rested until then. */
  fillExit(at: 'open' | 'close'): void {
    const r = this.#market.registers;
    const refPrice = this.#priceAt(at, -Math.sign(this.#market.account.qty));
    this.#market.leaveRest(refPrice);
    const isHere = this.#market.hasExitArrived();
    const [kind, rule] = [isHere ? r[P.exitKind]! : 0, r[P.exitRule]!];
    if (isHere) r[P.exitKind] = 0;
    if (kind !== 0 && this.#market.account.qty !== 0) {
      const amount = this.#market.shareOf(r[P.exitFraction]!, refPrice, rule);
      if (amount > 0) this.#market.leave(amount, atMarket(refPrice, true), kind, rule);
    }
    for (const [place, exit] of this.#market.plan.exits.entries()) {
      const slot = this.#market.layout.exits[place]!;
      if (r[slot] === ORDER_TYPE.market && exit.side === Math.sign(this.#market.account.qty) && this.#market.hasArrived(slot))
        this.#exit(slot, place, atMarket(refPrice, true));
    }
  }

  #priceAt(at: 'open' | 'close', side: number): number {
    return at === 'open' ? this.#market.met(side).open : this.#market.closeFor(side);
  }

  /** An exit that rested meets the market. */
  #exit(at: number, rule: number, execution: Execution): void {
    const r = this.#market.registers;
    const [type, marketBar, rest] = [r[at]!, r[at + O.marketBar]!, r[at + O.rest]!];
    withdraw(r, at);
    const held = Math.abs(this.#market.account.qty);
    const amount = rest > 0 ? Math.min(rest, held) : this.#market.shareOf(r[at + O.qty]!, execution.refPrice, rule);
    if (!(amount > 0) || this.#isRefused(at, amount, execution, rule)) return;
    const isAtMarket = type === ORDER_TYPE.market || type === ORDER_TYPE.stop;
    if (isAtMarket && rest === 0) return this.#market.leave(amount, execution, LOG_KIND.exit, rule);
    const left = this.#market.leaveAt(amount, execution, LOG_KIND.exit, rule, rest === 0);
    if (left > 0 && this.#market.account.qty !== 0 && this.#mayWait(at)) this.#keepRest(at, type, marketBar, left);
  }

  /** `fok`: an order of which the bar gives less than all is withdrawn, and told. */
  #isRefused(at: number, qty: number, { refPrice, isMaker }: Execution, rule: number): boolean {
    const r = this.#market.registers;
    if (r[at + O.isImmediate] !== ORDER_IMMEDIATE.fok || this.#market.partOf(r[at + O.side]!, qty, isMaker) === qty) return false;
    this.#market.drop(LOG_KIND.partFilled, qty, refPrice, rule);
    return true;
  }

  /** What a bar has left of an order waits on. */
  #keepRest(at: number, type: number, marketBar: number, qty: number): void {
    const { registers: r, queue } = this.#market;
    keepRest(r, at, type, marketBar, qty);
    if (type === ORDER_TYPE.limit) queue.keepFirst(at + O.queue, r[at + O.price]!);
  }

  #mayWait(at: number): boolean {
    return this.#market.registers[at + O.isImmediate] === ORDER_IMMEDIATE.good;
  }

  /** The order that opened the position has a part of its quantity still to fill. */
  #isGoingOn(rule: number): boolean {
    const r = this.#market.registers;
    return this.#market.account.qty !== 0 && r[P.entryRule] === rule + 1 && hasRest(r, this.#market.layout.entries[rule]!);
  }

  fillMarketOrders(at: 'open' | 'close'): void {
    const r = this.#market.registers;
    for (const [rule, entry] of this.#market.plan.entries.entries()) {
      const slot = this.#market.layout.entries[rule]!;
      if (r[slot] !== ORDER_TYPE.market || !this.#market.hasArrived(slot)) continue;
      const held = Math.sign(this.#market.account.qty);
      const isFree = held === 0 || (this.#market.conventions.opposite === 'reverse' && held !== entry.side);
      if (isFree || this.#isGoingOn(rule)) this.#enter(rule, atMarket(this.#priceAt(at, entry.side), true));
      else if (!this.#market.isLeaving || held === entry.side) withdraw(r, slot);
    }
    const refPrice = this.#priceAt(at, Math.sign(this.#market.account.qty));
    this.#market.eachAdd((slot) => {
      if (r[slot] === ORDER_TYPE.market && this.#market.hasArrived(slot)) this.#add(slot, atMarket(refPrice, true));
    });
    const { rebalance } = this.#market.layout;
    if (rebalance !== null && r[rebalance] === ORDER_TYPE.market && this.#market.account.qty !== 0 && this.#market.hasArrived(rebalance)) {
      const adds = r[A.adds]!;
      this.#add(rebalance, atMarket(refPrice, true));
      // Adds by rules have a number that they may not exceed.
      r[A.adds] = adds;
    }
  }

  /** Before what rests meets the bar at hand: those before it at its price have traded, or some of them. */
  passQueues(): void {
    const { queue, registers: r, layout, account, traded } = this.#market;
    if (!queue.isOn) return;
    const held = account.qty !== 0;
    for (const at of held ? [...layout.entries, ...layout.exits, ...layout.adds.flat()] : layout.entries) {
      const side = r[at + O.side]!;
      if (r[at] === ORDER_TYPE.limit && this.#mayWait(at) && this.#market.hasArrived(at))
        queue.pass(at + O.queue, side, r[at + O.price]!, this.#market.met(side), traded);
    }
    if (held) this.#position.passQueues();
  }

  /** Resting entries of a flat market: at the open in file order, else the one whose price is nearest to the open. */
  fillResting(): void {
    const r = this.#market.registers;
    const held = Math.sign(this.#market.account.qty);
    let best: { readonly rule: number; readonly execution: Execution } | null = null;
    let distance = Infinity;
    for (const [rule, { side }] of this.#market.plan.entries.entries()) {
      const at = this.#market.layout.entries[rule]!;
      if (r[at] === ORDER_TYPE.none) continue;
      if (!this.#isLive(at) || held === side) continue;
      const execution = this.#meet(at);
      if (execution === null) continue;
      const away = execution.isAtOpen ? 0 : Math.abs(execution.refPrice - this.#market.met(side).open);
      if (away >= distance) continue;
      best = { rule, execution };
      distance = away;
    }
    if (best === null) return;
    this.#enter(best.rule, best.execution);
    if (this.#market.account.qty !== 0) this.protect(best.execution.isAtOpen ? null : best.execution.refPrice);
  }

  /** Whether a resting order is at the market and may still fill; one whose time is over is withdrawn. */
  #isLive(at: number): boolean {
    const isLive = isAlive(this.#market.registers, at, this.#market.index, this.#market.moment);
    if (!isLive) withdraw(this.#market.registers, at);
    return isLive && this.#market.hasArrived(at);
  }

  /** Where a resting order meets the bar; one that fills at once or not at all is withdrawn when it does not. */
  #meet(at: number): Execution | null {
    const r = this.#market.registers;
    const execution = execute(r, at, this.#market.met(r[at + O.side]!), this.#market.queue.aheadOf(at + O.queue, r[at + O.price]!));
    if (execution === null && !this.#mayWait(at)) withdraw(r, at);
    return execution;
  }

  /** @param execution where the order meets the market */
  #enter(rule: number, execution: Execution): void {
    const r = this.#market.registers;
    const settings = this.#market.settings;
    const { side, block: blockPlace, oco, setup } = this.#market.plan.entries[rule]!;
    const at = this.#market.layout.entries[rule]!;
    const block = this.#market.blocks[blockPlace]!;
    const frozenAt = at + O.frozen;
    const [type, marketBar, rest] = [r[at]!, r[at + O.marketBar]!, r[at + O.rest]!];
    const isGoingOn = this.#isGoingOn(rule);
    withdraw(r, at);
    const { refPrice } = execution;
    const price = this.#market.priceOf(side, execution, 0);
    let qty = rest > 0 ? rest : r[at + O.qty]!;
    // A quantity that was cut when it was ordered is not made anew.
    if (this.#market.conventions.sizeAt === 'fill' && qty !== qty) {
      const stop = initialStop(block, side, price, (level) => r[frozenAt + level.at]!);
      const equity = this.#market.account.equityAt(refPrice);
      const risk = this.#market.valuation.gain(side, stop, price);
      const wanted = this.#market.sizeOf(block, setup, (place) => r[frozenAt + place]!, price, equity, risk);
      if (!isUsable(wanted)) return this.#market.drop(LOG_KIND.droppedInvalid, wanted, price, rule, refPrice);
      qty = roundDownToLot(wanted, settings);
      if (!(qty > 0)) return this.#market.drop(LOG_KIND.droppedTooSmall, wanted, price, rule, refPrice);
    }
    if (!isGoingOn && !this.#market.limits.hasRoom()) return this.#market.drop(LOG_KIND.limited, qty, price, rule, refPrice);
    if (this.#isRefused(at, qty, execution, rule)) return;
    if (this.#market.account.qty !== 0 && !isGoingOn) {
      if (!this.#market.isLeaving) this.#market.leave(Math.abs(this.#market.account.qty), atMarket(refPrice, false), LOG_KIND.exit, -1);
      // Nothing is opened before all of the other side has left.
      if (this.#market.account.qty !== 0) return keepRest(r, at, type, marketBar, qty);
    }
    const filled = this.#market.enter(side, qty, execution, rule, false, rest === 0);
    if (filled.rest > 0 && this.#mayWait(at)) this.#keepRest(at, type, marketBar, filled.rest);
    if (isGoingOn || !(filled.qty > 0)) return;
    r[P.entryRule] = rule + 1;
    for (const place of block.frozen.keys()) r[this.#market.layout.frozen + place] = r[frozenAt + place]!;
    this.#market.protection.arm(block, side, r[A.lastFill]!);
    this.#market.limits.count('trades');
    if (oco !== null)
      for (const [other, entry] of this.#market.plan.entries.entries())
        if (entry.oco === oco) withdraw(r, this.#market.layout.entries[other]!);
  }

  /** True when all of it has filled. */
  #add(at: number, execution: Execution): boolean {
    const r = this.#market.registers;
    const side = Math.sign(this.#market.account.qty);
    const rule = r[P.entryRule]! - 1;
    const [type, marketBar, rest, qty] = [r[at]!, r[at + O.marketBar]!, r[at + O.rest]!, r[at + O.qty]!];
    withdraw(r, at);
    const wanted = rest > 0 ? rest : qty;
    if (this.#isRefused(at, wanted, execution, rule)) return false;
    const filled = this.#market.enter(side, wanted, execution, rule, true, rest === 0);
    if (filled.qty > 0 && wanted === qty) r[A.adds] = r[A.adds]! + 1;
    if (filled.rest > 0 && this.#mayWait(at)) this.#keepRest(at, type, marketBar, filled.rest);
    return filled.qty > 0 && filled.rest === 0;
  }

  /**
   * The open position against the bar: what went against it first, then what went for it.
   * @param openedAt where the market was when it was opened inside of this bar: only what surely came later counts; null = it was held before
   */
  protect(openedAt: number | null): void {
    const isInside = openedAt !== null;
    const r = this.#market.registers;
    const block = this.#market.heldBlock();
    const side = Math.sign(this.#market.account.qty);
    if (!isInside && this.#position.testLiquidation(block, side, 'open')) return;
    if (this.#market.isLeaving) return void this.#position.testLiquidation(block, side, isInside ? 'inside' : 'bar', openedAt);
    if (!isInside && this.#position.takeTargets(block, side, true)) return;
    this.#fillEntryRest();
    this.#fillAdds(ORDER_TYPE.limit);
    if (this.#position.testAgainst(block, side, openedAt) || this.#market.isLeaving) return;
    if (this.#position.takeTargets(block, side, false, isInside)) return;
    if (isInside) return;
    this.#fillAdds(ORDER_TYPE.stop);
    // What was added on the way up may not stand the way down to the close.
    if (this.#position.testLiquidation(block, side, 'close')) return;
    for (const [rule, exit] of this.#market.plan.exits.entries()) {
      const at = this.#market.layout.exits[rule]!;
      if (r[at] === ORDER_TYPE.none || exit.side !== side) continue;
      if (!this.#isLive(at)) continue;
      const execution = this.#meet(at);
      if (execution === null) continue;
      this.#exit(at, rule, execution);
      if (this.#market.account.qty === 0 || this.#market.isLeaving) return;
    }
  }

  /** What bars have left of the limit order that opened the position: it rests against it, as adds do. */
  #fillEntryRest(): void {
    const r = this.#market.registers;
    const rule = r[P.entryRule]! - 1;
    const at = this.#market.layout.entries[rule];
    if (at === undefined || r[at] !== ORDER_TYPE.limit || !this.#isGoingOn(rule) || !this.#isLive(at)) return;
    const execution = this.#isBeyondEnd(r[at + O.price]!) ? null : this.#meet(at);
    if (execution !== null) this.#enter(rule, execution);
  }

  /** Stop and targets against the close alone: they go at the next open. */
  orderReached(): void {
    this.#position.orderReached(this.#market.heldBlock(), Math.sign(this.#market.account.qty));
  }

  /** The liquidation of the open position against the close. */
  testClose(): void {
    this.#position.testLiquidation(this.#market.heldBlock(), Math.sign(this.#market.account.qty), 'close');
  }

  /** Resting adds: limit orders against the position, stop orders in its favour; each fill places the next. */
  #fillAdds(type: number): void {
    const r = this.#market.registers;
    this.#market.eachAdd((at, add) => {
      while (r[at] === type && isAlive(r, at, this.#market.index, this.#market.moment) && this.#market.hasArrived(at)) {
        const price = r[at + O.price]!;
        if (type === ORDER_TYPE.limit && this.#isBeyondEnd(price)) break;
        const execution = execute(r, at, this.#market.met(r[at + O.side]!), this.#market.queue.aheadOf(at + O.queue, r[at + O.price]!));
        if (execution === null) break;
        if (!this.#add(at, execution) || add.trigger.kind !== 'every' || !this.#placeNextAdd(at, type)) break;
      }
    });
  }

  /** Whether the position has ended, by its stop or its liquidation, before the market is at a price: there is none left to add to. */
  #isBeyondEnd(price: number): boolean {
    const stop = this.#market.registers[P.stopLevel]!;
    const { mark } = this.#market;
    const level = this.#market.liquidationLevel();
    // Of a mark only its range is known: where it has not reached the level, nothing has ended.
    const isFar = mark !== null && (this.#market.account.qty > 0 ? mark.low > level : mark.high < level);
    const liquidation = isFar ? Number.NaN : level;
    return this.#market.account.qty > 0 ? price <= stop || price <= liquidation : price >= stop || price >= liquidation;
  }

  /** The next rung of the ladder, measured from the fill just made. */
  #placeNextAdd(at: number, type: number): boolean {
    const r = this.#market.registers;
    r[at + O.rungs] = r[at + O.rungs]! - 1;
    if (!(r[at + O.rungs]! >= 1)) return false;
    r[at + O.most] = r[at + O.most]! - r[at + O.qty]!;
    r[at + O.qty] = roundDownToLot(Math.min(r[at + O.scale]! * r[at + O.qty]!, r[at + O.most]!), this.#market.settings);
    if (!(r[at + O.qty]! > 0)) return false;
    const side = Math.sign(this.#market.account.qty);
    const last = r[A.lastFill]!;
    const away = r[at + O.percent] === r[at + O.percent] ? last * r[at + O.percent]! : r[at + O.distance]!;
    r[at + O.price] = type === ORDER_TYPE.limit ? last - side * away : last + side * away;
    if (!(r[at + O.price]! > 0)) return false;
    r[at] = type;
    return true;
  }
}
