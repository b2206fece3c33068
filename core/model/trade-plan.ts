import type { Period } from './period.ts';

/**
 * What a strategy trades by, as data: its rules with every series replaced by a place in the row of values that `decide` gives for a bar. The engine runs it
 * (core/engine/trading), in backtests inside the isolate and for paper on the host. docs/engine.md says what each part means.
 */

/**
 * What a row ends with, behind `valueCount` values. E1005: uses of plugins (by their order in the graph, the first is 1, the second 2, the third 4, ...) that gave
 * an infinite value for the first time, and those that ran out of fuel: from this bar on they are na.
 */
export const ROW_TAIL = { pluginsFlagged: 0, pluginsDisabled: 1 } as const;
const ROW_TAIL_FIELDS = 2;

/** Length of the row that `decide` gives for a bar. */
export function rowLength({ valueCount }: Pick<TradePlan, 'valueCount'>): number {
  return valueCount + ROW_TAIL_FIELDS;
}

/** Place in a row of values. A condition is 1, 0 or NaN (unknown). */
export type ValuePlace = number;

/** Kind of `SIZE` (strategy-abi.ts) and the place of the amount. */
export interface PlannedAmount {
  readonly kind: number;
  readonly value: ValuePlace;
}

/** `distance` in price, `percent` as share, `price` a level of its own, `r` a multiple of the distance to the initial stop. */
export interface PlannedLevel {
  readonly kind: 'distance' | 'percent' | 'price' | 'r';
  readonly value: ValuePlace;
}

export interface PlannedStop extends PlannedLevel {
  readonly moving: boolean;
  readonly closing: boolean;
  readonly limit: PlannedLevel | null;
}

export interface PlannedTrail {
  readonly distance: PlannedLevel;
  readonly after: PlannedLevel | null;
  readonly from: ValuePlace | null;
  readonly step: PlannedLevel | null;
  readonly closing: boolean;
  readonly moving: boolean;
}

export interface PlannedTake {
  /** Of all that was bought so far; null = the rest. */
  readonly share: number | null;
  readonly at: PlannedLevel;
}

export interface PlannedBreakeven {
  readonly after: PlannedLevel;
  readonly plus: PlannedLevel | null;
}

export interface PlannedTimeout {
  readonly bars: ValuePlace;
  readonly when: ValuePlace | null;
}

export interface PlannedCooldown {
  readonly bars: ValuePlace;
  readonly after: 'loss' | 'win' | 'stop' | 'exit' | null;
}

export interface PlannedOrder {
  readonly type: 'market' | 'limit' | 'stop' | 'stopLimit';
  readonly price: ValuePlace | null;
  readonly limit: ValuePlace | null;
  readonly postOnly: boolean;
  readonly timeInForce: 'good' | 'ioc' | 'fok';
  readonly goodForBars: ValuePlace | null;
  readonly goodUntilMinutes: number | null;
  readonly elseMarketAfterBars: ValuePlace | null;
}

export interface PlannedAdd {
  readonly amount: { readonly kind: 'share'; readonly value: ValuePlace } | { readonly kind: 'amount'; readonly amount: PlannedAmount };
  readonly trigger:
    | { readonly kind: 'when'; readonly when: ValuePlace }
    | { readonly kind: 'every'; readonly distance: PlannedLevel; readonly direction: 'against' | 'in_favor' };
  readonly maxTimes: ValuePlace;
  readonly scale: ValuePlace;
  readonly order: PlannedOrder;
}

/** Size and protection, shared by the entries that name its place. */
export interface PlannedBlock {
  readonly size: PlannedAmount;
  readonly kellyTrades: ValuePlace | null;
  readonly max: PlannedAmount | null;
  readonly min: PlannedAmount | null;
  readonly stops: readonly PlannedStop[];
  readonly takes: readonly PlannedTake[];
  readonly trail: PlannedTrail | null;
  readonly breakeven: PlannedBreakeven | null;
  readonly timeouts: readonly PlannedTimeout[];
  readonly cooldowns: readonly PlannedCooldown[];
  readonly adds: readonly PlannedAdd[];
  /** Conditions, any of which withdraws the block's resting entries. */
  readonly cancels: readonly ValuePlace[];
}

