import { SETTING as K } from '#core/model/strategy-abi.ts';
import { roundDownToLot } from '../sizing.ts';

/** A quantity counts as all of another within this share of it: what sums of doubles leave is no order of its own. */
const WHOLE = 1 - 1e-9;

/** What a bar (or one that it is made of) gives to orders: a share of its volume, all of them together. Without a share, all that they ask for. */
export class Liquidity {
  readonly #settings: Float64Array;
  #volume = Number.NaN;
  #taken = 0;
  #offered = Infinity;
  #left = Infinity;

  constructor(settings: Float64Array) {
    this.#settings = settings;
  }

  /** @param volume traded base units of the bar at hand; NaN = none are known, and none are given */
  offer(volume: number): void {
    this.#volume = volume;
    this.#taken = 0;
    const share = this.#settings[K.participation]!;
    if (!(share > 0)) return;
    this.#offered = volume > 0 ? share * volume : 0;
    this.#left = this.#offered;
  }

  /** How much of a quantity there is, in lots unless it is all. */
  partOf(qty: number): number {
    if (this.#left >= qty * WHOLE) return qty;
    return Math.min(qty, roundDownToLot(this.#left, this.#settings));
  }

  /** Share of the bar's volume that the orders before and one of this quantity take, at most 1; 1 where the bar has no volume. */
  shareWith(qty: number): number {
    const wanted = this.#taken + qty;
    return this.#volume > wanted ? wanted / this.#volume : 1;
  }

  take(qty: number): void {
    this.#taken += qty;
    if (this.#left === Infinity) return;
    const left = this.#left - qty;
    this.#left = left > this.#offered * (1 - WHOLE) ? left : 0;
  }
}
