import {
  type Conventions,
  DEFAULT_CONVENTIONS,
  type MaintenanceTier,
  settingsArray,
  type SimulationSettings,
} from '#core/engine/simulation-settings.ts';
import { openTradingRegisters } from '#core/engine/trading/registers.ts';
import { TradingEngine } from '#core/engine/trading/trading-engine.ts';
import { type Columns, columnList } from '#core/model/columns.ts';
import { ACCOUNT, ACCOUNT_FIELDS, LOG_KIND, type RunConventions } from '#core/model/strategy-abi.ts';
import { resolveSettings } from '#core/runtime/resolve-settings.ts';
import { fundingPlace } from '#dsl/graph/columns.ts';
import { PlannedValues } from '#dsl/graph/planned-values.ts';
import type { Program } from '#dsl/program.ts';
import { tradePlanOf } from '#dsl/trade-plan.ts';
import type { Further } from './three-forms.ts';

export const CAPITAL = 10_000;
export const LIQUIDATION_RATE = 0.0015;
export const MAINTENANCE: readonly MaintenanceTier[] = [
  { from: 0, rate: 0.0008 },
  { from: 1.5 * CAPITAL, rate: 0.004 },
];

/** Settings for random programs: what they say of margin and funding, tiers that their positions reach, and costs of every kind unless told. */
export function plannedSettings(program: Program, rows: number, rest: PlannedSettings = {}): Float64Array {
  const { firstBar = 0, conventions, ...costs } = rest;
  const said = resolveSettings({}, program);
  const margin =
    said.margin === undefined ? {} : { margin: { ...said.margin, maintenance: MAINTENANCE, liquidationRate: LIQUIDATION_RATE } };
  return settingsArray(
    {
      ...said,
      ...margin,
      capital: CAPITAL,
      feeRate: 0.001,
      makerRate: 0.0004,
      borrowRate: 0.1,
      slippageRate: 0.0005,
      ...costs,
      conventions: { ...DEFAULT_CONVENTIONS, ...conventions },
    },
    firstBar,
    rows,
  );
}

interface PlannedSettings extends Partial<Pick<SimulationSettings, 'feeRate' | 'makerRate' | 'borrowRate' | 'slippageRate'>> {
  readonly firstBar?: number;
  readonly conventions?: Partial<Conventions>;
}

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
  const funding = fundingPlace(program);
  const equity: number[] = [];
  const log: number[] = [];
  for (let i = 0; i < columns.close.length; i++) {
    const [time, open, high, low, close] = [columns.time, columns.open, columns.high, columns.low, columns.close].map(
      (column) => column[i]!,
    );
    engine.openBar(i, time!, open!, high!, low!, close!, funding === null ? Number.NaN : list[funding]![i]!);
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
