import { StratError } from '#core/errors/strat-error.ts';
import type { ClockPort } from '#core/ports/clock.ts';
import type { NotifierPort } from '#core/ports/notifier.ts';
import type { FaultLog } from './fault-log.ts';
import { withBudget } from './time-budget.ts';

export interface NotifierGuardOptions {
  readonly id: string;
  readonly faults: FaultLog;
  readonly clock: ClockPort;
  /** For one notification, retries included. */
  readonly budgetMs: number;
}

/** Notifications on their way at the same time; more are dropped, and counted as a fault. */
const MAX_WAITING = 100;

/** A notifier whose failures stay with it: `notify` never rejects, ends within its budget, and a slow one cannot pile up messages. */
export function guardNotifier(notifier: NotifierPort, options: NotifierGuardOptions): NotifierPort {
  const { id, faults, clock, budgetMs } = options;
  let waiting = 0;
  return {
    notify: async (notification, signal) => {
      if (signal.aborted) return;
      if (waiting >= MAX_WAITING) {
        const reason = `${MAX_WAITING} notifications are waiting, so one was dropped`;
        faults.add(new StratError('PLUGIN_FAILED', { plugin: id, phase: 'notify', reason }));
        return;
      }
      waiting += 1;
      const abort = new AbortController();
      const onAbort = (): void => abort.abort();
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        await withBudget(clock, budgetMs, { plugin: id, phase: 'notify' }, async (over) => {
          over.addEventListener('abort', onAbort, { once: true });
          await notifier.notify(Object.freeze({ ...notification }), abort.signal);
        });
      } catch (error) {
        faults.add(
          error instanceof StratError
            ? error
            : new StratError('PLUGIN_FAILED', {
                plugin: id,
                phase: 'notify',
                reason: error instanceof Error ? error.message : typeof error,
              }),
        );
      } finally {
        signal.removeEventListener('abort', onAbort);
        waiting -= 1;
      }
    },
  };
}
