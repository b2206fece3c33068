/** What an account holds of one market, at the close of its last bar. */
export interface RiskPosition {
  readonly market: string;
  /** Base units, of inverse perpetuals units of the quote currency; negative = short. */
  readonly qty: number;
  /** What that is worth at the close. */
  readonly exposure: number;
}

/** The account of one strategy at the close of its last bar. Money in its currency. */
export interface RiskAccount {
  readonly strategy: string;
  readonly capital: number;
  readonly cash: number;
  readonly equity: number;
  /** Of all positions. */
  readonly exposure: number;
  /** Of each market that the strategy trades and that had a bar, also where nothing is held. */
  readonly positions: readonly RiskPosition[];
}

/** What a rule may know: the account that asks, and those of all strategies, each once. Time is the close of the bar, ms since the epoch. */
export interface RiskView {
  readonly time: number;
  readonly account: RiskAccount;
  readonly accounts: readonly RiskAccount[];
}

/** An order that opens a position or adds to one and is about to go out. */
export interface EntryIntent {
  readonly strategy: string;
  readonly market: string;
  readonly side: 'long' | 'short';
  /** Units as of an account, above zero. Of an add together with those that wait, of a ladder all of its rungs: they may fill within one bar. */
  readonly qty: number;
  /**
   * Close of the bar that decided it; of a resting order its price, or that close where it may fill there and that is higher. As it is what a unit is worth, it is one
   * over such a price of inverse perpetuals.
   */
  readonly price: number;
}

/** `qty` is what may be bought or sold: 0 refuses, less than wanted cuts. `reason` says why when it is less. */
export interface RiskVerdict {
  readonly qty: number;
  readonly reason: string | null;
}

/** What a rule wants done after a bar: close the strategy's positions, and take no entries until a time. */
export interface RiskAction {
  readonly flatten: boolean;
  /** Ms since the epoch; null = no pause. */
  readonly pauseUntil: number | null;
  readonly reason: string;
}

/**
 * A risk rule. It is called for every strategy in the order of bars, in backtest and paper alike; it keeps its state in
 * memory; after a restart `afterBar` is called again for the bars that were, with the account of then alone. It never throws for any numbers, and never raises a
 * quantity. Bars of several markets that open together are one bar to it.
 */
export interface RiskRulePort {
  /** After a bar's fills, before the strategy's orders of that bar; what it wants it does to all markets, to each at its next bar. Null = nothing to do. */
  readonly afterBar: (view: RiskView) => RiskAction | null;
  /** For each entry and add; one that rests is asked for on every bar that orders it anew. */
  readonly review: (intent: EntryIntent, view: RiskView) => RiskVerdict;
}
