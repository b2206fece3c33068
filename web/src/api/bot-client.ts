import type { ControlMark, ControlOrder, ControlTrade, EquityPoint } from '#core/ports/bot-control.ts';
import {
  type Bar,
  type BotStatus,
  candlesAnswer,
  marksAnswer,
  commandAnswer,
  equityAnswer,
  errorAnswer,
  ordersAnswer,
  statusAnswer,
  tradesAnswer,
} from './answers.ts';
import { BadAnswer, type Check } from './check.ts';

export type CommandName = 'pause' | 'resume' | 'flatten' | 'stop' | 'reload';

/** The bot answered and said no; status 401 means that the token is missing or wrong, 429 that wrong ones came too often. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  readonly hint: string | null;

  constructor(status: number, message: string, hint: string | null) {
    super(message);
    this.status = status;
    this.hint = hint;
  }
}

/** The control API as functions. Every answer is checked before it is believed: BadAnswer, Refused, or fetch's own TypeError. */
export interface BotClient {
  readonly eventsUrl: string;
  status(): Promise<BotStatus>;
  trades(limit: number): Promise<readonly ControlTrade[]>;
  orders(): Promise<readonly ControlOrder[]>;
  /** null = all strategies together. */
  equity(strategy: string | null, limit: number): Promise<readonly EquityPoint[]>;
  candles(strategy: string, market: string, limit: number): Promise<readonly Bar[]>;
  marks(strategy: string, market: string): Promise<readonly ControlMark[]>;
  /** What was done, in words. `strategy` null = all. */
  command(name: CommandName, strategy: string | null, token: string): Promise<string>;
}

/** Events wait while an answer is under way, so it must not be for ever. */
const PATIENCE_MS = 20_000;

function parsed(body: string, path: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new BadAnswer(`${path} should be JSON; found ${JSON.stringify(body.slice(0, 40))}`);
  }
}

function refusal(status: number, body: string): Refused {
  try {
    const { error } = errorAnswer(JSON.parse(body), 'answer');
    return new Refused(status, error.message, error.hint);
  } catch {
    return new Refused(status, `The bot answered with status ${status}`, null);
  }
}

/** @param base address of the API, e.g. `/api/v1` or `http://127.0.0.1:8420/api/v1` */
export function createBotClient(base: string): BotClient {
  const ask = async <T>(check: Check<T>, path: string, init: RequestInit = {}): Promise<T> => {
    const response = await fetch(`${base}/${path}`, { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS), ...init });
    const body = await response.text();
    if (!response.ok) throw refusal(response.status, body);
    return check(parsed(body, path), path.replace(/\?.*/, ''));
  };
  const query = (strategy: string | null, limit: number): string => {
    const words = new URLSearchParams({ limit: String(limit) });
    if (strategy !== null) words.set('strategy', strategy);
    return words.toString();
  };
  return {
    eventsUrl: `${base}/events`,
    status: () => ask(statusAnswer, 'status'),
    trades: async (limit) => (await ask(tradesAnswer, `trades?${query(null, limit)}`)).trades,
    orders: async () => (await ask(ordersAnswer, 'orders')).orders,
    equity: async (strategy, limit) => (await ask(equityAnswer, `equity?${query(strategy, limit)}`)).equity,
    marks: async (strategy, market) => (await ask(marksAnswer, `marks?${new URLSearchParams({ strategy, market }).toString()}`)).marks,
    candles: async (strategy, market, limit) =>
      (await ask(candlesAnswer, `candles?${query(strategy, limit)}&${new URLSearchParams({ market }).toString()}`)).candles,
    command: async (name, strategy, token) => {
      const body = name === 'reload' ? {} : strategy === null ? { all: true } : { strategy };
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      return (await ask(commandAnswer, name, { method: 'POST', headers, body: JSON.stringify(body) })).text;
    },
  };
}
