import { setImmediate as nextTurn } from 'node:timers/promises';
import type { IsolateLimits } from '#core/sandbox/sandbox-error.ts';
import { SWEEP_FLAG } from '#core/sandbox/sweep-driver.ts';
import { openSweepIsolate, type SweepInput, type SweepIsolate } from '#core/sandbox/sweep-isolate.ts';
import { BlockQueue } from './block-queue.ts';

/** Trials of one call of an isolate: for each its first bar and the values of its params. */
export interface TrialBlock {
  readonly trials: Float64Array;
  readonly count: number;
  /** For each the number of its columns of each group of signals, counted from 0 in the order in which they come first. */
  readonly slots: Float64Array;
}

/** Blocks on their way, for each isolate. */
const MOST_WAITING = 8;

/**
 * Runs blocks in isolates, each of which isolated-vm gives a thread, and hands over their results in the order of the blocks, so that what is written does not depend
 * on the threads. At most a few blocks of each isolate are in memory.
 * @param workers isolates
 * @param onResults `results` are TRIAL_FIELDS doubles a trial
 * @returns false when `signal` stopped it
 * @throws StratError SANDBOX_*
 */
export async function runOnThreads<Block extends TrialBlock>(
  input: SweepInput,
  limits: IsolateLimits,
  workers: number,
  blocks: Iterator<Block, void>,
  onResults: (block: Block, results: Float64Array) => void,
  signal?: AbortSignal,
): Promise<boolean> {
  const queue = new BlockQueue(blocks, workers * MOST_WAITING, onResults);
  const stop = (): void => {
    input.flags[SWEEP_FLAG.cancel] = 1;
    queue.close();
  };
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted === true) stop();
  const isolates: SweepIsolate[] = [];
  const work: Promise<void>[] = [];
  try {
    // The first one works while the next is opened; for few blocks not all are needed.
    while (isolates.length < workers && queue.peek() !== null) {
      const isolate = openSweepIsolate(input, limits);
      isolates.push(isolate);
      work.push(workOff(isolate, queue));
      await nextTurn();
    }
    await Promise.all(work);
    return queue.isWhole;
  } finally {
    stop();
    signal?.removeEventListener('abort', stop);
    await Promise.allSettled(work);
    await Promise.all(isolates.map(async (isolate) => isolate.dispose()));
  }
}

/** Runs block after block in an isolate; what came of the one before is told meanwhile. */
async function workOff<Block extends TrialBlock>(isolate: SweepIsolate, queue: BlockQueue<Block>): Promise<void> {
  for (let next = await queue.take(); next !== null; next = await queue.take()) {
    const running = isolate.runBlock(next.block.trials, next.block.count, next.block.slots);
    queue.tell();
    queue.peek();
    const results = await running;
    if (results === null) return queue.close();
    queue.done(next, results);
  }
  queue.tell();
}
