import { ACCOUNT as A, ACCOUNT_FIELDS, LOG_KIND } from '#core/model/strategy-abi.ts';
import type { PlannedBasket, TradePlan } from '#core/model/trade-plan.ts';
import { isUsable, roundDownToLot } from '../sizing.ts';
import type { OrderReview } from './order-review.ts';
import { ORDER_TYPE, withdraw } from './order-slot.ts';
import { ORDER as O, POSITION as P, type RegisterLayout, registerLayout } from './registers.ts';
import type { TradingEngine } from './trading-engine.ts';

/** Registers of a leg, which is no member of a universe: base units of it in one unit of the basket, below zero where it is sold; and those of the next entry. */
const LEG = { units: P.weight, nextUnits: P.isEligible } as const;

/** One market of a basket. Its engine holds what the basket has of it, and nothing else. */
export interface BasketLeg {
  readonly engine: TradingEngine;
  readonly settings: Float64Array;
}

/** What a basket decides by in a step of its account. */
export interface BasketDecision {
  readonly basket: number;
  readonly row: Float64Array;
  readonly review: OrderReview;
  /** Of the first leg's bar: what the basket counts bars by. */
  readonly index: number;
}

/** What one unit of the quote currency has become since the basket was entered is its price: 1 at the fill, and while it is flat. */
const AT_ENTRY = 1;

/**
 * Several legs that are traded as one position. The rules run on an engine of their own whose market is the basket: its quantity is the gross value at the signal,
 * its price what a unit of it is worth. It books nothing: what it decides the legs do, each at its open, and its prices come from their fills.
 */
export class BasketEngine {
  /** Rules, levels and orders of the basket. Its cash is the account's, and never given back. */
  readonly engine: TradingEngine;
  readonly legs: readonly BasketLeg[];
  readonly #basket: PlannedBasket;
  readonly #plan: TradePlan;
  readonly #layout: RegisterLayout;
  /** Slippage that the legs are expected to have: kept back where the cash is cut to what it pays for. */
  readonly #slack: number;
  #moment = { index: 0, step: 0, time: 0 };

  /**
   * @param place of the basket in the plan
   * @param engine its market has neither steps nor slippage
   * @param slack share of the price that fills of the legs are expected to be worse; its fee has it on top
   */
  constructor(plan: TradePlan, place: number, engine: TradingEngine, legs: readonly BasketLeg[], slack: number) {
    this.engine = engine;
    this.legs = legs;
    this.#basket = plan.baskets![place]!;
    this.#plan = plan;
    this.#layout = registerLayout(plan);
    this.#slack = slack;
  }

