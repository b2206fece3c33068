import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

/** All time that the bot sees; tests hand in their own and need not wait. */
export interface BotClock {
  /** Ms since the epoch, for records and people. */
  readonly now: () => number;
  /** Ms of a clock that never jumps, for waiting and limits. */
  readonly steady: () => number;
  /** Resolves after `ms`, or as soon as the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export const systemClock: BotClock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, { signal }).catch(() => undefined);
  },
};
