import type { Bar } from '#core/model/bar.ts';
import {
  ACCOUNT_FIELDS,
  BROKER as B,
  BROKER_FIELDS,
  DECISION as D,
  LOG_KIND,
  OPERATOR_EXIT,
  PROTECTION_FIELDS,
  type RunConventions,
  SETTING as K,
} from '#core/model/strategy-abi.ts';
import { buyPrice, roundDownToLot, sellPrice, sizeOf, stopLevel } from './sizing.ts';

const NOTHING = new Float64Array(0);

/**
 * The simulated broker of one market and one sub-account: fills, protection levels, cash. Paper trading runs this form on
 * the host; `run` in a compiled strategy holds the same steps inlined, and tests compare both bit for bit. The rules in
 * words are in docs/engine.md; the order of one bar is `openBar`, `closeBar`, (the strategy decides), `takeDecision`.
 *
 * All state is in `registers` (BROKER layout), so a journal can save and restore it. Times are ms, prices quote per base.
 */
export class Broker {
  readonly registers: Float64Array;
  readonly #settings: Float64Array;
  readonly #conventions: RunConventions;
  #rows: number[] = [];

  constructor(settings: Float64Array, conventions: RunConventions, registers: Float64Array) {
    this.registers = registers;
    this.#settings = settings;
    this.#conventions = conventions;
  }

  /** A copy of the account as `decide` sees it: the first ACCOUNT_FIELDS registers. */
  account(): Float64Array {
    return this.registers.slice(0, ACCOUNT_FIELDS);
  }