export interface PlannedEntry {
  readonly side: 1 | -1;
  readonly when: ValuePlace;
  readonly confidence: ValuePlace;
  readonly order: PlannedOrder;
  /** Place in `TradePlan.blocks`. */
  readonly block: number;
  /** null = of the rules outside of setups. */
  readonly setup: number | null;
  /** Place in `TradePlan.baskets` of what is traded; left out: the market. */
  readonly basket?: number;
  readonly oco: number | null;
  /** The values in the text of its reason; left out: it has none. */
  readonly reason?: readonly ValuePlace[];
}

export interface PlannedExit {
  readonly side: 1 | -1;
  readonly when: ValuePlace;
  /** 0 < x <= 1. */
  readonly fraction: ValuePlace;
  readonly order: PlannedOrder;
  readonly setup: number | null;
  readonly basket?: number;
  /** As of an entry. */
  readonly reason?: readonly ValuePlace[];
}

/** Legs that are traded as one position. */
export interface PlannedBasket {
  /** Weights above zero are bought when the basket is, those below sold. */
  readonly legs: readonly { readonly market: string; readonly weight: ValuePlace }[];
}

export type PlannedRiskAction = { readonly kind: 'pause'; readonly bars: ValuePlace } | { readonly kind: 'flatten' | 'halt' | 'notify' };

export interface PlannedLimit {
  readonly name: 'position' | 'exposure' | 'leverage' | 'positions' | 'orders' | 'trades' | 'loss' | 'drawdown' | 'losing_streak';
  readonly value: PlannedAmount | { readonly kind: 'number'; readonly value: ValuePlace };
  readonly per: Period | null;
  readonly actions: readonly PlannedRiskAction[];
}

export interface PlannedGuard {
  readonly action: 'block' | 'flatten' | 'halt';
  readonly side: 1 | -1 | null;
  readonly when: ValuePlace;
}

/** Of the bar's open, in the strategy's zone: what `per day`, `good until` and the like go by. */
export interface PlannedClock {
  readonly year: ValuePlace;
  readonly month: ValuePlace;
  /** Days since 1970-01-01. */
  readonly day: ValuePlace;
  /** 0..1439. */
  readonly minuteOfDay: ValuePlace;
}

/** Which of the markets on an account are traded; the values are those of each market, and look at no account. */
export interface PlannedUniverse {
  readonly filters: readonly ValuePlace[];
  readonly rankBy: ValuePlace | null;
  readonly isDescending: boolean;
  /** How many are held; null = all that pass. */
  readonly hold: ValuePlace | null;
  readonly weight: { readonly mode: 'equal' | 'by' | 'inverse'; readonly value: ValuePlace | null };
  /** null = at every bar. */
  readonly rebalanceMs: number | null;
  /** null = at every rebalance. */
  readonly refreshMs: number | null;
  /** What `rank(x)` ranks the members by, in the order of the program's ranks. */
  readonly ranks: readonly ValuePlace[];
}

export interface TradePlan {
  /** Values of a row; behind them come those of ROW_TAIL. */
  readonly valueCount: number;
  /** ms. */
  readonly stepMs: number;
  readonly blocks: readonly PlannedBlock[];
  readonly entries: readonly PlannedEntry[];
  readonly exits: readonly PlannedExit[];
  readonly setupCount: number;
  readonly limits: readonly PlannedLimit[];
  readonly guards: readonly PlannedGuard[];
  /** null = nothing goes by it. */
  readonly clock: PlannedClock | null;
  /** Most trades that a Kelly share looks back on; 0 without one. */
  readonly kellyTrades: number;
  /** Left out: there are none. */
  readonly baskets?: readonly PlannedBasket[];
  /** null = every market is traded. */
  readonly universe: PlannedUniverse | null;
  /** The largest position as a multiple of equity that the rules allow; null = not bounded. */
  readonly maxLeverage: number | null;
}
