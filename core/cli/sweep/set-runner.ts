import { isStratError } from '#core/errors/strat-error.ts';
import type { Metrics } from '#core/engine/statistics/metrics.ts';
import { DEFAULT_LIMITS, runStrategies } from '#core/runtime/backtest.ts';
import type { PlainTrial, SetValues } from '#core/runtime/sweep/plain-trial.ts';
import { metricsOfResult } from '#core/runtime/sweep/trial-metrics.ts';
import type { Command, CommandInput, CommandIo } from '../command.ts';
import type { ReadCandles } from '../read-candles.ts';
import { openSimulation } from '../simulation-input.ts';

/** Runs sets of a sweep as `strat backtest --set` would, on candles that are read once. */
export class SetRunner {
  readonly #command: Command;
  readonly #input: CommandInput;
  readonly #io: CommandIo;
  readonly #read: ReadCandles;

  constructor(command: Command, input: CommandInput, io: CommandIo, read: ReadCandles) {
    this.#command = command;
    this.#input = input;
    this.#io = io;
    this.#read = read;
  }

  /** The figures of a backtest with these values set; an error is what it would say. */
  async metrics(values: SetValues, signal?: AbortSignal): Promise<{ readonly metrics: Metrics } | { readonly error: string }> {
    const input = this.#input;
    const set = Object.entries(values).map(([name, text]) => `${name}=${text}`);
    const withValues: CommandInput = {
      args: input.args,
      flag: (name) => name !== 'json' && input.flag(name),
      value: (name) => input.value(name),
      values: (name) => (name === 'set' ? [...input.values('set'), ...set] : input.values(name)),
    };
    let told = '';
    const quiet: CommandIo = { ...this.#io, out: () => undefined, err: (text) => void (told += text), showsProgress: false };
    try {
      const run = await openSimulation(this.#command, withValues, quiet, { read: this.#read });
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

  /** The same as a trial of the sweep. */
  async trial(values: SetValues, signal?: AbortSignal): Promise<PlainTrial> {
    const result = await this.metrics(values, signal);
    return 'error' in result ? result : { metrics: metricsOfResult(result.metrics) };
  }
}
