import type { NumberedEvent } from '#core/ports/bot-control.ts';
import type { Notification, NotifierPort } from '#core/ports/notifier.ts';

/** What people are told through notifiers: fills, strategies that change their state, configs that are refused. Null = nothing. */
export function noticeOf(event: NumberedEvent, now: number): Notification | null {
  const of = (level: Notification['level'], strategy: string | null, title: string, text: string): Notification => ({
    key: `${now}-${event.seq}`,
    level,
    strategy,
    title,
    text,
    time: now,
  });
  switch (event.type) {
    case 'fill': {
      const profit = event.profit === null ? '' : `, profit ${event.profit.toFixed(2)}`;
      return of(
        'info',
        event.strategy,
        `${event.strategy}: ${event.side}`,
        `${event.side} ${event.qty} at ${event.price} (${event.reason})${profit}`,
      );
    }
    case 'state':
      return of(
        event.state === 'disabled' || event.state === 'failed' ? 'error' : 'info',
        event.strategy,
        `${event.strategy}: ${event.state}`,
        event.reason ?? event.state,
      );
    case 'config':
      return of(event.ok ? 'info' : 'warning', null, event.ok ? 'config taken' : 'config refused', event.text);
    case 'log':
      return event.level === 'error' ? of('error', event.strategy, event.strategy ?? 'strat', event.text) : null;
    case 'bar':
      return null;
    // no default
  }
}

/** Sends a notice to every notifier; their guards keep what goes wrong away from here. */
export function sendNotice(notice: Notification, notifiers: Iterable<NotifierPort>, signal: AbortSignal): void {
  for (const notifier of notifiers) void notifier.notify(notice, signal).catch(() => undefined);
}
