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
        `${event.side} ${event.qty} ${event.market} at ${event.price} (${event.reason})${profit}`,
      );
    }
    case 'state':
      return of(
        event.state === 'disabled' || event.state === 'failed' ? 'error' : 'info',
        event.strategy,
        `${event.strategy}: ${event.state}`,
        event.reason ?? event.state,
      );
    case 'message':
      return of(event.level, event.strategy, event.strategy, event.text);
    case 'config':
      return of(event.ok ? 'info' : 'warning', null, event.ok ? 'config taken' : 'config refused', event.text);
    case 'log':
      return event.level === 'error' ? of('error', event.strategy, event.strategy ?? 'strat', event.text) : null;
    case 'bar':
    case 'mark':
      return null;
    // no default
  }
}

/** The notifiers that hear of an event: the one that a `notify` line names by the last word of its plugin, else all of them. One that is not configured must not swallow a message. */
export function listenersOf(event: NumberedEvent, notifiers: ReadonlyMap<string, NotifierPort>): readonly NotifierPort[] {
  const named = event.type === 'message' && event.via !== null ? [...notifiers].filter(([id]) => id.split('/').at(-1) === event.via) : [];
  return named.length > 0 ? named.map(([, port]) => port) : [...notifiers.values()];
}

/** Sends a notice to every notifier; their guards keep what goes wrong away from here. */
export function sendNotice(notice: Notification, notifiers: Iterable<NotifierPort>, signal: AbortSignal): void {
  for (const notifier of notifiers) void notifier.notify(notice, signal).catch(() => undefined);
}
