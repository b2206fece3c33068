import fc from 'fast-check';
import { type Conventions, DEFAULT_CONVENTIONS, settingsArray, type SimulationSettings } from '#core/engine/simulation-settings.ts';
import type { MaintenanceTier } from '#core/model/maintenance-text.ts';
import type { FeeModels } from '#core/model/fee-text.ts';
import { resolveSettings } from '#core/runtime/resolve-settings.ts';
import type { Program } from '#dsl/program.ts';
import { CAPITAL } from './three-forms.ts';

export const LIQUIDATION_RATE = 0.0015;
export const MAINTENANCE: readonly MaintenanceTier[] = [
  { from: 0, rate: 0.0008 },
  { from: 1.5 * CAPITAL, rate: 0.004 },
];

/** Settings for random programs: what they say of margin and funding, tiers that their positions reach, and costs of every kind unless told. */
export function plannedSettings(program: Program, rows: number, rest: PlannedSettings = {}): Float64Array {
  const { firstBar = 0, conventions, isInverse = false, ...costs } = rest;
  const { isInBase, ...fees } = costs.fees ?? {};
  const { account } = program;
  const said = resolveSettings({}, isInverse ? { ...program, account: { ...account, margin: account.margin ?? 'cross' } } : program);
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
      ...(isInverse ? { isInverse } : {}),
      // On margin nothing is bought that a fee could be taken from.
      ...(costs.fees === undefined ? {} : { fees: { ...fees, ...(isInBase === true && said.margin === undefined ? { isInBase } : {}) } }),
      conventions: { ...DEFAULT_CONVENTIONS, ...conventions },
    },
    firstBar,
    rows,
  );
}

/** Random runs trade a few times their capital a day. */
export const anyFees: fc.Arbitrary<FeeModels> = fc.oneof(
  fc.record({ perUnit: fc.constantFrom(0.01, 1), least: fc.constantFrom(0, 20) }),
  fc.record(
    {
      tiers: fc.constant([
        { from: 0, maker: 0.0008, taker: 0.001 },
        { from: 2 * CAPITAL, maker: 0.0004, taker: 0.0007 },
        { from: 10 * CAPITAL, maker: 0, taker: 0.0002 },
      ]),
      isInBase: fc.constant(true as const),
    },
    { requiredKeys: [] },
  ),
);

/** Models of costs that only the engine knows. Random bars trade up to 90,000 units, and positions hold about 100. */
export const anyCostModels: fc.Arbitrary<CostModels> = fc.record(
  {
    participation: fc.constantFrom(0.0005, 0.005, 0.05),
    queue: fc.constantFrom({ qty: 0 }, { qty: 5000 }, { share: 0.05 }),
    minNotional: fc.constantFrom(10, 500, 4000),
    fees: anyFees,
    latency: fc.constantFrom({ ms: 1000 }, { ms: 1_800_000 }, { bars: 1 }, { bars: 2 }),
    slippage: fc.record(
      {
        spreadRate: fc.constantFrom(0.0004, 0.002),
        spreadPips: fc.constantFrom(2, 500),
        volumeShare: fc.constantFrom(0.1, 5),
        squareRoot: fc.constantFrom(0.5, 2),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);
/** What is told of orders under these models alone, by names of LOG_KIND. */
export const MODEL_EVENTS: readonly string[] = ['partFilled'];

/** A quarter of the runs. */
export const anyIsInverse = fc.constantFrom(false, false, false, true);

export type CostModels = Pick<SimulationSettings, 'participation' | 'queue' | 'minNotional' | 'slippage' | 'fees' | 'latency'>;

interface PlannedSettings extends CostModels, Partial<Pick<SimulationSettings, 'feeRate' | 'makerRate' | 'borrowRate' | 'slippageRate'>> {
  readonly firstBar?: number;
  readonly conventions?: Partial<Conventions>;
  /** Left out: false. */
  readonly isInverse?: boolean;
}