  /** Log rows since the last call (LOG layout). */
  drainLog(): Float64Array {
    if (this.#rows.length === 0) return NOTHING;
    const rows = Float64Array.from(this.#rows);
    this.#rows = [];
    return rows;
  }

  /** Step 1: resting market orders fill at the open, then the stop is tested against the bar. */
  openBar(index: number, bar: Bar): void {
    this.#fillPending(index, bar.time, bar.open);
    this.#testStop(index, bar);
  }

  /** Marks the account at the close; returns the equity. */
  closeBar(bar: Bar): number {
    const r = this.registers;
    const equity = r[B.cash]! + r[B.qty]! * bar.close;
    r[B.equity] = equity;
    if (equity > r[B.peakEquity]!) r[B.peakEquity] = equity;
    return equity;
  }

  /** Steps 5 and 6: moves the trail at the close, then takes the orders of a decision row; they fill from the next bar on. */
  takeDecision(index: number, bar: Bar, decision: Float64Array): void {
    const r = this.registers;
    this.#logPlugins(index, bar, decision);
    if (r[B.qty] !== 0) this.#moveTrail(bar, decision[D.trailBase]!);
    r[B.pendingExitRule] = 0;
    r[B.pendingEntryRule] = 0;
    const isEnd = index === this.#settings[K.endBar];
    if (r[B.qty] !== 0) {
      if (decision[D.exitRule] !== 0) {
        r[B.pendingExitRule] = decision[D.exitRule]!;
        r[B.pendingExitFraction] = decision[D.exitFraction]!;
      }
      if (isEnd && !(r[B.pendingExitRule] !== 0 && r[B.pendingExitFraction]! >= 1)) {
        r[B.pendingExitRule] = -1;
        r[B.pendingExitFraction] = 1;
      }
    }
    const isOver = this.#settings[K.endBar]! >= 0 && index >= this.#settings[K.endBar]!;
    if (decision[D.entryRule]! > 0 && !isOver) this.#takeEntry(index, bar, decision);
    if (this.#conventions.fillAt === 'close') {
      this.#fillPending(index, bar.time, bar.close);
      this.closeBar(bar);
    }
  }

  /**
   * The quantity that the entry of a decision row would order at this close, lot and stops considered, cash not; NaN when it would be
   * dropped. For those who may cut it before it goes out.
   */
  entryQty(bar: Bar, decision: Float64Array): number {
    const side = decision[D.entrySide]!;
    const level = stopLevel(side, bar.close, decision[D.stopDistance]!, decision[D.stopPercent]!, decision[D.stopPrice]!);
    const r = this.registers;
    const wanted = sizeOf(sizeTermsOf(decision), bar.close, r[B.equity]!, r[B.cash]!, side * (bar.close - level));
    const qty = wanted > 0 && wanted < Infinity ? roundDownToLot(wanted, this.#settings) : Number.NaN;
    return qty > 0 ? qty : Number.NaN;
  }

  #logPlugins(index: number, { close }: Bar, decision: Float64Array): void {
    const [flagged, disabled] = [decision[D.pluginsFlagged]!, decision[D.pluginsDisabled]!];
    if (flagged > 0) this.#log(LOG_KIND.pluginFlagged, index, Number.NaN, close, close, 0, flagged);
    if (disabled > 0) this.#log(LOG_KIND.pluginDisabled, index, Number.NaN, close, close, 0, disabled);
  }

  #takeEntry(index: number, bar: Bar, decision: Float64Array): void {
    const r = this.registers;
    const rule = decision[D.entryRule]! - 1;
    const side = decision[D.entrySide]!;
    const price = bar.close;
    const level = stopLevel(side, price, decision[D.stopDistance]!, decision[D.stopPercent]!, decision[D.stopPrice]!);
    const distance = side * (price - level);
    if (PROTECTION_FIELDS.some((field) => decision[field]! <= 0) || level <= 0 || distance <= 0) {
      this.#log(LOG_KIND.droppedInvalid, index, Number.NaN, price, price, 0, rule);
      return;
    }
    let qty = Number.NaN;
    if (this.#conventions.sizeAt === 'order') {
      const wanted = sizeOf(sizeTermsOf(decision), price, r[B.equity]!, r[B.cash]!, distance);
      if (!(wanted > 0) || wanted === Infinity) {
        this.#log(LOG_KIND.droppedInvalid, index, wanted, price, price, 0, rule);
        return;
      }
      qty = roundDownToLot(wanted, this.#settings);
      if (!(qty > 0)) {
        this.#log(LOG_KIND.droppedTooSmall, index, wanted, price, price, 0, rule);
        return;
      }
    }
    r[B.pendingEntryRule] = rule + 1;
    r[B.pendingSide] = side;
    r[B.pendingQty] = qty;
    r[B.pendingStopDistance] = decision[D.stopDistance]!;
    r[B.pendingStopPercent] = decision[D.stopPercent]!;
    r[B.pendingStopPrice] = decision[D.stopPrice]!;
    r[B.pendingTrailDistance] = decision[D.trailDistance]!;
    r[B.pendingTrailPercent] = decision[D.trailPercent]!;
    r[B.pendingAfterDistance] = decision[D.trailAfterDistance]!;
    r[B.pendingAfterPercent] = decision[D.trailAfterPercent]!;
    r[B.pendingAfterR] = decision[D.trailAfterR]!;
    r[B.pendingTrailHasBase] = decision[D.trailHasBase]!;
    r[B.pendingSizeKind] = decision[D.sizeKind]!;
    r[B.pendingSizeAmount] = decision[D.sizeAmount]!;
    r[B.pendingMaxKind] = decision[D.maxKind]!;
    r[B.pendingMaxAmount] = decision[D.maxAmount]!;
    r[B.pendingMinKind] = decision[D.minKind]!;
    r[B.pendingMinAmount] = decision[D.minAmount]!;
  }

  #fillPending(index: number, time: number, refPrice: number): void {
    const r = this.registers;
    const exitRule = r[B.pendingExitRule]!;
    if (exitRule !== 0) {
      r[B.pendingExitRule] = 0;
      if (r[B.qty] !== 0) this.#fillExit(index, refPrice, r[B.pendingExitFraction]!, exitRule);
    }
    if (r[B.pendingEntryRule] !== 0) {
      const rule = r[B.pendingEntryRule]! - 1;
      r[B.pendingEntryRule] = 0;
      if (r[B.qty] === 0) this.#fillEntry(index, time, refPrice, rule);
    }
  }

  #fillExit(index: number, refPrice: number, fraction: number, exitRule: number): void {
    const held = Math.abs(this.registers[B.qty]!);
    const rule = exitRule > 0 ? exitRule - 1 : -1;
    const amount = fraction >= 1 ? held : roundDownToLot(held * fraction, this.#settings);
    if (!(amount > 0)) {
      this.#log(LOG_KIND.droppedTooSmall, index, held * fraction, refPrice, refPrice, 0, rule);
      return;
    }
    const kind = exitRule > 0 ? LOG_KIND.exit : exitRule === OPERATOR_EXIT ? LOG_KIND.flatten : LOG_KIND.end;
    this.#close(index, amount, refPrice, kind, rule);
  }

  #fillEntry(index: number, time: number, refPrice: number, rule: number): void {
    const r = this.registers;
    const settings = this.#settings;
    const side = r[B.pendingSide]!;
    const price = side > 0 ? buyPrice(refPrice, settings) : sellPrice(refPrice, settings);
    const level = stopLevel(side, price, r[B.pendingStopDistance]!, r[B.pendingStopPercent]!, r[B.pendingStopPrice]!);
    const risk = side * (price - level);
    let qty = r[B.pendingQty]!;
    if (this.#conventions.sizeAt === 'fill') {
      const wanted = sizeOf(pendingSizeTerms(r), price, r[B.cash]!, r[B.cash]!, risk);
      if (!(wanted > 0) || wanted === Infinity) {
        this.#log(LOG_KIND.droppedInvalid, index, wanted, price, refPrice, 0, rule);
        return;
      }
      qty = roundDownToLot(wanted, settings);
      if (!(qty > 0)) {
        this.#log(LOG_KIND.droppedTooSmall, index, wanted, price, refPrice, 0, rule);
        return;
      }
    }
    let value = qty * price;
    let fee = value * settings[K.feeRate]!;
    if (value + fee > r[B.cash]!) {
      const affordable = roundDownToLot(r[B.cash]! / (price * (1 + settings[K.feeRate]!)), settings);
      if (!(affordable > 0)) {
        this.#log(LOG_KIND.droppedTooSmall, index, qty, price, refPrice, 0, rule);
        return;
      }
      // A cut of one rounding error (all of the cash, no fee) is not worth telling.
      if (qty - affordable > qty * 1e-9) this.#log(LOG_KIND.cutToCash, index, qty, price, refPrice, 0, rule);
      qty = affordable;
      value = qty * price;
      fee = value * settings[K.feeRate]!;
    }
    r[B.cash] = side > 0 ? r[B.cash]! - (value + fee) : r[B.cash]! + (value - fee);
    r[B.qty] = side * qty;
    r[B.avgPrice] = price;
    r[B.entryBar] = index;
    r[B.entryTime] = time;
    r[B.riskDistance] = risk > 0 ? risk : Number.NaN;
    r[B.lastFill] = price;
    r[B.positionProfit] = -fee;
    r[B.stopLevel] = level;
    r[B.stopIsTrail] = 0;
    this.#armTrail(side, price);
    this.#log(LOG_KIND.entry, index, side * qty, price, refPrice, fee, rule);
  }

