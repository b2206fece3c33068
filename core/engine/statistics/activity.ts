import type { Fill } from '../log-rows.ts';

export interface Activity {
  /** Bars of [from, to) on which a position was held at some moment, the bars of its fills included. */
  readonly barsHeld: number;
  /** Mean bars from the first entry to the last exit of the positions that are flat again; null without one. */
  readonly averageBars: number | null;
  /** Sum of |qty| * price over the fills, quote units. */
  readonly tradedValue: number;
  readonly fees: number;
  /** Sum of |qty| * |price - refPrice|: what slippage and rounding to the tick cost. */
  readonly slippage: number;
}

/** What the fills of a run did and cost. */
export function activityOf(fills: readonly Fill[], from: number, to: number): Activity {
  let barsHeld = 0;
  let countedTo = from;
  let tradedValue = 0;
  let fees = 0;
  let slippage = 0;
  let position = 0;
  let since = 0;
  let closed = 0;
  let closedBars = 0;
  const count = (first: number, end: number): void => {
    const start = Math.max(first, countedTo);
    if (end > start) {
      barsHeld += end - start;
      countedTo = end;
    }
  };
  for (const fill of fills) {
    const size = Math.abs(fill.qty);
    tradedValue += size * fill.price;
    fees += fill.fee;
    slippage += size * Math.abs(fill.price - fill.refPrice);
    if (position === 0) since = fill.bar;
    position += fill.qty;
    if (position === 0) {
      count(since, Math.min(fill.bar + 1, to));
      closed += 1;
      closedBars += fill.bar - since;
    }
  }
  if (position !== 0) count(since, to);
  return { barsHeld, averageBars: closed > 0 ? closedBars / closed : null, tradedValue, fees, slippage };
}
