import { Big } from 'big.js';
import { StratError } from '#core/errors/strat-error.ts';
import type { Booking, Charge, ChargeKind, Fill } from './log-rows.ts';
import { LINEAR, type Valuation } from './valuation.ts';

/**
 * Accounts of the books, in the account's currency. Debits are positive, credits negative, so every booking sums to zero:
 * `inventory` is what is held, at cost (negative when short); `realised` and `capital` are credit accounts. `funding` and `borrow` are costs as `fees` are,
 * `covered` is what the venue bore.
 */
export type LedgerAccount = 'capital' | 'cash' | 'inventory' | 'fees' | 'realised' | ChargeKind;

export interface Posting {
  readonly account: LedgerAccount;
  /** Decimal text; debit positive. */
  readonly amount: string;
}

/** Final figures as exact decimal texts. */
export interface Books {
  readonly capital: string;
  readonly cash: string;
  /** Quantity, signed; of the first market, where there are several. */
  readonly position: string;
  /** Cost of the position, signed. */
  readonly inventory: string;
  readonly fees: string;
  /** Paid; negative = received. */
  readonly funding: string;
  readonly borrow: string;
  readonly swap: string;
  /** Received; negative = paid, by shorts. */
  readonly dividends: string;
  /** Losses beyond the margin of isolated positions, which the venue bore. */
  readonly covered: string;
  /** Profit of what was closed, before fees; losses negative. */
  readonly realisedProfit: string;
  /** cash + what the positions are worth at their closes. A close may be NaN while its market is flat. */
  equityAt(...closes: readonly number[]): string;
  /** Equity less capital. */
  netProfitAt(...closes: readonly number[]): string;
}

interface OpenLot {
  qty: Big;
  /** What is left of its cost. */
  cost: Big;
  readonly price: Big;
}

/** What is held of one market. */
interface Holding {
  position: Big;
  /** The engine's register, by its own operations in doubles: says when it is flat. */
  register: number;
  /** Cost of the position, signed. */
  cost: Big;
  lots: OpenLot[];
}

/**
 * Double-entry books of one sub-account with its markets, exact: each fill's qty, price and fee are taken as the decimals of their shortest
 * round-trip text, and only added and multiplied. Costs leave first in, first out. What an inverse contract is worth, quantity / price, has no end as a decimal: it is
 * rounded to 20 digits after the point, once, and what is booked is that.
 *
 * The broker computes in doubles; how far its cash can be from these books (u = 2^-53, the relative error of one operation):
 * reading qty, price and fee as text moves each by at most u of itself, so the traded value V by 2u V and the fee F by u F;
 * the broker rounds V once (u V), the sum V +- F once (u (V + F)), and the new cash once (u |cash|). Capital's text: u C.
 * Together at most u * (C + sum over fills of (4 V + 2 F + |cash after|)), to first order. A charge moves by u of itself as text, and cash once more:
 * u * (|charge| + |cash after|). Of an inverse contract the rounding of the books comes on top. `driftBound` gives the sum.
 */
export class Ledger implements Books {
  readonly capital: string;
  readonly #balances: Record<LedgerAccount, Big>;
  readonly #holdings: Holding[] = [];
  readonly #valuation: Valuation;
  #drift: number;

