import type { ChartColumn } from './chart-column.ts';
import type { TradePlan } from './trade-plan.ts';

/**
 * The numeric interface between a compiled strategy, the interpreter and the engine: plain doubles in fixed places, so
 * that the same decision is the same bits on the host, in an isolate and in a journal. `docs/engine.md` gives the meaning.
 */

/** What `decide` may know of the account: one column per register, its value at the close of the bar after that bar's fills. */
export const ACCOUNT = {
  /** Position in base units; negative = short, 0 = flat. */
  qty: 0,
  /** Average entry price; NaN when flat. */
  avgPrice: 1,
  /** Index of the bar of the first entry fill; NaN when flat. */
  entryBar: 2,
  /** Open time of that bar, ms; NaN when flat. */
  entryTime: 3,
  /** Distance from the first fill to the initial stop, in price; NaN when flat or without a stop. */
  riskDistance: 4,
  cash: 5,
  /** cash + qty * close. */
  equity: 6,
  /** Highest equity at any close so far, the starting capital included. */
  peakEquity: 7,
  /** Price of the last fill; NaN before the first. */
  lastFill: 8,
  /** Positions closed (flat to flat), of these won (net profit > 0) and lost, and lost in a row at the end. */
  trades: 9,
  wins: 10,
  losses: 11,
  losingStreak: 12,
  /** Fills that added to the open position; 0 when flat. */
  adds: 13,
} as const;
export const ACCOUNT_FIELDS = 14;
export type AccountRegister = keyof typeof ACCOUNT;

/** Kinds of amounts. Fractions and money in doubles: 10 % = 0.1. */
export const SIZE = {
  none: 0,
  quantity: 1,
  money: 2,
  equityShare: 3,
  cashShare: 4,
  riskMoney: 5,
  riskEquityShare: 6,
  riskCashShare: 7,
  /** Share of the Kelly share of equity (docs/engine.md). */
  kellyShare: 8,
} as const;

/** A row of the run's log: a fill, or an event (`kind` >= 100). */
export const LOG = {
  kind: 0,
  /** Index of the bar in which it happened. */
  bar: 1,
  /** Signed base units: + bought, - sold. Of an event: the quantity that was wanted, NaN if it had none. */
  qty: 2,
  price: 3,
  /** The price before slippage. */
  refPrice: 4,
  /** In quote units. */
  fee: 5,
  /** Index of the entry or exit rule (file order) behind it; -1 for levels and the end of the data. Of plugins: which (as in ROW_TAIL). */
  rule: 6,
} as const;
export const LOG_FIELDS = 7;
/** At most so many rows a bar: two fills at the open, two stops, two at the close, as many events, and two of plugins. */
export const LOG_ROWS_PER_BAR = 10;

export const LOG_KIND = {
  entry: 1,
  /** Closed (in part) by an exit rule. */
  exit: 2,
  stop: 3,
  trail: 4,
  /** `closeAtEnd`. */
  end: 5,
  /** Ordered by a person, a risk rule or the `risk` block. */
  flatten: 6,
  /** A target; `rule` = its place in the block. */
  take: 7,
  /** The stop that `breakeven` moved. */
  breakeven: 8,
  /** `timeout`. */
  timeout: 9,
  /** More of an open position; `rule` = the entry rule of the position. */
  add: 10,
  /** Closed by the venue: what backed the position had fallen to the maintenance margin. */
  liquidation: 11,
  /** Money without a fill: `qty` = the position it is for, `price` = what that was valued at, `refPrice` = the rate, `fee` = what was paid (negative = received). */
  funding: 12,
  borrow: 13,
  /** Loss beyond the margin of an isolated position, which the venue bears; told before the fill. */
  covered: 14,
  /** Cash for each share held, received by a long and paid by a short; `refPrice` = for one share. */
  dividend: 15,
  /** Interest of a currency position for nights; `refPrice` = the rate of a year. */
  swap: 17,
  /** The market ended: what was held went at the last close. */
  delisting: 16,
  /** A market left the universe, or has more than its weight. */
  rebalance: 18,
  /** E1001: the order had a number that is not finite or not above zero. */
  droppedInvalid: 100,
  /** E1001: nothing was left of the quantity after rounding down to the lot or cutting to the cash, or less than the minimum notional. */
  droppedTooSmall: 101,
  /** E1001: cut to what the cash pays for. */
  cutToCash: 102,
  /** E1005: plugins gave an infinite value, which became na; `rule` says which. */
  pluginFlagged: 103,
  /** E1005: plugins were disabled for the rest of the run. */
  pluginDisabled: 104,
  /** E1004: a risk limit refused or cut an entry; `rule` = the entry, `qty` = what was wanted. */
  limited: 105,
  /** A post-only order that would have filled at once. */
  refusedPostOnly: 106,
  /** Stop and target lay in one bar and the stop was taken; `price` = the target's, `qty` = what would have filled there. */
  ambiguous: 107,
  /** A risk limit acted; `rule` = its place. */
  limitActed: 108,
  /** Nothing is left of the account: it trades no more. */
  bankrupt: 109,
  /** Funding was due at a rate that nobody knows. */
  fundingUnknown: 110,
  /** A value in the reason of the fill that follows, at the bar of its signal: `price` = the value, `rule` = its place in the text. */
  said: 111,
  /** The volume of the bar gave an order less than it wanted (`qty`); told once an order. */
  partFilled: 112,
} as const;

