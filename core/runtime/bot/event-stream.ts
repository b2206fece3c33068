import type { ControlEvent, NumberedEvent } from '#core/ports/bot-control.ts';
import { explainError } from '#core/errors/explain-error.ts';
import type { PaperEvent } from '../paper/paper-event.ts';
import type { OrderNews } from '../paper/order-news.ts';
import { PLUGIN_FAULT } from '../plugin-faults.ts';

/** Numbers events and hands them to whoever listens; a listener that throws is left out from then on. */
export class EventStream {
  #seq = 0;
  readonly #listeners = new Set<(event: NumberedEvent) => void>();

  publish(event: ControlEvent): void {
    this.#seq += 1;
    const numbered = { ...event, seq: this.#seq };
    for (const listener of this.#listeners) {
      try {
        listener(numbered);
      } catch {
        this.#listeners.delete(listener);
      }
    }
  }

  subscribe(listener: (event: NumberedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

/**
 * What an operator is told of an event of the paper loop; null = nothing.
 * @param news what has been told of orders
 * @param namesMarket the strategy trades several: words say which it is about
 */
export function controlEvent(event: PaperEvent, now: number, news: OrderNews, namesMarket = false): ControlEvent | null {
  const of = (text: string): string => (namesMarket && 'market' in event ? `${event.market}: ${text}` : text);
  const strategy = event.id;
  const log = (level: 'info' | 'warning' | 'error', text: string): ControlEvent => ({ type: 'log', level, strategy, time: now, text });
  const ofOrder = news.textOf(event);
  switch (event.type) {
    case 'bar':
      return { type: 'bar', strategy, market: event.market, bar: event.bar, equity: event.equity, qty: event.position };
    case 'fill': {
      const { kind, qty, price, fee } = event.fill;
      return {
        type: 'fill',
        strategy,
        market: event.market,
        kind,
        time: event.time,
        side: qty > 0 ? 'buy' : 'sell',
        qty: Math.abs(qty),
        price,
        fee,
        profit: event.closed?.profit ?? null,
        reason: event.reason,
      };
    }
    case 'order':
      return ofOrder === null ? null : log('warning', of(ofOrder));
    case 'message':
      return { type: 'message', strategy, time: event.time, level: event.level, text: event.text, via: event.via };
    case 'mark':
      return { type: 'mark', strategy, market: event.market, mark: event.mark };
    case 'plugin':
      return log('error', of(`E1005 ${event.plugins.join(', ')} ${PLUGIN_FAULT[event.kind]}`));
    case 'feed':
      return log(event.level, of(event.text));
    case 'undecided':
      return log('error', of(`no decision on a bar: ${event.reason}`));
    case 'runner':
      return event.event.type === 'started' || event.event.type === 'closed'
        ? log('info', of(`runner ${event.event.type}`))
        : log('error', of(`runner ${event.event.type}${'reason' in event.event ? `: ${event.event.reason}` : ''}`));
    case 'failed':
      return log('error', explainError(event.error));
    // no default
  }
}
