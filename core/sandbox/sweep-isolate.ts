import ivm from 'isolated-vm';
import { StratError } from '#core/errors/strat-error.ts';
import { sharedDoubles } from '#core/model/columns.ts';
import type { CompiledStrategy } from '#core/model/strategy-abi.ts';
import { BIND_VIEWS } from './backtest-driver.ts';
import { endedBy, inSharedMemory, inTime, intoIsolate, openContext } from './hardened-context.ts';
import { type IsolateLimits, isStratError } from './sandbox-error.ts';
import { SWEEP_DRIVER, TRIAL_FIELDS } from './sweep-driver.ts';

/** Series that trials with the same values of some params have in common: they are computed once for those that follow each other. */
export interface SharedSignals {
  /** As CompiledSeries has it. Its results are columns behind those of the strategy. */
  readonly text: string;
  readonly stateSlots: number;
  readonly count: number;
  /** For each param 1 where another value makes other series, else 0. */
  readonly fixed: Float64Array;
}

/** What all trials of a sweep have in common. Memory that is shared is read in place by every isolate. */
export interface SweepInput {
  readonly strategy: CompiledStrategy;
  /** What it reads besides; null = nothing is computed ahead. */
  readonly signals: SharedSignals | null;
  /** Candles in COLUMN_NAMES order, then what `strategy.columns` asks for. */
  readonly columns: readonly Float64Array[];
  /** Number of bars of each chart. */
  readonly chartBars: Float64Array;
  /** In SETTING order; each trial has its own first bar. */
  readonly settings: Float64Array;
  /** Registers before the first bar. */
  readonly registers: Float64Array;
  /** Index of the last bar of each day, of the bars that count. */
  readonly dayEnds: Float64Array;
  /** First bar that counts. */
  readonly from: number;
  readonly capital: number;
  /** Doubles of SWEEP_FLAG in shared memory. */
  readonly flags: Float64Array;
  /** Trials of a block at most. */
  readonly mostTrials: number;
}

/** A strategy loaded in an isolate of its own, for any number of blocks of trials. */
export interface SweepIsolate {
  /**
   * Runs trials one after another on a thread of isolated-vm; each is its first bar and the values of its params. Gives TRIAL_FIELDS doubles for each, null when it was
   * cancelled. One call at a time.
   * @throws StratError SANDBOX_*
   */
  readonly runBlock: (trials: Float64Array, count: number) => Promise<Float64Array | null>;
  /** Waits for the call in work: to take an isolate away from below its thread can crash the process. */
  readonly dispose: () => Promise<void>;
}

/** @throws StratError SANDBOX_CRASHED when the text does not load. */
export function openSweepIsolate(input: SweepInput, limits: IsolateLimits): SweepIsolate {
  const { strategy, signals, columns, settings, from, capital, mostTrials } = input;
  const equity = sharedDoubles(columns[0]!.length);
  const results = sharedDoubles(mostTrials * TRIAL_FIELDS);
  const shared = [input.flags, results, equity, input.registers, input.dayEnds, input.chartBars, ...columns].map(inSharedMemory);
  const bytes = shared.reduce((sum, { byteLength }) => sum + byteLength, 0) + (signals?.count ?? 0) * equity.byteLength;
  const opened = openContext(strategy, { ...limits, memoryMb: limits.memoryMb + Math.ceil(bytes / 2 ** 20) }, strategy.engine !== null);
  const driver = opened.context.evalSync(SWEEP_DRIVER, { filename: 'strat:sweep-driver', reference: true });
  const bind = opened.context.evalSync(BIND_VIEWS, { filename: 'strat:bind-views', reference: true });
  const views: ivm.Reference = bind.applySync(undefined, shared.map(intoIsolate), { result: { reference: true } });
  const series: ivm.Reference | undefined =
    signals === null
      ? undefined
      : opened.context.evalSync(`'use strict';\n${signals.text}`, { filename: 'strat:signals', reference: true });
  const shape =
    signals === null ? undefined : new ivm.ExternalCopy({ stateSlots: signals.stateSlots, count: signals.count, fixed: signals.fixed });
  const planned = strategy.engine === null ? undefined : new ivm.ExternalCopy({ plan: strategy.plan, conventions: strategy.engine });
  /** The call in work: what it throws is told to who made it. */
  let last: Promise<unknown> = Promise.resolve();
  let isStuck = false;
  const run = async (trials: Float64Array, count: number): Promise<Float64Array | null> => {
    if (count > mostTrials) throw new StratError('SANDBOX_INPUT', { reason: `${count} trials in a block of at most ${mostTrials}` });
    if (count === 0) return new Float64Array(0);
    try {
      const call: Promise<unknown> = driver.apply(
        undefined,
        [
          opened.strategy.derefInto(),
          strategy.stateSlots,
          views.derefInto(),
          intoIsolate(trials),
          count,
          from,
          capital,
          intoIsolate(settings),
          opened.engine?.derefInto(),
          planned?.copyInto(),
          series?.derefInto(),
          shape?.copyInto(),
        ],
        { timeout: limits.timeoutMs },
      );
      return (await inTime(opened, call, limits.timeoutMs)) === true ? results.slice(0, count * TRIAL_FIELDS) : null;
    } catch (error) {
      throw endedBy(error, opened, limits);
    }
  };
  return {
    runBlock: async (trials, count) => {
      const call = run(trials, count);
      last = call.catch((error: unknown) => {
        isStuck = isStratError(error) && error.code === 'SANDBOX_STUCK';
      });
      return call;
    },
    dispose: async () => {
      await last;
      if (!isStuck) opened.dispose();
    },
  };
}
