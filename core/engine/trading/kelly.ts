import type { RegisterLayout } from './registers.ts';

/** Keeps the results of closed trades of each setup and tells the share of equity that Kelly's formula gives for them. */
export class KellyRecord {
  readonly #r: Float64Array;
  readonly #at: readonly number[];
  readonly #capacity: number;

  constructor(registers: Float64Array, { kelly }: RegisterLayout, capacity: number) {
    this.#r = registers;
    this.#at = kelly;
    this.#capacity = capacity;
  }

  /** @param setup null = the rules outside of setups */
  add(setup: number | null, profitShare: number): void {
    const at = this.#at[setup ?? this.#at.length - 1];
    if (at === undefined) return;
    const count = this.#r[at]!;
    this.#r[at + 1 + (count % this.#capacity)] = profitShare;
    this.#r[at] = count + 1;
  }

  /**
   * W - (1 - W) / R over the last trades: W the share of trades won, R the mean win over the mean loss (Kelly 1956, for bets of two outcomes); 0 where that
   * is negative. NaN before there are so many trades.
   */
  share(setup: number | null, trades: number): number {
    const at = this.#at[setup ?? this.#at.length - 1]!;
    const count = this.#r[at]!;
    if (!(trades >= 1 && trades <= this.#capacity && count >= trades)) return Number.NaN;
    let [wins, won, losses, lost] = [0, 0, 0, 0];
    for (let back = 1; back <= trades; back += 1) {
      const profit = this.#r[at + 1 + ((count - back) % this.#capacity)]!;
      if (profit > 0) {
        wins += 1;
        won += profit;
      } else if (profit < 0) {
        losses += 1;
        lost -= profit;
      }
    }
    if (wins === 0) return 0;
    if (losses === 0) return 1;
    const winShare = wins / trades;
    const share = winShare - (1 - winShare) / (won / wins / (lost / losses));
    return share > 0 ? share : 0;
  }
}
