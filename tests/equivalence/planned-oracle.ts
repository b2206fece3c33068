import { openTradingRegisters } from '#core/engine/trading/registers.ts';
import { TradingEngine } from '#core/engine/trading/trading-engine.ts';
import { type Columns, columnList } from '#core/model/columns.ts';
import { ACCOUNT, ACCOUNT_FIELDS, LOG_KIND, type RunConventions } from '#core/model/strategy-abi.ts';
import { PlannedValues } from '#dsl/graph/planned-values.ts';
import type { Program } from '#dsl/program.ts';
import { tradePlanOf } from '#dsl/trade-plan.ts';
import type { Further } from './three-forms.ts';

export const CAPITAL = 10_000;

export interface Outcome {
  readonly log: readonly number[];
  readonly equity: readonly number[];
  readonly registers: readonly number[];
}

/** The engine on the host, fed by the evaluator. What happened to plugins on a bar is told before what happened to orders. */
export function runOracle(
  program: Program,
  columns: Columns,
  params: Float64Array,
  settings: Float64Array,
  conventions: RunConventions,
  further: Further,
): Outcome {
  const { plan } = tradePlanOf(program);
  const registers = openTradingRegisters(plan, CAPITAL);
  const engine = new TradingEngine(plan, settings, conventions, registers);
  const values = new PlannedValues(program, params, settings);
  const list = columnList(columns, further.arrays);
  const equity: number[] = [];
  const log: number[] = [];
  for (let i = 0; i < columns.close.length; i++) {
    engine.openBar(i, columns.time[i]!, columns.open[i]!, columns.high[i]!, columns.low[i]!, columns.close[i]!);
    engine.mark(columns.close[i]!);
    engine.decide(i, values.at(i, list, registers.slice(0, ACCOUNT_FIELDS)));
    equity.push(registers[ACCOUNT.equity]!);
    const { flagged, disabled } = values.pluginFaults();
    const tell = (kind: number, uses: number): void => {
      if (uses > 0) log.push(kind, i, Number.NaN, columns.close[i]!, columns.close[i]!, 0, uses);
    };
    tell(LOG_KIND.pluginFlagged, flagged);
    tell(LOG_KIND.pluginDisabled, disabled);
    log.push(...engine.drainLog());
  }
  return { log, equity, registers: [...registers] };
}
