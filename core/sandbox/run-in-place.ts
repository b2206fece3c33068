import { StratError } from '#core/errors/strat-error.ts';
import { TradingEngine } from '#core/engine/trading/trading-engine.ts';
import { noFurtherColumns } from '#core/model/chart-column.ts';
import { columnList } from '#core/model/columns.ts';
import { innerList } from '#core/model/inner-bars.ts';
import type { CompiledStrategy } from '#core/model/strategy-abi.ts';
import { BACKTEST_DRIVER, FLAGS, sharedLogLength } from './backtest-driver.ts';
import type { BacktestInput, BacktestOutput } from './isolate.ts';
import { wholeLog } from './whole-log.ts';
import { printable } from './sandbox-error.ts';

/** Texts of ours and of the emitter, as the isolate runs them: each is one expression in strict code. */
// oxlint-disable-next-line no-implied-eval, no-new-func, typescript/no-implied-eval
const valueOf = (text: string): unknown => (new Function(`'use strict';\nreturn ${text}`) as () => unknown)();

type Driver = (...inputs: readonly unknown[]) => Float64Array;

/**
 * Runs a backtest in this very realm, by the driver of the isolate, the emitted text and the same engine: the numbers are those of the isolate. There is no
 * limit of time or memory, and nothing between the strategy and what this realm can reach. For realms that reach nothing, as the worker of the playground.
 * @throws StratError SANDBOX_CRASHED
 */
export function runInPlace(strategy: CompiledStrategy, input: BacktestInput): BacktestOutput {
  const { columns, further, inner, params, settings } = input;
  const rows = columns.time.length;
  const flags = new Float64Array(FLAGS);
  const equity = new Float64Array(rows);
  const registers = new Float64Array(input.registers);
  const shared = new Float64Array(sharedLogLength(rows));
  const bars = further?.bars ?? noFurtherColumns(rows).bars;
  const views = [flags, equity, registers, bars, shared, ...columnList(columns, further?.columns)];
  const engine = strategy.engine === null ? [undefined, undefined] : [TradingEngine, { plan: strategy.plan, conventions: strategy.engine }];
  try {
    const drive = valueOf(BACKTEST_DRIVER) as Driver;
    const text = valueOf(strategy.text);
    const inside = inner === undefined ? undefined : innerList(inner);
    const rest = drive(text, strategy.stateSlots, views, params, settings, ...engine, inside);
    return { log: wholeLog(shared, flags, rest), equity, registers };
  } catch (error) {
    const reason = error instanceof Error ? printable(error.message) : '';
    throw new StratError('SANDBOX_CRASHED', { reason: reason === '' ? 'no reason given' : reason }, { cause: error });
  }
}
