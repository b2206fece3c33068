import type { ScriptPlugin } from './check/plugin-source.ts';
import type { ChartColumn } from '#core/model/chart-column.ts';
import type { CompareOp, Graph, LogicOp, NodeId, NumericOp } from './graph/node.ts';

/** Where something stands in the source: UTF-16 offsets, half-open. */
export interface SourceSpan {
  readonly start: number;
  readonly end: number;
}

export interface ProgramParam {
  readonly name: string;
  /** Value of this compilation: the default, or what the caller set. */
  readonly value: number;
  readonly default: number;
  /** Range as written, inclusive; equal to the value when the file gives none. */
  readonly min: number;
  readonly max: number;
  readonly step: number | null;
  /** Unit in words, for tables: 'number', 'percent', 'duration', ... */
  readonly kind: string;
  /** The values of a list (`in [15m, 30m]`); then `min` and `max` are its ends. */
  readonly choices?: readonly number[];
  /** Sampled log-uniformly by the optimiser. */
  readonly log?: true;
  readonly label?: string;
}

/** What `account` says; null = not said. */
export interface AccountDefaults {
  readonly span: SourceSpan | null;
  readonly capital: number | null;
  readonly leverage: number | null;
  readonly margin: 'isolated' | 'cross' | null;
}

/** What `costs` says: rates as shares (`borrow` a year), `funding` whether it is paid; null = not said. */
export interface CostDefaults {
  readonly span: SourceSpan | null;
  readonly maker: number | null;
  readonly taker: number | null;
  readonly slippage: number | null;
  readonly funding: boolean | null;
  readonly borrow: number | null;
}

/** Trading hours; `opensAt` and `closesAt` in minutes since midnight of the zone. A session that closes before it opens ends on the next day. */
export interface SessionRule {
  readonly name: string;
  readonly opensAt: number;
  readonly closesAt: number;
  /** A zone of the time zone database, `America/New_York`, or `UTC`. */
  readonly zone: string;
  /** Days of the week it opens on, 1 = Monday .. 7 = Sunday. */
  readonly days: readonly number[];
  /** A holiday calendar by name, `nyse`; null = none. */
  readonly holidays: string | null;
}

/** A trained model whose predictions are columns; its features are series of the traded chart. */
export interface ModelUse {
  readonly name: string;
  /** As written: `./models/up_net`. */
  readonly path: string;
  /** Id of the file that names it, as `ModelSource` takes it; null = the strategy's own. */
  readonly from: string | null;
  readonly features: readonly { readonly name: string; readonly value: NodeId }[];
}

/** What an expression of the source is, on bars of the traded chart: for tools that show values beside the text. */
export interface WatchedValue {
  readonly span: SourceSpan;
  /** Kind of the expression, as two may have one span. */
  readonly of: string;
  readonly value: NodeId;
  /** What it is, for printing: 'percent', 'price', 'condition', 'side' (of a strategy that serves as an input: 1, 0, -1), ... */
  readonly unit: string;
  /** Of a `regime`: its value is a place in these names. */
  readonly states?: readonly string[];
}

/** A plain number that is compared with a price of the traded market. */
export interface PriceLiteral {
  readonly value: number;
  readonly span: SourceSpan;
}

/** Bars as a count: durations have been rounded up to bars of the traded chart. */
export type BarCount = NodeId;

/**
 * An amount of a size clause: a kind of SIZE (core/model/strategy-abi.ts) and its value; `times` is part of the value. `size volatility` and `size unit` have
 * become shares of equity and quantities.
 */
export interface SizeAmount {
  readonly kind: number;
  readonly value: NodeId;
}

export interface LevelDistance {
  readonly kind: 'distance' | 'percent' | 'price' | 'r';
  readonly value: NodeId;
}

export interface StopRule extends LevelDistance {
  /** Taken anew at each close; it only tightens. */
  readonly moving: boolean;
  /** Triggers on closes, not inside of bars. */
  readonly closing: boolean;
  /** A stop-limit: how much worse than the stop the limit is; null = a market order. */
  readonly limit: LevelDistance | null;
  readonly span: SourceSpan;
}

