import { StratError } from '#core/errors/strat-error.ts';
import type { Columns } from '#core/model/columns.ts';
import { type Fill, fillsOf } from './log-rows.ts';

/**
 * One exit fill, matched first in, first out against the entry fills of its position; or what is left open at the end.
 * Times are ms since the epoch: the open of the bar of the fill. Prices in quote per base.
 */
export interface TradeRow {
  /** 1 for the first position, counted from flat to flat. */
  readonly positionId: number;
  readonly market: string;
  readonly side: 'long' | 'short';
  /** Name of the rule that opened the matched quantity; null = it has none. */
  readonly setup: string | null;
  readonly entryTime: number;
  /** Of several matched entry fills: their mean, weighted by quantity. */
  readonly entryPrice: number;
  /** Null while open. */
  readonly exitTime: number | null;
  readonly exitPrice: number | null;
  /** Base units, above zero. */
  readonly qty: number;
  /** Of the entry in proportion to the quantity, and of the exit; quote units. */
  readonly fees: number;
  /** Net of `fees`, in quote units; null while open: an open position counts in equity only. */
  readonly profit: number | null;
  /** Percent points of qty * entryPrice; null while open. */
  readonly profitPct: number | null;
  /** Bars between entry and exit, or the last bar while open. */
  readonly bars: number;
  /** Worst move against the entry price while held, percent points, zero or more. */
  readonly mae: number;
  /** Best move in favour of the entry price while held, percent points, zero or more. */
  readonly mfe: number;
  /** The exit rule's reason text, else exit, stop, trail, end, reverse or open. */
  readonly exitReason: string;
}

/** What the numbers of a log stand for. */
export interface TradeNames {
  readonly market: string;
  /** By entry rule index. */
  readonly setups: readonly (string | null)[];
  /** By exit rule index: the text of `reason`. */
  readonly reasons: readonly (string | null)[];
  /** `close`: a fill happens after its bar's range was seen, so that range does not count for it. Default `nextOpen`. */
  readonly fillAt?: 'nextOpen' | 'close';
}

/** What is left of one entry fill. */
interface Lot {
  readonly bar: number;
  readonly price: number;
  readonly rule: number;
  readonly qty: number;
  readonly fee: number;
  qtyLeft: number;
  feeLeft: number;
  /** Extremes of the bars [first bar that counts, scannedTo). */
  scannedTo: number;
  high: number;
  low: number;
}

interface Matched {
  readonly lot: Lot;
  readonly qty: number;
  readonly fee: number;
}

/**
 * The trades of a run's log, in the order of their exits, the open remainder last.
 * `mae` and `mfe` look at the highs and lows of the bars from the entry bar up to the one before the exit bar, and at the
 * exit price: what the exit bar did after the exit is not the trade's.
 * @param to index after the last bar of the run; default all of the columns
 */
export function tradesOf(log: Float64Array, columns: Columns, names: TradeNames, to: number = columns.time.length): TradeRow[] {
  const fills = fillsOf(log);
  const matcher = new TradeMatcher(columns, names);
  const rows: TradeRow[] = [];
  for (const [i, fill] of fills.entries()) {
    const row = fill.kind === 'entry' ? matcher.enter(fill) : matcher.exit(fill, isReversedBy(fill, fills[i + 1]));
    if (row !== null) rows.push(row);
  }
  const open = matcher.openRow(to);
  if (open !== null) rows.push(open);
  return rows;
}

/** An exit by rule and an entry to the other side that fill together. */
function isReversedBy(exit: Fill, next: Fill | undefined): boolean {
  return (
    exit.kind === 'exit' &&
    next !== undefined &&
    next.kind === 'entry' &&
    next.bar === exit.bar &&
    Math.sign(next.qty) === Math.sign(exit.qty)
  );
}

class TradeMatcher {
  readonly #columns: Columns;
  readonly #names: TradeNames;
  /** 1 when a fill's own bar lies before it (fillAt close): ranges then count from the bar after the entry to the exit bar. */
  readonly #shift: number;
  #positionId = 0;
  /** Signed, by the same operations as the broker's register: zero here is flat there. */
  #position = 0;
  #lots: Lot[] = [];

  constructor(columns: Columns, names: TradeNames) {
    this.#columns = columns;
    this.#names = names;
    this.#shift = names.fillAt === 'close' ? 1 : 0;
  }

