import { type LogRow, PROTECTION_FILLS } from '../log-rows.ts';
import type { Valuation } from '../valuation.ts';

export interface AmbiguousBar {
  readonly bar: number;
  readonly profit: number;
}

export interface Ambiguity {
  /** Bars in which a target and a level were both reached, and the level was taken, in order: their index, and their part of `profit`. */
  readonly bars: readonly AmbiguousBar[];
  /** What the run would have earned more, before fees, had the target come first in all of them. */
  readonly profit: number;
}

/** @param rows log of one run, in the order in which it happened */
export function ambiguityOf(rows: readonly LogRow[], { gain }: Valuation): Ambiguity {
  const bars = new Map<number, number>();
  let profit = 0;
  let passed: { readonly bar: number; readonly qty: number; readonly price: number }[] = [];
  for (const row of rows) {
    if (row.type === 'event' && row.kind === 'ambiguous') {
      bars.set(row.bar, bars.get(row.bar) ?? 0);
      passed.push({ bar: row.bar, qty: Math.abs(row.qty ?? 0), price: row.price });
    } else if (row.type === 'fill' && PROTECTION_FILLS.has(row.kind)) {
      // A sale at the level closed a long position: its targets lay above.
      for (const { bar, qty, price } of passed) {
        const more = gain(qty, row.price, price) * -Math.sign(row.qty) * (row.rate ?? 1);
        profit += more;
        bars.set(bar, (bars.get(bar) ?? 0) + more);
      }
      passed = [];
    }
  }
  return { bars: [...bars].map(([bar, more]) => ({ bar, profit: more })), profit };
}
