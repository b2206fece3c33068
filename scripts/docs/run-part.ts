import { type BacktestResult, DEFAULT_LIMITS, isAlone, runStrategies } from '../../core/runtime/backtest.ts';
import type { BacktestDocument } from '../../core/runtime/backtest-document.ts';
import { dataNeeds } from '../../core/runtime/data-needs.ts';
import { evaluateRun } from '../../core/runtime/evaluate-run.ts';
import { freeInput } from '../../core/runtime/free-run.ts';
import type { MarketData } from '../../core/runtime/market-data.ts';
import type { PreparedStrategy } from '../../core/runtime/prepare-strategy.ts';
import { syntheticMarkets } from '../../core/runtime/synthetic-market-data.ts';
import { runInPlace } from '../../core/sandbox/run-in-place.ts';

/** Generated bars that examples run on. */
export const BARS = 2000;

/** A run and the candles that it was over. */
export interface GeneratedRun {
  readonly document: BacktestDocument;
  readonly outcome: BacktestResult['outcome'];
  readonly markets: readonly MarketData[];
}

/** Runs a strategy on the markets of `--synthetic SEED`, with the result of the command line. What trades one market runs here, which is quicker; the texts are ours. */
export async function runOnGenerated(prepared: PreparedStrategy, seed = 1, bars = BARS): Promise<GeneratedRun> {
  const markets = syntheticMarkets(dataNeeds(prepared), { seed, bars, timeframe: null });
  const strategies = [{ label: prepared.source.name, prepared, markets }];
  const limits = { ...DEFAULT_LIMITS, seed: null };
  if (!isAlone(strategies) || prepared.source.plugins.length > 0) return { ...(await runStrategies(strategies, limits, {})), markets };
  const [data] = markets as readonly [MarketData];
  const input = freeInput(prepared, data);
  const { log, equity } = runInPlace(prepared.compiled, input);
  const outcome = { columns: data.columns, further: input.further, fromIndex: data.fromIndex, log, equity, data };
  const { document } = evaluateRun(strategies, outcome, new Map(), { seed: null }, {}, [], { runMs: 0, ran: performance.now() });
  return { document, outcome, markets };
}