  enter(fill: Fill): null {
    if (this.#position === 0) this.#positionId += 1;
    else if (Math.sign(fill.qty) !== Math.sign(this.#position)) throw inconsistent(fill, 'an entry against the open position');
    this.#position += fill.qty;
    const qty = Math.abs(fill.qty);
    const scannedTo = fill.bar + this.#shift;
    this.#lots.push({ ...fill, qty, qtyLeft: qty, feeLeft: fill.fee, scannedTo, high: -Infinity, low: Infinity });
    return null;
  }

  exit(fill: Fill, isReversed: boolean): TradeRow {
    const sign = Math.sign(this.#position);
    if (sign === 0 || Math.sign(fill.qty) !== -sign) throw inconsistent(fill, 'an exit without a position on the other side');
    this.#position += fill.qty;
    if (Math.sign(this.#position) === -sign) throw inconsistent(fill, 'an exit of more than the position');
    const qty = Math.abs(fill.qty);
    const matched = this.#position === 0 ? this.#takeAll() : this.#take(qty);
    const reasonText = fill.kind === 'exit' ? (this.#names.reasons[fill.rule] ?? null) : null;
    const exitReason = reasonText ?? (isReversed ? 'reverse' : fill.kind);
    return this.#row(matched, sign, qty, fill.bar, fill, exitReason);
  }

  openRow(to: number): TradeRow | null {
    if (this.#position === 0) return null;
    const sign = Math.sign(this.#position);
    const qty = Math.abs(this.#position);
    return this.#row(this.#takeAll(), sign, qty, to - 1, null, 'open');
  }

  /** The oldest `qty` of the lots; the last lot gives what it has, should rounding ask for more. */
  #take(qty: number): Matched[] {
    const matched: Matched[] = [];
    let wanted = qty;
    while (wanted > 0 && this.#lots.length > 0) {
      const lot = this.#lots[0]!;
      if (lot.qtyLeft <= wanted && this.#lots.length > 1) {
        matched.push({ lot, qty: lot.qtyLeft, fee: lot.feeLeft });
        wanted -= lot.qtyLeft;
        this.#lots.shift();
      } else {
        const taken = Math.min(wanted, lot.qtyLeft);
        const fee = lot.fee * (taken / lot.qty);
        lot.qtyLeft -= taken;
        lot.feeLeft -= fee;
        matched.push({ lot, qty: taken, fee });
        break;
      }
    }
    return matched;
  }

  #takeAll(): Matched[] {
    const matched = this.#lots.map((lot) => ({ lot, qty: lot.qtyLeft, fee: lot.feeLeft }));
    this.#lots = [];
    return matched;
  }

  #row(matched: readonly Matched[], sign: number, qty: number, lastBar: number, exit: Fill | null, exitReason: string): TradeRow {
    const first = matched[0]!.lot;
    const entryPrice = matched.length === 1 ? first.price : weightedPrice(matched);
    const entryFees = matched.reduce((sum, { fee }) => sum + fee, 0);
    const fees = exit === null ? entryFees : entryFees + exit.fee;
    const profit = exit === null ? null : sign * qty * (exit.price - entryPrice) - fees;
    // A stop fills inside its bar under either convention; a market fill at the close has seen all of it.
    this.#scan(first, exit === null ? lastBar + 1 : exit.kind === 'stop' || exit.kind === 'trail' ? lastBar : lastBar + this.#shift);
    const high = exit === null ? first.high : Math.max(first.high, exit.price);
    const low = exit === null ? first.low : Math.min(first.low, exit.price);
    const rise = Math.max(0, (high / entryPrice - 1) * 100);
    const fall = Math.max(0, (1 - low / entryPrice) * 100);
    return {
      positionId: this.#positionId,
      market: this.#names.market,
      side: sign > 0 ? 'long' : 'short',
      setup: this.#names.setups[first.rule] ?? null,
      entryTime: this.#columns.time[first.bar]!,
      entryPrice,
      exitTime: exit === null ? null : this.#columns.time[lastBar]!,
      exitPrice: exit === null ? null : exit.price,
      qty,
      fees,
      profit,
      profitPct: profit === null ? null : (profit / (qty * entryPrice)) * 100,
      bars: lastBar - first.bar,
      mae: sign > 0 ? fall : rise,
      mfe: sign > 0 ? rise : fall,
      exitReason,
    };
  }

  /** Carries a lot's extremes on to bars before `to`: each bar is looked at once, however many partial exits there are. */
  #scan(lot: Lot, to: number): void {
    const { high, low } = this.#columns;
    for (let i = lot.scannedTo; i < to; i++) {
      if (high[i]! > lot.high) lot.high = high[i]!;
      if (low[i]! < lot.low) lot.low = low[i]!;
    }
    if (to > lot.scannedTo) lot.scannedTo = to;
  }
}

function weightedPrice(matched: readonly Matched[]): number {
  let value = 0;
  let qty = 0;
  for (const part of matched) {
    value += part.qty * part.lot.price;
    qty += part.qty;
  }
  return value / qty;
}

function inconsistent(fill: Fill, what: string): StratError<'INTERNAL'> {
  return new StratError('INTERNAL', { reason: `the log holds ${what} on bar ${fill.bar}` });
}
