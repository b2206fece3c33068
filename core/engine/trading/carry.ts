import { ACCOUNT as A, LOG_KIND, MARGIN_KIND, SETTING as K } from '#core/model/strategy-abi.ts';
import type { PositionAccount } from './position-account.ts';
import { OTHERS, POSITION as P } from './registers.ts';

const YEAR_MS = 365 * 86_400_000;

/** The bar at whose open something is owed. */
export interface CarryBar {
  readonly index: number;
  /** Open time, ms. */
  readonly time: number;
  readonly open: number;
  /** The mark price of that moment; where none is known the open. */
  readonly mark: number;
  /** Funding rate that the data have for the bar; NaN = none. */
  readonly fundingRate: number;
}

/** Step 0 of a bar: borrow and funding for the time since the bar before, on the position held until now. */
export class Carry {
  readonly #account: PositionAccount;
  readonly #settings: Float64Array;
  readonly #stepMs: number;

  constructor(account: PositionAccount, settings: Float64Array, stepMs: number) {
    this.#account = account;
    this.#settings = settings;
    this.#stepMs = stepMs;
  }

  pay(bar: CarryBar): void {
    const r = this.#account.registers;
    if (this.#account.qty !== 0) {
      this.#payBorrow(bar);
      if (this.#settings[K.fundingMs]! > 0) this.#payFunding(bar);
    }
    r[P.lastTime] = bar.time;
    r[P.lastFundingRate] = bar.fundingRate;
  }

  /** A short borrows what it sold; a long on margin the money that its account does not have. */
  #payBorrow({ index, open }: CarryBar): void {
    const { qty, registers: r, valuation } = this.#account;
    const rate = this.#settings[K.borrowRate]!;
    const isOnMargin = this.#settings[K.marginKind] !== MARGIN_KIND.none;
    const value = valuation.notional(qty, open);
    // Of what the account borrows each long position pays its part.
    const borrowed = qty < 0 ? -value : isOnMargin ? Math.max(0, -r[A.cash]!) * (value / (value + r[OTHERS.long]!)) : 0;
    if (borrowed > 0 && rate > 0) this.#account.pay(LOG_KIND.borrow, index, (borrowed * rate * this.#stepMs) / YEAR_MS, open, rate);
  }

  /** Fundings from after the last open up to this one: those inside of the last bar at its rate, one at this open at the rate of this bar. */
  #payFunding(bar: CarryBar): void {
    const r = this.#account.registers;
    const every = this.#settings[K.fundingMs]!;
    const inside = Math.ceil(bar.time / every) - 1 - Math.floor(r[P.lastTime]! / every);
    if (inside > 0) this.#fund(inside, bar, r[P.lastFundingRate]!);
    if (bar.time % every === 0) this.#fund(1, bar, bar.fundingRate);
  }

  #fund(times: number, { index, mark }: CarryBar, ofData: number): void {
    const { qty, valuation } = this.#account;
    const fixed = this.#settings[K.fundingRate]!;
    const rate = fixed === fixed ? fixed : ofData;
    if (rate === rate) this.#account.pay(LOG_KIND.funding, index, valuation.notional(qty, mark) * rate * times, mark, rate);
    else this.#account.log(LOG_KIND.fundingUnknown, index, qty, mark, mark, 0, -1);
  }
}
