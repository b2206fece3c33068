import type { CompiledStrategy } from '#core/model/strategy-abi.ts';
import type { BacktestInput, BacktestIsolate, BacktestLimits, BacktestOutput } from './isolate.ts';
import { openBacktestIsolate } from './isolate.ts';

/** Warm isolates by strategy text: a second run of a text meets code that V8 has already optimised. */
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

  const take = (strategy: CompiledStrategy, rows: number, limits: BacktestLimits): Warm => {
    const key = `${strategy.stateSlots}/${strategy.paramCount}/${strategy.text}`;
    const index = idle.findLastIndex((warm) => warm.key === key && warm.memoryMb === limits.memoryMb && warm.isolate.rows >= rows);
    const found = index < 0 ? undefined : idle.splice(index, 1)[0];
    return found ?? { key, memoryMb: limits.memoryMb, isolate: openBacktestIsolate(strategy, limits, rows) };
  };

  const giveBack = (warm: Warm): void => {
    if (!warm.isolate.usable()) return;
    idle.push(warm);
    const keep = disposed ? 0 : maxIdle;
    while (idle.length > keep) idle.shift()?.isolate.dispose();
  };

  return {
    runBacktest: async (strategy, input, limits) => {
      const warm = take(strategy, input.columns.time.length, limits);
      try {
        return await warm.isolate.run(input, limits);
      } finally {
        giveBack(warm);
      }
    },
    idle: () => idle.length,
    dispose: () => {
      disposed = true;
      for (const warm of idle.splice(0)) warm.isolate.dispose();
    },
  };
}
