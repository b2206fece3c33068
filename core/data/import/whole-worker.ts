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
let answer: WholeAnswer;
try {
  // Whatever fails in here must be answered: somebody waits.
  const { wholeCandles } = await import('./whole-candles.ts');
  answer = await wholeCandles(path, timeframe);
} catch (error) {
  answer = { fault: error instanceof Error ? error.message : String(error) };
}
port.postMessage(answer);
Atomics.store(flag, 0, 1);
Atomics.notify(flag, 0);
