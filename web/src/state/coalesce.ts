/** Calls that come in a crowd, as one. */
export interface Coalesced {
  /** Runs the task within `waitMs`, once for all calls until then; a call during a run leads to one more run after it. */
  readonly soon: (waitMs: number) => void;
  readonly cancel: () => void;
}

export function coalesce(task: () => Promise<void>): Coalesced {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let due = Number.POSITIVE_INFINITY;
  let running = false;
  let next: number | null = null;
  const soon = (waitMs: number): void => {
    if (running) {
      next = Math.min(next ?? waitMs, waitMs);
      return;
    }
    const at = Date.now() + waitMs;
    if (timer !== null && due <= at) return;
    if (timer !== null) clearTimeout(timer);
    due = at;
    timer = setTimeout(() => void run(), waitMs);
  };
  const run = async (): Promise<void> => {
    timer = null;
    due = Number.POSITIVE_INFINITY;
    running = true;
    try {
      await task();
    } finally {
      running = false;
      if (next !== null) {
        const wait = next;
        next = null;
        soon(wait);
      }
    }
  };
  return {
    soon,
    cancel() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
