import { settingsArray } from '#core/engine/simulation-settings.ts';
import { columnList, sharedDoubles } from '#core/model/columns.ts';
import { emitSwept } from '#dsl/emit/emit.ts';
import type { NodeId } from '#dsl/graph/node.ts';
import { DEFAULT_LIMITS } from '../backtest.ts';
import { freeInput } from '../free-run.ts';
import type { MarketData } from '../market-data.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';
import { keyOf, sharedSignals } from './shared-signals.ts';
import type { SweepBook } from './sweep-book.ts';
import { placesOf, type SweepSpace } from './sweep-space.ts';
import { runOnThreads, type TrialBlock } from './sweep-threads.ts';
import { trialMetrics, trialScale } from './trial-metrics.ts';
import { type TrialStarts, trialStarts } from './trial-plan.ts';

/** Bars times sets of a block, about: some ten milliseconds of work, or some fifty where sets have series in common: the more sets, the more they have. */
const BLOCK_BARS = 4_000_000;
const SHARED_BARS = 25_600_000;
/** Sets of a block at most; of those with series in common, and the last ones, at least (but for the time that they take). */
const MOST_TRIALS = 512;
const MOST_SHARED = 256;
const LEAST_TRIALS = 64;
/** Sets of which nothing runs that a block may hold. */
const MOST_IDLE = 10_000;
/** Doubles of the state of a block's trials. */
const MOST_STATE = 2 ** 22;

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
  const shared = (values: Float64Array): Float64Array => {
    if (values.buffer instanceof SharedArrayBuffer && values.byteLength === values.buffer.byteLength) return values;
    const copy = sharedDoubles(values.length);
    copy.set(values);
    return copy;
  };
  const sets = new SetBlocks(prepared, data.fromIndex, space, book);
  const common = isAllAnew || prepared.compiled.engine !== null ? null : sharedSignals(prepared, sets.firstConstants(MOST_SHARED));
  const strategy = common?.strategy ?? emitSwept(prepared.program, prepared.settings.conventions) ?? prepared.compiled;
  const bars = Math.max(1, columns.time.length);
  const mostTrials = Math.max(
    1,
    Math.floor(
      common === null
        ? Math.min(MOST_TRIALS, BLOCK_BARS / bars, MOST_STATE / Math.max(1, strategy.stateSlots))
        : Math.min(MOST_SHARED, SHARED_BARS / bars, MOST_STATE / Math.max(1, strategy.stateSlots)),
    ),
  );
  const input = {
    strategy,
    signals: common?.signals ?? null,
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
  const blocks = sets.blocks(mostTrials, workers, common?.keys ?? []);
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

/** The sets behind the last one of the book, in blocks. */
class SetBlocks {
  readonly #space: SweepSpace;
  readonly #book: SweepBook;
  readonly #starts: TrialStarts;
  readonly #params: Float64Array;

  constructor(prepared: PreparedStrategy, fromIndex: number, space: SweepSpace, book: SweepBook) {
    this.#space = space;
    this.#book = book;
    this.#starts = trialStarts(prepared, fromIndex);
    this.#params = prepared.params.slice();
  }

  /** Of the first sets that are not left out, the values that do not change within a run. */
  firstConstants(most: number): readonly Float64Array[] {
    const found: Float64Array[] = [];
    const first = this.#book.lastSet + 1;
    for (let set = first; set < Math.min(this.#space.count, first + MOST_IDLE) && found.length < most; set++) {
      this.#setParams(set);
      if (!this.#starts.isLeftOut(this.#params)) found.push(this.#starts.constantsOf(this.#params));
    }
    return found;
  }

  /** @param keys of each group of signals, what decides on it */
  *blocks(mostTrials: number, workers: number, keys: readonly (readonly NodeId[])[]): Generator<SetBlock, void> {
    const { count } = this.#space;
    let next = this.#passed();
    while (next < count) {
      // The last ones are smaller, so that threads end together.
      const most = Math.min(mostTrials, Math.max(LEAST_TRIALS, Math.ceil((count - next) / workers)));
      const block = this.#block(next, most, keys);
      next = block.next;
      yield block;
    }
  }

  /** What an earlier run has told is not run again; what it left out is counted again. */
  #passed(): number {
    let set = 0;
    for (; set <= this.#book.lastSet; set++) {
      this.#setParams(set);
      if (this.#starts.isLeftOut(this.#params)) this.#book.leftOut += 1;
    }
    return set;
  }

  #block(first: number, most: number, keys: readonly (readonly NodeId[])[]): SetBlock {
    const params = this.#params;
    const width = params.length + 1;
    const trials = new Float64Array(width * most);
    const slots = new Float64Array(keys.length * most);
    const known = keys.map(() => new Map<string, number>());
    const sets: { readonly set: number; readonly error: string | null }[] = [];
    let [count, leftOut, set] = [0, 0, first];
    for (; set < this.#space.count && count < most && leftOut + sets.length < MOST_IDLE; set++) {
      this.#setParams(set);
      const constants = keys.length === 0 ? undefined : this.#starts.constantsOf(params);
      const start = this.#starts.startOf(params, constants);
      if (start.kind === 'leftOut') leftOut += 1;
      else if (start.kind === 'invalid') sets.push({ set, error: start.reason });
      else {
        trials[count * width] = start.firstBar;
        trials.set(params, count * width + 1);
        for (const [group, of] of keys.entries()) {
          const key = keyOf(constants!, of);
          const slot = known[group]!.get(key) ?? known[group]!.size;
          known[group]!.set(key, slot);
          slots[count * keys.length + group] = slot;
        }
        sets.push({ set, error: null });
        count += 1;
      }
    }
    return { trials: trials.slice(0, count * width), count, slots: slots.slice(0, count * keys.length), sets, leftOut, next: set };
  }

  #setParams(set: number): void {
    for (const [axis, place] of placesOf(this.#space, set).entries()) {
      const { index, values } = this.#space.axes[axis]!;
      this.#params[index] = values[place]!;
    }
  }
}
