import { Worker } from 'node:worker_threads';
import { type ErrorCode, type ErrorData, StratError } from '#core/errors/strat-error.ts';
import type { IsolateLimits } from '#core/sandbox/sandbox-error.ts';
import { SWEEP_FLAG } from '#core/sandbox/sweep-driver.ts';
import type { SweepInput } from '#core/sandbox/sweep-isolate.ts';

/** Trials of one call of an isolate: for each its first bar and the values of its params. */
export interface TrialBlock {
  readonly trials: Float64Array;
  readonly count: number;
}

export interface BlockOrder extends TrialBlock {
  readonly block: number;
}

export type BlockAnswer =
  | { readonly block: number; readonly results: Float64Array | null }
  | { readonly block: number; readonly code: ErrorCode; readonly data: ErrorData<ErrorCode> };

/** How long a thread may take to end by itself. */
const PATIENCE_MS = 5000;
/** Blocks that a thread has before it: it never waits for the next one. */
const AHEAD = 2;

/**
 * Runs blocks on threads and hands over their results in the order of the blocks, so that what is written does not depend on the threads. At most a few blocks of each
 * thread are in memory.
 * @param onResults `results` are TRIAL_FIELDS doubles a trial
 * @returns false when `signal` stopped it
 * @throws StratError SANDBOX_*, INTERNAL
 */
export async function runOnThreads<Block extends TrialBlock>(
  input: SweepInput,
  limits: IsolateLimits,
  workers: number,
  blocks: Iterator<Block>,
  onResults: (block: Block, results: Float64Array) => void,
  signal?: AbortSignal,
): Promise<boolean> {
  const threads = Array.from(
    { length: workers },
    () => new Worker(new URL('./sweep-worker.ts', import.meta.url), { workerData: { input, limits } }),
  );
  const cancel = (): void => void (input.flags[SWEEP_FLAG.cancel] = 1);
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted === true) cancel();
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const sent = new Map<number, Block>();
  const done = new Map<number, Float64Array>();
  const mostKept = workers * AHEAD * 4;
  let nextBlock = 0;
  let nextTold = 0;
  let isOver = false;
  const load = new Map(threads.map((thread) => [thread, 0]));

  const feed = (thread: Worker): void => {
    while (!isOver && load.get(thread)! < AHEAD && nextBlock - nextTold < mostKept) {
      const next = blocks.next();
      if (next.done === true) {
        isOver = true;
        break;
      }
      sent.set(nextBlock, next.value);
      load.set(thread, load.get(thread)! + 1);
      const order: BlockOrder = { block: nextBlock, trials: next.value.trials, count: next.value.count };
      thread.postMessage(order, []);
      nextBlock += 1;
    }
    if (isOver && nextTold === nextBlock) resolve(true);
  };
  const take = (thread: Worker, answer: BlockAnswer): void => {
    load.set(thread, load.get(thread)! - 1);
    if ('code' in answer) return reject(new StratError(answer.code, answer.data));
    if (answer.results === null) return resolve(false);
    done.set(answer.block, answer.results);
    for (let results = done.get(nextTold); results !== undefined; results = done.get(nextTold)) {
      onResults(sent.get(nextTold)!, results);
      sent.delete(nextTold);
      done.delete(nextTold);
      nextTold += 1;
    }
    for (const other of threads) feed(other);
  };
  for (const thread of threads) {
    thread.on('message', (answer: BlockAnswer) => {
      try {
        take(thread, answer);
      } catch (error) {
        reject(error instanceof Error ? error : new StratError('INTERNAL', { reason: String(error) }));
      }
    });
    thread.once('error', (error) => reject(asStratError(error)));
  }
  try {
    for (const thread of threads) feed(thread);
    return await promise;
  } finally {
    isOver = true;
    cancel();
    signal?.removeEventListener('abort', cancel);
    await Promise.all(threads.map(ended));
  }
}

/** Asks a thread to end once its isolate is at rest: to take a thread away from below a running isolate can crash the process. */
async function ended(thread: Worker): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  thread.once('exit', resolve);
  thread.postMessage(null, []);
  if (thread.threadId === -1) return;
  const late = setTimeout(() => void thread.terminate(), PATIENCE_MS);
  await promise;
  clearTimeout(late);
}

/** An error of another thread arrives as a plain object with the fields of the one that was thrown. */
function asStratError(error: unknown): Error {
  const { code, data } = error as { readonly code?: unknown; readonly data?: unknown };
  if (typeof code === 'string' && typeof data === 'object' && data !== null)
    return new StratError(code as ErrorCode, data as ErrorData<ErrorCode>);
  return new StratError('INTERNAL', { reason: error instanceof Error ? error.message : String(error) });
}
