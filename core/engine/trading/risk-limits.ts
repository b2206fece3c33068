import { ACCOUNT as A, LOG_KIND, SIZE } from '#core/model/strategy-abi.ts';
import { nextMoment, type PeriodMoment, periodNumber } from '#core/model/period.ts';
import type { PlannedClock, PlannedLimit, TradePlan } from '#core/model/trade-plan.ts';
import { quantityOf } from '../sizing.ts';
import type { PositionAccount } from './position-account.ts';
import { isAccountLimit, LIMIT as L, OTHERS, POSITION as P, type RegisterLayout } from './registers.ts';

/** The open of a bar, in the strategy's zone. */
function momentOf(bar: number, clock: PlannedClock, values: Float64Array): PeriodMoment {
  const [year, month, day, minuteOfDay] = [values[clock.year]!, values[clock.month]!, values[clock.day]!, values[clock.minuteOfDay]!];
  return { bar, year, month, day, minuteOfDay };
}

/** What happened in the period is counted. */
const isCount = ({ name }: PlannedLimit): boolean => name === 'trades' || name === 'orders';

/** What a limit of the account does to every market of it. */
export interface AccountAction {
  readonly isFlatten: boolean;
  /** From the last bar of each market on; Infinity = halted. */
  readonly pauseBars: number;
  /** Nothing is entered. */
  readonly isRefused: boolean;
}

/** The `risk` block: what an entry may still order, and what is done when a limit breaks. */
export class RiskLimits {
  readonly #plan: TradePlan;
  readonly #account: PositionAccount;
  readonly #at: readonly number[];
  #isBlocked = false;
  #blockedSide: 1 | -1 | null = null;
  /** The position is to be closed, and nothing entered: as of the last check. */
  isFlatten = false;
  /** What limits of the account did at the last check, for its other markets. */
  readonly forAll: { -readonly [K in keyof AccountAction]: AccountAction[K] } = { isFlatten: false, pauseBars: 0, isRefused: false };

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

  /** A limit of the account, met by another market: closes this one too, and refuses its entries. */
  obeyAccount({ isFlatten, pauseBars }: AccountAction, index: number): void {
    const r = this.#account.registers;
    if (isFlatten) r[P.isFlattenDue] = 1;
    if (pauseBars > 0) r[P.pausedUntil] = Math.max(r[P.pausedUntil]!, index + pauseBars);
  }

  /** A new bar: what was done for the account on the one before is done. @param isResumed a person ends pauses and halts */
  begin(isResumed: boolean): void {
    if (isResumed) this.#account.registers[P.pausedUntil] = 0;
    this.forAll.isFlatten = false;
    this.forAll.pauseBars = 0;
    this.forAll.isRefused = false;
  }

