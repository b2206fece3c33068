import { StratError } from 'strat/errors';
import type { Notification, NotificationLevel } from 'strat/ports/notifier';
import type { PluginContext, PluginInstance } from 'strat/ports/plugin';
import { createDelivery } from './delivery.ts';
import type { WebhookConfig } from './schema.ts';

const ORDER: readonly NotificationLevel[] = ['info', 'warning', 'error'];
const MINUTE_MS = 60_000;
const REMEMBERED = 1000;

/**
 * Posts notifications one after the other: at least once each, with its key in the body and in `Idempotency-Key`, so that the
 * receiver can drop what a retry sent twice. `notify` resolves when it was delivered and rejects when it was given up.
 */
export function setup(config: WebhookConfig, context: PluginContext): PluginInstance<'notifier'> {
  const deliver = createDelivery(config, context);
  const { clock } = context;
  const known = new Set<string>();
  const sentAt: number[] = [];
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();

  const refuse = (reason: string): StratError => new StratError('PLUGIN_FAILED', { plugin: context.id, phase: 'notify', reason });

  const rateLimit = async (signal: AbortSignal): Promise<void> => {
    const from = clock.steady() - MINUTE_MS;
    while (sentAt[0] !== undefined && sentAt[0] <= from) sentAt.shift();
    if (sentAt.length >= config.perMinute) await clock.sleep((sentAt.shift() ?? from) - from, signal);
    sentAt.push(clock.steady());
  };

  const send = async (notification: Notification, signal: AbortSignal): Promise<void> => {
    if (!signal.aborted) await rateLimit(signal);
    if (signal.aborted) throw refuse('the notifier was stopped before it was sent');
    await deliver(notification, signal);
  };

  return {
    port: {
      notify: async (notification, signal) => {
        const { key, level } = notification;
        if (ORDER.indexOf(level) < ORDER.indexOf(config.least) || known.has(key)) return;
        if (waiting >= config.queue) throw refuse(`${config.queue} notifications are waiting, so one was refused`);
        remember(known, key);
        waiting += 1;
        const stop = new AbortController();
        const onAbort = (): void => stop.abort();
        for (const one of [signal, context.signal]) one.addEventListener('abort', onAbort, { once: true });
        if (signal.aborted || context.signal.aborted) stop.abort();
        const mine = last.then(async () => send(notification, stop.signal));
        last = mine.catch(() => undefined);
        try {
          await mine;
        } catch (error) {
          // What did not arrive may be sent again.
          known.delete(key);
          throw error;
        } finally {
          waiting -= 1;
          for (const one of [signal, context.signal]) one.removeEventListener('abort', onAbort);
        }
      },
    },
  };
}

function remember(known: Set<string>, key: string): void {
  known.add(key);
  const [oldest] = known;
  if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest);
}