  get #isHeld(): boolean {
    return this.engine.registers[A.qty] !== 0;
  }

  /** A leg was closed by its venue: the others are to follow. */
  get #isBroken(): boolean {
    return this.#isHeld && this.legs.some(({ engine }) => engine.registers[A.qty] === 0);
  }

  /** What a unit is worth at prices of the legs, those of an open position. */
  #valueAt(prices: readonly number[]): number {
    if (!this.#isHeld) return AT_ENTRY;
    let value = AT_ENTRY;
    for (const [place, leg] of this.legs.entries()) value += this.#gainOf(leg, prices[place]!);
    return value;
  }

  /** What a leg has made for each unit of the basket, at a price; one that its venue has closed what it left. */
  #gainOf({ engine: { registers } }: BasketLeg, price: number): number {
    if (registers[A.qty] === 0) return registers[P.endedProfit]! / Math.abs(this.engine.registers[A.qty]!);
    return registers[LEG.units]! * (price - registers[P.firstPrice]!);
  }

  /**
   * The account as rules see it, which measure a position against the close of their chart: the prices of the basket are put on its scale.
   * @param close of the chart that the rules read
   */
  accountRow(prices: readonly number[], close: number): Float64Array {
    const row = this.engine.registers.slice(0, ACCOUNT_FIELDS);
    const scale = close / this.#valueAt(prices);
    for (const price of [A.avgPrice, A.riskDistance, A.lastFill]) row[price] = row[price]! * scale;
    return row;
  }

  /** The basket at a price, as a bar of it. */
  show(index: number, step: number, time: number, prices: readonly number[]): void {
    this.#moment = { index, step, time };
    this.#showValue(this.#valueAt(prices));
  }

  /** At the moment last shown. */
  #showValue(value: number): void {
    const { index, step, time } = this.#moment;
    this.engine.showBar(index, time, value, value, value, value);
    this.engine.useStep(step);
  }

  /**
   * The exit that was ordered at the last close: each leg leaves at its open, the basket at what that makes.
   * @param on runs something on a leg, with the account in its registers
   */
  fillExit(on: (leg: number, work: (engine: TradingEngine) => void) => void): void {
    const r = this.engine.registers;
    if (!this.#isHeld || r[P.exitKind] === 0) return;
    const [kind, fraction, rule] = [r[P.exitKind]!, r[P.exitFraction]!, r[P.exitRule]!];
    const first = this.legs.map(({ engine }) => engine.registers[P.firstPrice]!);
    let value = AT_ENTRY;
    for (const place of this.legs.keys()) {
      on(place, (leg) => {
        if (leg.registers[A.qty] === 0) {
          value += this.#gainOf(this.legs[place]!, Number.NaN);
          return;
        }
        this.#copySaid(leg);
        leg.leaveShare(fraction, kind, rule);
        value += leg.registers[LEG.units]! * (leg.registers[A.lastFill]! - first[place]!);
      });
    }
    this.#showValue(value);
    r[P.profit] = r[P.profit]! + Math.abs(r[A.qty]!) * Math.min(1, fraction) * value * this.#slack;
    this.engine.fillExits();
  }

  /** Entries and adds of the last close: the basket says how much, the legs buy and sell it. */
  fillEntries(on: (leg: number, work: (engine: TradingEngine) => void) => void): void {
    const r = this.engine.registers;
    if (!this.#isHeld && !this.#prepareEntry()) return;
    const before = Math.abs(r[A.qty]!);
    this.engine.fillEntries();
    const more = Math.abs(r[A.qty]!) - before;
    if (!(more > 0)) return;
    r[P.profit] = r[P.profit]! + more * r[A.lastFill]! * this.#slack;
    const side = Math.sign(r[A.qty]!);
    for (const [place, { settings }] of this.legs.entries()) {
      on(place, (leg) => {
        const units = leg.registers[LEG.units]!;
        // What it made before is none of this basket's.
        if (before === 0) leg.registers[P.endedProfit] = 0;
        this.#copySaid(leg);
        leg.enterAtOpen(side * Math.sign(units), roundDownToLot(more * Math.abs(units), settings), r[P.entryRule]! - 1, before > 0);
      });
    }
  }

  /** Before an entry: the legs' shares are those of its signal. False when there is none, or a leg would get nothing; that is told. */
  #prepareEntry(): boolean {
    const r = this.engine.registers;
    const at = this.#layout.entries.find((order) => r[order] === ORDER_TYPE.market);
    if (at === undefined) return false;
    for (const { engine } of this.legs) engine.registers[LEG.units] = engine.registers[LEG.nextUnits]!;
    const qty = r[at + O.qty]!;
    const isWhole = this.legs.every(
      ({ engine, settings }) =>
        engine.registers[A.qty] === 0 && !(roundDownToLot(qty * Math.abs(engine.registers[LEG.units]!), settings) <= 0),
    );
    if (isWhole) return true;
    withdraw(r, at);
    this.engine.tell(LOG_KIND.droppedTooSmall, qty);
    return false;
  }

  /** Steps 4 to 6 in three parts, as of a market. */
  checkLimits(index: number, row: Float64Array, review: OrderReview): void {
    if (this.#isHeld) this.engine.orderReached();
    if (this.#isBroken) this.engine.orderExit(LOG_KIND.liquidation);
    this.engine.checkLimits(index, row, review);
  }

  /** @param closes of the legs */
  decideEntries(index: number, row: Float64Array, review: OrderReview, closes: readonly number[]): void {
    const r = this.engine.registers;
    this.engine.decideEntries(index, row, review);
    if (!this.#layout.entries.some((at) => r[at] === ORDER_TYPE.market)) return;
    const weights = this.#basket.legs.map(({ weight }) => row[weight]!);
    const gross = weights.reduce((sum, weight) => sum + Math.abs(weight), 0);
    if (isUsable(gross) && weights.every((weight) => weight !== 0)) {
      for (const [place, { engine }] of this.legs.entries()) engine.registers[LEG.nextUnits] = weights[place]! / gross / closes[place]!;
      return;
    }
    this.engine.withdrawEntries();
    this.engine.tell(LOG_KIND.droppedInvalid, Number.NaN);
  }

  /** Events of the basket since the last call (LOG layout): fills and charges are the legs'. */
  drainEvents(): Float64Array {
    return this.engine.drainEvents();
  }

  /** What the reasons of rules said is told with the fills, which are the legs'. */
  #copySaid({ registers }: TradingEngine): void {
    const own = this.engine.registers;
    for (const [of, rules] of [
      ['entries', this.#plan.entries],
      ['exits', this.#plan.exits],
    ] as const)
      for (const [rule, { reason = [] }] of rules.entries()) {
        const at = this.#layout.said[of][rule]!;
        registers.set(own.subarray(at, at + reason.length), at);
      }
  }
}
