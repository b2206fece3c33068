import { ACCOUNT as A, LOG_KIND, SIZE } from '#core/model/strategy-abi.ts';
import { periodNumber } from '#core/model/period.ts';
import type { PlannedClock, PlannedLimit, TradePlan } from '#core/model/trade-plan.ts';
import { quantityOf } from '../sizing.ts';
import type { PositionAccount } from './position-account.ts';
import { LIMIT as L, POSITION as P, type RegisterLayout } from './registers.ts';

/** Number of the period that a bar opens in, counted in the strategy's zone. */
function periodOf(per: PlannedLimit['per'], bar: number, clock: PlannedClock | null, values: Float64Array): number {
  if (per === null || clock === null) return 0;
  const [year, month, day, minuteOfDay] = [values[clock.year]!, values[clock.month]!, values[clock.day]!, values[clock.minuteOfDay]!];
  return periodNumber(per, { bar, year, month, day, minuteOfDay });
}

/** The `risk` block: what an entry may still order, and what is done when a limit breaks. */
export class RiskLimits {
  readonly #plan: TradePlan;
  readonly #account: PositionAccount;
  readonly #at: readonly number[];
  #isBlocked = false;
  #blockedSide: 1 | -1 | null = null;

  constructor(plan: TradePlan, account: PositionAccount, { limits }: RegisterLayout) {
    this.#plan = plan;
    this.#account = account;
    this.#at = limits;
  }

  /** A fill that opened a position, or an entry order that went out. */
  count(name: 'trades' | 'orders'): void {
    const r = this.#account.registers;
    for (const [place, limit] of this.#plan.limits.entries()) if (limit.name === name) r[this.#at[place]! + L.base]! += 1;
  }

  /** Step 4 at a close. True when the position is to be closed. */
  check(index: number, close: number, values: Float64Array): boolean {
    const r = this.#account.registers;
    this.#isBlocked = r[P.pausedUntil]! > index;
    this.#blockedSide = null;
    let isFlatten = false;
    for (const [place, limit] of this.#plan.limits.entries()) {
      const at = this.#at[place]!;
      this.#startPeriod(limit, at, index, values);
      if (limit.name === 'trades' && r[at + L.base]! >= values[limit.value.value]!) this.#isBlocked = true;
      const isBroken = this.#isBroken(limit, at, close, values);
      const wasBroken = r[at + L.isBroken] === 1;
      r[at + L.isBroken] = isBroken ? 1 : 0;
      if (!isBroken) continue;
      if (limit.actions.length === 0) {
        this.#isBlocked = true;
        continue;
      }
      if (limit.per !== null) this.#isBlocked = true;
      if (wasBroken) continue;
      this.#account.log(LOG_KIND.limitActed, index, Number.NaN, close, close, 0, place);
      for (const action of limit.actions) {
        if (action.kind === 'flatten') isFlatten = true;
        else if (action.kind === 'halt') r[P.pausedUntil] = Infinity;
        else if (action.kind === 'pause' && index + values[action.bars]! > r[P.pausedUntil]!)
          r[P.pausedUntil] = index + values[action.bars]!;
      }
      // What was measured over the whole run is measured anew from here: the limit acts again only after as much again.
      if (limit.per === null) r[at + L.base] = limit.name === 'losing_streak' ? r[A.losses]! : r[A.equity]!;
      this.#isBlocked = true;
    }
    for (const { action, side, when } of this.#plan.guards) {
      if (values[when] !== 1) continue;
      if (action === 'flatten') isFlatten = true;
      else if (action === 'halt') r[P.pausedUntil] = Infinity;
      if (action !== 'block' || side === null) this.#isBlocked = true;
      else if (this.#blockedSide !== null && this.#blockedSide !== side) this.#isBlocked = true;
      else this.#blockedSide = side;
    }
    return isFlatten;
  }

  /** Whether entries of a side are refused on this bar. */
  refuses(side: 1 | -1): boolean {
    return this.#isBlocked || this.#blockedSide === side;
  }

  /** How much of a wanted quantity the limits leave. A position of the other side leaves before the order can fill. */
  allowed(side: 1 | -1, qty: number, price: number, values: Float64Array): number {
    const r = this.#account.registers;
    const held = Math.max(side * r[A.qty]!, 0);
    let most = Infinity;
    /** A limit that is na takes none of the others away. */
    const cut = (room: number): void => {
      if (room < most) most = room;
    };
    if (this.#plan.maxLeverage !== null) cut((this.#plan.maxLeverage * r[A.equity]! * (1 + 1e-9)) / price - held);
    for (const [place, limit] of this.#plan.limits.entries()) {
      const { name, value } = limit;
      if (name === 'orders' || name === 'trades') {
        if (r[this.#at[place]! + L.base]! >= values[value.value]!) return 0;
      } else if (name === 'position' || name === 'exposure') {
        cut(this.#quantity(value, price, values) - held);
      } else if (name === 'leverage') {
        cut((values[value.value]! * r[A.equity]!) / price - held);
      } else if (name === 'positions' && held === 0 && values[value.value]! < 1) {
        return 0;
      }
    }
    return qty > most ? most : qty;
  }

  #startPeriod({ name, per }: PlannedLimit, at: number, index: number, values: Float64Array): void {
    const r = this.#account.registers;
    const period = periodOf(per, index, this.#plan.clock, values);
    const isNew = r[at + L.period] !== period;
    r[at + L.period] = period;
    if (name === 'drawdown') {
      // The highest equity of the period, or since the limit acted last.
      r[at + L.base] = isNew ? r[A.equity]! : Math.max(r[at + L.base]!, r[A.equity]!);
    } else if (isNew) {
      r[at + L.base] = name === 'loss' ? r[A.equity]! : 0;
    }
  }

  #isBroken({ name, value }: PlannedLimit, at: number, close: number, values: Float64Array): boolean {
    const r = this.#account.registers;
    const base = r[at + L.base]!;
    if (name === 'loss') {
      const amount = values[value.value]!;
      return base - r[A.equity]! >= (value.kind === SIZE.equityShare ? amount * base : amount);
    }
    if (name === 'drawdown') return (base - r[A.equity]!) / base >= values[value.value]!;
    if (name === 'losing_streak') return Math.min(r[A.losingStreak]!, r[A.losses]! - base) >= values[value.value]!;
    const exposure = Math.abs(r[A.qty]!) * close;
    if (name === 'leverage') return exposure > values[value.value]! * r[A.equity]!;
    if (name === 'position' || name === 'exposure') return exposure > this.#quantity(value, close, values) * close;
    return false;
  }

  /** An amount in base units at a price; money at the price 1. */
  #quantity(value: PlannedLimit['value'], price: number, values: Float64Array): number {
    const r = this.#account.registers;
    const kind = value.kind === 'number' ? SIZE.money : value.kind;
    return quantityOf(kind, values[value.value]!, price, r[A.equity]!, r[A.cash]!, Number.NaN);
  }
}
