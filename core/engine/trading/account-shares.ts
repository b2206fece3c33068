import { ACCOUNT as A, MARGIN_KIND, SETTING as K, TIER, TIER_FIELDS } from '#core/model/strategy-abi.ts';
import { ORDER_TYPE, waitingQty } from './order-slot.ts';
import { valuationOf } from '../valuation.ts';
import { ORDER as O, OTHERS, OTHERS_FIELDS, POSITION as P, type RegisterLayout } from './registers.ts';

const FIRST = OTHERS.value;

/** What limits count: of the strategy alone. All else is money, which is the account's. */
const OF_STRATEGY: ReadonlySet<number> = new Set([OTHERS.exposure, OTHERS.ordered, OTHERS.held, OTHERS.entering, OTHERS.opening]);

/** Amounts, which the account keeps in its own currency; the others are numbers of positions. */
const MONEY: readonly number[] = [OTHERS.value, OTHERS.free, OTHERS.exposure, OTHERS.ordered, OTHERS.long, OTHERS.maintenance];

/** A market, or a basket, of a strategy. */
interface ShareMember {
  readonly strategy: number;
  readonly layout: RegisterLayout;
}

/** What each market takes of an account that they share; fields as in OTHERS, amounts in the account's currency. */
export class AccountShares {
  readonly #members: readonly ShareMember[];
  readonly #values: Float64Array;
  /** By market: 1 = it takes something. Of many markets most take nothing most of the time. */
  readonly #busy: Uint8Array;

  /** @param members markets, then baskets */
  constructor(members: readonly ShareMember[]) {
    this.#members = members;
    this.#values = new Float64Array(members.length * OTHERS_FIELDS);
    this.#busy = new Uint8Array(members.length);
  }

