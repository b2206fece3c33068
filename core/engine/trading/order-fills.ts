import { ACCOUNT as A, LOG_KIND } from '#core/model/strategy-abi.ts';
import { isUsable, roundDownToLot } from '../sizing.ts';
import type { EngineMarket } from './engine-market.ts';
import { atMarket, execute, type Execution, isAlive, ORDER_TYPE, withdraw } from './order-slot.ts';
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
  fillExit(refPrice: number): void {
    const r = this.#market.registers;
    const kind = r[P.exitKind]!;
    r[P.exitKind] = 0;
    if (kind !== 0 && this.#market.account.qty !== 0)
      this.#market.leaveShare(r[P.exitFraction]!, atMarket(refPrice, true), kind, r[P.exitRule]!);
    for (const [rule, exit] of this.#market.plan.exits.entries()) {
      const at = this.#market.layout.exits[rule]!;
      if (r[at] !== ORDER_TYPE.market || exit.side !== Math.sign(this.#market.account.qty)) continue;
      withdraw(r, at);
      this.#market.leaveShare(r[at + O.qty]!, atMarket(refPrice, true), LOG_KIND.exit, rule);
    }
  }

  fillMarketOrders(refPrice: number): void {
    const r = this.#market.registers;
    for (const [rule, entry] of this.#market.plan.entries.entries()) {
      const at = this.#market.layout.entries[rule]!;
      if (r[at] !== ORDER_TYPE.market) continue;
      const isFree =
        this.#market.account.qty === 0 ||
        (this.#market.conventions.opposite === 'reverse' && Math.sign(this.#market.account.qty) !== entry.side);
      if (isFree) this.#enter(rule, atMarket(refPrice, true));
      else withdraw(r, at);
    }
    this.#market.eachAdd((at) => {
      if (r[at] === ORDER_TYPE.market) this.#add(at, atMarket(refPrice, true));
    });
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
      const away = execution.isAtOpen ? 0 : Math.abs(execution.refPrice - this.#market.bar.open);
      if (away >= distance) continue;
      best = { rule, execution };
      distance = away;
    }
    if (best === null) return;
    this.#enter(best.rule, best.execution);
    if (this.#market.account.qty !== 0) this.protect(!best.execution.isAtOpen);
  }

  /** Whether a resting order may still fill; one whose time is over is withdrawn. */
  #isLive(at: number): boolean {
    const isLive = isAlive(this.#market.registers, at, this.#market.index, this.#market.moment);
    if (!isLive) withdraw(this.#market.registers, at);
    return isLive;
  }

  /** Where a resting order meets the bar; one that fills at once or not at all is withdrawn when it does not. */
  #meet(at: number): Execution | null {
    const r = this.#market.registers;
    const execution = execute(r, at, this.#market.bar);
    if (execution === null && r[at + O.isImmediate] === 1) withdraw(r, at);
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
    withdraw(r, at);
    const { refPrice } = execution;
    const price = this.#market.priceOf(side, execution);
    let qty = r[at + O.qty]!;
    // A quantity that was cut when it was ordered is not made anew.
    if (this.#market.conventions.sizeAt === 'fill' && qty !== qty) {
      const stop = initialStop(block, side, price, (level) => r[frozenAt + level.at]!);
      const wanted = this.#market.sizeOf(block, setup, (place) => r[frozenAt + place]!, price, r[A.cash]!, side * (price - stop));
      if (!isUsable(wanted)) return this.#market.drop(LOG_KIND.droppedInvalid, wanted, price, rule, refPrice);
      qty = roundDownToLot(wanted, settings);
      if (!(qty > 0)) return this.#market.drop(LOG_KIND.droppedTooSmall, wanted, price, rule, refPrice);
    }
    if (this.#market.account.qty !== 0) this.#market.leave(Math.abs(this.#market.account.qty), refPrice, LOG_KIND.exit, -1);
    if (!this.#market.enter(side, qty, execution, rule)) return;
    r[P.entryRule] = rule + 1;
    for (const place of block.frozen.keys()) r[this.#market.layout.frozen + place] = r[frozenAt + place]!;
    this.#market.protection.arm(block, side, price);
    this.#market.limits.count('trades');
    if (oco !== null)
      for (const [other, entry] of this.#market.plan.entries.entries())
        if (entry.oco === oco) withdraw(r, this.#market.layout.entries[other]!);
  }

  /** True when it filled. */
  #add(at: number, execution: Execution): boolean {
    const r = this.#market.registers;
    const side = Math.sign(this.#market.account.qty);
    const rule = r[P.entryRule]! - 1;
    withdraw(r, at);
    if (!this.#market.enter(side, r[at + O.qty]!, execution, rule)) return false;
    r[A.adds] = r[A.adds]! + 1;
    return true;
  }

  /**
   * The open position against the bar: what went against it first, then what went for it.
   * @param isInside it was opened inside of this bar: only what surely came later counts
   */
  protect(isInside: boolean): void {
    const r = this.#market.registers;
    const block = this.#market.heldBlock();
    const side = Math.sign(this.#market.account.qty);
    if (!isInside && this.#position.testLiquidation(block, side, 'open')) return;
    if (!isInside && this.#position.takeTargets(block, side, true)) return;
    this.#fillAdds(ORDER_TYPE.limit);
    if (this.#position.testAgainst(block, side, isInside)) return;
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
      withdraw(r, at);
      if (this.#market.leaveShare(r[at + O.qty]!, execution, LOG_KIND.exit, rule)) return;
    }
  }

  /** Resting adds: limit orders against the position, stop orders in its favour; each fill places the next. */
  #fillAdds(type: number): void {
    const r = this.#market.registers;
    this.#market.eachAdd((at, add) => {
      while (r[at] === type && isAlive(r, at, this.#market.index, this.#market.moment)) {
        const price = r[at + O.price]!;
        if (type === ORDER_TYPE.limit && this.#isBeyondEnd(price)) break;
        const execution = execute(r, at, this.#market.bar);
        if (execution === null) break;
        if (!this.#add(at, execution) || add.trigger.kind !== 'every' || !this.#placeNextAdd(at, type)) break;
      }
    });
  }

  /** Whether the position has ended, by its stop or its liquidation, before the market is at a price: there is none left to add to. */
  #isBeyondEnd(price: number): boolean {
    const stop = this.#market.registers[P.stopLevel]!;
    const liquidation = this.#market.liquidationLevel();
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
