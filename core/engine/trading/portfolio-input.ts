import type { Bar } from '#core/model/bar.ts';
import type { BookSnapshots } from '#core/model/book-snapshots.ts';
import type { InnerBars } from '#core/model/inner-bars.ts';
import type { TradePlan } from '#core/model/trade-plan.ts';
import type { SwapSettings } from '../simulation-settings.ts';
import type { OrderReview } from './order-review.ts';

/** A bar of one of the markets, as the engine takes it. */
export interface EngineBar extends Bar {
  /** NaN = the data have none for the bar. */
  readonly fundingRate: number;
  /** A split or a dividend before its open. */
  readonly action?: { readonly dividend: number; readonly ratio: number } | undefined;
  /** What buys meet; left out: what sales do. */
  readonly ask?: Bar | undefined;
  /** Mark prices of the bar: liquidation and funding go by them; left out: by its own. */
  readonly mark?: Bar | undefined;
  /** Nights since the bar before for which currency positions cost interest, and its rates. */
  readonly nights?: number;
  readonly swap?: SwapSettings | undefined;
}

/** One market of an account. */
export interface PortfolioMarket {
  /** Place of the strategy that trades it; left out: the first. Two strategies on one market have it each, with a position of their own. */
  readonly strategy?: number;
  /** What is traded: those of one name take from the same volume of a bar. Left out: another than all the others. */
  readonly name?: string;
  readonly settings: Float64Array;
  /** Of this market; the account's part is taken from the first of all markets, what a strategy counts from its first. */
  readonly registers: Float64Array;
  /** It is a leg of a basket and has no rules; left out: false. */
  readonly isLeg?: boolean;
  /** What happened inside of its bars; left out: nothing is known. */
  readonly inner?: InnerBars | undefined;
  /** Recorded order books; left out: none. */
  readonly books?: BookSnapshots | undefined;
  /** Where it goes on; left out: it had no bar before. */
  readonly from?: MarketPast | undefined;
}

/** What a market was shown before. */
interface MarketPast {
  readonly bars: number;
  readonly lastBar: Bar;
  /** That bar is of the last step. */
  readonly isPresent: boolean;
}

/** A basket of the plan. */
export interface PortfolioBasket extends PortfolioMarket {
  /** Place in the plan. */
  readonly basket: number;
  /** The market whose values its rules read. */
  readonly rulesOf: number;
  /** Places of its legs among the markets, in the order of the plan. */
  readonly legs: readonly number[];
  /** Share of the price that fills of the legs are expected to be worse; the fee of its settings has it on top. */
  readonly slack: number;
}

/** What a fork of an engine has in the place of what the engine has; left out: the same. */
export interface EngineChange {
  readonly plans?: readonly TradePlan[];
  /** Gives new settings, and leaves those it is given as they are. */
  readonly settings?: (settings: Float64Array) => Float64Array;
}

/** By market: the account's currency for one of its quote, at the open of a step and at its close. */
export interface StepRates {
  readonly open: readonly number[];
  readonly close: readonly number[];
}

/** What one market of a step decides by. */
export interface MarketDecision {
  readonly market: number;
  /** null = the strategy gave none. */
  readonly row: Float64Array | null;
  /** Left out: everything may go out. */
  readonly review?: OrderReview;
}
