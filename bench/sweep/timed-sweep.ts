import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Columns } from '#core/model/columns.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { prepareStrategy, type PreparedStrategy } from '#core/runtime/prepare-strategy.ts';
import { blockSweep } from '#core/runtime/sweep/block-sweep.ts';
import { type ParamAxis, declaredAxis } from '#core/runtime/sweep/param-axis.ts';
import { SweepBook } from '#core/runtime/sweep/sweep-book.ts';
import { gridSpace } from '#core/runtime/sweep/sweep-space.ts';
import type { TrialMetrics } from '#core/runtime/sweep/trial-metrics.ts';
import { createCompiler } from '#dsl/compile.ts';

/** As the C kernels have them (bench/limit/timed-program.ts). */
const CONVENTIONS = { sizeAt: 'fill', warmup: 'first', limitFill: 'touch' } as const;

/** A program of bench/programs and all values that its params declare. */
export interface SweptProgram {
  readonly prepared: PreparedStrategy;
  readonly axes: readonly ParamAxis[];
}

/** @param order names of the params, the one that changes fastest last */
export function sweptProgram(name: 'sma-sweep' | 'exit-sweep', order: readonly string[]): SweptProgram {
  const file = fileURLToPath(new URL(`../programs/${name}.strat`, import.meta.url));
  const prepared = prepareStrategy(createCompiler(), readFileSync(file, 'utf8'), file, { conventions: CONVENTIONS });
  if (!prepared.ok) throw new Error(prepared.error.map(({ code, message }) => `${code} ${message}`).join('\n'));
  const { params } = prepared.value.program;
  const axes = order.map((param) => {
    const index = params.findIndex((one) => one.name === param);
    const axis = declaredAxis(params[index]!, index);
    if (!axis.ok) throw new Error(axis.error);
    return axis.value;
  });
  return { prepared: prepared.value, axes };
}

/** What all sets of a sweep did, and how long they took, threads started and ended. */
export interface TimedSweep {
  readonly ms: number;
  /** Time of processors, of all threads. */
  readonly cpuMs: number;
  readonly sets: number;
  readonly equity: number;
  readonly trades: number;
  /** The deepest, as a share. */
  readonly drawdown: number;
}

export async function timedSweep(
  { prepared, axes }: SweptProgram,
  columns: Columns,
  workers: number,
  isAllAnew = false,
): Promise<TimedSweep> {
  const space = gridSpace(axes);
  let [sets, equity, trades, drawdown] = [0, 0, 0, 0];
  /** Adds up what the sets did. */
  class SummingBook extends SweepBook {
    override add(set: number, metrics: TrialMetrics): void {
      sets += 1;
      equity += metrics.finalEquity!;
      trades += metrics.tradeCount!;
      drawdown = Math.max(drawdown, metrics.maxDrawdownPct! / 100);
      super.add(set, metrics);
    }
  }
  const timeframe = parseTimeframe('1m')!;
  const data = { market: 'BTC/USDT', timeframe, columns, further: new Map(), file: '', sha256: '', warnings: [], fromIndex: 0, others: [] };
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  const watch = { signal: new AbortController().signal, onProgress: () => undefined, isAllAnew };
  await blockSweep(prepared, data, space, new SummingBook(space, 'sharpe', 10), workers, watch);
  const { user, system } = process.cpuUsage(cpu);
  return { ms: performance.now() - started, cpuMs: (user + system) / 1000, sets, equity, trades, drawdown };
}
