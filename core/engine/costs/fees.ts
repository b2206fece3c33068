import { FEE_TIER, FEE_TIER_FIELDS, SETTING as K } from '#core/model/strategy-abi.ts';
import { roundDownToLot } from '../sizing.ts';
import { type Valuation, valuationOf } from '../valuation.ts';

const DAY_MS = 86_400_000;
/** Days that tiers look back on, UTC; today does not count yet. */
const DAYS = 30;

/** Registers of what an account has traded: the last day of a fill, then a ring of days, quote units. */
export const TRADED = { day: 0, ring: 1 } as const;
export const TRADED_FIELDS = 1 + DAYS + 1;

/** What fills cost. */
export class Fees {
  readonly #settings: Float64Array;
  readonly #valuation: Valuation;
  readonly #traded: Float64Array;
  /** Days since the epoch, of the bar at hand. */
  #day = 0;

  /** @param traded registers, TRADED layout */
  constructor(settings: Float64Array, traded: Float64Array) {
    this.#settings = settings;
    this.#valuation = valuationOf(settings);
    this.#traded = traded;
  }

  /** @param time open of the bar at hand, ms */
  atTime(time: number): void {
    this.#day = Math.floor(time / DAY_MS);
  }

  /** Share of the value that a fill costs, of what rested in the book or took what was offered; of a fee for each unit zero. */
  rateOf(isMaker: boolean): number {
    const k = this.#settings;
    const tiers = k[K.feeTierCount]!;
    if (tiers === 0) return k[isMaker ? K.makerRate : K.feeRate]!;
    const traded = this.#tradedBefore();
    let at: number = K.feeTiers;
    for (let tier = 1; tier < tiers; tier++)
      if (traded >= k[K.feeTiers + tier * FEE_TIER_FIELDS + FEE_TIER.from]!) at = K.feeTiers + tier * FEE_TIER_FIELDS;
    return k[at + (isMaker ? FEE_TIER.maker : FEE_TIER.taker)]!;
  }

  /** Quote units that a fill costs; of a purchase in the base coin what that is worth. */
  feeOf(qty: number, value: number, isMaker: boolean): number {
    const k = this.#settings;
    if (k[K.feePerUnit] !== 0) return Math.max(k[K.feeLeast]!, qty * k[K.feePerUnit]!);
    return value * this.rateOf(isMaker);
  }

  /** What is left in hand of a purchase. */
  received(qty: number, isMaker: boolean): number {
    return this.#settings[K.isFeeInBase] === 0 ? qty : qty * (1 - this.rateOf(isMaker));
  }

  /** What of a position no order could ever sell, as fees in the base coin left no whole lot. */
  dustOf(held: number): number {
    return this.#settings[K.isFeeInBase] === 0 ? 0 : Math.max(0, held - roundDownToLot(held, this.#settings));
  }

  /** The most of a quantity that money pays for, its fee included; `qty` itself where all of it can be paid. @param leverage value over margin */
  affordable(qty: number, price: number, free: number, leverage: number, isMaker: boolean): number {
    const k = this.#settings;
    const { notional } = this.#valuation;
    const value = notional(qty, price);
    const unit = notional(1, price);
    const rate = k[K.isFeeInBase] === 0 ? this.rateOf(isMaker) : 0;
    const perUnit = k[K.feePerUnit]!;
    const unitFee = perUnit === 0 ? 0 : Math.max(k[K.feeLeast]!, qty * perUnit);
    // What is worth more than doubles reach costs NaN where the rate is 0.
    const isTooMuch = value === Infinity || value / leverage + value * rate + unitFee > free;
    if (!isTooMuch) return qty;
    if (perUnit === 0) return roundDownToLot(free / (unit * (1 / leverage + rate)), k);
    return roundDownToLot(Math.min((free - k[K.feeLeast]!) / (unit / leverage), free / (unit / leverage + perUnit)), k);
  }

  /** Takes the value of a fill into what the account has traded. */
  count(value: number): void {
    if (this.#settings[K.feeTierCount] === 0) return;
    const t = this.#traded;
    for (let day = Math.max(t[TRADED.day]! + 1, this.#day - DAYS); day <= this.#day; day++) t[this.#placeOf(day)] = 0;
    t[TRADED.day] = this.#day;
    t[this.#placeOf(this.#day)]! += value;
  }

  #tradedBefore(): number {
    const t = this.#traded;
    let sum = 0;
    for (let day = this.#day - DAYS; day < this.#day; day++)
      if (day <= t[TRADED.day]! && day > t[TRADED.day]! - DAYS - 1) sum += t[this.#placeOf(day)]!;
    return sum;
  }

  #placeOf(day: number): number {
    return TRADED.ring + (((day % (DAYS + 1)) + (DAYS + 1)) % (DAYS + 1));
  }
}
