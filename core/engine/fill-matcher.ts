import { StratError } from '#core/errors/strat-error.ts';
import type { Charge, Fill } from './log-rows.ts';
import { LINEAR, type Valuation } from './valuation.ts';

/** What is left of one entry fill. */
export interface Lot<F extends Fill = Fill> {
  readonly entry: F;
  /** Base units, above zero. */
  readonly qty: number;
  qtyLeft: number;
  feeLeft: number;
  /** Charges for what is left. */
  carryLeft: number;
}

interface MatchedPart<F extends Fill> {
  readonly lot: Lot<F>;
  readonly qty: number;
  readonly fee: number;
  readonly carry: number;
}

/** An exit fill matched first in, first out against the entry fills of its position; or what is open, matched against nothing. */
export interface Match<F extends Fill = Fill> {
  /** 1 for the first position, counted from flat to flat. */
  readonly positionId: number;
  readonly side: 'long' | 'short';
  /** The fill that opened the position. */
  readonly opening: F;
  /** The oldest lot that it takes from. */
  readonly lot: Lot<F>;
  /** Null while open. */
  readonly exit: F | null;
  /** An exit by rule and an entry to the other side filled together. */
  readonly isReversed: boolean;
  /** Base units, above zero. */
  readonly qty: number;
  /** Of several matched entry fills: the price at which all would have cost as much. */
  readonly entryPrice: number;
  /** Of the entry in proportion to the quantity, and of the exit; in the account's currency. */
  readonly fees: number;
  /** Funding and borrow of this quantity while held, less what the venue bore of its loss; negative = received. */
  readonly carry: number;
  /** Net of `fees` and `carry`; null while open. */
  readonly profit: number | null;
  /** Percent points of what was entered; null while open. */
  readonly profitPct: number | null;
}

/** Matches the fills of a run as they come. It keeps the lots of the open position and nothing else, however long the run is. */
export class FillMatcher<F extends Fill = Fill> {
  readonly #valuation: Valuation;
  #positionId = 0;
  /** Signed, by the same operations as the broker's register: zero here is flat there. */
  #position = 0;
  #lots: Lot<F>[] = [];
  /** Of the position that is open, or was the last. */
  #opening: F | null = null;

  constructor(valuation: Valuation = LINEAR) {
    this.#valuation = valuation;
  }

  /**
   * @param next the fill that follows on the same bar, if one does
   * @returns null for an entry
   * @throws StratError INTERNAL for a fill that cannot follow those before it: logs are written by strat only
   */
  take(fill: F, next: F | undefined): Match<F> | null {
    return fill.kind === 'entry' || fill.kind === 'add' ? this.#enter(fill) : this.#exit(fill, isReversedBy(fill, next));
  }

