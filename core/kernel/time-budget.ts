import { StratError } from '#core/errors/strat-error.ts';
import type { ClockPort } from '#core/ports/clock.ts';

/**
 * Runs a step of a plugin for at most `budgetMs`. The step's signal aborts when the time is over, and what it does after
 * that is of no interest to anybody: a late error is swallowed, a late result goes to `late`.
 * @throws StratError PLUGIN_TIMEOUT, and whatever the step throws
 */
export async function withBudget<T>(
  clock: ClockPort,
  budgetMs: number,
  what: { readonly plugin: string; readonly phase: string },
  step: (signal: AbortSignal) => Promise<T>,
  late: (result: T) => void = () => undefined,
): Promise<T> {
  const over = new AbortController();
  const done = new AbortController();
  const running = (async () => step(over.signal))();
  let isLate = false;
  running.then(
    (result) => {
      if (isLate) late(result);
    },
    () => undefined,
  );
  const timeout = (async (): Promise<never> => {
    await clock.sleep(budgetMs, done.signal);
    if (done.signal.aborted) return new Promise<never>(() => undefined);
    isLate = true;
    over.abort();
    throw new StratError('PLUGIN_TIMEOUT', { ...what, budgetMs });
  })();
  try {
    return await Promise.race([running, timeout]);
  } finally {
    done.abort();
  }
}
