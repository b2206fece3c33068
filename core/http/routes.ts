import type { BotControl, ControlResult, StrategyStatus } from '#core/ports/bot-control.ts';
import type { QueryParameter, QueryValues } from './query-values.ts';
import { refuseStrategy } from './query-values.ts';
import { type Refusal, refusal } from './refusal.ts';
import {
  CONFIG_ANSWER,
  EMPTY_BODY,
  HEALTH_ANSWER,
  type HealthAnswer,
  STATUS_ANSWER,
  type StatusAnswer,
  TARGET_BODY,
} from './schemas/bot-schemas.ts';
import type { JsonSchema } from './schemas/json-schema.ts';
import { matches, mismatch } from './schemas/schema-check.ts';
import {
  CANDLES_ANSWER,
  MARKS_ANSWER,
  EQUITY_ANSWER,
  ORDERS_ANSWER,
  POSITIONS_ANSWER,
  type PositionRow,
  STRATEGIES_ANSWER,
  STRATEGY,
  TRADES_ANSWER,
} from './schemas/strategy-schemas.ts';

/** What a route gives: a body with its status, or why not. */
export type RouteAnswer = { readonly status: number; readonly body: unknown } | Refusal;

/** A route that reads. `id` is the part of the path in braces. */
export interface ReadRoute {
  readonly path: string;
  readonly summary: string;
  readonly query: readonly QueryParameter[];
  readonly answer: JsonSchema;
  /** HTTP statuses of a good answer. */
  readonly statuses: readonly number[];
  readonly read: (control: BotControl, values: QueryValues, id: string) => RouteAnswer;
}

/** A route that commands; it needs the token. */
export interface WriteRoute {
  readonly path: string;
  readonly summary: string;
  /** Takes one strategy or all by name; otherwise an empty body. */
  readonly takesTarget: boolean;
  /** `strategy` null = all. */
  readonly run: (control: BotControl, strategy: string | null) => ControlResult | Promise<ControlResult>;
}

const STRATEGY_PARAMETER: QueryParameter = { name: 'strategy', isRequired: false };
/** Of one that trades several; left out: the first. */
const MARKET_PARAMETER: QueryParameter = { name: 'market', isRequired: false };
const limit = (fallback: number): QueryParameter => ({ name: 'limit', isRequired: false, fallback });
const good = (body: unknown): RouteAnswer => ({ status: 200, body });

const read = (path: string, summary: string, answer: JsonSchema, query: readonly QueryParameter[], give: ReadRoute['read']): ReadRoute => ({
  path,
  summary,
  query,
  answer,
  statuses: [200],
  read: give,
});

export const READ_ROUTES: readonly ReadRoute[] = [
  {
    path: '/health',
    summary: 'Whether the bot is well; 503 with the problems when it is not',
    query: [],
    answer: HEALTH_ANSWER,
    statuses: [200, 503],
    read: (control) => {
      const body = health(control);
      return { status: body.status === 'ok' ? 200 : 503, body };
    },
  },
  read('/status', 'The bot, its strategies and its problems', STATUS_ANSWER, [], (control) => good(status(control))),
  read('/strategies', 'Every strategy with its account', STRATEGIES_ANSWER, [], (control) => good({ strategies: control.strategies() })),
  read('/strategies/{id}', 'One strategy with its account', STRATEGY, [], (control, _, id) => {
    const found = control.strategies().find((strategy) => strategy.id === id);
    return found === undefined ? (refuseStrategy(id, control) ?? gone(id)) : good(found);
  }),
  read('/positions', 'Open positions', POSITIONS_ANSWER, [], (control) => good({ positions: control.strategies().flatMap(positionsOf) })),
  read('/trades', 'The last trades, of one strategy or of all', TRADES_ANSWER, [STRATEGY_PARAMETER, limit(500)], (control, values) =>
    good({ trades: control.trades(values.strategy).slice(-values.limit) }),
  ),
  read('/orders', 'Orders that wait, and stops in force', ORDERS_ANSWER, [STRATEGY_PARAMETER], (control, { strategy }) =>
    good({ orders: control.orders(strategy) }),
  ),
  read(
    '/equity',
    'Equity over time, of one strategy or of all together',
    EQUITY_ANSWER,
    [STRATEGY_PARAMETER, limit(1000)],
    (control, values) => good({ equity: control.equity(values.strategy, values.limit) }),
  ),
  read(
    '/candles',
    'The last candles of a market of a strategy',
    CANDLES_ANSWER,
    [{ name: 'strategy', isRequired: true }, MARKET_PARAMETER, limit(500)],
    (control, values) => good({ candles: control.candles(values.strategy ?? '', values.market, values.limit) }),
  ),
  read(
    '/marks',
    'Marks of a strategy on the chart of a market since the bot was started',
    MARKS_ANSWER,
    [{ name: 'strategy', isRequired: true }, MARKET_PARAMETER],
    (control, values) => good({ marks: control.marks(values.strategy ?? '', values.market) }),
  ),
  read('/config', 'The config in force, every secret replaced', CONFIG_ANSWER, [], (control) => good({ config: control.config() ?? null })),
];

