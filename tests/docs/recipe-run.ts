import { type Fill, fillsOf } from '#core/engine/log-rows.ts';
import { type Bar } from '#core/model/bar.ts';
import { barsOf } from '#core/model/columns.ts';
import { prepareStrategy } from '#core/runtime/prepare-strategy.ts';
import { createCompiler } from '#dsl/compile.ts';
import { runOnGenerated } from '../../scripts/docs/run-part.ts';
import { ROOT } from './fences.ts';

const compiler = createCompiler();

/** A trade as the claims look at it: times in ms, `from` and `to` as bars of its market (`to`: the bar of the exit; open: past the end). */
export interface RecipeTrade {
  readonly market: string;
  readonly side: 'long' | 'short';
  readonly setup: string | null;
  readonly position: number;
  readonly from: number;
  readonly to: number;
  readonly entryTime: number;
  readonly exitTime: number;
  readonly entryPrice: number;
  readonly exitPrice: number | null;
  readonly qty: number;
  readonly profit: number | null;
  readonly carry: number;
  readonly exitReason: string;
}

/** What a recipe did on generated markets. `columns`, `fills` and `equity` are those of its first market. */
export interface RecipeRun {
  readonly trades: readonly RecipeTrade[];
  readonly bars: readonly Bar[];
  readonly fills: readonly Fill[];
  /** After each bar, of the account. */
  readonly equity: readonly number[];
  /** What another column of the data held: `funding_rate`. */
  readonly further: (name: string) => readonly number[];
  readonly other: (market: string) => readonly Bar[];
}

/**
 * Runs a strategy with the costs that count when nothing is said.
 * @throws Error when it does not compile
 */
export async function runRecipe(source: string, seed: number, bars: number): Promise<RecipeRun> {
  const prepared = prepareStrategy(compiler, source, 'recipe.strat', { path: `${ROOT}recipe.strat` });
  if (!prepared.ok) throw new Error(prepared.error.map(({ code, message }) => `${code} ${message}`).join('\n'));
  const { document, outcome, markets } = await runOnGenerated(prepared.value, seed, bars);
  const of = new Map([...markets, ...markets.flatMap(({ others }) => others)].map(({ market, columns }) => [market, barsOf(columns)]));
  const trades = document.trades.map((trade) => {
    const own = of.get(trade.market)!;
    const entryTime = Date.parse(trade.entryTime);
    const exitTime = trade.exitTime === null ? Infinity : Date.parse(trade.exitTime);
    const place = (time: number): number => own.findIndex((bar) => bar.time === time);
    return {
      ...trade,
      position: trade.positionId,
      entryTime,
      exitTime,
      from: place(entryTime),
      to: exitTime === Infinity ? own.length : place(exitTime),
    };
  });
  const first = outcome.markets?.[0] ?? outcome;
  return {
    trades,
    bars: barsOf(first.columns),
    fills: fillsOf(first.log),
    equity: Array.from(outcome.equity),
    further: (name) => Array.from(markets[0]!.further.get(name as 'funding_rate') ?? []),
    other: (market) => of.get(market)!,
  };
}
