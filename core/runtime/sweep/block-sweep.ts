import { settingsArray } from '#core/engine/simulation-settings.ts';
import { columnList, sharedDoubles } from '#core/model/columns.ts';
import { DEFAULT_LIMITS } from '../backtest.ts';
import { freeInput } from '../free-run.ts';
import type { MarketData } from '../market-data.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';
import { sharedSignals } from './shared-signals.ts';
import type { SweepBook } from './sweep-book.ts';
import { placesOf, type SweepSpace } from './sweep-space.ts';
import { runOnThreads, type TrialBlock } from './sweep-threads.ts';
import { trialMetrics, trialScale } from './trial-metrics.ts';
import { trialStarts } from './trial-plan.ts';

/** Bars times sets of a block, about: some ten milliseconds of work. */
const BLOCK_BARS = 4_000_000;
const MOST_TRIALS = 512;
/** Sets of which nothing runs that a block may hold. */
const MOST_IDLE = 10_000;

export interface SweepWatch {
  readonly signal: AbortSignal;
  /** Sets done, those that were left out included. */
  readonly onProgress: (sets: number) => void;
  /** What sets have in common is computed for each, to compare; left out: once. */
  readonly isAllAnew?: boolean;
}

/** Sets that are told together: what runs is in `trials`. */
interface SetBlock extends TrialBlock {
  readonly sets: readonly { readonly set: number; readonly error: string | null }[];
  /** The first set that is not of this block. */
  readonly next: number;
  readonly leftOut: number;
}

/**
 * Runs the sets behind the last one of the book on threads, in blocks, and books them in their order.
 * @param prepared for all values of the sets
 * @returns false when it was stopped
 * @throws StratError SANDBOX_*
 */
export async function blockSweep(
  prepared: PreparedStrategy,
  data: MarketData,
  space: SweepSpace,
  book: SweepBook,
  workers: number,
  { signal, onProgress, isAllAnew = false }: SweepWatch,
): Promise<boolean> {
  const { columns, further, registers } = freeInput(prepared, data);
  const { capital } = prepared.settings;
  const scale = trialScale(columns.time, data.fromIndex, capital, prepared.settings.conventions.calendar ?? null);
  const mostTrials = Math.max(1, Math.min(MOST_TRIALS, Math.floor(BLOCK_BARS / Math.max(1, columns.time.length))));
  const shared = (values: Float64Array): Float64Array => {
    if (values.buffer instanceof SharedArrayBuffer && values.byteLength === values.buffer.byteLength) return values;
    const copy = sharedDoubles(values.length);
    copy.set(values);
    return copy;
  };
  const ahead = isAllAnew ? null : sharedSignals(prepared, space);
  const input = {
    strategy: ahead?.strategy ?? prepared.compiled,
    signals: ahead?.signals ?? null,
    columns: columnList(columns, further.columns).map(shared),
    chartBars: shared(further.bars),
    settings: settingsArray(prepared.settings, 0, columns.time.length),
    registers: shared(registers),
    dayEnds: shared(scale.dayEnds),
    from: data.fromIndex,
    capital,
    flags: sharedDoubles(1),
    mostTrials,
  };
  const blocks = setBlocks(prepared, data.fromIndex, space, book, mostTrials);
  return runOnThreads(
    input,
    DEFAULT_LIMITS,
    workers,
    blocks,
    ({ sets, leftOut, next }, results) => {
      let place = 0;
      for (const { set, error } of sets) {
        if (error === null) book.add(set, trialMetrics(results, place++, scale));
        else book.refuse(set, error);
      }
      book.leftOut += leftOut;
      book.flush();
      onProgress(next);
    },
    signal,
  );
}

function* setBlocks(
  prepared: PreparedStrategy,
  fromIndex: number,
  space: SweepSpace,
  book: SweepBook,
  mostTrials: number,
): Generator<SetBlock, void> {
  const { startOf, isLeftOut } = trialStarts(prepared, fromIndex);
  const width = prepared.params.length + 1;
  const params = prepared.params.slice();
  const valuesOf = (set: number): void => {
    for (const [axis, place] of placesOf(space, set).entries()) {
      const { index, values } = space.axes[axis]!;
      params[index] = values[place]!;
    }
  };
  let set = 0;
  // What an earlier run has told is not run again; what it left out is counted again.
  for (; set <= book.lastSet; set++) {
    valuesOf(set);
    if (isLeftOut(params)) book.leftOut += 1;
  }
  while (set < space.count) {
    const trials = new Float64Array(width * mostTrials);
    const sets: { readonly set: number; readonly error: string | null }[] = [];
    let count = 0;
    let leftOut = 0;
    for (; set < space.count && count < mostTrials && leftOut + sets.length < MOST_IDLE; set++) {
      valuesOf(set);
      const start = startOf(params);
      if (start.kind === 'leftOut') leftOut += 1;
      else if (start.kind === 'invalid') sets.push({ set, error: start.reason });
      else {
        trials[count * width] = start.firstBar;
        trials.set(params, count * width + 1);
        sets.push({ set, error: null });
        count += 1;
      }
    }
    yield { trials: trials.slice(0, count * width), count, sets, leftOut, next: set };
  }
}
