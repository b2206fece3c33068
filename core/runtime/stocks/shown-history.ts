import type { CorporateAction } from '#core/data/stocks/factor-file.ts';
import type { Columns } from '#core/model/columns.ts';
import { ACCOUNT as A } from '#core/model/strategy-abi.ts';

/** Account registers in quote per share. */
const PRICES = [A.avgPrice, A.riskDistance, A.lastFill] as const;

/**
 * A stock as a chart of the day shows it: after a split or a dividend all earlier prices are put on its scale, those of the account included. So on every
 * bar the strategy sees the real price of that bar, a history without jumps, and nothing that comes later.
 */
export class ShownHistory {
  /** Bars before the last action are on the scale of after it; those from it on are as they traded. */
  readonly columns: Columns;
  readonly #accounts: Float64Array[] = [];

  /** @param columns as they traded */
  constructor(columns: Columns) {
    const { time, open, high, low, close, volume } = columns;
    this.columns = { time, open: open.slice(), high: high.slice(), low: low.slice(), close: close.slice(), volume: volume.slice() };
  }

  /** Keeps the account as it was shown at the close of the next bar. */
  push(account: Float64Array): void {
    this.#accounts.push(account.slice());
  }

  get count(): number {
    return this.#accounts.length;
  }

  account(index: number): Float64Array {
    return this.#accounts[index]!;
  }

  /** Puts what was shown on the scale of after an action. */
  rescale({ priceFactor, ratio }: Pick<CorporateAction, 'priceFactor' | 'ratio'>): void {
    const { open, high, low, close, volume } = this.columns;
    for (const [bar, account] of this.#accounts.entries()) {
      for (const prices of [open, high, low, close]) prices[bar] = prices[bar]! * priceFactor;
      volume[bar] = volume[bar]! * ratio;
      for (const register of PRICES) account[register] = account[register]! * priceFactor;
      account[A.qty] = account[A.qty]! * ratio;
    }
  }
}
