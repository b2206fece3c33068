import type { ClockPort } from '#core/ports/clock.ts';

export interface VirtualClock extends ClockPort {
  /** Lets `ms` go by: whoever sleeps wakes at its time, in order, and runs on before the next one does. */
  readonly advance: (ms: number) => Promise<void>;
  /** How many are asleep. */
  readonly sleeping: () => number;
}

interface Sleeper {
  readonly wakeAt: number;
  readonly wake: () => void;
}

const TURNS = 50;

/** A clock that stands still until the test lets time go by. */
export function createVirtualClock(startMs: number = Date.UTC(2026, 0, 1)): VirtualClock {
  let elapsed = 0;
  const sleepers = new Set<Sleeper>();
  /** Lets everything that waits for promises run as far as it gets. */
  const settle = async (): Promise<void> => {
    for (let i = 0; i < TURNS; i++) await Promise.resolve();
  };
  return {
    now: () => startMs + elapsed,
    steady: () => elapsed,
    sleep: async (ms, signal) => {
      if (signal.aborted) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const onAbort = (): void => resolve();
      const sleeper: Sleeper = { wakeAt: elapsed + Math.max(0, ms), wake: resolve };
      sleepers.add(sleeper);
      signal.addEventListener('abort', onAbort, { once: true });
      await promise;
      signal.removeEventListener('abort', onAbort);
      sleepers.delete(sleeper);
    },
    advance: async (ms) => {
      const end = elapsed + ms;
      await settle();
      for (;;) {
        const next = [...sleepers].filter(({ wakeAt }) => wakeAt <= end).toSorted((a, b) => a.wakeAt - b.wakeAt)[0];
        if (next === undefined) break;
        elapsed = Math.max(elapsed, next.wakeAt);
        sleepers.delete(next);
        next.wake();
        await settle();
      }
      elapsed = end;
      await settle();
    },
    sleeping: () => sleepers.size,
  };
}