/** Settings that emitted code and engine read; all doubles. */
export const SETTING = {
  /** Share of the traded value per fill. */
  feeRate: 0,
  /** Share of the price by which a market or stop fill is worse, whatever its size. */
  slippageRate: 1,
  /** Smallest step of a quantity and of a price, 0 = none; `...Inverse` = 1 / step where that is a whole number, else 0. */
  lot: 2,
  lotInverse: 3,
  tick: 4,
  tickInverse: 5,
  /** Index of the first bar on which an order may be decided. */
  firstBar: 6,
  /** With closeAtEnd: index of the bar at whose close the final exit is ordered (the last but one); else -1. */
  endBar: 7,
  /** What `pip` and `contract` mean for the market: a distance in price, and a quantity. */
  pip: 8,
  contract: 9,
  /** Share of the traded value of a fill that rested in the book. */
  makerRate: 10,
  /** Share of the value of a short position, a year. */
  borrowRate: 11,
  /** Value of a position over what it takes as margin; 1 = none is borrowed. */
  leverage: 12,
  /** MARGIN_KIND. */
  marginKind: 13,
  /** Share of the value that a liquidation costs, in place of the fee. */
  liquidationRate: 14,
  /** Time between fundings, ms since the epoch being one; 0 = none are paid. */
  fundingMs: 15,
  /** Share of the value that longs pay to shorts each time; NaN = that of the data. */
  fundingRate: 16,
  /** Share of a bar's volume that all orders together may take; 0 = as much as they ask for. */
  participation: 17,
  /** Least value of an order, quote units; 0 = none. */
  minNotional: 18,
  /** Bid to ask, as share of the price and in pips; a fill pays half of it. */
  spreadRate: 19,
  spreadPips: 20,
  /** Impact of an order for all of a bar's volume, as share of the price; times sigma * sqrt(quantity / volume). */
  volumeShareImpact: 21,
  squareRootImpact: 22,
  /** Fee for each base unit in the place of a share of the value, and at least so much a fill, quote units; 0 = none. */
  feePerUnit: 23,
  feeLeast: 24,
  /** 1 = the fee of a purchase is taken from what was bought. */
  isFeeInBase: 25,
  /** Tiers of fees, FEE_TIER_FIELDS each, from `feeTiers` on; 0 = the rates above. */
  feeTierCount: 26,
  feeTiers: 27,
  /** Time from a decision to its order at the market: ms, and lengths of bars besides. */
  latencyMs: 63,
  latencyBars: 64,
  /** 1 = limit orders wait behind others at their price: base units, and a share of the volume of the bar before. */
  isQueued: 65,
  queueQty: 66,
  queueShare: 67,
  /** Part of what recorded books show that is taken to be there; 0 = none are asked. */
  depthShare: 68,
  /** 1 = quantities are units of the quote currency, and money is in the base (core/engine/valuation.ts). */
  isInverse: 69,
  /** Tiers of the maintenance margin, TIER_FIELDS each, from `tiers` on. */
  tierCount: 70,
  tiers: 71,
} as const;
/** Of a position worth at least `from`: margin = value * rate - deducted. */
export const TIER = { from: 0, rate: 1, deducted: 2 } as const;
export const TIER_FIELDS = 3;
export const MAX_TIERS = 16;
/** Of an account that has traded at least `from` in 30 days; MAX_FEE_TIERS of fee-text at most. */
export const FEE_TIER = { from: 0, maker: 1, taker: 2 } as const;
export const FEE_TIER_FIELDS = 3;
export const SETTING_FIELDS = SETTING.tiers + MAX_TIERS * TIER_FIELDS;

/** What stands behind a position: nothing is asked (none), its own margin, the whole account. */
export const MARGIN_KIND = { none: 0, isolated: 1, cross: 2 } as const;

