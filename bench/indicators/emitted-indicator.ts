import { type Columns, columnList, sharedDoubles } from '#core/model/columns.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { prepareSeries } from '#core/runtime/series/prepare-series.ts';
import { seriesInput } from '#core/runtime/series/series-input.ts';
import { FIRST_CHUNK, LARGEST_CHUNK } from '#core/sandbox/backtest-driver.ts';
import type { Compiler } from '#dsl/compile.ts';

const MINUTE = parseTimeframe('1m')!;

/** An expression as the compiler emits it, ready to be run over columns that are there already. */
export interface EmittedIndicator {
  /** Computes all bars from an empty state, in chunks as the driver of the isolate does. */
  readonly run: () => void;
  /** A column of values for each result. */
  readonly results: readonly Float64Array[];
}

/** @param expression of the language, one result or a group */
export function emittedIndicator(compiler: Compiler, expression: string, columns: Columns): EmittedIndicator {
  const prepared = prepareSeries(compiler, { expressions: [expression], market: 'BTC/USDT', timeframe: '1m' });
  if (!prepared.ok) throw new Error(`${expression}: ${JSON.stringify(prepared.error)}`);
  const { compiled } = prepared.value;
  const input = seriesInput(prepared.value, { timeframe: MINUTE, columns, others: [] });
  type Series = (...given: readonly unknown[]) => void;
  // oxlint-disable-next-line no-implied-eval, no-new-func, no-unsafe-call -- the emitted text is what is measured
  const { series } = new Function(`return ${compiled.text}`)() as { readonly series: Series };
  const list = columnList(columns, input.further.columns);
  const rows = columns.time.length;
  const results = Array.from({ length: compiled.results }, () => sharedDoubles(rows));
  const run = (): void => {
    const state = new Float64Array(compiled.stateSlots);
    let size = FIRST_CHUNK;
    for (let lo = 0; lo < rows;) {
      const hi = Math.min(lo + size, rows);
      series(lo, hi, list, input.params, input.settings, state, results, input.further.bars);
      lo = hi;
      if (size < LARGEST_CHUNK) size *= 2;
    }
  };
  return { run, results };
}