  #armTrail(side: number, price: number): void {
    const r = this.registers;
    r[B.trailDistance] = r[B.pendingTrailDistance]!;
    r[B.trailPercent] = r[B.pendingTrailPercent]!;
    r[B.trailHasBase] = r[B.pendingTrailHasBase]!;
    r[B.trailStart] = Number.NaN;
    const afterR = r[B.pendingAfterR]!;
    if (r[B.pendingAfterDistance] === r[B.pendingAfterDistance]) r[B.trailStart] = price + side * r[B.pendingAfterDistance]!;
    else if (r[B.pendingAfterPercent] === r[B.pendingAfterPercent]) r[B.trailStart] = price * (1 + side * r[B.pendingAfterPercent]!);
    else if (afterR === afterR) {
      const gain = afterR * r[B.riskDistance]!;
      r[B.trailStart] = gain === gain ? price + side * gain : side * Infinity;
    }
    if (r[B.trailStart] !== r[B.trailStart] && r[B.trailHasBase] === 0) this.#tighten(side, this.#trailLevel(side, price));
  }

  #trailLevel(side: number, base: number): number {
    const r = this.registers;
    const distance = r[B.trailDistance]!;
    return distance === distance ? base - side * distance : base * (1 - side * r[B.trailPercent]!);
  }

  #tighten(side: number, candidate: number): void {
    const r = this.registers;
    const level = r[B.stopLevel]!;
    const isTighter = side > 0 ? candidate > level : candidate < level;
    if (isTighter || (level !== level && candidate === candidate)) {
      r[B.stopLevel] = candidate;
      r[B.stopIsTrail] = 1;
    }
  }

  #moveTrail(bar: Bar, decidedBase: number): void {
    const r = this.registers;
    const side = r[B.qty]! > 0 ? 1 : -1;
    const best = side > 0 ? bar.high : bar.low;
    const start = r[B.trailStart]!;
    if (start === start) {
      if (side > 0 ? !(best >= start) : !(best <= start)) return;
      r[B.trailStart] = Number.NaN;
    }
    this.#tighten(side, this.#trailLevel(side, r[B.trailHasBase] === 1 ? decidedBase : best));
  }

  #testStop(index: number, bar: Bar): void {
    const r = this.registers;
    const level = r[B.stopLevel]!;
    const qty = r[B.qty]!;
    const kind = r[B.stopIsTrail] === 1 ? LOG_KIND.trail : LOG_KIND.stop;
    // A bar that opens beyond the level fills at its open.
    if (qty > 0 && bar.low <= level) this.#close(index, qty, bar.open < level ? bar.open : level, kind, -1);
    else if (qty < 0 && bar.high >= level) this.#close(index, -qty, bar.open > level ? bar.open : level, kind, -1);
  }

  #close(index: number, amount: number, refPrice: number, kind: number, rule: number): void {
    const r = this.registers;
    const qty = r[B.qty]!;
    const isLong = qty > 0;
    const price = isLong ? sellPrice(refPrice, this.#settings) : buyPrice(refPrice, this.#settings);
    const value = amount * price;
    const fee = value * this.#settings[K.feeRate]!;
    const avg = r[B.avgPrice]!;
    if (isLong) {
      r[B.cash] = r[B.cash]! + (value - fee);
      r[B.positionProfit] = r[B.positionProfit]! + (amount * (price - avg) - fee);
      r[B.qty] = qty - amount;
    } else {
      r[B.cash] = r[B.cash]! - (value + fee);
      r[B.positionProfit] = r[B.positionProfit]! + (amount * (avg - price) - fee);
      r[B.qty] = qty + amount;
    }
    r[B.lastFill] = price;
    this.#log(kind, index, isLong ? -amount : amount, price, refPrice, fee, rule);
    if (r[B.qty] === 0) this.#endPosition();
  }

  #endPosition(): void {
    const r = this.registers;
    const profit = r[B.positionProfit]!;
    r[B.trades] = r[B.trades]! + 1;
    if (profit > 0) {
      r[B.wins] = r[B.wins]! + 1;
      r[B.losingStreak] = 0;
    } else if (profit < 0) {
      r[B.losses] = r[B.losses]! + 1;
      r[B.losingStreak] = r[B.losingStreak]! + 1;
    }
    r[B.positionProfit] = 0;
    for (const field of [B.avgPrice, B.entryBar, B.entryTime, B.riskDistance, B.stopLevel, B.trailDistance, B.trailPercent, B.trailStart])
      r[field] = Number.NaN;
    r[B.stopIsTrail] = 0;
    r[B.trailHasBase] = 0;
  }

  #log(kind: number, bar: number, qty: number, price: number, refPrice: number, fee: number, rule: number): void {
    this.#rows.push(kind, bar, qty, price, refPrice, fee, rule);
  }
}

