import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { drawdownOf } from '#core/engine/statistics/drawdown.ts';
import type { Columns } from '#core/model/columns.ts';
import { LOG, LOG_FIELDS, LOG_KIND } from '#core/model/strategy-abi.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { freeInput } from '#core/runtime/free-run.ts';
import { prepareStrategy, type PreparedStrategy } from '#core/runtime/prepare-strategy.ts';
import {
  type BacktestInput,
  type BacktestIsolate,
  type BacktestOutput,
  openBacktestIsolate,
  sharedBytesOf,
} from '#core/sandbox/isolate.ts';
import { type Compiler, createCompiler } from '#dsl/compile.ts';
import type { Work, WorkTrade } from './work.ts';

const LIMITS = { memoryMb: 512, timeoutMs: 120_000 };
/** As the C kernels have them; the programs say the same. */
export const FEE_RATE = 0.0004;
export const NOTIONAL = 1000;
export const CAPITAL = 1e7;

/**
 * The conventions of the C kernels: a size in money is divided by the price of the fill, orders go out from the first bar on which all is known, and a target that
 * is touched is filled.
 */
const CONVENTIONS = { sizeAt: 'fill', warmup: 'first', limitFill: 'touch' } as const;

export type ProgramName = 'sma-cross' | 'rsi-bands';

/** Compiles a program of bench/programs as `strat backtest` does. */
export function preparedProgram(name: ProgramName, compiler: Compiler = createCompiler()): PreparedStrategy {
  const file = fileURLToPath(new URL(`../programs/${name}.strat`, import.meta.url));
  const prepared = prepareStrategy(compiler, readFileSync(file, 'utf8'), file, { conventions: CONVENTIONS });
  if (!prepared.ok) throw new Error(prepared.error.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return prepared.value;
}

/** What a run of a prepared program over one market takes. */
export function inputOf(prepared: PreparedStrategy, columns: Columns): BacktestInput {
  const timeframe = parseTimeframe('1m')!;
  const data = { market: 'BTC/USDT', timeframe, columns, further: new Map(), file: '', sha256: '', warnings: [], fromIndex: 0, others: [] };
  return freeInput(prepared, data);
}

/** A program in a fresh isolate. */
export function openProgram(prepared: PreparedStrategy, input: BacktestInput): BacktestIsolate {
  return openBacktestIsolate(prepared.compiled, LIMITS, sharedBytesOf(input));
}

/** Ms of a run in its isolate, and the same with the drawdown of its equity, which C computes on the way. */
export interface TimedRun {
  readonly runMs: number;
  readonly allMs: number;
  readonly output: BacktestOutput;
  readonly maxDrawdown: number;
}

export async function timedRun(isolate: BacktestIsolate, input: BacktestInput): Promise<TimedRun> {
  const started = performance.now();
  const output = await isolate.run(input, LIMITS);
  const ran = performance.now();
  const { maxShare } = drawdownOf(input.columns.time, output.equity, 0, output.equity.length, CAPITAL);
  return { runMs: ran - started, allMs: performance.now() - started, output, maxDrawdown: maxShare };
}

/** What a run did. */
export function workOf({ output: { log, equity }, maxDrawdown }: TimedRun): Work {
  const trades: WorkTrade[] = [];
  let fees = 0;
  let open = { bar: -1, cost: 0, fee: 0 };
  // Nothing is made for a row but its trade: in a process that runs once this is read by the interpreter.
  for (let row = 0; row < log.length; row += LOG_FIELDS) {
    const kind = log[row + LOG.kind]!;
    if (kind >= LOG_KIND.droppedInvalid) continue;
    const bar = log[row + LOG.bar]!;
    const fee = log[row + LOG.fee]!;
    const value = Math.abs(log[row + LOG.qty]!) * log[row + LOG.price]!;
    fees += fee;
    if (kind === LOG_KIND.entry) open = { bar, cost: value + fee, fee };
    else trades.push({ entryBar: open.bar, exitBar: bar, profit: value - fee - open.cost, fees: open.fee + fee });
  }
  return { equity: equity.at(-1)!, maxDrawdown, fees, trades };
}
