import type { BotClock } from './bot-clock.ts';

/** Says when a bar is due. Strategies on the same market share one, so that they see the same bar at the same time. */
export interface Pacer {
  /** Resolves when bar `index` is due, or the signal aborts. */
  readonly until: (index: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Bars up to `liveFrom` are due at once (history, warm-up), then `barsPerSecond` a second; Infinity: all at once. Who falls
 * behind (a runner that restarts) gets the missed bars without delay.
 */
export function createPacer(clock: BotClock, barsPerSecond: number, liveFrom: number): Pacer {
  let started: number | null = null;
  return {
    until: async (index, signal) => {
      if (barsPerSecond === Infinity || index < liveFrom) return;
      started ??= clock.steady();
      const due = started + ((index - liveFrom) * 1000) / barsPerSecond;
      for (let left = due - clock.steady(); left > 0 && !signal.aborted; left = due - clock.steady()) await clock.sleep(left, signal);
    },
  };
}
