import { ACCOUNT as A, LOG_KIND, SETTING as K } from '#core/model/strategy-abi.ts';
import type { PlannedAdd, PlannedEntry } from '#core/model/trade-plan.ts';
import { QUEUE } from '../costs/limit-queue.ts';
import { isUsable, quantityOf, roundDownToLot, roundDownToTick, roundUpToTick } from '../sizing.ts';
import type { EngineMarket } from './engine-market.ts';
import type { OrderReview } from './order-review.ts';
import { hasRest, ladderQty, ORDER_TYPE, type Signal, withdraw } from './order-slot.ts';
import { Rebalancing } from './rebalancing.ts';
import { initialStop, isProtectable } from './protection.ts';
import { ORDER as O, POSITION as P } from './registers.ts';

/** Ends that a `cooldown after stop` counts. */
const STOP_KINDS: readonly number[] = [LOG_KIND.stop, LOG_KIND.trail, LOG_KIND.breakeven, LOG_KIND.liquidation];

/** A ladder that never ends would hold up the bot. */
const MOST_ADDS = 1000;

/** Steps 4 to 6 of a bar: levels move, limits are checked, rules give orders. */
export class TradeRules {
  readonly #market: EngineMarket;
  readonly #rebalancing: Rebalancing;

  constructor(market: EngineMarket) {
    this.#market = market;
    this.#rebalancing = new Rebalancing(market);
  }

  /** @param values null = unknown on this bar */
  movePosition(side: number, values: Float64Array | null): void {
    const block = this.#market.heldBlock();
    const r = this.#market.registers;
    if (r[P.isAdopted] === 1 && values !== null) {
      this.#market.protection.adopt(block, side, values);
      r[P.isAdopted] = 0;
    }
    const { high, low } = this.#market.met(-side);
    this.#market.protection.move(block, side, side > 0 ? high : low, values);
    const level = r[P.closingLevel]!;
    const close = this.#market.closeFor(-side);
    if (side > 0 ? close <= level : close >= level) this.#market.orderExit(r[P.closingKind]!, 1, -1);
  }

  /** Exits, and what becomes of orders that rest: after the check of the limits. */
  decideExits(index: number, values: Float64Array): void {
    const { limits, account } = this.#market;
    if (account.qty !== 0) this.#decideExits(index, values);
    this.#rebalancing.orderExit(values);
    if (limits.isFlatten) {
      if (account.qty !== 0) this.#market.orderExit(LOG_KIND.flatten, 1, -1);
      this.#market.withdrawEntries();
    }
    this.#keepResting(index, values);
    this.#withdrawRefused();
  }