  constructor(capital: number, valuation: Valuation = LINEAR) {
    this.#valuation = valuation;
    const amount = decimal(capital);
    this.capital = amount.toFixed();
    const none = Big(0);
    this.#balances = {
      capital: amount.neg(),
      cash: amount,
      inventory: none,
      fees: none,
      realised: none,
      funding: none,
      borrow: none,
      covered: none,
      dividend: none,
      swap: none,
    };
    this.#drift = Math.abs(capital);
  }

  get cash(): string {
    return this.#balances.cash.toFixed();
  }
  get position(): string {
    return this.#holding(0).position.toFixed();
  }
  get inventory(): string {
    return this.#balances.inventory.toFixed();
  }
  get fees(): string {
    return this.#balances.fees.toFixed();
  }
  get funding(): string {
    return this.#balances.funding.toFixed();
  }
  get borrow(): string {
    return this.#balances.borrow.toFixed();
  }
  get swap(): string {
    return this.#balances.swap.toFixed();
  }
  get dividends(): string {
    return this.#balances.dividend.neg().toFixed();
  }
  get covered(): string {
    return this.#balances.covered.neg().toFixed();
  }
  get realisedProfit(): string {
    return this.#balances.realised.neg().toFixed();
  }

  /** Every account with its balance; they sum to zero. */
  get balances(): readonly Posting[] {
    return Object.entries(this.#balances).map(([account, amount]) => ({ account: account as LedgerAccount, amount: amount.toFixed() }));
  }

  /** Takes over the balances of other books, which sum to zero. */
  receive(postings: readonly Posting[]): void {
    this.#post(postings.map(({ account, amount }) => [account, Big(amount)]));
  }

  /** Upper bound on |cash of the broker - cash of the books|; the 1.001 covers the terms of higher order. */
  get driftBound(): number {
    return this.#drift * 1.001 * 2 ** -53;
  }

  equityAt(...closes: readonly number[]): string {
    return this.#equityAt(closes).toFixed();
  }

  netProfitAt(...closes: readonly number[]): string {
    return this.#equityAt(closes).plus(this.#balances.capital).toFixed();
  }

  /**
   * Books one fill or charge; returns the postings, which sum to zero.
   * @param market number of the market, where the account has several
   */
  book(booking: Booking, market = 0): Posting[] {
    return booking.type === 'fill' ? this.#bookFill(booking, this.#holding(market)) : this.#bookCharge(booking);
  }

  #holding(market: number): Holding {
    while (this.#holdings.length <= market) this.#holdings.push({ position: Big(0), register: 0, cost: Big(0), lots: [] });
    return this.#holdings[market]!;
  }

  #bookCharge({ kind, cost }: Charge): Posting[] {
    const amount = decimal(cost);
    const postings = this.#post([
      ['cash', amount.neg()],
      [kind, amount],
    ]);
    this.#drift += Math.abs(cost) + Math.abs(Number(this.#balances.cash));
    return postings;
  }

  #post(postings: readonly (readonly [LedgerAccount, Big])[]): Posting[] {
    for (const [account, amount] of postings) this.#balances[account] = this.#balances[account].plus(amount);
    return postings.map(([account, amount]) => ({ account, amount: amount.toFixed() }));
  }

  #bookFill(fill: Fill, held: Holding): Posting[] {
    const qty = decimal(fill.qty);
    const price = decimal(fill.price);
    const fee = decimal(fill.fee);
    const value = this.#worth(qty, price);
    const before = held.register;
    held.register += fill.qty;
    held.position = held.position.plus(qty);
    let cost = value;
    if (before === 0 || Math.sign(before) === Math.sign(fill.qty)) {
      held.lots.push({ qty, cost: value, price });
    } else {
      if (held.register !== 0 && Math.sign(held.register) !== Math.sign(before)) {
        throw new StratError('INTERNAL', { reason: `a fill on bar ${fill.bar} turns the position over in one go` });
      }
      cost = held.register === 0 ? clear(held) : this.#take(held.lots, qty.abs()).neg();
    }
    held.cost = held.cost.plus(cost);
    const postings = this.#post([
      ['inventory', cost],
      ['cash', value.plus(fee).neg()],
      ['fees', fee],
      ['realised', value.minus(cost)],
    ]);
    this.#drift += 4 * Number(value.abs()) + 2 * Math.abs(fill.fee) + Math.abs(Number(this.#balances.cash));
    if (this.#valuation.sign < 0) this.#drift += ROUNDING;
    return postings;
  }

  #worth(qty: Big, price: Big): Big {
    return this.#valuation.sign > 0 ? qty.times(price) : qty.div(price).neg();
  }

  /** Takes `amount` from the oldest lots; returns the signed cost that leaves. */
  #take(lots: OpenLot[], amount: Big): Big {
    let left = amount;
    let cost = Big(0);
    while (left.gt(0) && lots.length > 0) {
      const lot = lots[0]!;
      const held = lot.qty.abs();
      if (held.lte(left)) {
        cost = cost.plus(lot.cost);
        left = left.minus(held);
        lots.shift();
      } else {
        const part = lot.qty.lt(0) ? left.neg() : left;
        const partCost = this.#worth(part, lot.price);
        cost = cost.plus(partCost);
        lot.qty = lot.qty.minus(part);
        lot.cost = lot.cost.minus(partCost);
        left = Big(0);
      }
    }
    return cost;
  }

  #equityAt(closes: readonly number[]): Big {
    let equity = this.#balances.cash;
    for (const [market, { position }] of this.#holdings.entries())
      if (!position.eq(0)) equity = equity.plus(this.#worth(position, decimal(closes[market] ?? Number.NaN)));
    return equity;
  }
}

/** What the division of an inverse contract's value may be off, half of the last of the 20 digits that it keeps, in units of 2^-53. */
const ROUNDING = 0.5e-20 * 2 ** 53;

/** Flat: the whole inventory leaves. Partial exits in doubles may leave a rest of about 1e-17 of a lot; it is written off at cost. */
function clear(held: Holding): Big {
  held.lots = [];
  held.position = Big(0);
  return held.cost.neg();
}

/**
 * The books after all that moved money in a run.
 * @param markets what happened on each market of the account
 */
export function ledgerOf(markets: readonly Iterable<Booking>[], capital: number, valuation: Valuation = LINEAR): Ledger {
  const ledger = new Ledger(capital, valuation);
  for (const [market, own] of markets.entries()) for (const booking of own) ledger.book(booking, market);
  return ledger;
}

function decimal(value: number): Big {
  if (!Number.isFinite(value)) throw new StratError('INTERNAL', { reason: `the ledger was given the amount ${value}` });
  return Big(String(value));
}
