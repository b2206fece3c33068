import type { EngineEvent, Fill, FillKind } from '../log-rows.ts';

/** Fills of levels that stand against a target in the same bar. */
const LEVELS: ReadonlySet<FillKind> = new Set(['stop', 'trail', 'breakeven', 'liquidation']);

export interface Ambiguity {
  /** Bars in which a target and a level were both reached, and the level was taken. */
  readonly bars: number;
  /** What the run would have earned more, before fees, had the target come first in all of them; quote units. */
  readonly profit: number;
}

/** @param events and fills of one run, each in the order in which they happened */
export function ambiguityOf(events: readonly EngineEvent[], fills: readonly Fill[]): Ambiguity {
  const open = events.filter(({ kind }) => kind === 'ambiguous');
  const levels = new Map(fills.filter(({ kind }) => LEVELS.has(kind)).map((fill) => [fill.bar, fill] as const));
  let profit = 0;
  for (const { bar, qty, price } of open) {
    const level = levels.get(bar);
    // A sale at the level closed a long position: its target lay above.
    if (level !== undefined && qty !== null) profit += Math.abs(qty) * (price - level.price) * -Math.sign(level.qty);
  }
  return { bars: new Set(open.map(({ bar }) => bar)).size, profit };
}
