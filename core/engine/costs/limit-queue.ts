import { SETTING as K } from '#core/model/strategy-abi.ts';

/** Registers of a place in a queue: the price it is at (0 or NaN = in none), and base units that stand ahead; below zero = all of them, and more, have traded. */
export const QUEUE = { price: 0, ahead: 1 } as const;
export const QUEUE_FIELDS = 2;

/** A price that is computed anew is the same within this share of it: after a split by three it comes by another rounding. */
const SAME = 1e-12;
const isAt = (kept: number, price: number): boolean => Math.abs(kept - price) <= price * SAME;

/** The range of what an order of a side meets. */
interface MetRange {
  readonly high: number;
  readonly low: number;
}

/**
 * Where limit orders stand among the others at their price. One joins behind what is there when it comes, and nobody ahead of it cancels: of what the books
 * call risk-averse (hftbacktest's RiskAverseQueueModel), the queue moves by trades at the price alone.
 */
export class LimitQueue {
  readonly #registers: Float64Array;
  readonly #settings: Float64Array;
  readonly #lastVolumeAt: number;

  /** @param lastVolumeAt register of what the bar before has traded, base units */
  constructor(registers: Float64Array, settings: Float64Array, lastVolumeAt: number) {
    this.#registers = registers;
    this.#settings = settings;
    this.#lastVolumeAt = lastVolumeAt;
  }

  get isOn(): boolean {
    return this.#settings[K.isQueued] === 1;
  }

  /** Base units ahead of an order at a price, after what has traded there until now; NaN = nobody asks. */
  aheadOf(at: number, price: number): number {
    if (!this.isOn) return Number.NaN;
    // What was placed inside of the bar has seen nothing of it.
    return isAt(this.#registers[at + QUEUE.price]!, price) ? this.#registers[at + QUEUE.ahead]! : Infinity;
  }

  /**
   * An order rests while a bar, or a trade of it, passes: it joins at a price that it was not at, and what trades there is taken from those ahead of it.
   * @param traded base units of the bar or trade; zero = unknown
   */
  pass(at: number, side: number, price: number, range: MetRange, traded: number): void {
    const r = this.#registers;
    if (!isAt(r[at + QUEUE.price]!, price)) {
      r[at + QUEUE.price] = price;
      const volume = r[this.#lastVolumeAt]!;
      r[at + QUEUE.ahead] = this.#settings[K.queueQty]! + this.#settings[K.queueShare]! * (volume > 0 ? volume : 0);
    }
    const extreme = side > 0 ? range.low : range.high;
    if (extreme === price && traded > 0) r[at + QUEUE.ahead] = r[at + QUEUE.ahead]! - traded * this.#shareAtEnd(range);
  }

  /** What a fill leaves of an order stays the first at its price. */
  keepFirst(at: number, price: number): void {
    this.#registers[at + QUEUE.price] = price;
    this.#registers[at + QUEUE.ahead] = -Infinity;
  }

  /** Of what a bar trades, the part at its highest or lowest price: all its ticks alike. Without a tick nobody knows. */
  #shareAtEnd({ high, low }: MetRange): number {
    const tick = this.#settings[K.tick]!;
    if (high === low) return 1;
    return tick > 0 ? 1 / (1 + Math.round((high - low) / tick)) : 0;
  }
}
