import type { Fill } from '../log-rows.ts';
import type { Valuation } from '../valuation.ts';

export interface Activity {
  /** Bars of [from, to) on which a position was held at some moment, the bars of its fills included. */
  readonly barsHeld: number;
  /** Mean bars from the first entry to the last exit of the positions that are flat again; null without one. */
  readonly averageBars: number | null;
  /** Sum of the fills' values, in the account's currency. */
  readonly tradedValue: number;
  readonly fees: number;
  /** What all fills had been worth more or less at the prices before: what slippage and rounding to the tick cost. */
  readonly slippage: number;
}

/** What the fills of a run did and cost, those of each market in a list of their own. */
export function activityOf(markets: readonly (readonly Fill[])[], from: number, to: number, { notional, gain }: Valuation): Activity {
  const held: (readonly [first: number, end: number])[] = [];
  let tradedValue = 0;
  let fees = 0;
  let slippage = 0;
  let closed = 0;
  let closedBars = 0;
  for (const fills of markets) {
    let position = 0;
    let since = 0;
    for (const fill of fills) {
      const { rate = 1 } = fill;
      const size = Math.abs(fill.qty) * rate;
      tradedValue += notional(size, fill.price);
      fees += fill.fee * rate;
      slippage += Math.abs(gain(size, fill.refPrice, fill.price));
      if (position === 0) since = fill.bar;
      position += fill.qty;
      if (position === 0) {
        held.push([since, Math.min(fill.bar + 1, to)]);
        closed += 1;
        closedBars += fill.bar - since;
      }
    }
    if (position !== 0) held.push([since, to]);
  }
  const averageBars = closed > 0 ? closedBars / closed : null;
  return { barsHeld: barsWithin(held, from), averageBars, tradedValue, fees, slippage };
}

/** Bars from `from` on that lie in any of the ranges [first, end). */
function barsWithin(ranges: readonly (readonly [first: number, end: number])[], from: number): number {
  let bars = 0;
  let countedTo = from;
  for (const [first, end] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const start = Math.max(first, countedTo);
    if (end <= start) continue;
    bars += end - start;
    countedTo = end;
  }
  return bars;
}