  /**
   * Step 6 at a close, before any market of the account decides.
   * @param step bars of the account, which `per bar` counts; `index` = of the market
   */
  check(index: number, step: number, close: number, values: Float64Array): void {
    const r = this.#account.registers;
    this.#blockedSide = null;
    let isFlatten = false;
    this.#isBlocked = false;
    for (const [place, limit] of this.#plan.limits.entries()) {
      const at = this.#at[place]!;
      this.#startPeriod(limit, at, step, values);
      const isBroken = this.#isBroken(limit, at, close, values);
      const wasBroken = r[at + L.isBroken] === 1;
      r[at + L.isBroken] = isBroken ? 1 : 0;
      if (!isBroken) continue;
      const isForAll = isAccountLimit(limit.name);
      if (isForAll) this.forAll.isRefused = true;
      if (limit.actions.length === 0) {
        this.#isBlocked = true;
        continue;
      }
      if (limit.per !== null) this.#isBlocked = true;
      if (wasBroken) continue;
      this.#account.log(LOG_KIND.limitActed, index, Number.NaN, close, close, 0, place);
      for (const action of limit.actions) {
        const bars = action.kind === 'halt' ? Infinity : action.kind === 'pause' ? values[action.bars]! : 0;
        if (action.kind === 'flatten') isFlatten = true;
        else if (bars > 0 && index + bars > r[P.pausedUntil]!) r[P.pausedUntil] = index + bars;
        if (isForAll && action.kind === 'flatten') this.forAll.isFlatten = true;
        if (isForAll && bars > this.forAll.pauseBars) this.forAll.pauseBars = bars;
      }
      // What was measured over the whole run is measured anew from here: the limit acts again only after as much again.
      if (limit.per === null) r[at + L.base] = isCount(limit) ? 0 : limit.name === 'losing_streak' ? r[A.losses]! : r[A.equity]!;
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
    if (isFlatten) r[P.isFlattenDue] = 1;
  }

  /** After all markets of the account were checked: what they are to do together. */
  settle(index: number): void {
    const r = this.#account.registers;
    this.isFlatten = r[P.isFlattenDue] === 1;
    r[P.isFlattenDue] = 0;
    if (r[P.pausedUntil]! > index) this.#isBlocked = true;
  }

  /** Whether entries of a side are refused on this bar. */
  refuses(side: 1 | -1): boolean {
    return this.#isBlocked || this.#blockedSide === side;
  }

  /**
   * How much of a wanted quantity the limits leave. A position of the other side leaves before the order can fill.
   * @param adding base units that other adds to the position have ordered
   */
  allowed(side: 1 | -1, qty: number, price: number, values: Float64Array, adding = 0): number {
    const r = this.#account.registers;
    const held = Math.max(side * r[A.qty]!, 0) + adding;
    /** Base units that the other markets take of what the account may have. */
    const { quantityFor } = this.#account.valuation;
    const taken = quantityFor(r[OTHERS.exposure]! + r[OTHERS.ordered]!, price);
    let most = Infinity;
    /** A limit that is na takes none of the others away. */
    const cut = (room: number): void => {
      if (room < most) most = room;
    };
    if (this.#plan.maxLeverage !== null) cut(quantityFor(this.#plan.maxLeverage * r[A.equity]! * (1 + 1e-9), price) - held - taken);
    for (const [place, limit] of this.#plan.limits.entries()) {
      const { name, value } = limit;
      if (name === 'orders' || name === 'trades') {
        const opening = name === 'trades' ? r[OTHERS.opening]! : 0;
        if (r[this.#at[place]! + L.base]! + opening >= values[value.value]!) return 0;
      } else if (name === 'position' || name === 'exposure') {
        cut(this.#quantity(value, price, values) - held - (name === 'exposure' ? taken : 0));
      } else if (name === 'leverage') {
        cut(quantityFor(values[value.value]! * r[A.equity]!, price) - held - taken);
      } else if (name === 'positions' && held === 0 && values[value.value]! < r[OTHERS.held]! + r[OTHERS.entering]! + 1) {
        return 0;
      }
    }
    return qty > most ? most : qty;
  }

  /** Whether an order may open a position now: others may have filled since it went out. */
  hasRoom(): boolean {
    const r = this.#account.registers;
    return !this.#plan.limits.some(({ name }, place) => {
      const [opened, most] = [r[this.#at[place]! + L.base]!, r[this.#at[place]! + L.most]!];
      return name === 'trades' ? opened >= most : name === 'positions' && most < r[OTHERS.held]! + 1;
    });
  }

  #startPeriod({ name, value, per }: PlannedLimit, at: number, step: number, values: Float64Array): void {
    const r = this.#account.registers;
    const { clock, stepMs } = this.#plan;
    r[at + L.most] = values[value.value]!;
    const now = name === 'trades' ? r[at + L.base]! : name === 'losing_streak' ? r[A.losses]! : r[A.equity]!;
    // Nothing was before the first check.
    const last = Number.isNaN(r[at + L.last]!) ? now : r[at + L.last]!;
    const moment = per === null || clock === null ? null : momentOf(step, clock, values);
    const periodOf = (one: PeriodMoment | null): number => (one === null ? 0 : periodNumber(per!, one));
    const isNew = r[at + L.period] !== periodOf(moment);
    if (isNew) {
      r[at + L.period] = periodOf(moment);
      r[at + L.isBroken] = 0;
      // The bar at hand is the first of the period, and what it did belongs to it.
      r[at + L.base] = name === 'trades' ? now - last : name === 'orders' ? 0 : last;
    }
    if (name === 'drawdown') r[at + L.base] = Math.max(r[at + L.base]!, now);
    if (name === 'trades' && moment !== null) {
      // What is ordered now fills in the next bar.
      const next = periodOf(nextMoment(moment, stepMs));
      if (r[at + L.period] !== next) r[at + L.base] = 0;
      r[at + L.period] = next;
    }
    r[at + L.last] = name === 'trades' ? r[at + L.base]! : now;
  }

  #isBroken(limit: PlannedLimit, at: number, close: number, values: Float64Array): boolean {
    const { name, value } = limit;
    const r = this.#account.registers;
    const base = r[at + L.base]!;
    // An order that has gone out rests on where none may follow it.
    if (isCount(limit)) return base >= values[value.value]! && (name === 'trades' || limit.actions.length > 0);
    if (name === 'loss') {
      const amount = values[value.value]!;
      return base - r[A.equity]! >= (value.kind === SIZE.equityShare ? amount * base : amount);
    }
    if (name === 'drawdown') return (base - r[A.equity]!) / base >= values[value.value]!;
    if (name === 'losing_streak') return Math.min(r[A.losingStreak]!, r[A.losses]! - base) >= values[value.value]!;
    const { notional } = this.#account.valuation;
    const own = notional(Math.abs(r[A.qty]!), close);
    const all = own + r[OTHERS.exposure]!;
    if (name === 'leverage') return all > values[value.value]! * r[A.equity]!;
    if (name === 'position' || name === 'exposure')
      return (name === 'position' ? own : all) > notional(this.#quantity(value, close, values), close);
    return false;
  }

  /** The quantity that an amount is at a price. */
  #quantity(value: PlannedLimit['value'], price: number, values: Float64Array): number {
    const r = this.#account.registers;
    const kind = value.kind === 'number' ? SIZE.money : value.kind;
    return quantityOf(kind, values[value.value]!, price, r[A.equity]!, r[A.cash]!, Number.NaN, this.#account.valuation);
  }
}