const command = (path: string, summary: string, run: WriteRoute['run']): WriteRoute => ({ path, summary, takesTarget: true, run });

export const WRITE_ROUTES: readonly WriteRoute[] = [
  command('/pause', 'No new entries; exits and stops go on', (control, strategy) => control.pause(strategy)),
  command('/resume', 'Entries again', (control, strategy) => control.resume(strategy)),
  command('/flatten', 'Close the position at the next open, and pause', (control, strategy) => control.flatten(strategy)),
  command('/stop', 'End the loop after the step it is in; the stop is no longer watched', (control, strategy) => control.stop(strategy)),
  {
    path: '/reload',
    summary: 'Read the config again and apply what changed',
    takesTarget: false,
    run: (control) => control.reload(),
  },
];

/** The strategy that a body names, null for all. A body that names neither is refused: nothing is ever done to all by mistake. */
export function readTarget(route: WriteRoute, body: unknown): { readonly strategy: string | null } | Refusal {
  if (!route.takesTarget) {
    const wrong = mismatch(EMPTY_BODY, body);
    return wrong === null ? { strategy: null } : refusal('BODY_INVALID', `The body is wrong: ${wrong}`, 'Send {} or no body');
  }
  if (matches(TARGET_BODY, body)) return { strategy: 'strategy' in body ? body.strategy : null };
  const wrong = mismatch(TARGET_BODY, body) ?? 'it names no strategy';
  return refusal('BODY_INVALID', `The body is wrong: ${wrong}`, 'Send {"strategy": "<id>"}, or {"all": true}');
}

const gone = (id: string): Refusal => refusal('STRATEGY_UNKNOWN', `The strategy ${JSON.stringify(id)} has just ended`, 'Ask again');

function health(control: BotControl): HealthAnswer {
  const problems = control.problems();
  return {
    status: problems.length === 0 ? 'ok' : 'problems',
    version: control.version,
    uptimeMs: Math.max(0, Math.round(Date.now() - control.startedAt)),
    problems,
  };
}

function status(control: BotControl): StatusAnswer {
  const strategies = control.strategies();
  const sum = (of: (strategy: StrategyStatus) => number): number => strategies.reduce((total, strategy) => total + of(strategy), 0);
  return {
    version: control.version,
    mode: control.mode,
    startedAt: control.startedAt,
    now: Date.now(),
    capital: sum((strategy) => strategy.capital),
    equity: sum((strategy) => strategy.equity),
    strategies,
    problems: control.problems(),
  };
}

function positionsOf({ id, markets }: StrategyStatus): readonly PositionRow[] {
  return markets
    .filter(({ qty }) => qty !== 0)
    .map(({ market, qty, avgPrice, lastBar, stopLevel }) => {
      const price = lastBar?.close ?? null;
      return {
        strategy: id,
        market,
        side: qty > 0 ? 'long' : 'short',
        qty: Math.abs(qty),
        avgPrice,
        price,
        profit: price === null || avgPrice === null ? null : qty * (price - avgPrice),
        stopLevel,
      };
    });
}
