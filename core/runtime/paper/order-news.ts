import { eventText } from '../order-event-texts.ts';
import type { PaperEvent } from './paper-event.ts';

/** What happens to the orders of a strategy on a market bar after bar, such as a limit that refuses its entries, is told once, until one of its orders fills. */
export class OrderNews {
  readonly #told = new Map<string, Set<string>>();

  /** The text to tell of an event of an order; null = of another event, or it was told before. */
  textOf(event: PaperEvent): string | null {
    if (event.type !== 'fill' && event.type !== 'order') return null;
    const key = `${event.id}\n${event.market}`;
    if (event.type === 'fill') {
      this.#told.delete(key);
      return null;
    }
    const told = this.#told.get(key) ?? new Set();
    this.#told.set(key, told);
    const text = eventText(event.event);
    if (told.has(text)) return null;
    told.add(text);
    return text;
  }
}
