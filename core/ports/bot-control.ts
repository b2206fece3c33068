import type { ChartMark } from '#core/model/chart-mark.ts';
import type { Bar } from '#core/model/bar.ts';
import type { ToolAnswer, ToolRequest } from './language-tools.ts';

/** State of a strategy as an operator sees it. `disabled`: its runner failed too often; its stops stay in force. */
export type StrategyState = 'running' | 'paused' | 'stopped' | 'disabled' | 'failed';

/** Money in quote units, times in ms since the epoch (open of the bar). */
export interface StrategyStatus {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  /** What it trades, for people: its markets, with commas where there are several. */
  readonly market: string;
  readonly timeframe: string;
  readonly synthetic: boolean;
  readonly state: StrategyState;
  /** Why it is not running; null when it is. */
  readonly reason: string | null;
  readonly params: Readonly<Record<string, number>>;
  readonly capital: number;
  readonly equity: number;
  readonly cash: number;
  readonly tradeCount: number;
  /** Moments so far at which any of its markets had a bar. */
  readonly bars: number;
  /** At least one. */
  readonly markets: readonly MarketStatus[];
}

/** One market of a strategy. */
export interface MarketStatus {
  readonly market: string;
  /** Signed, base units. */
  readonly qty: number;
  readonly avgPrice: number | null;
  readonly stopLevel: number | null;
  readonly lastBar: Bar | null;
}

export interface ControlTrade {
  readonly strategy: string;
  readonly positionId: number;
  readonly market: string;
  readonly side: 'long' | 'short';
  readonly entryTime: number;
  readonly entryPrice: number;
  readonly exitTime: number | null;
  readonly exitPrice: number | null;
  readonly qty: number;
  readonly fees: number;
  readonly profit: number | null;
  readonly profitPct: number | null;
  /** What the rule that opened the position says of it; null = nothing. */
  readonly entryReason: string | null;
  readonly exitReason: string;
}

/** What waits for its market: an order of a rule, the stop in force, or a target. */
export interface ControlOrder {
  readonly strategy: string;
  readonly market: string;
  readonly type: 'market' | 'limit' | 'stop' | 'stop_limit';
  readonly purpose: 'entry' | 'exit' | 'add' | 'protection' | 'target';
  readonly side: 'buy' | 'sell';
  /** Base units; null = sized when it fills. */
  readonly qty: number | null;
  readonly price: number | null;
}

export interface EquityPoint {
  readonly time: number;
  readonly equity: number;
}

/** What a `mark` line of a strategy put on its chart. */
export type ControlMark = ChartMark;

/** What the event stream carries, in order; `seq` has no holes within one process. */
export type ControlEvent =
  | {
      readonly type: 'bar';
      readonly strategy: string;
      readonly market: string;
      readonly bar: Bar;
      /** Of the whole account. */
      readonly equity: number;
      readonly qty: number;
    }
  | {
      readonly type: 'fill';
      readonly strategy: string;
      readonly market: string;
      readonly kind: string;
      readonly time: number;
      readonly side: 'buy' | 'sell';
      readonly qty: number;
      readonly price: number;
      readonly fee: number;
      readonly profit: number | null;
      readonly reason: string;
    }
  | { readonly type: 'state'; readonly strategy: string; readonly state: StrategyState; readonly reason: string | null }
  | {
      readonly type: 'log';
      readonly level: 'info' | 'warning' | 'error';
      readonly strategy: string | null;
      readonly time: number;
      readonly text: string;
    }
  | { readonly type: 'mark'; readonly strategy: string; readonly market: string; readonly mark: ControlMark }
  /** A `notify` line of a strategy; `via`: the notifier that it names, null = all. */
  | {
      readonly type: 'message';
      readonly strategy: string;
      readonly time: number;
      readonly level: 'info' | 'warning' | 'error';
      readonly text: string;
      readonly via: string | null;
    }
  | { readonly type: 'config'; readonly ok: boolean; readonly text: string };

export type NumberedEvent = ControlEvent & { readonly seq: number };

/** The outcome of a command: what was done, or why not, in words for people. */
export type ControlResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly code: 'NOT_FOUND' | 'REFUSED'; readonly text: string };

/** The bot as its operator sees it; `core/http` serves it, the kernel's bot implements it. Reads are snapshots. */
export interface BotControl {
  readonly startedAt: number;
  readonly version: string;
  readonly mode: 'paper';
  readonly strategies: () => readonly StrategyStatus[];
  readonly trades: (strategy: string | null) => readonly ControlTrade[];
  readonly orders: (strategy: string | null) => readonly ControlOrder[];
  /** At most `limit` points, the newest last, thinned evenly when there are more. */
  readonly equity: (strategy: string | null, limit: number) => readonly EquityPoint[];
  /** Of one of the markets of a strategy; null = its first. */
  readonly candles: (strategy: string, market: string | null, limit: number) => readonly Bar[];
  /** Marks that a strategy set on the chart of a market since the bot was started, the newest last; of many the last thousand. */
  readonly marks: (strategy: string, market: string | null) => readonly ControlMark[];
  /** The config in force with every secret replaced. */
  readonly config: () => unknown;
  /** Problems worth an operator's attention: plugins that failed, strategies that are disabled. Empty = healthy. */
  readonly problems: () => readonly { readonly part: string; readonly text: string }[];
  /** `null` = all strategies. Pause: no entries; exits and stops go on. */
  readonly pause: (strategy: string | null) => ControlResult;
  readonly resume: (strategy: string | null) => ControlResult;
  /** Closes the position at the next open, and pauses. */
  readonly flatten: (strategy: string | null) => ControlResult;
  /** Ends the loop of the strategy after the step it is in; its stop is no longer watched on paper. */
  readonly stop: (strategy: string | null) => ControlResult;
  readonly reload: () => Promise<ControlResult>;
  /** Tools of the language, on sources and on what its strategies have seen; one at a time. */
  readonly tool: (request: ToolRequest) => Promise<ToolAnswer>;
  /** Events from now on; the function returned ends it. */
  readonly subscribe: (listener: (event: NumberedEvent) => void) => () => void;
}
