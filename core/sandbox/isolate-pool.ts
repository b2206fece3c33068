import type { CompiledStrategy } from '#core/model/strategy-abi.ts';
import type { BacktestInput, BacktestIsolate, BacktestLimits, BacktestOutput } from './isolate.ts';
import { openBacktestIsolate, sharedBytesOf } from './isolate.ts';
import { isStratError } from './sandbox-error.ts';

/** Warm isolates by strategy: a second run of one meets code that V8 has already optimised. */
export interface IsolatePool {
  /** As `runBacktest`; calls at the same time get isolates of their own. */
  readonly runBacktest: (strategy: CompiledStrategy, input: BacktestInput, limits: BacktestLimits) => Promise<BacktestOutput>;
  /** Isolates that wait for work. */
  readonly idle: () => number;
  /** Disposes of idle isolates now and of busy ones when their run ends. */
  readonly dispose: () => void;
}

interface Warm {
  readonly key: string;
  readonly memoryMb: number;
  readonly isolate: BacktestIsolate;
}

/** Keeps at most `maxIdle` isolates (2 MB each), the longest unused goes first. */
export function createIsolatePool({ maxIdle }: { readonly maxIdle: number }): IsolatePool {
  const idle: Warm[] = [];
  let disposed = false;

  // Rules and conventions of a strategy that the engine runs are not in its text.
  const keyOf = ({ text, plan, engine, stateSlots, paramCount }: CompiledStrategy): string =>
    `${stateSlots}/${paramCount}/${JSON.stringify(engine === null ? null : { plan, engine })}/${text}`;
  const open = (strategy: CompiledStrategy, sharedBytes: number, limits: BacktestLimits): Warm => ({
    key: keyOf(strategy),
    memoryMb: limits.memoryMb,
    isolate: openBacktestIsolate(strategy, limits, sharedBytes),
  });
  const takeIdle = (strategy: CompiledStrategy, sharedBytes: number, limits: BacktestLimits): Warm | undefined => {
    const key = keyOf(strategy);
    const index = idle.findLastIndex(
      (warm) => warm.key === key && warm.memoryMb === limits.memoryMb && warm.isolate.sharedBytes >= sharedBytes,
    );
    return index < 0 ? undefined : idle.splice(index, 1)[0];
  };

  const giveBack = (warm: Warm): void => {
    if (!warm.isolate.usable()) return;
    idle.push(warm);
    const keep = disposed ? 0 : maxIdle;
    while (idle.length > keep) idle.shift()?.isolate.dispose();
  };

  const runIn = async (warm: Warm, input: BacktestInput, limits: BacktestLimits): Promise<BacktestOutput> => {
    try {
      const output = await warm.isolate.run(input, limits);
      return { ...output, equity: new Float64Array(output.equity), log: new Float64Array(output.log) };
    } finally {
      giveBack(warm);
    }
  };

  return {
    runBacktest: async (strategy, input, limits) => {
      const sharedBytes = sharedBytesOf(input);
      const used = takeIdle(strategy, sharedBytes, limits);
      if (used !== undefined) {
        try {
          return await runIn(used, input, limits);
        } catch (error) {
          // Leftovers of earlier runs may have counted against the limit; a fresh isolate decides.
          if (!isStratError(error) || error.code !== 'SANDBOX_MEMORY') throw error;
        }
      }
      return runIn(open(strategy, sharedBytes, limits), input, limits);
    },
    idle: () => idle.length,
    dispose: () => {
      disposed = true;
      for (const warm of idle.splice(0)) warm.isolate.dispose();
    },
  };
}