  /** A charge for the open position: each lot bears its share. */
  charge({ cost }: Charge): void {
    const held = Math.abs(this.#position);
    for (const lot of this.#lots) lot.carryLeft += this.#lots.length === 1 ? cost : cost * (lot.qtyLeft / held);
  }

  /** The open position; null when flat. */
  open(): Match<F> | null {
    if (this.#position === 0) return null;
    const parts = this.#lots.map(wholeOf);
    return this.#match(parts, Math.sign(this.#position), Math.abs(this.#position), null, false);
  }

  #enter(fill: F): null {
    if (this.#position === 0) {
      this.#positionId += 1;
      this.#opening = fill;
    } else if (Math.sign(fill.qty) !== Math.sign(this.#position)) throw inconsistent(fill, 'an entry against the open position');
    this.#position += fill.qty;
    const qty = Math.abs(fill.qty);
    this.#lots.push({ entry: fill, qty, qtyLeft: qty, feeLeft: fill.fee, carryLeft: 0 });
    return null;
  }

  #exit(fill: F, isReversed: boolean): Match<F> {
    const sign = Math.sign(this.#position);
    if (sign === 0 || Math.sign(fill.qty) !== -sign) throw inconsistent(fill, 'an exit without a position on the other side');
    this.#position += fill.qty;
    if (Math.sign(this.#position) === -sign) throw inconsistent(fill, 'an exit of more than the position');
    const qty = Math.abs(fill.qty);
    const parts = this.#position === 0 ? this.#takeAll() : this.#takeOldest(qty);
    return this.#match(parts, sign, qty, fill, isReversed);
  }

  /** The oldest `qty` of the lots; the last lot gives what it has, should rounding ask for more. */
  #takeOldest(qty: number): MatchedPart<F>[] {
    const parts: MatchedPart<F>[] = [];
    let wanted = qty;
    while (wanted > 0 && this.#lots.length > 0) {
      const lot = this.#lots[0]!;
      if (lot.qtyLeft <= wanted && this.#lots.length > 1) {
        parts.push(wholeOf(lot));
        wanted -= lot.qtyLeft;
        this.#lots.shift();
      } else {
        const taken = Math.min(wanted, lot.qtyLeft);
        const fee = lot.entry.fee * (taken / lot.qty);
        const carry = taken > 0 ? lot.carryLeft * (taken / lot.qtyLeft) : 0;
        lot.qtyLeft -= taken;
        lot.feeLeft -= fee;
        lot.carryLeft -= carry;
        parts.push({ lot, qty: taken, fee, carry });
        break;
      }
    }
    return parts;
  }

  #takeAll(): MatchedPart<F>[] {
    const parts = this.#lots.map(wholeOf);
    this.#lots = [];
    return parts;
  }

  #match(parts: readonly MatchedPart<F>[], sign: number, qty: number, exit: F | null, isReversed: boolean): Match<F> {
    const { lot } = parts[0]!;
    const entryPrice = parts.length === 1 ? lot.entry.price : meanPrice(parts, this.#valuation);
    const entryFees = parts.reduce((sum, { fee }) => sum + fee, 0);
    const fees = exit === null ? entryFees : entryFees + exit.fee;
    const carry = parts.reduce((sum, part) => sum + part.carry, 0);
    const { gain, notional } = this.#valuation;
    const profit = exit === null ? null : gain(sign * qty, entryPrice, exit.price) - fees - carry;
    return {
      positionId: this.#positionId,
      side: sign > 0 ? 'long' : 'short',
      opening: this.#opening!,
      lot,
      exit,
      isReversed,
      qty,
      entryPrice,
      fees,
      carry,
      profit,
      profitPct: profit === null ? null : (profit / notional(qty, entryPrice)) * 100,
    };
  }
}

const wholeOf = <F extends Fill>(lot: Lot<F>): MatchedPart<F> => ({ lot, qty: lot.qtyLeft, fee: lot.feeLeft, carry: lot.carryLeft });

/**
 * What the exit rule says, else reverse, open or what closed it: exit, stop, trail, take, liquidation, ...
 * @param reasonOf what the rule behind a fill says of it; null = nothing
 */
export function exitReasonOf({ exit, isReversed }: Match, reasonOf: (fill: Fill) => string | null): string {
  if (exit === null) return 'open';
  return reasonOf(exit) ?? (isReversed ? 'reverse' : exit.kind);
}

function isReversedBy(exit: Fill, next: Fill | undefined): boolean {
  return (
    exit.kind === 'exit' &&
    next !== undefined &&
    next.kind === 'entry' &&
    next.bar === exit.bar &&
    Math.sign(next.qty) === Math.sign(exit.qty)
  );
}

/** The price at which all of them would have cost what they did. */
function meanPrice(parts: readonly MatchedPart<Fill>[], { notional, priceAt }: Valuation): number {
  let value = 0;
  let qty = 0;
  for (const part of parts) {
    value += notional(part.qty, part.lot.entry.price);
    qty += part.qty;
  }
  return priceAt(value, qty);
}

function inconsistent(fill: Fill, what: string): StratError<'INTERNAL'> {
  return new StratError('INTERNAL', { reason: `the log holds ${what} on bar ${fill.bar}` });
}
