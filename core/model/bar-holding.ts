import { nextOpen, type Timeframe } from './timeframe.ts';

/**
 * The bar that a moment lies in; -1 = none.
 * @param time when bars open, ms, rising
 */
export function barHolding(time: Float64Array, timeframe: Timeframe, at: number): number {
  const index = time.findLastIndex((open) => open <= at);
  return index >= 0 && at < nextOpen(timeframe, time[index]!) ? index : -1;
}