export interface TrailRule {
  readonly distance: LevelDistance;
  readonly after: LevelDistance | null;
  /** Price that the distance is measured from; null = the best price. */
  readonly from: NodeId | null;
  /** Moves in whole steps of this; null = every tick. */
  readonly step: LevelDistance | null;
  readonly closing: boolean;
  /** The distance is taken anew at each close. */
  readonly moving: boolean;
  readonly span: SourceSpan;
}

/** One target. `share`: of all that was bought so far, null = the rest. A price is taken anew at each close, a distance stays. */
export interface TakeRule {
  readonly share: number | null;
  readonly at: LevelDistance;
  readonly span: SourceSpan;
}

export interface BreakevenRule {
  readonly after: LevelDistance;
  readonly plus: LevelDistance | null;
  readonly span: SourceSpan;
}

export interface TimeoutRule {
  readonly bars: BarCount;
  /** Closes only if this is true then, and at every bar after; null = always. */
  readonly when: NodeId | null;
  readonly span: SourceSpan;
}

/** No entries for so many bars after a position was closed: by what `after` says, null = by anything. */
export interface CooldownRule {
  readonly bars: BarCount;
  readonly after: 'loss' | 'win' | 'stop' | 'exit' | null;
  readonly span: SourceSpan;
}

/** Withdraws the resting entries of its block while it is true. */
export interface CancelRule {
  readonly when: NodeId;
  readonly span: SourceSpan;
}

/** Adding to a position: `amount` as a share of the first entry's quantity, or an amount of its own. */
export interface AddRule {
  readonly amount: { readonly kind: 'share'; readonly value: NodeId } | { readonly kind: 'amount'; readonly amount: SizeAmount };
  readonly trigger:
    | { readonly kind: 'when'; readonly when: NodeId }
    | { readonly kind: 'every'; readonly distance: LevelDistance; readonly direction: 'against' | 'in_favor' };
  readonly maxTimes: NodeId;
  /** The k-th add is the amount times scale^(k - 1). */
  readonly scale: NodeId;
  /** Of `every` always `AT_MARKET`: its orders rest at the distance (limit orders against, stop orders in favor). */
  readonly order: OrderRule;
  readonly span: SourceSpan;
}

/** How an order goes out; market orders have nothing but their type. */
export interface OrderRule {
  readonly type: 'market' | 'limit' | 'stop' | 'stopLimit';
  /** Limit price of a limit order, trigger of the others. */
  readonly price: NodeId | null;
  /** Limit price of a stop-limit. */
  readonly limit: NodeId | null;
  readonly postOnly: boolean;
  /** `good` = rests until filled, cancelled or over. */
  readonly timeInForce: 'good' | 'ioc' | 'fok';
  /** Rests for so many bars; null = no such end. */
  readonly goodForBars: BarCount | null;
  /** Rests until this time of day (minutes since midnight, the strategy's zone); null = no such end. */
  readonly goodUntilMinutes: number | null;
  /** Becomes a market order after so many bars; null = never. */
  readonly elseMarketAfterBars: BarCount | null;
}

/** How much to buy or sell and how it is protected: the statements of one block, the top-level ones filled in. */
export interface TradeBlock {
  readonly size: SizeAmount;
  /** With `SIZE.kellyShare`: over how many closed trades of this setup the share is taken; null otherwise. */
  readonly kellyTrades: NodeId | null;
  readonly max: SizeAmount | null;
  readonly min: SizeAmount | null;
  readonly stops: readonly StopRule[];
  readonly takes: readonly TakeRule[];
  readonly trail: TrailRule | null;
  readonly breakeven: BreakevenRule | null;
  readonly timeouts: readonly TimeoutRule[];
  readonly cooldowns: readonly CooldownRule[];
  readonly adds: readonly AddRule[];
  readonly cancels: readonly CancelRule[];
}

/** A text with values in it, `{name:2}`, and `{symbol}` for the market's name. */
export interface TextTemplate {
  /** As written, its escapes resolved. */
  readonly source: string;
  readonly parts: readonly ({ readonly kind: 'text'; readonly text: string } | { readonly kind: 'symbol' } | TextValue)[];
}
export interface TextValue {
  readonly kind: 'value';
  readonly value: NodeId;
  /** What it is, for printing: 'percent', 'price', 'condition', ... */
  readonly unit: string;
  readonly digits: number | null;
  /** Of a `regime`: its value is a place in these names. */
  readonly states?: readonly string[];
}

