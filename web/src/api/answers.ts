import type {
  ControlMark,
  ControlOrder,
  ControlTrade,
  EquityPoint,
  MarketStatus,
  NumberedEvent,
  StrategyStatus,
} from '#core/ports/bot-control.ts';
import { type Check, flag, list, nullable, number, object, oneOf, optional, record, text } from './check.ts';

/** One closed candle: time = open of the bar in ms since the epoch. */
export type Bar = NonNullable<MarketStatus['lastBar']>;

export interface Problem {
  readonly part: string;
  readonly text: string;
}

/** The bot as a whole. */
export interface BotStatus {
  readonly mode: string;
  readonly version: string;
  /** ms since the epoch; another value than before means another process. */
  readonly startedAt: number;
  readonly strategies: readonly StrategyStatus[];
  readonly problems: readonly Problem[];
}

/** The first event of every stream. */
export interface Hello {
  readonly startedAt: number;
  /** False: events between Last-Event-ID and the first of this stream are gone. */
  readonly complete: boolean;
}

export const bar = object<Bar>({ time: number, open: number, high: number, low: number, close: number, volume: number });

const state = oneOf('running', 'paused', 'stopped', 'disabled', 'failed');

const marketStatus = object<MarketStatus>({
  market: text,
  qty: number,
  avgPrice: nullable(number),
  stopLevel: nullable(number),
  lastBar: nullable(bar),
});

const strategy = object<StrategyStatus>({
  id: text,
  name: text,
  file: text,
  market: text,
  timeframe: text,
  synthetic: flag,
  state,
  reason: nullable(text),
  params: record(number),
  capital: number,
  equity: number,
  cash: number,
  tradeCount: number,
  bars: number,
  markets: list(marketStatus),
});

const trade = object<ControlTrade>({
  strategy: text,
  positionId: number,
  market: text,
  side: oneOf('long', 'short'),
  entryTime: number,
  entryPrice: number,
  exitTime: nullable(number),
  exitPrice: nullable(number),
  qty: number,
  fees: number,
  profit: nullable(number),
  profitPct: nullable(number),
  entryReason: nullable(text),
  exitReason: text,
});

const order = object<ControlOrder>({
  strategy: text,
  market: text,
  type: oneOf('market', 'limit', 'stop', 'stop_limit'),
  purpose: oneOf('entry', 'exit', 'add', 'protection', 'target'),
  side: oneOf('buy', 'sell'),
  qty: nullable(number),
  price: nullable(number),
});

const point = object<EquityPoint>({ time: number, equity: number });
const mark = object<ControlMark>({ time: number, where: oneOf('above', 'below'), text: nullable(text), color: nullable(text) });
const problem = object<Problem>({ part: text, text });

export const statusAnswer = object<BotStatus>({
  mode: text,
  version: text,
  startedAt: number,
  strategies: list(strategy),
  problems: list(problem),
});
export const tradesAnswer = object<{ readonly trades: readonly ControlTrade[] }>({ trades: list(trade) });
export const ordersAnswer = object<{ readonly orders: readonly ControlOrder[] }>({ orders: list(order) });
export const equityAnswer = object<{ readonly equity: readonly EquityPoint[] }>({ equity: list(point) });
export const candlesAnswer = object<{ readonly candles: readonly Bar[] }>({ candles: list(bar) });
export const marksAnswer = object<{ readonly marks: readonly ControlMark[] }>({ marks: list(mark) });
export const commandAnswer = object<{ readonly text: string }>({ text });
export const helloEvent = object<Hello>({ startedAt: number, complete: flag });

/** `{error: {code, message, hint}}`, the body of every refusal. */
export const errorAnswer = object<{ readonly error: { readonly code: string; readonly message: string; readonly hint: string | null } }>({
  error: object({ code: optional(text, ''), message: text, hint: optional(nullable(text), null) }),
});

type EventOf<T extends NumberedEvent['type']> = Extract<NumberedEvent, { readonly type: T }>;

const EVENTS: { readonly [T in NumberedEvent['type']]: Check<EventOf<T>> } = {
  bar: object<EventOf<'bar'>>({ type: oneOf('bar'), seq: number, strategy: text, market: text, bar, equity: number, qty: number }),
  fill: object<EventOf<'fill'>>({
    type: oneOf('fill'),
    seq: number,
    strategy: text,
    market: text,
    kind: text,
    time: number,
    side: oneOf('buy', 'sell'),
    qty: number,
    price: number,
    fee: number,
    profit: nullable(number),
    reason: text,
  }),
  mark: object<EventOf<'mark'>>({ type: oneOf('mark'), seq: number, strategy: text, market: text, mark }),
  state: object<EventOf<'state'>>({ type: oneOf('state'), seq: number, strategy: text, state, reason: nullable(text) }),
  log: object<EventOf<'log'>>({
    type: oneOf('log'),
    seq: number,
    level: oneOf('info', 'warning', 'error'),
    strategy: nullable(text),
    time: number,
    text,
  }),
  message: object<EventOf<'message'>>({
    type: oneOf('message'),
    seq: number,
    strategy: text,
    time: number,
    level: oneOf('info', 'warning', 'error'),
    text,
    via: nullable(text),
  }),
  config: object<EventOf<'config'>>({ type: oneOf('config'), seq: number, ok: flag, text }),
};

const typed = object<{ readonly type: string }>({ type: text });
const isKnown = (type: string): type is NumberedEvent['type'] => Object.hasOwn(EVENTS, type);

/** An event of the stream; null for a type that this page does not know yet. */
export function numberedEvent(value: unknown): NumberedEvent | null {
  const { type } = typed(value, 'event');
  return isKnown(type) ? EVENTS[type](value, `event ${type}`) : null;
}
