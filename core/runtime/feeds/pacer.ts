import type { BotClock } from './bot-clock.ts';

/** Says when a bar is due. Strategies on the same market share one, so that they see the same bar at the same time. */
export interface Pacer {
  /** Announces who will ask: bars before `history` are past for it (warm-up, what a restart has to catch up with). */
  readonly expect: (history: number) => void;
  /** Resolves when bar `index` is due, or the signal aborts. */
  readonly until: (index: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Bars of the past are due at once, then `barsPerSecond` a second; Infinity: all at once. The past ends where the longest history
 * announced before the first wait ends, so that the market does not run ahead of who still catches up. Who falls behind later (a
 * runner that restarts, a strategy that comes while the bot runs) gets the missed bars without delay.
 */
export function createPacer(clock: BotClock, barsPerSecond: number): Pacer {
  let liveFrom = 0;
  let started: number | null = null;
  return {
    expect: (history) => {
      if (started === null) liveFrom = Math.max(liveFrom, history);
    },
    until: async (index, signal) => {
      if (barsPerSecond === Infinity || index < liveFrom) return;
      started ??= clock.steady();
      const due = started + ((index - liveFrom) * 1000) / barsPerSecond;
      for (let left = due - clock.steady(); left > 0 && !signal.aborted; left = due - clock.steady()) await clock.sleep(left, signal);
    },
  };
}
