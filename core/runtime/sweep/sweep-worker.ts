import { parentPort, workerData } from 'node:worker_threads';
import { type ErrorCode, type ErrorData, isStratError } from '#core/errors/strat-error.ts';
import { openSweepIsolate, type SweepInput } from '#core/sandbox/sweep-isolate.ts';
import type { IsolateLimits } from '#core/sandbox/sandbox-error.ts';
import type { BlockAnswer, BlockOrder } from './sweep-threads.ts';

/** A thread that runs blocks of trials in an isolate of its own, in the order in which they come; null ends it. */
const { input, limits } = workerData as { readonly input: SweepInput; readonly limits: IsolateLimits };
const isolate = openSweepIsolate(input, limits);

parentPort!.on('message', (order: BlockOrder | null) => {
  if (order === null) {
    isolate.dispose();
    parentPort!.close();
  } else parentPort!.postMessage(answerTo(order.block, order.trials, order.count), []);
});

function answerTo(block: number, trials: Float64Array, count: number): BlockAnswer {
  try {
    return { block, results: isolate.runBlock(trials, count) };
  } catch (error) {
    return isStratError(error)
      ? { block, code: error.code, data: error.data }
      : { block, code: 'INTERNAL', data: { reason: error instanceof Error ? error.message : String(error) } as ErrorData<ErrorCode> };
  }
}
