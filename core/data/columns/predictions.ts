import type { ModelColumn } from '#core/model/chart-column.ts';
import { nextOpen, type Timeframe } from '#core/model/timeframe.ts';

/** What a model said, oldest first; all columns have the length of `time`. */
export interface Predictions {
  /** Open of the bar at whose close each was made, ms since the epoch, strictly increasing: bars are named by their open here as in candle files. */
  readonly time: Float64Array;
  /** Shares of 1; null = the model does not say. */
  readonly up: Float64Array | null;
  readonly down: Float64Array | null;
  readonly value: Float64Array | null;
  /** What the model was trained on, ms since the epoch, half-open; undefined = nobody says. */
  readonly trained?: { readonly from: number; readonly to: number };
}

/**
 * Gives what a model said last at each of a row of moments that do not go back, na before its first prediction; `age` in ms since it was made. A
 * prediction is made when its bar closes: whoever takes the open of a bar for that moment looks a bar into the future.
 * @param timeframe of the bars that predictions are named by
 */
export function predictionReader({ time, ...outputs }: Predictions, name: ModelColumn, timeframe: Timeframe): (nowMs: number) => number {
  const values = name === 'age' ? null : outputs[name];
  const madeAt = (at: number): number => (at < time.length ? nextOpen(timeframe, time[at]!) : Infinity);
  let last = Number.NaN;
  let next = 0;
  let nextMade = madeAt(0);
  return (nowMs) => {
    while (nextMade <= nowMs) {
      last = nextMade;
      next += 1;
      nextMade = madeAt(next);
    }
    if (next === 0) return Number.NaN;
    return name === 'age' ? nowMs - last : (values?.[next - 1] ?? Number.NaN);
  };
}
