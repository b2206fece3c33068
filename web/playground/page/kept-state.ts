import { readShared, type SharedState } from './shared-state.ts';

const KEY = 'strat.playground';

/** What was kept in this browser; null where there is nothing, or it may not be read. */
export function keptState(): SharedState | null {
  try {
    return readShared(JSON.parse(localStorage.getItem(KEY) ?? 'null'));
  } catch {
    return null;
  }
}

/** Keeps the state. A browser that keeps nothing is no fault. */
export function keep({ text, market, moved }: SharedState): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ text, market, moved }));
  } catch {
    // A private window, or no room.
  }
}
