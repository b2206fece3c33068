import { LOG_KIND } from '#core/model/strategy-abi.ts';
import { hasDigit } from '#core/model/digits.ts';
import { QUEUE_FIELDS } from '../costs/limit-queue.ts';
import type { BlockPlan } from './block-plan.ts';
import type { EngineMarket } from './engine-market.ts';
import { atMarket, executeLimit } from './order-slot.ts';
import { POSITION as P, STOP_QUEUE_AT } from './registers.ts';

/** The stop and the targets of the open position against a bar. */
export class PositionFills {
  readonly #market: EngineMarket;

  constructor(market: EngineMarket) {
    this.#market = market;
  }

  /**
   * Stop and liquidation, the nearer to the open first: true when one closed the position.
   * @param openedAt where the market was when the position was opened inside of this bar; null = it was held before
   */
  testAgainst(block: BlockPlan, side: number, openedAt: number | null): boolean {
    const r = this.#market.registers;
    const level = this.#market.liquidationLevel();
    const stop = r[P.stopLevel]!;
    const seen = openedAt === null ? 'bar' : 'inside';
    // A stop-limit that waits may fill after the price has come back from there, or not at all.
    const isWaiting = r[P.stopWaits] === r[P.stopWaits];
    if (!isWaiting && (side > 0 ? stop > level : stop < level)) {
      return this.#testStop(block, side, openedAt) || this.testLiquidation(block, side, seen, openedAt);
    }
    return this.testLiquidation(block, side, seen, openedAt) || this.#testStop(block, side, openedAt);
  }