  decideEntries(index: number, values: Float64Array, review: OrderReview): void {
    const endBar = this.#market.settings[K.endBar]!;
    if (this.#market.isBankrupt()) return;
    if (this.#market.limits.isFlatten || review.isFlatten || review.isClosed || (endBar >= 0 && index >= endBar)) return;
    if (this.#rebalancing.isMember) this.#decideEntries(index, values, review);
    this.#rebalancing.orderAdd(values, review);
    if (this.#market.account.qty !== 0) this.#decideAdds(index, values, review);
  }

  /** An order that rests is an entry as well, when it fills: what limits refuse on this bar waits no longer. */
  #withdrawRefused(): void {
    for (const [rule, { side }] of this.#market.plan.entries.entries())
      if (this.#market.limits.refuses(side)) withdraw(this.#market.registers, this.#market.layout.entries[rule]!);
  }

  /** What a person or a risk rule ordered, after the rules. */
  obey({ isFlatten, isClosed }: OrderReview): void {
    if (isFlatten && this.#market.account.qty !== 0) this.#market.orderExit(LOG_KIND.flatten, 1, -1);
    if (!isFlatten && !isClosed) return;
    this.#market.withdrawEntries();
    this.#market.withdrawAdds();
  }

  #decideExits(index: number, values: Float64Array): void {
    const r = this.#market.registers;
    const side = Math.sign(this.#market.account.qty);
    const setup = this.#market.heldEntry()?.setup ?? null;
    let fraction = 0;
    let fired = -1;
    for (const [rule, exit] of this.#market.plan.exits.entries()) {
      if ((exit.basket ?? null) !== this.#market.basket || exit.side !== side || exit.setup !== setup || values[exit.when] !== 1) continue;
      const share = values[exit.fraction]!;
      if (exit.order.type !== 'market') {
        const at = this.#market.layout.exits[rule]!;
        if (this.#market.order(at, exit.order, -side, values, this.#signal(index, values))) {
          r[at + O.qty] = share;
          this.#market.keepReason('exits', rule, values);
        } else this.#market.drop(LOG_KIND.droppedInvalid, Number.NaN, this.#market.close, rule);
      } else if (share > fraction) {
        fraction = share;
        fired = rule;
      }
    }
    if (fired >= 0) {
      this.#market.orderExit(LOG_KIND.exit, fraction, fired);
      this.#market.keepReason('exits', fired, values);
    }
    if (fraction >= 1 || (r[P.exitFraction] === 1 && r[P.exitKind] !== 0)) return;
    const age = index - r[A.entryBar]!;
    for (const { bars, when } of this.#market.heldBlock().planned.timeouts) {
      if (age >= values[bars]! && (when === null || values[when] === 1)) this.#market.orderExit(LOG_KIND.timeout, 1, -1);
    }
  }

  /** Resting orders: withdrawn by `cancel`, turned into market orders when their time has come. */
  #keepResting(index: number, values: Float64Array): void {
    const r = this.#market.registers;
    for (const [rule, { block }] of this.#market.plan.entries.entries()) {
      const at = this.#market.layout.entries[rule]!;
      if (r[at] === ORDER_TYPE.none) continue;
      const isCancelled = this.#market.blocks[block]!.planned.cancels.some((when) => values[when] === 1);
      if (isCancelled) withdraw(r, at);
      else this.#makeMarket(at, index);
    }
    for (const at of this.#market.layout.exits) if (r[at] !== ORDER_TYPE.none) this.#makeMarket(at, index);
  }

  /** A resting order whose time has come takes what the market offers. */
  #makeMarket(at: number, index: number): void {
    const r = this.#market.registers;
    if (!(index >= r[at + O.marketBar]!)) return;
    if (r[at] !== ORDER_TYPE.market) this.#market.sendFromHere(at);
    r[at] = ORDER_TYPE.market;
    this.#market.hasNewOrders = true;
  }

  #decideEntries(index: number, values: Float64Array, review: OrderReview): void {
    for (const [rule, entry] of this.#market.plan.entries.entries()) {
      if ((entry.basket ?? null) !== this.#market.basket || !this.#isFree(entry.side) || values[entry.when] !== 1) continue;
      if (this.#isCooling(entry, index, values)) continue;
      this.#orderEntry(rule, entry, index, values, review);
      if (entry.order.type === 'market') return;
    }
  }

  /** Nothing is held, or all of the other side leaves at the next open. */
  #isFree(side: 1 | -1): boolean {
    const qty = this.#market.account.qty;
    if (qty === 0) return true;
    if (Math.sign(qty) === side) return false;
    const r = this.#market.registers;
    return (
      this.#market.conventions.opposite === 'reverse' || (r[P.exitKind] === LOG_KIND.exit && r[P.exitRule]! >= 0 && r[P.exitFraction]! >= 1)
    );
  }

  #isCooling({ block }: PlannedEntry, index: number, values: Float64Array): boolean {
    const r = this.#market.registers;
    const since = index - r[P.endedBar]!;
    const [profit, kind] = [r[P.endedProfit]!, r[P.endedKind]!];
    for (const { bars, after } of this.#market.blocks[block]!.planned.cooldowns) {
      if (!(since < values[bars]!)) continue;
      const isStop = STOP_KINDS.includes(kind);
      const counts =
        after === null ||
        (after === 'loss' ? profit < 0 : after === 'win' ? profit > 0 : after === 'stop' ? isStop : kind === LOG_KIND.exit);
      if (counts) return true;
    }
    return false;
  }

  #orderEntry(rule: number, entry: PlannedEntry, index: number, values: Float64Array, review: OrderReview): void {
    const r = this.#market.registers;
    const { side, order } = entry;
    const block = this.#market.blocks[entry.block]!;
    const close = this.#market.closeFor(side);
    if (this.#market.limits.refuses(side)) return this.#market.drop(LOG_KIND.limited, Number.NaN, close, rule);
    const price = order.price === null ? close : values[order.limit ?? order.price]!;
    const worst = this.#worstPrice(order, side, price, values);
    const read = (level: { readonly place: number }): number => values[level.place]!;
    const stop = initialStop(block, side, price, read);
    const risk = this.#market.valuation.gain(side, stop, price);
    if (!isProtectable(block, read) || stop <= 0 || risk <= 0) return this.#market.drop(LOG_KIND.droppedInvalid, Number.NaN, close, rule);
    const at = this.#market.layout.entries[rule]!;
    const wanted = this.#market.sizeOf(block, entry.setup, (place) => values[block.frozen[place]!]!, price, r[A.equity]!, risk);
    let qty = Number.NaN;
    /** What rests from before may be more than what is let through now. */
    let isCut = false;
    if (this.#market.conventions.sizeAt === 'order') {
      if (!isUsable(wanted)) return this.#market.drop(LOG_KIND.droppedInvalid, wanted, close, rule);
      const allowed = this.#market.limits.allowed(side, wanted, worst, values);
      if (allowed < wanted) this.#market.drop(LOG_KIND.limited, wanted, close, rule);
      if (!(allowed > 0)) return;
      const passed = review.allow(side, allowed, worst);
      if (!(passed > 0)) return withdraw(r, at);
      isCut = passed < allowed;
      qty = roundDownToLot(passed, this.#market.settings);
      if (!(qty > 0) || this.#market.isBelowMinimum(qty, price)) {
        if (isCut) withdraw(r, at);
        return this.#market.drop(LOG_KIND.droppedTooSmall, wanted, close, rule);
      }
    } else if (isUsable(wanted)) {
      const allowed = this.#market.limits.allowed(side, wanted, worst, values);
      if (allowed < wanted) this.#market.drop(LOG_KIND.limited, wanted, close, rule);
      if (!(allowed > 0)) return;
      const passed = review.allow(side, allowed, worst);
      isCut = passed < allowed;
      if (passed < wanted) qty = roundDownToLot(passed, this.#market.settings);
      if (qty <= 0) return withdraw(r, at);
    }
    const wouldTake = side > 0 ? close <= price : close >= price;
    if (order.postOnly && wouldTake) {
      if (isCut) withdraw(r, at);
      return this.#market.drop(LOG_KIND.refusedPostOnly, qty, price, rule);
    }
    if (!this.#market.order(at, order, side, values, this.#signal(index, values))) {
      withdraw(r, at);
      return this.#market.drop(LOG_KIND.droppedInvalid, qty, close, rule);
    }
    this.#onTick(at);
    r[at + O.qty] = qty;
    r[at + O.confidence] = Math.min(Math.max(values[entry.confidence]!, 0), 1);
    for (const [place, value] of block.frozen.entries()) r[at + O.frozen + place] = values[value]!;
    this.#market.keepReason('entries', rule, values);
    this.#market.limits.count('orders');
  }

  /** What limits and risk rules value an order at: its price, or that of the market where it may fill at one that makes it worth more. */
  #worstPrice(
    { type, price: trigger, elseMarketAfterBars }: PlannedEntry['order'],
    side: number,
    price: number,
    values: Float64Array,
  ): number {
    const close = this.#market.closeFor(side);
    const { sign, dearer, cheaper } = this.#market.valuation;
    // Dearer is away from its limit, and beyond its trigger; of what is inverse the other way round.
    const isDearBeyond = side * sign > 0;
    if (elseMarketAfterBars !== null || (isDearBeyond ? type === 'stop' : type === 'limit')) return dearer(price, close);
    // A sale that is triggered fills at the trigger or the market, and never below its limit.
    return type === 'stopLimit' && !isDearBeyond ? dearer(price, cheaper(values[trigger!]!, close)) : price;
  }

  /** Limits on the tick that is not worse for the trader, triggers on the one further away. */
  #onTick(at: number): void {
    const r = this.#market.registers;
    const round = (field: number, isUp: boolean): void => {
      const price = r[at + field]!;
      if (price === price)
        r[at + field] = isUp ? roundUpToTick(price, this.#market.settings) : roundDownToTick(price, this.#market.settings);
    };
    const isBuy = r[at + O.side]! > 0;
    round(O.price, r[at] === ORDER_TYPE.limit ? !isBuy : isBuy);
    round(O.limit, !isBuy);
  }

  #decideAdds(index: number, values: Float64Array, review: OrderReview): void {
    const r = this.#market.registers;
    const side = Math.sign(this.#market.account.qty) as 1 | -1;
    if (r[P.exitKind] !== 0 && r[P.exitFraction]! >= 1) return;
    this.#market.eachAdd((at, add) => {
      const left = Math.min(values[add.maxTimes]!, MOST_ADDS) - r[A.adds]!;
      const isRefused = this.#market.limits.refuses(side);
      // What bars have left of an add goes on before another is ordered.
      if ((hasRest(r, at) || this.#market.isOnItsWay(at)) && !isRefused) return;
      const sentMs = r[at] === ORDER_TYPE.none ? Number.NaN : r[at + O.fromMs]!;
      const queuedAt = r[at + O.queue + QUEUE.price]!;
      withdraw(r, at);
      if (!(left >= 1) || isRefused) return;
      const { trigger } = add;
      if (trigger.kind === 'when' && values[trigger.when] !== 1) return;
      const scale = values[add.scale]!;
      const price = this.#market.closeFor(side);
      const base =
        add.amount.kind === 'share'
          ? values[add.amount.value]! * r[P.firstQty]!
          : quantityOf(
              add.amount.amount.kind,
              values[add.amount.amount.value]!,
              price,
              r[A.equity]!,
              r[A.cash]!,
              this.#market.valuation.gain(side, r[P.stopLevel]!, price),
              this.#market.valuation,
            );
      const wanted = base * scale ** r[A.adds]!;
      const rule = r[P.entryRule]! - 1;
      if (!isUsable(wanted)) return this.#market.drop(LOG_KIND.droppedInvalid, wanted, price, rule);
      const total = trigger.kind === 'every' ? ladderQty(wanted, scale, left) : wanted;
      const allowed = this.#market.limits.allowed(side, total, price, values, this.#market.addingQty);
      const isLimited = allowed < wanted;
      if (isLimited && r[at + O.isLimited] !== 1) this.#market.drop(LOG_KIND.limited, wanted, price, rule);
      r[at + O.isLimited] = isLimited ? 1 : 0;
      const passed = this.#market.passedAdd(review, side, allowed, price);
      const qty = passed > 0 ? roundDownToLot(Math.min(wanted, passed), this.#market.settings) : 0;
      if (!(qty > 0)) return;
      if (this.#market.isBelowMinimum(qty, price)) return this.#market.drop(LOG_KIND.droppedTooSmall, qty, price, rule);
      if (!this.#market.order(at, add.order, side, values, this.#signal(index, values)))
        return this.#market.drop(LOG_KIND.droppedInvalid, qty, price, rule);
      if (!Number.isNaN(sentMs)) r[at + O.fromMs] = sentMs;
      // Ordered anew at its price it keeps its place there.
      r[at + O.queue + QUEUE.price] = queuedAt;
      r[at + O.qty] = qty;
      r[at + O.most] = passed < total ? passed : Infinity;
      if (trigger.kind === 'every') this.#restAdd(at, trigger, values, scale, left);
    });
  }

  /** `every d`: a ladder of orders from the last fill on; its registers hold how many rungs are left and how they grow. */
  #restAdd(
    at: number,
    { distance, direction }: Extract<PlannedAdd['trigger'], { kind: 'every' }>,
    values: Float64Array,
    scale: number,
    left: number,
  ): void {
    const r = this.#market.registers;
    const side = Math.sign(this.#market.account.qty);
    const away = values[distance.value]!;
    const last = r[A.lastFill]!;
    const isPercent = distance.kind === 'percent';
    const size = isPercent ? last * away : distance.kind === 'r' ? away * r[A.riskDistance]! : away;
    r[at] = direction === 'against' ? ORDER_TYPE.limit : ORDER_TYPE.stop;
    r[at + O.rest] = 0;
    r[at + O.price] = direction === 'against' ? last - side * size : last + side * size;
    r[at + O.percent] = isPercent ? away : Number.NaN;
    r[at + O.distance] = isPercent ? Number.NaN : size;
    r[at + O.rungs] = left;
    r[at + O.scale] = scale;
    if (!(r[at + O.price]! > 0 && size > 0)) withdraw(r, at);
  }

  #signal(index: number, values: Float64Array): Signal {
    const { clock, stepMs } = this.#market.plan;
    const opened = clock === null ? 0 : values[clock.minuteOfDay]!;
    return { index, closeTime: this.#market.time + stepMs, closeMinutes: (opened + stepMs / 60_000) % 1440 };
  }
}
