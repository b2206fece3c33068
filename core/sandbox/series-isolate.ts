import { StratError } from '#core/errors/strat-error.ts';
import type { FurtherColumns } from '#core/model/chart-column.ts';
import { type Columns, columnList, sharedDoubles } from '#core/model/columns.ts';
import { FIRST_CHUNK, LARGEST_CHUNK } from './backtest-driver.ts';
import { endedBy, inSharedMemory, inTime, intoIsolate, openContext } from './hardened-context.ts';
import { runText } from './run-text.ts';
import type { IsolateLimits } from './sandbox-error.ts';

/** Emitted code that gives columns of results (dsl/emit/emit-series.ts), as far as it is run here. */
export interface SeriesCode {
  readonly text: string;
  readonly stateSlots: number;
  readonly results: number;
  readonly plugins: readonly { readonly slot: number }[];
}

export interface SeriesRun {
  readonly columns: Columns;
  /** What the code reads besides the candles. */
  readonly further: FurtherColumns;
  readonly params: Float64Array;
  /** In SETTING order. */
  readonly settings: Float64Array;
}

export interface SeriesOutput {
  /** A value a bar each. */
  readonly results: readonly Float64Array[];
  /** Of each use of a plugin, what the state holds of it after the last bar. */
  readonly statuses: Float64Array;
}

/** Text of the function that drives `series` over all bars in chunks, inside the isolate; gives the values of the state at `slots`. */
const SERIES_DRIVER = `'use strict';
(function (strategy, stateSlots, slots, params, settings, bars, resultCount, ...views) {
  const counts = views[0];
  const results = [];
  const columns = [];
  for (let k = 1; k < views.length; k += 1) {
    if (k <= resultCount) results[k - 1] = views[k];
    else columns[k - 1 - resultCount] = views[k];
  }
  const state = new Float64Array(stateSlots);
  const series = strategy.series;
  let size = ${FIRST_CHUNK};
  for (let lo = 0; lo < bars;) {
    const hi = lo + size < bars ? lo + size : bars;
    series(lo, hi, columns, params, settings, state, results, counts);
    lo = hi;
    if (size < ${LARGEST_CHUNK}) size *= 2;
  }
  const statuses = new Float64Array(slots.length);
  for (let k = 0; k < slots.length; k += 1) statuses[k] = state[slots[k]];
  return statuses;
})`;

/**
 * Computes series in a fresh isolate.
 * @throws StratError SANDBOX_TIMEOUT, SANDBOX_MEMORY, SANDBOX_CRASHED, SANDBOX_STUCK
 */
export async function runSeries(code: SeriesCode, run: SeriesRun, limits: IsolateLimits): Promise<SeriesOutput> {
  const bars = run.columns.time.length;
  const columns = columnList(run.columns, run.further.columns).map(inSharedMemory);
  const results = Array.from({ length: code.results }, () => sharedDoubles(bars));
  const memory = [inSharedMemory(run.further.bars), ...results, ...columns];
  const sharedBytes = memory.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  const opened = openContext(code, { ...limits, memoryMb: limits.memoryMb + Math.ceil(sharedBytes / 2 ** 20) }, false);
  try {
    const driver = runText(opened.isolate, opened.context, SERIES_DRIVER, { filename: 'strat:series-driver' });
    const slots = Float64Array.from(code.plugins, ({ slot }) => slot);
    const call: Promise<unknown> = driver.apply(
      undefined,
      [
        opened.strategy.derefInto(),
        code.stateSlots,
        ...[slots, run.params, run.settings].map(intoIsolate),
        bars,
        code.results,
        ...memory.map(intoIsolate),
      ],
      { timeout: limits.timeoutMs, result: { copy: true } },
    );
    const statuses = await inTime(opened, call, limits.timeoutMs);
    if (!(statuses instanceof Float64Array)) throw new StratError('SANDBOX_CRASHED', { reason: 'the driver returned no statuses' });
    opened.dispose();
    return { results, statuses };
  } catch (error) {
    throw endedBy(error, opened, limits);
  }
}
