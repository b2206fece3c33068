/** All time that a part of the bot sees. Tests and backtests hand in their own. */
export interface ClockPort {
  /** Ms since the epoch (UTC). */
  readonly now: () => number;
  /** Ms of a clock that never jumps, for waiting and limits. */
  readonly steady: () => number;
  /** Resolves after `ms`, or as soon as the signal aborts; never rejects. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}
