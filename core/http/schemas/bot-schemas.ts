import type { NumberedEvent, StrategyStatus } from '#core/ports/bot-control.ts';
import {
  anyOf,
  closedObjectOf,
  count,
  epochMs,
  flag,
  type JsonSchema,
  listOf,
  number,
  objectOf,
  oneWordOf,
  orNull,
  text,
} from './json-schema.ts';
import { BAR, MARK, STATE, STRATEGY } from './strategy-schemas.ts';

/** Something worth an operator's attention: which part of the bot, and what about it. */
export interface Problem {
  readonly part: string;
  readonly text: string;
}

export interface HealthAnswer {
  readonly status: 'ok' | 'problems';
  readonly version: string;
  readonly uptimeMs: number;
  readonly problems: readonly Problem[];
}

export interface StatusAnswer {
  readonly version: string;
  readonly mode: 'paper';
  readonly startedAt: number;
  readonly now: number;
  /** Sums over the strategies; they mean something when all have one currency. */
  readonly capital: number;
  readonly equity: number;
  readonly strategies: readonly StrategyStatus[];
  readonly problems: readonly Problem[];
}

/** What pause, resume, flatten and stop take: one strategy, or all by name, so that a forgotten field never means all. */
export type TargetBody = { readonly strategy: string } | { readonly all: true };

export interface DoneAnswer {
  readonly ok: true;
  readonly text: string;
}

export interface ErrorAnswer {
  readonly error: { readonly code: string; readonly message: string; readonly hint: string };
}

/** The first event of every stream: tells a client whether it missed something, and whether the bot is still the same. */
export interface HelloEvent {
  readonly version: string;
  /** Another value than before: the bot was restarted, numbers of events began anew. */
  readonly startedAt: number;
  /** Number of the newest event; 0 before the first. */
  readonly seq: number;
  /** False: events between `Last-Event-ID` and the first of this stream are gone; read the state again. */
  readonly complete: boolean;
}

const PROBLEM = objectOf<Problem>({ part: text(), text: text() });

export const HEALTH_ANSWER: JsonSchema<HealthAnswer> = objectOf<HealthAnswer>({
  status: oneWordOf(['ok', 'problems']),
  version: text(),
  uptimeMs: count(),
  problems: listOf(PROBLEM),
});

export const STATUS_ANSWER: JsonSchema<StatusAnswer> = objectOf<StatusAnswer>({
  version: text(),
  mode: oneWordOf(['paper']),
  startedAt: epochMs(),
  now: epochMs(),
  capital: number('sum over the strategies'),
  equity: number('sum over the strategies'),
  strategies: listOf(STRATEGY),
  problems: listOf(PROBLEM),
});

export const CONFIG_ANSWER: JsonSchema<{ readonly config: unknown }> = objectOf<{ readonly config: unknown }>({
  config: { description: 'the config in force, every secret replaced' },
});

const ALL: JsonSchema<true> = { type: 'boolean', enum: [true] };
const STRATEGY_ID: JsonSchema<string> = { type: 'string', minLength: 1, maxLength: 200, description: 'id of a strategy' };

export const TARGET_BODY: JsonSchema<TargetBody> = anyOf<TargetBody>(
  closedObjectOf<{ readonly strategy: string }>({ strategy: STRATEGY_ID }),
  closedObjectOf<{ readonly all: true }>({ all: ALL }),
);

export const EMPTY_BODY: JsonSchema<Readonly<Record<string, never>>> = {
  type: 'object',
  properties: {},
  required: [],
  additionalProperties: false,
};

export const DONE_ANSWER: JsonSchema<DoneAnswer> = objectOf<DoneAnswer>({ ok: ALL, text: text('what was done, for people') });

export const ERROR_ANSWER: JsonSchema<ErrorAnswer> = objectOf<ErrorAnswer>({
  error: objectOf<ErrorAnswer['error']>({ code: text(), message: text('what was found'), hint: text('what to do') }),
});

export const HELLO_EVENT: JsonSchema<HelloEvent> = objectOf<HelloEvent>({
  version: text(),
  startedAt: epochMs(),
  seq: count(),
  complete: flag(),
});

type EventOf<K extends NumberedEvent['type']> = Extract<NumberedEvent, { readonly type: K }>;

export const EVENT: JsonSchema<NumberedEvent> = anyOf<NumberedEvent>(
  objectOf<EventOf<'mark'>>({ type: oneWordOf(['mark']), seq: count(), strategy: text(), market: text(), mark: MARK }),
  objectOf<EventOf<'bar'>>({
    type: oneWordOf(['bar']),
    seq: count(),
    strategy: text(),
    market: text(),
    bar: BAR,
    equity: number(),
    qty: number(),
  }),
  objectOf<EventOf<'fill'>>({
    type: oneWordOf(['fill']),
    seq: count(),
    strategy: text(),
    market: text(),
    kind: text(),
    time: epochMs(),
    side: oneWordOf(['buy', 'sell']),
    qty: number(),
    price: number(),
    fee: number(),
    profit: orNull(number()),
    reason: text(),
  }),
  objectOf<EventOf<'state'>>({ type: oneWordOf(['state']), seq: count(), strategy: text(), state: STATE, reason: orNull(text()) }),
  objectOf<EventOf<'log'>>({
    type: oneWordOf(['log']),
    seq: count(),
    level: oneWordOf(['info', 'warning', 'error']),
    strategy: orNull(text()),
    time: epochMs(),
    text: text(),
  }),
  objectOf<EventOf<'message'>>({
    type: oneWordOf(['message']),
    seq: count(),
    strategy: text(),
    time: epochMs(),
    level: oneWordOf(['info', 'warning', 'error']),
    text: text(),
    via: orNull(text()),
  }),
  objectOf<EventOf<'config'>>({ type: oneWordOf(['config']), seq: count(), ok: flag(), text: text() }),
);
