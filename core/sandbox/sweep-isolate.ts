import ivm from 'isolated-vm';
import { StratError } from '#core/errors/strat-error.ts';
import { sharedDoubles } from '#core/model/columns.ts';
import type { CompiledStrategy, SweptStrategy } from '#core/model/strategy-abi.ts';
import { BIND_VIEWS } from './backtest-driver.ts';
import { BATCH_DRIVER } from './batch-driver.ts';
import { endedBy, inSharedMemory, inTime, intoIsolate, openContext } from './hardened-context.ts';
import { runText } from './run-text.ts';
import { type IsolateLimits, isStratError } from './sandbox-error.ts';
import { SWEEP_DRIVER, TRIAL_FIELDS } from './sweep-driver.ts';

/** Series that trials with the same values of some params have in common: they are computed once for those of a block. */
export interface SharedSignals {
  /** Each as CompiledSeries has it. Their results are columns behind those of the strategy. */
  readonly groups: readonly { readonly text: string; readonly stateSlots: number; readonly count: number }[];
  /** A value of a bar stands at `index & mask` of its column, and is read for so many bars more. */
  readonly mask: number;
  readonly lookBack: number;
}

/** What all trials of a sweep have in common. Memory that is shared is read in place by every isolate. */
export interface SweepInput {
  readonly strategy: SweptStrategy | CompiledStrategy;
  /** What it reads besides; null = nothing is computed ahead, as where the engine has the rules. */
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
   * @param slots for each trial the number of its columns of each group of signals, counted from 0 in the order in which they come first
   * @throws StratError SANDBOX_*
   */
  readonly runBlock: (trials: Float64Array, count: number, slots: Float64Array) => Promise<Float64Array | null>;
  /** Waits for the call in work: to take an isolate away from below its thread can crash the process. */
  readonly dispose: () => Promise<void>;
}

/** @throws StratError SANDBOX_CRASHED when the text does not load. */
export function openSweepIsolate(input: SweepInput, limits: IsolateLimits): SweepIsolate {
  const { strategy, signals, columns, settings, from, capital, mostTrials } = input;
  const planned = 'engine' in strategy && strategy.engine !== null ? { plan: strategy.plan, conventions: strategy.engine } : null;
  const results = sharedDoubles(mostTrials * TRIAL_FIELDS);
  const equity = planned === null ? [] : [sharedDoubles(columns[0]!.length)];
  const shared = [input.flags, results, ...equity, input.registers, input.dayEnds, input.chartBars, ...columns].map(inSharedMemory);
  const bytes = shared.reduce((sum, { byteLength }) => sum + byteLength, 0) + blockBytes(input);
  const opened = openContext(strategy, { ...limits, memoryMb: limits.memoryMb + Math.ceil(bytes / 2 ** 20) }, planned !== null);
  const isBatch = planned === null;
  const driver = runText(opened.isolate, opened.context, isBatch ? BATCH_DRIVER : SWEEP_DRIVER, { filename: 'strat:sweep-driver' });
  const bind = runText(opened.isolate, opened.context, BIND_VIEWS, { filename: 'strat:bind-views' });
  const views: ivm.Reference = bind.applySync(undefined, shared.map(intoIsolate), { result: { reference: true } });
  const groups = signals?.groups ?? [];
  const texts = groups.map(({ text }) => text).join(',\n');
  const series: ivm.Reference = runText(opened.isolate, opened.context, `'use strict';\n[${texts}]`, { filename: 'strat:signals' });
  const shape = new ivm.ExternalCopy({
    mask: signals?.mask ?? 0,
    lookBack: signals?.lookBack ?? 0,
    groups: groups.map(({ stateSlots, count }) => ({ stateSlots, count })),
  });
  const plan = new ivm.ExternalCopy(planned);
  /** The call in work: what it throws is told to who made it. */
  let last: Promise<unknown> = Promise.resolve();
  let isStuck = false;
  const run = async (trials: Float64Array, count: number, slots: Float64Array): Promise<Float64Array | null> => {
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
          ...(isBatch ? [series.derefInto(), shape.copyInto(), intoIsolate(slots)] : [opened.engine?.derefInto(), plan.copyInto()]),
        ],
        { timeout: limits.timeoutMs },
      );
      return (await inTime(opened, call, limits.timeoutMs)) === true ? results.slice(0, count * TRIAL_FIELDS) : null;
    } catch (error) {
      throw endedBy(error, opened, limits);
    }
  };
  return {
    runBlock: async (trials, count, slots) => {
      const call = run(trials, count, slots);
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

/** What a block takes in the isolate: state and equity of days of each trial, and columns of signals. */
function blockBytes({ strategy, signals, dayEnds, registers, mostTrials }: SweepInput): number {
  const doubles = strategy.stateSlots + dayEnds.length + registers.length;
  const signalDoubles = signals?.groups.reduce((sum, { stateSlots, count }) => sum + stateSlots + count * (signals.mask + 1), 0) ?? 0;
  return 8 * mostTrials * (doubles + signalDoubles);
}