/** Registers of the broker that is inlined into `run`, beside those of ACCOUNT (which come first in the same array). */
export const BROKER = {
  ...ACCOUNT,
  /** Active stop level, NaN = none, and whether the trail moved it last (1). */
  stopLevel: 14,
  stopIsTrail: 15,
  trailDistance: 16,
  trailPercent: 17,
  /** Price that the bar's best must reach for trailing to start; NaN = it has started. */
  trailStart: 18,
  /** Net profit of the open position booked so far, fees of its entry included. */
  positionProfit: 19,
  /** 1 + rule; 0 = no exit goes out; -1 = `closeAtEnd`. */
  pendingExitRule: 20,
  pendingExitFraction: 21,
  pendingEntryRule: 22,
  pendingSide: 23,
  /** sizeAt order: the quantity in base units. */
  pendingQty: 24,
  pendingStopDistance: 25,
  pendingStopPercent: 26,
  pendingStopPrice: 27,
  pendingTrailDistance: 28,
  pendingTrailPercent: 29,
  pendingAfterDistance: 30,
  pendingAfterPercent: 31,
  pendingAfterR: 32,
  pendingTrailHasBase: 33,
  trailHasBase: 34,
  /** sizeAt fill: what the quantity is made of. */
  pendingSizeKind: 35,
  pendingSizeAmount: 36,
  pendingMaxKind: 37,
  pendingMaxAmount: 38,
  pendingMinKind: 39,
  pendingMinAmount: 40,
  /** Level of the target, NaN = none, and what it will be made of. */
  takeLevel: 41,
  pendingTakeDistance: 42,
  pendingTakePercent: 43,
  pendingTakeR: 44,
} as const;
export const BROKER_FIELDS = 45;

/** Conventions under which a strategy's `run` is emitted: they choose code, not numbers. */
export interface RunConventions {
  /** Quantity fixed when the order goes out, or when it fills (to compare with tools that do so). */
  readonly sizeAt: 'order' | 'fill';
  /** Market orders fill at the next bar's open; `close` only to compare. */
  readonly fillAt: 'nextOpen' | 'close';
  /** A limit order fills when the price goes beyond it, or when it is touched (to compare with tools that do so). */
  readonly limitFill?: 'through' | 'touch';
  /** A signal of the other side waits for the position to end, or reverses it (to compare). */
  readonly opposite?: 'ignore' | 'reverse';
}

/**
 * A strategy as text for an isolate. `text` is one JavaScript expression, `({ run, decide })`:
 *
 * - `run(lo, hi, C, P, K, S, B, E, F, N, X)` simulates bars [lo, hi): C = columns in COLUMN_NAMES order, then `columns`; P = params,
 *   K = settings (SETTING), S = state, B = registers, E = equity column to fill, F = log rows (LOG), N = number of bars that C holds of each chart, by its number;
 *   returns the number of rows written, at most (hi - lo) * LOG_ROWS_PER_BAR. With `engine` X is the trading engine (core/engine/trading) whose registers are B; it
 *   takes the row of each bar and keeps the log, F stays empty. Without, the broker is part of the text, B has BROKER layout, and there is no X.
 * - `decide(lo, hi, C, P, K, S, A, D, M, N)` writes the row of bar i for the engine (`rowLength(plan)` doubles) at D[(i - lo) * rowLength(plan)]; A = account columns
 *   in ACCOUNT order. Row i of C and A stands at place i & M: M = size - 1 for rings of a power of two of rows that hold bars
 *   [lo - lookBack, hi), M = -1 for columns that hold every bar.
 *
 * Both keep all memory in S (and B), so any slicing of the bars gives the same bits. N is not read when all columns are of chart 0.
 * A chart k > 0 has bars of its own, in the order of their close times (a `closeTime` column is among `columns`): at bar i of chart 0
 * all of its bars up to N[k] that closed not after that bar are taken in, later ones wait. So C may hold bars that close later
 * (a backtest) or not (live). Its rings hold what was not taken in by the call before, and `lookBack` bars before that.
 */
export interface CompiledStrategy {
  readonly text: string;
  /** What the rows of `decide` mean to the engine. */
  readonly plan: TradePlan;
  /** The conventions under which the engine runs the plan within `run`; null = the broker is inlined. */
  readonly engine: RunConventions | null;
  /** Length of S. */
  readonly stateSlots: number;
  /** Length of P. */
  readonly paramCount: number;
  /** Rows of C before a chart's bar at hand that `decide` may read; of A it reads bar i only. */
  readonly lookBack: number;
  /** What C holds behind the candles of chart 0, to be prepared by the host. */
  readonly columns: readonly ChartColumn[];
}

/** Code for the sets of a sweep, as in CompiledStrategy, but `run` alone, with its broker inlined and without E: its rows say what the equity is. */
export type SweptStrategy = Pick<CompiledStrategy, 'text' | 'stateSlots'>;
