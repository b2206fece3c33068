/** One strategy's sub-account at the close of its last bar. Money in quote units. */
export interface RiskAccount {
  readonly strategy: string;
  readonly market: string;
  readonly capital: number;
  readonly cash: number;
  readonly equity: number;
  /** Base units; negative = short. */
  readonly qty: number;
  /** |qty| * close. */
  readonly exposure: number;
}

/** What a rule may know: the account that asks, and all of them. Time is the close of the bar, ms since the epoch. */
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
  /** Base units, above zero. Of an add together with those that wait, of a ladder all of its rungs: they may fill within one bar. */
  readonly qty: number;
  /** Close of the bar that decided it; of a resting order its price, or that close where it may fill there and that is higher. */
  readonly price: number;
}

/** `qty` is what may be bought or sold: 0 refuses, less than wanted cuts. `reason` says why when it is less. */
export interface RiskVerdict {
  readonly qty: number;
  readonly reason: string | null;
}

/** What a rule wants done after a bar: close the strategy's position, and take no entries until a time. */
export interface RiskAction {
  readonly flatten: boolean;
  /** Ms since the epoch; null = no pause. */
  readonly pauseUntil: number | null;
  readonly reason: string;
}

/**
 * A risk rule. It is called for every strategy in the order of bars, in backtest and paper alike; it keeps its state in
 * memory; after a restart `afterBar` is called again for the bars that were, with the account of then alone. It never throws for any numbers, and never raises a quantity.
 */
export interface RiskRulePort {
  /** After a bar's fills, before the strategy's orders of that bar. Null = nothing to do. */
  readonly afterBar: (view: RiskView) => RiskAction | null;
  /** For each entry and add; one that rests is asked for on every bar that orders it anew. */
  readonly review: (intent: EntryIntent, view: RiskView) => RiskVerdict;
}
