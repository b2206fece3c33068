import { ACCOUNT as A, LOG_KIND } from '#core/model/strategy-abi.ts';
import { isUsable } from '../sizing.ts';
import type { BlockPlan, FrozenLevel } from './block-plan.ts';
import { POSITION as P } from './registers.ts';

/** Where the values of levels come from: those taken at the signal. */
type Read = (level: FrozenLevel) => number;

/** Level of a stop for a fill at `price`. */
function stopAt(kind: FrozenLevel['kind'], value: number, side: number, price: number): number {
  if (kind === 'price') return value;
  return kind === 'percent' ? price * (1 - side * value) : price - side * value;
}

/** Level that is reached by a gain from `price`; NaN when it is in R and there is no R. */
export function gainAt(kind: FrozenLevel['kind'], value: number, side: number, price: number, risk: number): number {
  if (kind === 'price') return value;
  if (kind === 'percent') return price * (1 + side * value);
  return price + side * (kind === 'r' ? value * risk : value);
}

/** A distance in price. */
function distanceOf(kind: FrozenLevel['kind'], value: number, price: number, risk: number): number {
  return kind === 'percent' ? price * value : kind === 'r' ? value * risk : value;
}

/** The tightest of the initial stops for a fill at `price`; NaN without one. */
export function initialStop(block: BlockPlan, side: number, price: number, read: Read): number {
  let level = Number.NaN;
  for (const stop of block.stops) {
    const candidate = stopAt(stop.kind, read(stop), side, price);
    if (!(side > 0 ? level >= candidate : level <= candidate)) level = candidate;
  }
  return level;
}

/** Whether all that protects an entry has values that can be used. */
export function isProtectable(block: BlockPlan, read: Read): boolean {
  const ok = (level: FrozenLevel | null): boolean => level === null || isUsable(read(level));
  for (const stop of block.stops) if (!ok(stop) || !ok(stop.limit)) return false;
  for (const { level } of block.takes) if (level.kind !== 'price' && !ok(level)) return false;
  const { trail, breakeven } = block;
  if (trail !== null && !(ok(trail.distance) && ok(trail.after) && ok(trail.step))) return false;
  return breakeven === null || (ok(breakeven.after) && (breakeven.plus === null || Number.isFinite(read(breakeven.plus))));
}

/** The protection of the open position: its levels in the registers, set at the first fill and moved at closes. */
export class Protection {
  readonly #r: Float64Array;
  readonly #frozenAt: number;

  /** @param frozenAt where the position's frozen values lie in the registers */
  constructor(registers: Float64Array, frozenAt: number) {
    this.#r = registers;
    this.#frozenAt = frozenAt;
  }