/** A market order. */
export const AT_MARKET: OrderRule = {
  type: 'market',
  price: null,
  limit: null,
  postOnly: false,
  timeInForce: 'good',
  goodForBars: null,
  goodUntilMinutes: null,
  elseMarketAfterBars: null,
};

export interface EntryRule {
  readonly side: 1 | -1;
  readonly when: NodeId;
  readonly confidence: NodeId;
  readonly order: OrderRule;
  readonly reason: TextTemplate | null;
  readonly block: TradeBlock;
  /** Place in `Program.setups`; null = none. */
  readonly setup: number | null;
  /** Place in `Program.baskets` of what is traded; null = the market. */
  readonly basket: number | null;
  /** Entries of one group cancel each other: the first fill wins. */
  readonly oco: number | null;
  readonly span: SourceSpan;
}

export interface ExitRule {
  readonly side: 1 | -1;
  readonly when: NodeId;
  /** Share of the position, 0 < x <= 1. */
  readonly fraction: NodeId;
  readonly order: OrderRule;
  readonly reason: TextTemplate | null;
  /** Closes only positions of this setup; null = of the rules outside of setups. */
  readonly setup: number | null;
  readonly basket: number | null;
  readonly span: SourceSpan;
}

export interface Setup {
  readonly name: string;
  readonly side: 1 | -1;
  readonly span: SourceSpan;
}

export interface Basket {
  readonly name: string;
  readonly span: SourceSpan;
  /** Positive weights are bought when the basket is, negative ones sold. */
  readonly legs: readonly { readonly market: string; readonly weight: NodeId }[];
}

export type RiskLimitName =
  | 'position'
  | 'exposure'
  | 'leverage'
  | 'positions'
  | 'orders'
  | 'trades'
  | 'loss'
  | 'drawdown'
  | 'losing_streak';

export type RiskAction =
  | { readonly kind: 'pause'; readonly bars: BarCount }
  | { readonly kind: 'flatten' }
  | { readonly kind: 'halt' }
  | { readonly kind: 'notify' };

export interface RiskLimit {
  readonly name: RiskLimitName;
  /** An amount of `position`, `exposure` and `loss`; of the others a number: a count, a multiple of equity (`leverage`), a share (`drawdown`). */
  readonly value: SizeAmount | { readonly kind: 'number'; readonly value: NodeId };
  /** null = over the whole run. */
  readonly per: 'bar' | 'hour' | 'day' | 'week' | 'month' | null;
  /** Empty: what would break the limit is refused, nothing else happens. */
  readonly actions: readonly RiskAction[];
  readonly span: SourceSpan;
}

export interface RiskGuard {
  readonly action: 'block' | 'flatten' | 'halt';
  readonly side: 1 | -1 | null;
  readonly when: NodeId;
  readonly span: SourceSpan;
}

/** Calendar columns of the traded chart (`CALENDAR_COLUMNS`). */
export interface TradingClock {
  readonly year: NodeId;
  readonly month: NodeId;
  readonly day: NodeId;
  readonly minuteOfDay: NodeId;
}

/** Which markets are traded, chosen anew at every `refresh` and `rebalance`. Conditions and values are computed on each market's own bars. */
export interface Universe {
  readonly span: SourceSpan;
  readonly quote: string | null;
  readonly list: readonly string[] | null;
  readonly exclude: readonly string[];
  readonly filters: readonly NodeId[];
  readonly rankBy: NodeId | null;
  readonly descending: boolean;
  readonly hold: NodeId | null;
  readonly weight: { readonly mode: 'equal' | 'by' | 'inverse'; readonly value: NodeId | null };
  /** How often members are ranked anew and weighted; null = at every bar. */
  readonly rebalanceMs: number | null;
  /** How often the filters are asked again; null = at every rebalance. */
  readonly refreshMs: number | null;
}

export interface NotifyRule {
  readonly text: TextTemplate;
  /** null = at every entry and exit. */
  readonly when: NodeId | null;
  readonly via: string | null;
  readonly level: 'info' | 'warning' | 'error' | null;
  readonly oncePer: 'bar' | 'hour' | 'day' | 'week' | 'month' | null;
  readonly span: SourceSpan;
}

