import type { SweepWatch } from './block-sweep.ts';
import type { SweepBook } from './sweep-book.ts';
import { placesOf, type SweepSpace } from './sweep-space.ts';
import type { TrialMetrics } from './trial-metrics.ts';

/** What a backtest of one set gave: its figures, or why it could not run. */
export type PlainTrial = { readonly metrics: TrialMetrics } | { readonly error: string };

/**
 * Runs the sets behind the last one of the book by a backtest each, and books them in their order.
 * @param isLeftOut whether values of all params break a `require`
 * @param trial runs one set, given by its values as `--set` takes them
 * @returns false when it was stopped
 */
export async function plainSweep(
  params: Float64Array,
  space: SweepSpace,
  book: SweepBook,
  isLeftOut: (params: Float64Array) => boolean,
  trial: (values: Readonly<Record<string, string>>) => Promise<PlainTrial>,
  { signal, onProgress }: SweepWatch,
): Promise<boolean> {
  const values = params.slice();
  const { lastSet } = book;
  for (let set = 0; set < space.count; set++) {
    for (const [axis, place] of placesOf(space, set).entries()) values[space.axes[axis]!.index] = space.axes[axis]!.values[place]!;
    if (isLeftOut(values)) {
      book.leftOut += 1;
      continue;
    }
    if (set <= lastSet) continue;
    if (signal.aborted) return false;
    const result = await trial(book.paramsOf(set));
    if (signal.aborted) return false;
    if ('metrics' in result) book.add(set, result.metrics);
    else book.refuse(set, result.error);
    book.flush();
    onProgress(set + 1);
  }
  return true;
}