  #frozen(level: FrozenLevel): number {
    return this.#r[this.#frozenAt + level.at]!;
  }

  /** After the first fill of a position: its frozen values are in place. */
  arm(block: BlockPlan, side: number, price: number): void {
    const r = this.#r;
    const initial = initialStop(block, side, price, (level) => this.#frozen(level));
    const risk = side * (price - initial);
    r[A.riskDistance] = risk > 0 ? risk : Number.NaN;
    for (const stop of block.stops) {
      const slack = stop.limit === null ? Number.NaN : distanceOf(stop.limit.kind, this.#frozen(stop.limit), price, risk);
      this.#tighten(side, stopAt(stop.kind, this.#frozen(stop), side, price), LOG_KIND.stop, stop.closing, slack);
    }
    this.#await(block, side, price);
    const { trail } = block;
    if (trail !== null && trail.after === null && trail.from === null) {
      this.#tighten(side, this.#trailLevel(trail, this.#frozen(trail.distance), side, price), LOG_KIND.trail, trail.closing, Number.NaN);
    }
  }

  /** After a change of rules: the values of this close are frozen for a position that was open before; the stop in force stays. */
  adopt(block: BlockPlan, side: number, values: Float64Array): void {
    for (const [at, place] of block.frozen.entries()) this.#r[this.#frozenAt + at] = values[place]!;
    this.#await(block, side, this.#r[P.firstPrice]!);
  }

  /** What begins after a gain, measured from a fill at `price`. */
  #await({ trail, breakeven }: BlockPlan, side: number, price: number): void {
    this.#r[P.breakevenStart] = breakeven === null ? Number.NaN : this.#startAt(breakeven.after, side, price);
    this.#r[P.trailStart] = trail === null || trail.after === null ? Number.NaN : this.#startAt(trail.after, side, price);
  }

  /** Price at which something that waits for a gain begins; one in R without an R never does. */
  #startAt(after: FrozenLevel, side: number, price: number): number {
    const start = gainAt(after.kind, this.#frozen(after), side, price, this.#r[A.riskDistance]!);
    return start === start ? start : side * Infinity;
  }

  /** Level of the trail for a base to measure from. */
  #trailLevel({ distance: { kind } }: NonNullable<BlockPlan['trail']>, value: number, side: number, base: number): number {
    return kind === 'r' ? base - side * (value * this.#r[A.riskDistance]!) : stopAt(kind, value, side, base);
  }

  /**
   * At a close: break-even, moving stops and the trail; they act from the next bar on.
   * @param values null = unknown on this bar: what follows them stays where it is
   */
  move(block: BlockPlan, side: number, best: number, values: Float64Array | null): void {
    const r = this.#r;
    const { breakeven, trail } = block;
    const now = (place: number): number => (values === null ? Number.NaN : values[place]!);
    if (values !== null) this.#followPrices(block, values);
    if (breakeven !== null) {
      const start = r[P.breakevenStart]!;
      if (side > 0 ? best >= start : best <= start) {
        r[P.breakevenStart] = Number.NaN;
        const avg = r[A.avgPrice]!;
        const { plus } = breakeven;
        const level = plus === null ? avg : gainAt(plus.kind, this.#frozen(plus), side, avg, r[A.riskDistance]!);
        this.#tighten(side, level, LOG_KIND.breakeven, false, Number.NaN);
      }
    }
    for (const stop of block.stops) {
      if (!stop.moving) continue;
      const value = now(stop.place);
      if (isUsable(value)) {
        this.#tighten(side, stopAt(stop.kind, value, side, r[P.firstPrice]!), LOG_KIND.stop, stop.closing, Number.NaN);
      }
    }
    if (trail === null) return;
    const start = r[P.trailStart]!;
    if (start === start) {
      if (side > 0 ? !(best >= start) : !(best <= start)) return;
      r[P.trailStart] = Number.NaN;
    }
    const value = trail.moving ? now(trail.distance.place) : this.#frozen(trail.distance);
    if (!isUsable(value)) return;
    const base = trail.from === null ? best : now(trail.from);
    const wanted = this.#trailLevel(trail, value, side, base);
    this.#tighten(
      side,
      trail.step === null ? wanted : this.#inSteps(side, wanted, trail.step, trail.closing),
      LOG_KIND.trail,
      trail.closing,
      Number.NaN,
    );
  }

  /** The level moves in whole steps from where it is. */
  #inSteps(side: number, wanted: number, step: FrozenLevel, isClosing: boolean): number {
    const r = this.#r;
    const level = r[isClosing ? P.closingLevel : P.stopLevel]!;
    if (level !== level) return wanted;
    const size = distanceOf(step.kind, this.#frozen(step), r[A.avgPrice]!, r[A.riskDistance]!);
    return level + side * Math.floor((side * (wanted - level)) / size) * size;
  }

  /** Takes a level that is tighter than the one there is, or the first. */
  #tighten(side: number, candidate: number, kind: number, isClosing: boolean, slack: number): void {
    const r = this.#r;
    const level = r[isClosing ? P.closingLevel : P.stopLevel]!;
    const isTighter = side > 0 ? candidate > level : candidate < level;
    if (!isTighter && !(level !== level && candidate === candidate)) return;
    if (isClosing) {
      r[P.closingLevel] = candidate;
      r[P.closingKind] = kind;
      return;
    }
    r[P.stopLevel] = candidate;
    r[P.stopKind] = kind;
    r[P.stopSlack] = slack;
    // A limit order that waits at the old level is withdrawn for the new one.
    r[P.stopWaits] = Number.NaN;
  }

  /** Price of a target at this moment; NaN = it cannot be reached. */
  takeLevel(block: BlockPlan, place: number, side: number): number {
    const { level } = block.takes[place]!;
    return gainAt(level.kind, this.#frozen(level), side, this.#r[A.avgPrice]!, this.#r[A.riskDistance]!);
  }

  /** Targets that are a price follow it from close to close. */
  #followPrices(block: BlockPlan, values: Float64Array): void {
    for (const { level } of block.takes) if (level.kind === 'price') this.#r[this.#frozenAt + level.at] = values[level.place]!;
  }
}
