import type { Conventions } from '#core/engine/simulation-settings.ts';
import type { MaintenanceTier } from '#core/model/maintenance-text.ts';
import type { Fee } from '#core/model/fee-text.ts';
import { backtest, DEFAULT_LIMITS, type BacktestResult } from '#core/runtime/backtest.ts';
import { loadMarketData } from '#core/runtime/market-data.ts';
import { prepareStrategy } from '#core/runtime/prepare-strategy.ts';
import { createCompiler } from '#dsl/compile.ts';
import { sharedPath } from './shared-data.ts';

export interface ReferenceRun {
  readonly source: string;
  /** Candle file below ../shared/data. */
  readonly candles: string;
  readonly capital: number;
  readonly feeRate: number;
  /** In the place of the rate. */
  readonly fee?: Fee;
  readonly slippageRate?: number;
  /** Left out: the usual one, where the source trades on margin. */
  readonly maintenance?: readonly MaintenanceTier[];
  readonly conventions: Partial<Conventions>;
}

/** Runs a strategy under the conventions of another tool. */
export async function runReference(run: ReferenceRun): Promise<BacktestResult> {
  const { source, candles, capital, feeRate, fee, slippageRate = 0, maintenance, conventions } = run;
  const settings = { capital, feeRate, fee, slippageRate, maintenance, conventions };
  const prepared = prepareStrategy(createCompiler(), source, 'reference.strat', settings);
  if (!prepared.ok) throw new Error(prepared.error.map((diagnostic) => `${diagnostic.code} ${diagnostic.message}`).join('\n'));
  const { program } = prepared.value;
  const data = loadMarketData(
    { file: 'reference.strat', markets: program.markets, timeframe: program.timeframe },
    { data: [sharedPath(candles)], timeframe: null, from: null, to: null },
  );
  return backtest(prepared.value, data, DEFAULT_LIMITS, {});
}
