import { fileColumns } from '../../core/data/columns/column-stream.ts';
import type { BacktestDocument } from '../../core/runtime/backtest-document.ts';
import { accountBacktest, backtest, DEFAULT_LIMITS } from '../../core/runtime/backtest.ts';
import { otherMarkets } from '../../core/runtime/further-columns.ts';
import type { PreparedStrategy } from '../../core/runtime/prepare-strategy.ts';
import { syntheticMarkets } from '../../core/runtime/synthetic-market-data.ts';

/** Generated bars that examples run on. */
export const BARS = 2000;

/** Runs the strategy of an example in the sandbox, on the markets of `--synthetic 1`. */
export async function runPrepared(prepared: PreparedStrategy): Promise<BacktestDocument> {
  const { program } = prepared;
  const legs = program.baskets.flatMap((basket) => basket.legs.map(({ market }) => market));
  const needs = {
    file: 'example.strat',
    markets: [...new Set([...program.markets, ...legs])],
    timeframe: program.timeframe,
    reads: otherMarkets(program),
    wanted: fileColumns(program.columns),
    ...(program.universe === null ? {} : { universe: program.universe }),
  };
  const markets = syntheticMarkets(needs, { seed: 1, bars: BARS, timeframe: null });
  const limits = { ...DEFAULT_LIMITS, seed: null };
  const isAlone = markets.length === 1 && program.universe === null && program.baskets.length === 0;
  const run = isAlone
    ? backtest(prepared, markets[0]!, limits, {})
    : accountBacktest([{ label: 'example', prepared, markets }], limits, {});
  return (await run).document;
}
