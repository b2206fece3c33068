import type { ClockPort } from './clock.ts';

/** When bars are due: one for each market, shared by all its feeds, so that every strategy sees a bar at the same time. */
export interface BarPace {
  /** As `BarFeedPort.due`. */
  readonly due: (index: number, history: number, signal: AbortSignal) => Promise<void>;
}

/** Faster bars than one in this time come several at once: to wake up for each costs more than the bar. */
const GATHER_MS = 20;

/**
 * Bars at `barsPerSecond` by the clock, for all feeds of one market together. What counts as past for anybody is past for
 * all: who has seen more bars than the pace has reached moves it on, and the others catch up at once.
 */
export function createBarPace(clock: ClockPort, barsPerSecond: number): BarPace {
  const together = Math.max(1, Math.floor((barsPerSecond * GATHER_MS) / 1000));
  let origin = { index: -Infinity, time: 0 };
  const naps = new Set<AbortController>();
  const nap = async (ms: number, signal: AbortSignal): Promise<void> => {
    const end = new AbortController();
    const onAbort = (): void => end.abort();
    naps.add(end);
    signal.addEventListener('abort', onAbort, { once: true });
    await clock.sleep(ms, end.signal);
    signal.removeEventListener('abort', onAbort);
    naps.delete(end);
  };
  return {
    due: async (index, history, signal) => {
      if (barsPerSecond === Infinity || index < history) return;
      const now = clock.steady();
      const reached = origin.index + ((now - origin.time) * barsPerSecond) / 1000;
      if (history > reached + 1) {
        origin = { index: history, time: now };
        for (const end of naps) end.abort();
      }
      const left = (): number => {
        const bars = Math.ceil((index - origin.index) / together) * together;
        return origin.time + (bars * 1000) / barsPerSecond - clock.steady();
      };
      for (let ms = left(); ms > 0 && !signal.aborted; ms = left()) await nap(ms, signal);
    },
  };
}