  /** Where the market met a level: what an entry cost may have put it beyond any price that there was since. */
  #metAt(side: number, level: number, openedAt: number | null): number {
    const { high, low } = this.#market.met(-side);
    return side > 0 ? Math.min(level, high, openedAt ?? Infinity) : Math.max(level, low, openedAt ?? -Infinity);
  }

  /**
   * True when the venue closed the position.
   * @param seen what of the bar it has met: its open alone, all of it, its range without the open, or its close alone
   */
  testLiquidation(block: BlockPlan, side: number, seen: 'open' | 'bar' | 'inside' | 'close', openedAt: number | null = null): boolean {
    const level = this.#market.liquidationLevel();
    if (level !== level) return false;
    const { mark } = this.#market;
    const met = this.#market.met(-side);
    const { open, high, low } = mark ?? met;
    const isReached = (price: number): boolean => (side > 0 ? price <= level : price >= level);
    const isGap = (seen === 'open' || seen === 'bar') && isReached(open);
    const close = mark?.close ?? this.#market.closeFor(-side);
    const worst = seen === 'close' ? close : side > 0 ? low : high;
    if (!isGap && (seen === 'open' || !isReached(worst))) return false;
    if (!isGap) this.#noteAmbiguous(block, side);
    const price = isGap ? met.open : this.#metAt(side, level, openedAt);
    // The market itself may not have been where its mark was.
    this.#market.takeOver(mark === null ? price : Math.max(met.low, Math.min(met.high, price)), LOG_KIND.liquidation);
    return true;
  }

  /** True when it closed the position. */
  #testStop(block: BlockPlan, side: number, openedAt: number | null): boolean {
    const r = this.#market.registers;
    const { open, high, low } = this.#market.met(-side);
    const held = Math.abs(this.#market.account.qty);
    const kind = r[P.stopKind]!;
    const waits = r[P.stopWaits]!;
    if (waits === waits) {
      const execution = executeLimit(-side, waits, this.#market.met(-side), false, this.#market.queue.aheadOf(STOP_QUEUE_AT, waits));
      // Told when it was triggered, if that bar had too little volume.
      if (execution !== null) this.#market.leaveAt(held, execution, kind, -1, false);
      return this.#market.account.qty === 0;
    }
    const level = r[P.stopLevel]!;
    if (!(side > 0 ? low <= level : high >= level)) return false;
    // A bar that opens beyond the level fills at its open; a position opened inside of it never saw the open.
    const isGap = openedAt === null && (side > 0 ? open < level : open > level);
    const refPrice = isGap ? open : this.#metAt(side, level, openedAt);
    const slack = r[P.stopSlack]!;
    if (slack === slack) {
      const limit = level - side * slack;
      if (side > 0 ? refPrice < limit : refPrice > limit) {
        r[P.stopWaits] = limit;
        return false;
      }
      if (this.#market.leaveAt(held, { refPrice, isMaker: false, limit, isAtOpen: isGap }, kind, -1) === 0) return true;
      r[P.stopWaits] = limit;
      return false;
    }
    if (!isGap) this.#noteAmbiguous(block, side);
    this.#market.leave(held, atMarket(refPrice, isGap), kind, -1);
    return this.#market.account.qty === 0;
  }

  /** Stop and target in one bar: the stop was taken; the report counts what hangs on it. */
  #noteAmbiguous(block: BlockPlan, side: number): void {
    const { high, low } = this.#market.met(-side);
    for (const place of block.takes.keys()) {
      if (this.#isDone(place)) continue;
      const level = this.#market.protection.takeLevel(block, place, side);
      if (side > 0 ? high > level : low < level) {
        this.#market.account.log(LOG_KIND.ambiguous, this.#market.index, this.#takeQty(block, place, level), level, level, 0, place);
      }
    }
  }

  #queueOf(place: number): number {
    return this.#market.layout.targetQueues + place * QUEUE_FIELDS;
  }

  /** Before they meet the bar at hand: those before them at their prices have traded, or some of them. */
  passQueues(): void {
    const { registers: r, queue, protection, traded } = this.#market;
    const block = this.#market.heldBlock();
    const side = Math.sign(this.#market.account.qty);
    const met = this.#market.met(-side);
    for (const place of block.takes.keys())
      if (!this.#isDone(place)) queue.pass(this.#queueOf(place), -side, protection.takeLevel(block, place, side), met, traded);
    const waits = r[P.stopWaits]!;
    if (waits === waits) queue.pass(STOP_QUEUE_AT, -side, waits, met, traded);
  }

  #isTaken(place: number): boolean {
    return hasDigit(this.#market.registers[P.takenDigits]!, place);
  }

  /** It was taken, and no bar has left anything of it. */
  #isDone(place: number): boolean {
    return this.#isTaken(place) && !(this.#restOf(place) > 0);
  }

  #restOf(place: number): number {
    return this.#market.registers[this.#market.layout.targets + place]!;
  }

  /** True when they closed the position. */
  takeTargets(block: BlockPlan, side: number, isOpenOnly: boolean, isInside = false): boolean {
    const r = this.#market.registers;
    const { open, high, low, isTouchEnough, isPrint } = this.#market.met(-side);
    for (const place of block.takes.keys()) {
      if (this.#isDone(place)) continue;
      const level = this.#market.protection.takeLevel(block, place, side);
      // The market had passed it before the entry filled inside of this bar: it may never have traded there since.
      if (isInside && side * (level - r[P.firstPrice]!) <= 0) continue;
      const ahead = this.#market.queue.aheadOf(this.#queueOf(place), level);
      // Among others a touch at the open is no more than one.
      const isAtLevel = open === level && ahead !== ahead;
      const isGap = !isInside && !isPrint && ((side > 0 ? open > level : open < level) || isAtLevel);
      const best = isInside ? this.#market.closeFor(-side) : side > 0 ? high : low;
      const isReached =
        isGap ||
        (!isOpenOnly && ((side > 0 ? best > level : best < level) || ((isTouchEnough || (ahead < 0 && !isInside)) && best === level)));
      if (!isReached) continue;
      const isFirst = !this.#isTaken(place);
      const refPrice = isGap ? open : level;
      const qty = this.#takeQty(block, place, refPrice);
      if (isFirst) r[P.takenDigits] = r[P.takenDigits]! + 2 ** place;
      if (!(qty > 0)) {
        this.#market.drop(LOG_KIND.droppedTooSmall, Math.abs(this.#market.account.qty), refPrice, -1);
        continue;
      }
      const execution = { refPrice, isMaker: true, limit: level, isAtOpen: isGap };
      const rest = this.#market.leaveAt(qty, execution, LOG_KIND.take, place, isFirst);
      if (this.#market.account.qty === 0) return true;
      r[this.#market.layout.targets + place] = rest;
    }
    return false;
  }

  /** Of what has no range that could be traded in: what its close has reached goes at the next open. */
  orderReached(block: BlockPlan, side: number): void {
    const r = this.#market.registers;
    const { close } = this.#market;
    const level = r[P.stopLevel]!;
    if (side > 0 ? close <= level : close >= level) return this.#market.orderExit(r[P.stopKind]!, 1, -1);
    let qty = 0;
    let last = -1;
    for (const place of block.takes.keys()) {
      const target = this.#market.protection.takeLevel(block, place, side);
      if (this.#isTaken(place) || !(side > 0 ? close >= target : close <= target)) continue;
      qty += this.#takeQty(block, place, close);
      r[P.takenDigits] = r[P.takenDigits]! + 2 ** place;
      last = place;
    }
    if (qty > 0) this.#market.orderExit(LOG_KIND.take, Math.min(1, qty / Math.abs(this.#market.account.qty)), last);
  }

  /** Of all that was bought so far; the last of all closes what is left. Where a bar has left a part of it, that part. */
  #takeQty({ takes }: BlockPlan, place: number, price: number): number {
    const held = Math.abs(this.#market.account.qty);
    const { share } = takes[place]!;
    if (share === null) return held;
    if (this.#isTaken(place)) return Math.min(held, this.#restOf(place));
    const wanted = share * this.#market.registers[P.boughtQty]!;
    // 40 % + 60 % of a bought quantity are all of it, whatever the rounding of doubles says.
    return wanted >= held * (1 - 1e-9) ? held : this.#market.closable(wanted, price);
  }
}
