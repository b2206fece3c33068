import { type MessagePort, workerData } from 'node:worker_threads';
import type { WholeAnswer } from './whole-candles.ts';

/** What the thread is started with. */
export interface WholeOrder {
  readonly path: string;
  readonly timeframe: string | null;
  readonly port: MessagePort;
  /** Becomes 1 when the answer is there. */
  readonly flag: Int32Array;
}

const { path, timeframe, port, flag } = workerData as WholeOrder;

/** Whatever fails in here must be answered: somebody waits. */
async function answerOf(): Promise<WholeAnswer> {
  try {
    const { wholeCandles } = await import('./whole-candles.ts');
    return await wholeCandles(path, timeframe);
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

port.postMessage(await answerOf());
Atomics.store(flag, 0, 1);
Atomics.notify(flag, 0);