/** Registers of a sub-account that holds `capital` in cash and nothing else. */
export function openRegisters(capital: number): Float64Array {
  const registers = new Float64Array(BROKER_FIELDS);
  registers[B.cash] = registers[B.equity] = registers[B.peakEquity] = capital;
  for (const field of [
    B.avgPrice,
    B.entryBar,
    B.entryTime,
    B.riskDistance,
    B.lastFill,
    B.stopLevel,
    B.trailDistance,
    B.trailPercent,
    B.trailStart,
  ]) {
    registers[field] = Number.NaN;
  }
  return registers;
}

function sizeTermsOf(decision: Float64Array): Parameters<typeof sizeOf>[0] {
  return {
    sizeKind: decision[D.sizeKind]!,
    sizeAmount: decision[D.sizeAmount]!,
    maxKind: decision[D.maxKind]!,
    maxAmount: decision[D.maxAmount]!,
    minKind: decision[D.minKind]!,
    minAmount: decision[D.minAmount]!,
  };
}

function pendingSizeTerms(r: Float64Array): Parameters<typeof sizeOf>[0] {
  return {
    sizeKind: r[B.pendingSizeKind]!,
    sizeAmount: r[B.pendingSizeAmount]!,
    maxKind: r[B.pendingMaxKind]!,
    maxAmount: r[B.pendingMaxAmount]!,
    minKind: r[B.pendingMinKind]!,
    minAmount: r[B.pendingMinAmount]!,
  };
}
