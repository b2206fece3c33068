import type { ChartMark } from '#core/model/chart-mark.ts';
import type { Bar } from '#core/model/bar.ts';
import type { ControlOrder, ControlTrade, EquityPoint, MarketStatus, StrategyState, StrategyStatus } from '#core/ports/bot-control.ts';
import { count, epochMs, flag, type JsonSchema, listOf, number, objectOf, oneWordOf, orNull, recordOf, text } from './json-schema.ts';

/** An open position, as `GET /positions` shows it. Money in quote units. */
export interface PositionRow {
  readonly strategy: string;
  readonly market: string;
  readonly side: 'long' | 'short';
  /** In base units, above zero. */
  readonly qty: number;
  readonly avgPrice: number | null;
  /** Close of the last bar. */
  readonly price: number | null;
  /** `qty * (price - avgPrice)`, the other way round for a short; fees left out. */
  readonly profit: number | null;
  readonly stopLevel: number | null;
}

export const STATE: JsonSchema<StrategyState> = oneWordOf(
  ['running', 'paused', 'stopped', 'disabled', 'failed'],
  'paused: no entries, exits and stops go on. disabled: its runner failed too often, its stops stay in force. failed: see reason',
);

export const BAR: JsonSchema<Bar> = objectOf<Bar>(
  {
    time: epochMs('open of the bar, ms since the epoch, UTC'),
    open: number(),
    high: number(),
    low: number(),
    close: number(),
    volume: number(),
  },
  'one closed candle',
);

const MARKET: JsonSchema<MarketStatus> = objectOf<MarketStatus>({
  market: text('as the strategy names it'),
  qty: number('position in base units, below zero when short, 0 when flat'),
  avgPrice: orNull(number()),
  stopLevel: orNull(number(), 'the stop in force'),
  lastBar: orNull(BAR),
});

export const STRATEGY: JsonSchema<StrategyStatus> = objectOf<StrategyStatus>(
  {
    id: text('what commands take'),
    name: text(),
    file: text(),
    market: text('what it trades, for people: markets with commas'),
    timeframe: text(),
    synthetic: flag('the market is generated'),
    state: STATE,
    reason: orNull(text(), 'why it is not running'),
    params: recordOf(number()),
    capital: number(),
    equity: number(),
    cash: number(),
    tradeCount: count(),
    bars: count('moments so far at which any of its markets had a bar'),
    markets: listOf(MARKET, 'at least one'),
  },
  'a strategy and its account; money in quote units',
);

const TRADE: JsonSchema<ControlTrade> = objectOf<ControlTrade>(
  {
    strategy: text(),
    positionId: number(),
    market: text(),
    side: oneWordOf(['long', 'short']),
    entryTime: epochMs(),
    entryPrice: number(),
    exitTime: orNull(epochMs(), 'null while it is open'),
    exitPrice: orNull(number()),
    qty: number(),
    fees: number(),
    profit: orNull(number()),
    profitPct: orNull(number(), 'percent points'),
    entryReason: orNull(text(), 'what the rule of the entry says'),
    exitReason: text('"open" while it is open'),
  },
  'one exit fill, matched first in, first out',
);

const ORDER: JsonSchema<ControlOrder> = objectOf<ControlOrder>(
  {
    strategy: text(),
    market: text(),
    type: oneWordOf(['market', 'limit', 'stop', 'stop_limit']),
    purpose: oneWordOf(['entry', 'exit', 'add', 'protection', 'target']),
    side: oneWordOf(['buy', 'sell']),
    qty: orNull(number(), 'null: sized when it fills'),
    price: orNull(number()),
  },
  'an order that waits for its market, the stop in force, or a target',
);

const POSITION: JsonSchema<PositionRow> = objectOf<PositionRow>({
  strategy: text(),
  market: text(),
  side: oneWordOf(['long', 'short']),
  qty: number('base units, above zero'),
  avgPrice: orNull(number()),
  price: orNull(number(), 'close of the last bar'),
  profit: orNull(number(), 'at that price, fees left out'),
  stopLevel: orNull(number()),
});

const EQUITY_POINT: JsonSchema<EquityPoint> = objectOf<EquityPoint>({ time: epochMs(), equity: number() });

export const STRATEGIES_ANSWER = objectOf<{ readonly strategies: readonly StrategyStatus[] }>({ strategies: listOf(STRATEGY) });
export const POSITIONS_ANSWER = objectOf<{ readonly positions: readonly PositionRow[] }>({ positions: listOf(POSITION) });
export const TRADES_ANSWER = objectOf<{ readonly trades: readonly ControlTrade[] }>({ trades: listOf(TRADE, 'the newest last') });
export const ORDERS_ANSWER = objectOf<{ readonly orders: readonly ControlOrder[] }>({ orders: listOf(ORDER) });
export const EQUITY_ANSWER = objectOf<{ readonly equity: readonly EquityPoint[] }>({
  equity: listOf(EQUITY_POINT, 'the newest last, thinned evenly'),
});
export const CANDLES_ANSWER = objectOf<{ readonly candles: readonly Bar[] }>({ candles: listOf(BAR, 'the newest last') });

export const MARK: JsonSchema<ChartMark> = objectOf<ChartMark>(
  {
    time: epochMs('open of the bar'),
    where: oneWordOf(['above', 'below']),
    text: orNull(text()),
    color: orNull(text(), 'as the strategy names it'),
  },
  'what a `mark` line set',
);
export const MARKS_ANSWER = objectOf<{ readonly marks: readonly ChartMark[] }>({ marks: listOf(MARK, 'the newest last') });
