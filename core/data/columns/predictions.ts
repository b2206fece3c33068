import type { ModelColumn } from '#core/model/chart-column.ts';

/** What a model said, oldest first; all columns have the length of `time`. */
export interface Predictions {
  /** When each prediction was known, ms since the epoch, strictly increasing. */
  readonly time: Float64Array;
  /** Shares of 1; null = the model does not say. */
  readonly up: Float64Array | null;
  readonly down: Float64Array | null;
  readonly value: Float64Array | null;
}

/**
 * Gives what a model said last at each of a row of moments that do not go back; `age` in ms since then. na before its first
 * prediction.
 */
export function predictionReader({ time, ...outputs }: Predictions, name: ModelColumn): (nowMs: number) => number {
  const values = name === 'age' ? null : outputs[name];
  let next = 0;
  return (nowMs) => {
    while (next < time.length && time[next]! <= nowMs) next += 1;
    if (next === 0) return Number.NaN;
    return name === 'age' ? nowMs - time[next - 1]! : (values?.[next - 1] ?? Number.NaN);
  };
}
