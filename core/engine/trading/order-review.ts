/** What a person and risk rules make of what a strategy orders. They only take away; stops are never touched. */
export interface OrderReview {
  /** The position is closed at the next fill of market orders; nothing is entered, as with `isClosed`. */
  readonly isFlatten: boolean;
  /** Nothing is entered or added, and entries and adds that rest are withdrawn. */
  readonly isClosed: boolean;
  /** A person lets the strategy go on: a pause or halt of its limits is over. Left out: nobody said so. */
  readonly isResumed?: boolean;
  /**
   * How much of an order that opens or adds may go out: 0 <= x <= qty.
   * @param qty base units, above zero; of an add also those that wait, of a ladder all of its rungs: they may fill within one bar
   * @param price the close, or the price of a resting order; the higher of both where it may fill at either
   */
  readonly allow: (side: 1 | -1, qty: number, price: number) => number;
}

/** Everything may go out. */
export const NO_REVIEW: OrderReview = { isFlatten: false, isClosed: false, allow: (_, qty) => qty };
