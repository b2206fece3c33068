import { createRequire } from 'node:module';
import { type Columns, sharedDoubles } from '#core/model/columns.ts';
import { intoIsolate, openContext } from '#core/sandbox/hardened-context.ts';
import type { Kernel } from './c-limit.ts';
import { HAND_WRITTEN } from './limit-files.ts';

const LIMITS = { memoryMb: 512, timeoutMs: 120_000 };
/** Gives the function that runs the kernel over the first so many bars. */
const BIND = `(function (kernel, name, result, equity, open, high, low, close) {
  const most = equity.length / 2 + 1;
  const [entries, exits, profits] = [new Int32Array(most), new Int32Array(most), new Float64Array(most)];
  return name === 'sma'
    ? function (bars) { kernel(open, close, bars, 10, 30, equity, entries, exits, profits, result); }
    : function (bars) { kernel(open, high, low, close, bars, equity, entries, exits, profits, result); };
})`;

/** Ways to bring V8 to its best code for one long loop. */
export const WARM_UPS = ['calls over all bars', 'many calls over few bars first'] as const;
export type WarmUp = (typeof WARM_UPS)[number];
const SHORT_CALLS = 400;
const SHORT_BARS = 4096;

/** A kernel of hand-written JavaScript, its text unchanged, in an isolate over shared columns. */
export interface HandWritten {
  readonly ms: () => Promise<number>;
  /** Final equity, maximum drawdown, trades, fees. */
  readonly result: Float64Array;
  readonly dispose: () => void;
}

export async function openHandWritten(kernel: Kernel, columns: Columns, warmUp: WarmUp): Promise<HandWritten> {
  const text = (createRequire(import.meta.url)(HAND_WRITTEN) as Readonly<Record<Kernel, string>>)[kernel];
  const opened = openContext({ text }, LIMITS, false);
  const bars = columns.time.length;
  const [result, equity] = [sharedDoubles(8), sharedDoubles(bars)];
  const views = [result, equity, columns.open, columns.high, columns.low, columns.close].map(intoIsolate);
  const bind = opened.context.evalSync(BIND, { reference: true });
  const bound = bind.applySync(undefined, [opened.strategy.derefInto(), kernel, ...views], { result: { reference: true } });
  const call = async (count: number): Promise<unknown> => bound.apply(undefined, [count], { timeout: LIMITS.timeoutMs });
  if (warmUp === 'many calls over few bars first') for (let at = 0; at < SHORT_CALLS; at += 1) await call(Math.min(SHORT_BARS, bars));
  const ms = async (): Promise<number> => {
    const started = performance.now();
    await call(bars);
    return performance.now() - started;
  };
  return { ms, result, dispose: opened.dispose };
}
