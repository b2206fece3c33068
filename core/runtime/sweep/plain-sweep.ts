import { setImmediate as nextTurn } from 'node:timers/promises';
import { BlockQueue } from './block-queue.ts';
import type { SweepWatch } from './block-sweep.ts';
import { outcomeOf, type PlainTrial, type SetValues, type TrialOutcome } from './plain-trial.ts';
import type { SweepBook } from './sweep-book.ts';
import { placesOf, type SweepSpace } from './sweep-space.ts';
import type { TrialProcess } from './trial-process.ts';
import { TrialWorker } from './trial-worker.ts';

/** Sets on their way, for each worker. */
const MOST_WAITING = 4;

/** Who runs the sets. */
export interface TrialCrew {
  /** Processes at most; one = this one. */
  readonly workers: number;
  /** Runs a set in this process. */
  readonly run: (values: SetValues) => Promise<PlainTrial>;
  /** Starts another process. */
  readonly open: () => TrialProcess;
}

/**
 * Runs the sets behind the last one of the book by a backtest each, and books them in their order. Of several processes this one hands out the sets; until the
 * others have read their candles it runs some itself, so that a sweep of few sets does not wait for them.
 * @param isLeftOut whether values of all params break a `require`
 * @returns whether all have run, and on how many processes
 * @throws what the first set in order that has a fault threw; StratError SWEEP_WORKER
 */
export async function plainSweep(
  params: Float64Array,
  space: SweepSpace,
  book: SweepBook,
  isLeftOut: (params: Float64Array) => boolean,
  { workers, run, open }: TrialCrew,
  { signal, onProgress }: SweepWatch,
): Promise<{ readonly isDone: boolean; readonly workers: number }> {
  const sets = new PlainSets(params, space, book, isLeftOut);
  const atOnce = sets.lookAhead(workers);
  const queue = new BlockQueue<PlainSet, TrialOutcome>(sets.all(), Math.max(1, atOnce) * MOST_WAITING, ({ set, leftOut }, outcome) => {
    if ('fault' in outcome) throw outcome.fault;
    book.leftOut = leftOut;
    if ('metrics' in outcome) book.add(set, outcome.metrics);
    else book.refuse(set, outcome.error);
    book.flush();
    onProgress(set + 1);
  });
  const others = atOnce < 2 ? [] : Array.from({ length: atOnce }, () => new TrialWorker(open));
  const stop = (): void => {
    queue.close();
    for (const worker of others) worker.close();
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  let isReady = false;
  const noneLeft = Promise.withResolvers<void>();
  const theirs = others.map(async (worker) => {
    await Promise.race([worker.ready(), noneLeft.promise]);
    isReady = true;
    await workOff(queue, async (values) => outcomeOf(async () => worker.run(values)));
  });
  const untilReady = async (): Promise<void> => {
    await workOff(
      queue,
      async (values) => outcomeOf(async () => run(values)),
      () => !isReady,
    );
    if (queue.peek() === null) noneLeft.resolve();
  };
  const work = [untilReady(), ...theirs];
  try {
    await Promise.all(work);
    if (queue.isWhole) book.leftOut = sets.leftOut;
    return { isDone: queue.isWhole, workers: Math.max(1, others.length) };
  } catch (error) {
    // What a worker that was stopped has to say is nothing new.
    if (signal.aborted) return { isDone: false, workers: Math.max(1, others.length) };
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
    await Promise.allSettled(work);
  }
}

/** Runs set after set, for as long as there are some and it `goesOn`. */
async function workOff(
  queue: BlockQueue<PlainSet, TrialOutcome>,
  run: (values: SetValues) => Promise<TrialOutcome>,
  goesOn: () => boolean = () => true,
): Promise<void> {
  while (goesOn()) {
    const next = await queue.take();
    if (next === null) break;
    const outcome = await run(next.block.values);
    queue.done(next, outcome);
    queue.tell();
    // It ends the sweep as soon as all sets before it are booked.
    if ('fault' in outcome) queue.stopTaking();
    // A backtest may never let go of the thread: signals and answers come in here.
    await nextTurn();
  }
}

interface PlainSet {
  readonly set: number;
  readonly values: SetValues;
  /** Sets before it that were left out. */
  readonly leftOut: number;
}

/** The sets behind the last one of the book that run. */
class PlainSets {
  readonly #sets: Iterator<PlainSet, void>;
  readonly #ahead: PlainSet[] = [];
  leftOut = 0;

  constructor(params: Float64Array, space: SweepSpace, book: SweepBook, isLeftOut: (params: Float64Array) => boolean) {
    this.#sets = this.#walk(params.slice(), space, book, isLeftOut);
  }

  /** How many there are, up to `most`. */
  lookAhead(most: number): number {
    while (this.#ahead.length < most) {
      const { done, value } = this.#sets.next();
      if (done === true) break;
      this.#ahead.push(value);
    }
    return this.#ahead.length;
  }

  *all(): Generator<PlainSet, void> {
    yield* this.#ahead;
    for (let next = this.#sets.next(); next.done !== true; next = this.#sets.next()) yield next.value;
  }

  *#walk(
    params: Float64Array,
    space: SweepSpace,
    book: SweepBook,
    isLeftOut: (params: Float64Array) => boolean,
  ): Generator<PlainSet, void> {
    const { lastSet } = book;
    for (let set = 0; set < space.count; set++) {
      for (const [axis, place] of placesOf(space, set).entries()) params[space.axes[axis]!.index] = space.axes[axis]!.values[place]!;
      if (isLeftOut(params)) this.leftOut += 1;
      else if (set > lastSet) yield { set, values: book.paramsOf(set), leftOut: this.leftOut };
    }
  }
}
