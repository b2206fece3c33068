import type { ControlMark, ControlOrder, ControlTrade, EquityPoint, StrategyStatus } from '#core/ports/bot-control.ts';
import type { Bar, BotStatus } from '../api/answers.ts';
import type { ConnectionState } from '../api/event-stream.ts';

/** The name under which the equity of all strategies together is kept. */
export const ALL = '';

/** The name under which the candles and marks of one market of a strategy are kept. */
export const chartKey = (strategy: string, market: string): string => `${strategy}\n${market}`;

/** How much the page holds; what is asked for once, and what is kept while events come in. */
export const LIMITS = { trades: 10_000, newTrades: 200, candles: 5000, marks: 1000, equity: 2000, log: 500 } as const;

export interface LogLine {
  /** Rises by one a line; the numbers of events start anew when the bot does. */
  readonly id: number;
  readonly time: number;
  readonly level: 'info' | 'warning' | 'error';
  readonly strategy: string | null;
  readonly text: string;
}

/** All that the page shows. Replaced, never changed: equal references mean that nothing changed. */
export interface PageState {
  readonly connection: ConnectionState;
  /** The last answer of `status`, null until the first; its strategies live on in `strategies`. */
  readonly bot: BotStatus | null;
  readonly strategies: readonly StrategyStatus[];
  /** Newest last exit first; open ones at the front. */
  readonly trades: readonly ControlTrade[];
  readonly orders: readonly ControlOrder[];
  /** By strategy id, and ALL; only those that were loaded. Times rise. */
  readonly equity: Readonly<Record<string, readonly EquityPoint[]>>;
  /** By chartKey; only those that were loaded. Times rise. */
  readonly candles: Readonly<Record<string, readonly Bar[]>>;
  /** What the strategies' `mark` lines set; as candles. */
  readonly marks: Readonly<Record<string, readonly ControlMark[]>>;
  /** Newest last. */
  readonly log: readonly LogLine[];
  /** The last failure to load something, in words; null = none. */
  readonly loadError: string | null;
}

/** The lines behind the log, the oldest cut off. */
export function withLines(log: readonly LogLine[], lines: readonly Omit<LogLine, 'id'>[]): readonly LogLine[] {
  if (lines.length === 0) return log;
  const first = (log.at(-1)?.id ?? 0) + 1;
  return [...log, ...lines.map((line, index) => ({ ...line, id: first + index }))].slice(-LIMITS.log);
}

export const EMPTY_PAGE: PageState = {
  connection: 'connecting',
  bot: null,
  strategies: [],
  trades: [],
  orders: [],
  equity: {},
  candles: {},
  marks: {},
  log: [],
  loadError: null,
};