  /** Signed value of all positions. */
  get value(): number {
    let sum = 0;
    for (let at = 0; at < this.#values.length; at += OTHERS_FIELDS) sum += this.#values[at]!;
    return sum;
  }

  /**
   * Takes what a market holds and has ordered.
   * @param r registers of the market
   * @param price at which the others see it; NaN before its first bar, when it has nothing
   * @param isLeg of a basket, which is counted as one position itself
   * @param rate the account's currency for one of the quote
   */
  take(market: number, r: Float64Array, price: number, settings: Float64Array, isLeg: boolean, rate: number): void {
    const at = market * OTHERS_FIELDS - FIRST;
    const values = this.#values;
    const { notional, worth } = valuationOf(settings);
    const qty = r[A.qty]!;
    let ordered = 0;
    let entering = 0;
    const { layout } = this.#members[market]!;
    const { rebalance } = layout;
    if (rebalance !== null && r[rebalance] === ORDER_TYPE.market)
      ordered += notional(r[rebalance + O.rest]! > 0 ? r[rebalance + O.rest]! : r[rebalance + O.qty]!, price);
    for (const order of layout.entries) {
      const type = r[order + O.type]!;
      if (type === ORDER_TYPE.none) continue;
      const amount = r[order + O.rest]! > 0 ? r[order + O.rest]! : r[order + O.qty]!;
      // A quantity that is made at the fill is not known before.
      if (amount > 0) ordered += notional(amount, type === ORDER_TYPE.market ? price : r[order + O.price]!);
      if (type === ORDER_TYPE.market) entering = 1;
    }
    const value = qty === 0 ? 0 : worth(qty, price);
    const exposure = Math.abs(value);
    const isOrdered = qty !== 0 && r[P.exitKind] !== 0;
    const leaving = qty !== 0 && r[P.leavingQty] === Infinity ? 1 : isOrdered ? Math.min(1, r[P.exitFraction]!) : 0;
    if (qty !== 0 && leaving < 1) for (const add of layout.adds.flat()) ordered += addValue(r, add, price, settings);
    const isIsolated = settings[K.marginKind] === MARGIN_KIND.isolated;
    values[at + OTHERS.value] = value;
    values[at + OTHERS.free] =
      qty === 0 ? 0 : isIsolated ? worth(qty, r[A.avgPrice]!) - r[P.margin]! : value - exposure / settings[K.leverage]!;
    values[at + OTHERS.exposure] = exposure;
    values[at + OTHERS.ordered] = ordered - exposure * leaving;
    values[at + OTHERS.long] = Math.max(value, 0);
    values[at + OTHERS.maintenance] = maintenanceOf(exposure, settings);
    values[at + OTHERS.opening] = entering;
    values[at + OTHERS.held] = qty === 0 || isLeg ? 0 : 1;
    // An exit of all and the entry of a reversal leave one position where there was one.
    values[at + OTHERS.entering] = qty === 0 ? entering : leaving >= 1 ? entering - 1 : 0;
    if (rate !== 1) for (const field of MONEY) values[at + field]! *= rate;
    this.#busy[market] = qty !== 0 || ordered !== 0 || entering !== 0 ? 1 : 0;
  }

  /** Takes that a basket is a position, and what it has ordered; what it holds are its legs. @param r registers of the basket */
  takeBasket(place: number, r: Float64Array, rate: number): void {
    const at = place * OTHERS_FIELDS - FIRST;
    const isHeld = r[A.qty] !== 0;
    const isLeaving = isHeld && r[P.exitKind] !== 0 && r[P.exitFraction]! >= 1;
    const order = this.#members[place]!.layout.entries.find((entry) => r[entry + O.type] === ORDER_TYPE.market);
    const isEntering = order !== undefined && (!isHeld || isLeaving);
    // A unit of a basket is worth 1 when it is entered.
    this.#values[at + OTHERS.ordered] = isEntering && r[order + O.qty]! > 0 ? r[order + O.qty]! * rate : 0;
    this.#values[at + OTHERS.opening] = isEntering ? 1 : 0;
    this.#values[at + OTHERS.held] = isHeld ? 1 : 0;
    this.#values[at + OTHERS.entering] = (isEntering ? 1 : 0) - (isLeaving ? 1 : 0);
    this.#busy[place] = isHeld || isEntering ? 1 : 0;
  }

  /** Writes into the registers of a market what all others take. @param own what else is its own: the legs of a basket */
  writeOthers(market: number, r: Float64Array, rate: number, legs: readonly number[] = []): void {
    const busy = this.#busy;
    const { strategy } = this.#members[market]!;
    for (let field = 0; field < OTHERS_FIELDS; field++) r[FIRST + field] = 0;
    for (let other = 0; other < busy.length; other++) {
      if (busy[other] === 0 || other === market || (legs.length > 0 && legs.includes(other))) continue;
      const at = other * OTHERS_FIELDS;
      const isOwn = this.#members[other]!.strategy === strategy;
      for (let field = 0; field < OTHERS_FIELDS; field++)
        if (isOwn || !OF_STRATEGY.has(FIRST + field)) r[FIRST + field]! += this.#values[at + field]!;
    }
    if (rate !== 1) for (const field of MONEY) r[field]! /= rate;
  }
}

/** What an add that waits may still buy or sell. */
function addValue(r: Float64Array, at: number, price: number, settings: Float64Array): number {
  const amount = waitingQty(r, at);
  const { notional, dearer } = valuationOf(settings);
  return amount === 0 ? 0 : notional(amount, r[at + O.type] === ORDER_TYPE.market ? price : dearer(price, r[at + O.price]!));
}

/** What must be left behind a position of that value, and what closing it costs; nothing where nothing is liquidated. */
function maintenanceOf(exposure: number, settings: Float64Array): number {
  if (settings[K.marginKind] === MARGIN_KIND.none || exposure === 0) return 0;
  let at: number = K.tiers;
  for (let tier = 1; tier < settings[K.tierCount]!; tier++)
    if (exposure >= settings[K.tiers + tier * TIER_FIELDS + TIER.from]!) at = K.tiers + tier * TIER_FIELDS;
  return exposure * (settings[at + TIER.rate]! + settings[K.liquidationRate]!) - settings[at + TIER.deducted]!;
}
