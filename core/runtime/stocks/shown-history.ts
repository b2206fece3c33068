import { packRow, type HistoryRows } from '#core/sandbox/history-rows.ts';
import type { CorporateAction } from '#core/data/stocks/factor-file.ts';
import type { MarketBar } from '#core/model/bar.ts';
import { ACCOUNT as A } from '#core/model/strategy-abi.ts';
import type { RowTails } from '../row-tails.ts';

/** Account registers in quote per share, and in shares. */
const PRICES = [A.avgPrice, A.riskDistance, A.lastFill] as const;

/**
 * What a strategy has been shown of a stock, as a chart of today shows it: after a split or a dividend all earlier prices are put on its scale,
 * those of the account included. So on every bar the strategy sees the real price of that bar, a history without jumps, and nothing that comes later.
 */
export class ShownHistory {
  #bars: MarketBar[] = [];
  #accounts: Float64Array[] = [];

  push(bar: MarketBar, account: Float64Array): void {
    this.#bars.push(bar);
    this.#accounts.push(account.slice());
  }

  /** Puts what was shown on the scale of after an action. */
  rescale({ priceFactor, ratio }: Pick<CorporateAction, 'priceFactor' | 'ratio'>): void {
    this.#bars = this.#bars.map((bar) => ({
      ...bar,
      open: bar.open * priceFactor,
      high: bar.high * priceFactor,
      low: bar.low * priceFactor,
      close: bar.close * priceFactor,
      volume: bar.volume * ratio,
    }));
    for (const account of this.#accounts) {
      for (const register of PRICES) account[register] = account[register]! * priceFactor;
      account[A.qty] = account[A.qty]! * ratio;
    }
  }

  /** The rows that a strategy is shown again. @param tails of a stream that has given none yet: it goes on where these end */
  rows(tails: RowTails): HistoryRows {
    const rows = this.#bars.map((bar, index) => packRow(bar, this.#accounts[index]!, tails.next(bar)));
    return { count: () => rows.length, slice: (from, to) => concatenated(rows.slice(from, to)) };
  }
}

function concatenated(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
