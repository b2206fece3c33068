import { isStratError } from '#core/errors/strat-error.ts';
import type { Metrics } from '#core/engine/statistics/metrics.ts';
import { DEFAULT_LIMITS, runStrategies } from '#core/runtime/backtest.ts';
import type { PlainTrial } from '#core/runtime/sweep/plain-sweep.ts';
import { metricsOfResult } from '#core/runtime/sweep/trial-metrics.ts';
import type { Command, CommandInput, CommandIo } from '../command.ts';
import { openSimulation } from '../simulation-input.ts';

/** The figures of a backtest with these values set, as `strat backtest` gives them; an error is what it would say. */
export async function setMetrics(
  command: Command,
  input: CommandInput,
  io: CommandIo,
  values: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<{ readonly metrics: Metrics } | { readonly error: string }> {
  const set = Object.entries(values).map(([name, text]) => `${name}=${text}`);
  const withValues: CommandInput = {
    args: input.args,
    flag: (name) => name !== 'json' && input.flag(name),
    value: (name) => input.value(name),
    values: (name) => (name === 'set' ? [...input.values('set'), ...set] : input.values(name)),
  };
  let told = '';
  const quiet: CommandIo = { ...io, out: () => undefined, err: (text) => void (told += text), showsProgress: false };
  try {
    const run = await openSimulation(command, withValues, quiet);
    if (run === null) return { error: told.split('\n')[0] ?? 'it does not compile' };
    try {
      const limits = { ...DEFAULT_LIMITS, seed: null, ...(signal === undefined ? {} : { signal }) };
      const { document } = await runStrategies(run.strategies, limits, {}, run.rules, run.account);
      return { metrics: document.metrics };
    } finally {
      await run.close();
    }
  } catch (error) {
    if (!isStratError(error) || (error.code !== 'PARAM_VALUE' && error.code !== 'PARAM_LENGTH')) {
      if (signal?.aborted === true) return { error: 'stopped' };
      throw error;
    }
    return { error: error.message };
  }
}

/** The same as a trial of a sweep. */
export async function plainTrial(...asked: Parameters<typeof setMetrics>): Promise<PlainTrial> {
  const result = await setMetrics(...asked);
  return 'error' in result ? result : { metrics: metricsOfResult(result.metrics) };
}
