/** When bars are due: one for each market, shared by all its feeds, so that every strategy sees a bar at the same time. */
export interface BarPace {
  /** As `BarFeedPort.due`. */
  readonly due: (index: number, history: number, signal: AbortSignal) => Promise<void>;
}
