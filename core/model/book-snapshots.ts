/** Recorded order books of one market, oldest first, the same number of levels each. */
export interface BookSnapshots {
  /** ms, one a snapshot. */
  readonly time: Float64Array;
  readonly levels: number;
  /** Price and base units of each level, the best first, snapshot after snapshot; NaN and 0 where it has fewer. At least one level each. */
  readonly bids: Float64Array;
  readonly asks: Float64Array;
}
