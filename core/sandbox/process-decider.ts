import type { Bar } from '#core/model/bar.ts';
import type { CompiledStrategy } from '#core/model/strategy-abi.ts';
import type { DeciderOptions } from './decider.ts';
import type { HistoryRows } from './history-rows.ts';
import { sandboxFault } from './process-backtest.ts';
import { startRunner } from './runner.ts';

/** A strategy's `decide` bar by bar, wherever it runs. */
export interface BarDecider {
  /** `tail`: what the strategy reads behind the candles, as in `Decider`. */
  readonly decide: (index: number, bar: Bar, account: Float64Array, tail?: Float64Array) => Promise<Float64Array>;
  readonly close: () => Promise<void>;
}

/**
 * A decider in a runner process, for strategies with code of strangers in them.
 * @param history what it is shown first
 * @throws StratError SANDBOX_*, as those of this process
 */
export async function openProcessDecider(
  strategy: CompiledStrategy,
  { params, settings, limits }: DeciderOptions,
  signal: AbortSignal | undefined,
  history?: HistoryRows,
): Promise<BarDecider> {
  const told = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw sandboxFault(error, limits);
    }
  };
  const runner = await told(
    startRunner({
      id: 'backtest',
      strategy,
      params,
      settings,
      limits,
      ...(signal === undefined ? {} : { signal }),
      ...(history === undefined ? {} : { history }),
    }),
  );
  return { decide: (index, bar, account, tail) => told(runner.decide(index, bar, account, tail)), close: runner.close };
}
