import { Big } from 'big.js';
import { Ledger, type Books, type LedgerAccount } from './ledger.ts';
import type { Booking } from './log-rows.ts';

/** One side of a conversion: in the quote currency of a market, or in the account's. */
export interface CurrencyPosting {
  /** Number of the market whose quote currency it is in; null = the account's. */
  readonly market: number | null;
  readonly account: LedgerAccount | 'conversion';
  /** Decimal text; debit positive. */
  readonly amount: string;
}

/** What is kept of a market while a position is open. */
interface OpenBooks {
  ledger: Ledger;
  /** As the engine has it, in doubles: says when it is flat. */
  held: number;
}

/**
 * Double-entry books of an account whose markets are in several currencies, exact. What a position costs, earns and pays is booked in its quote currency; when it
 * ends, every balance of its books goes over the conversion account into the account's currency, at the rate of that moment as the decimal of its shortest
 * round-trip text. So the postings of every currency sum to zero at any time, and the conversion account with them. Figures are in the account's currency; what is
 * open is valued at the last rates.
 *
 * How far the engine's cash can be from these books (u = 2^-53): each booking moves it by what `Ledger` says, in the quote currency, and once more by u of the cash
 * where it is converted; each change of a rate by what an open position has in its currency, taken from its average price and profit (4 u of its value) times the
 * change, and by u of the cash. `driftBound` is above all of it.
 */
export class CurrencyLedger implements Books {
  readonly capital: string;
  readonly #account: Ledger;
  readonly #markets: readonly OpenBooks[];
  readonly #rates: readonly number[];
  #bookings = 0;

  /** @param rates by market, at the end: the account's currency for one of the quote */
  constructor(capital: number, rates: readonly number[]) {
    this.#account = new Ledger(capital);
    this.capital = this.#account.capital;
    this.#rates = rates;
    this.#markets = rates.map(() => ({ ledger: new Ledger(0), held: 0 }));
  }

  get cash(): string {
    return this.#sum(({ cash }) => cash);
  }
  get position(): string {
    return this.#markets[0]!.ledger.position;
  }
  get inventory(): string {
    return this.#sum(({ inventory }) => inventory);
  }
  get fees(): string {
    return this.#sum(({ fees }) => fees);
  }
  get funding(): string {
    return this.#sum(({ funding }) => funding);
  }
  get borrow(): string {
    return this.#sum(({ borrow }) => borrow);
  }
  get swap(): string {
    return this.#sum(({ swap }) => swap);
  }
  get dividends(): string {
    return this.#sum(({ dividends }) => dividends);
  }
  get covered(): string {
    return this.#sum(({ covered }) => covered);
  }
  get realisedProfit(): string {
    return this.#sum(({ realisedProfit }) => realisedProfit);
  }

  /**
   * Books one fill or charge; returns the postings.
   * @param booking with its rate; without one it is in the account's currency
   */
  book(booking: Booking, market: number): readonly CurrencyPosting[] {
    const open = this.#markets[market]!;
    this.#bookings += 1;
    const own = open.ledger.book(booking).map((posting): CurrencyPosting => ({ market, ...posting }));
    if (booking.type === 'charge') return own;
    open.held += booking.qty;
    return open.held === 0 ? [...own, ...this.#convert(market, booking.rate ?? 1)] : own;
  }

  equityAt(...closes: readonly number[]): string {
    return this.#equityAt(closes).toFixed();
  }

  netProfitAt(...closes: readonly number[]): string {
    return this.#equityAt(closes).minus(this.capital).toFixed();
  }

  /**
   * Upper bound on |cash of the engine - cash of the books|, in the account's currency.
   * @param changes how often a rate changed
   * @param largest more than the cash and the value of any position ever was, without the sign
   */
  driftBound(changes: number, largest: number): number {
    return 16 * (this.#bookings + changes + 1) * largest * 2 ** -53;
  }

  #equityAt(closes: readonly number[]): Big {
    return this.#markets.reduce(
      (equity, { ledger }, market) => equity.plus(Big(ledger.equityAt(closes[market] ?? Number.NaN)).times(this.#rate(market))),
      Big(this.#account.cash),
    );
  }

  #sum(read: (ledger: Ledger) => string): string {
    return this.#markets
      .reduce((sum, { ledger }, market) => sum.plus(Big(read(ledger)).times(this.#rate(market))), Big(read(this.#account)))
      .toFixed();
  }

  #rate(market: number): Big {
    return Big(String(this.#rates[market]));
  }

  /** The position has ended: its books are closed, into the account's. */
  #convert(market: number, rate: number): readonly CurrencyPosting[] {
    const open = this.#markets[market]!;
    const balances = open.ledger.balances.filter(({ amount }) => !Big(amount).eq(0));
    open.ledger = new Ledger(0);
    const converted = balances.map(({ account, amount }) => ({
      account,
      amount: Big(amount)
        .times(Big(String(rate)))
        .toFixed(),
    }));
    this.#account.receive(converted);
    const negated = (amount: string): string => Big(amount).neg().toFixed();
    return balances.flatMap(({ account, amount }, place): CurrencyPosting[] => {
      const worth = converted[place]!.amount;
      return [
        { market, account, amount: negated(amount) },
        { market, account: 'conversion', amount },
        { market: null, account: 'conversion', amount: negated(worth) },
        { market: null, account, amount: worth },
      ];
    });
  }
}

/** The books after all that moved money in a run, a list of bookings a market. @param rates by market, at the end */
export function currencyLedgerOf(markets: readonly (readonly Booking[])[], capital: number, rates: readonly number[]): CurrencyLedger {
  const ledger = new CurrencyLedger(capital, rates);
  for (const [market, bookings] of markets.entries()) for (const booking of bookings) ledger.book(booking, market);
  return ledger;
}
