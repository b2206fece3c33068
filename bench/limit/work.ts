/** A closed trade: the bars of its fills, and its net profit. */
export interface WorkTrade {
  readonly entryBar: number;
  readonly exitBar: number;
  readonly profit: number;
  readonly fees: number;
}

/** What a run did, by which runs are compared before their times are. */
export interface Work {
  readonly equity: number;
  /** Share of the peak. */
  readonly maxDrawdown: number;
  readonly fees: number;
  readonly trades: readonly WorkTrade[];
}