export interface PlotRule {
  readonly label: string;
  readonly value: NodeId;
  readonly color: string | null;
  readonly pane: string | null;
  readonly style: string | null;
  readonly span: SourceSpan;
}

export interface MarkRule {
  readonly where: 'above' | 'below';
  readonly when: NodeId;
  readonly text: TextTemplate | null;
  readonly color: string | null;
  readonly span: SourceSpan;
}

/** What the optimiser looks for, and what a run must keep to count. */
export interface Objective {
  readonly direction: 'maximize' | 'minimize';
  /** Text of the source, for reports. */
  readonly metricText: string;
  readonly conditionText: string | null;
  readonly metric: MetricExpression;
  readonly condition: MetricExpression | null;
}

/** Metrics that an objective is made of, docs/language.md says what each is. */
export type MetricName =
  | 'sharpe'
  | 'sortino'
  | 'calmar'
  | 'profit_factor'
  | 'net_profit'
  | 'cagr'
  | 'max_drawdown'
  | 'win_rate'
  | 'expectancy'
  | 'exposure_time'
  | 'trades.count'
  | 'trades.wins'
  | 'trades.losses'
  | 'trades.losing_streak'
  | 'trades.win_rate';

/** Arithmetic and conditions over metrics, with the meaning that operators have in the graph; percents are shares (0.2 for 20%). */
export type MetricExpression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'metric'; readonly name: MetricName }
  | { readonly kind: 'operation'; readonly op: NumericOp | CompareOp | LogicOp; readonly args: readonly MetricExpression[] };

/**
 * What the rules allow at most, before gaps: the market value of the position as a multiple of equity, and the loss of one trade as a share of equity;
 * Infinity = not bounded by the rules.
 */
export interface ExposureBound {
  readonly leverage: number;
  readonly lossPerTrade: number;
  /** The leverage that holds whatever the account is worth, which the engine enforces: Infinity where an amount of money is named. */
  readonly enforcedLeverage: number;
}

/** A checked strategy: all names resolved, all units proven, ready to be emitted or interpreted. */
export interface Program {
  readonly name: string;
  readonly author: string | null;
  readonly version: string | null;
  readonly tags: readonly string[];
  /** Markets of the `trade` line, as written: `BTC/USDT`, `SPY`; empty with a universe. */
  readonly markets: readonly string[];
  readonly timeframe: string;
  readonly stepMs: number;
  readonly sides: readonly (1 | -1)[];
  readonly params: readonly ProgramParam[];
  readonly account: AccountDefaults;
  readonly costs: CostDefaults;
  readonly graph: Graph;
  /** Columns that the host prepares besides the six of the traded chart's candles, in the order in which emitted code gets them behind those. */
  readonly columns: readonly ChartColumn[];
  /** The calendar of the bar's open, where a limit or an order goes by it; null = nothing does. */
  readonly clock: TradingClock | null;
  readonly sessions: readonly SessionRule[];
  readonly models: readonly ModelUse[];
  /** Indicators in JavaScript, which `plugin` nodes name by their place. */
  readonly plugins: readonly ScriptPlugin[];
  readonly setups: readonly Setup[];
  readonly entries: readonly EntryRule[];
  readonly exits: readonly ExitRule[];
  readonly baskets: readonly Basket[];
  /** What `rank` columns rank the members of the universe by, the highest first. */
  readonly ranks: readonly NodeId[];
  readonly universe: Universe | null;
  readonly limits: readonly RiskLimit[];
  readonly guards: readonly RiskGuard[];
  readonly notifications: readonly NotifyRule[];
  readonly plots: readonly PlotRule[];
  readonly marks: readonly MarkRule[];
  readonly objective: Objective | null;
  readonly exposure: ExposureBound;
  /** What may never forget where the data begin: functions it calls, then its own series, regimes and strategy inputs, in the order of the text. */
  readonly unforgetting: readonly string[];
  readonly priceLiterals: readonly PriceLiteral[];
  /** What was asked for (`CompileOptions.watch`); left out: nothing was. No rule reads it. */
  readonly watched?: readonly WatchedValue[];
}
