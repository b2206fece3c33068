import type { Bar } from '#core/model/bar.ts';
import type { BotControl, ControlEvent, ControlResult, NumberedEvent, StrategyState, StrategyStatus } from '#core/ports/bot-control.ts';
import type { ToolAnswer, ToolRequest } from '#core/ports/language-tools.ts';

/** Two strategies on one market that only do what they are told; what the endpoint's tests need of a bot. */
export interface FixtureBot {
  readonly control: BotControl;
  /** Every command, as `pause trend` or `stop *`. */
  readonly commands: string[];
  readonly emit: (event: ControlEvent) => void;
  readonly setProblems: (problems: readonly { readonly part: string; readonly text: string }[]) => void;
  /** Closes or opens the position of `trend`. */
  readonly setQty: (qty: number) => void;
  /** From now on reads throw. */
  readonly breakReads: () => void;
  readonly listeners: () => number;
  /** Sees each request for a tool, and may answer it. */
  readonly onTool: (answer: (request: ToolRequest) => ToolAnswer | void) => void;
}

const BARS: readonly Bar[] = [1, 2, 3, 4, 5].map((n) => ({
  time: n * 3_600_000,
  open: 100 + n,
  high: 102 + n,
  low: 99 + n,
  close: 101 + n,
  volume: 10 * n,
}));

export function fixtureBot(): FixtureBot {
  const commands: string[] = [];
  const listeners = new Set<(event: NumberedEvent) => void>();
  const states = new Map<string, StrategyState>([
    ['trend', 'running'],
    ['reversion', 'running'],
  ]);
  let seq = 0;
  let qty = 2;
  let isBroken = false;
  let answerOf: (request: ToolRequest) => ToolAnswer | void = () => undefined;
  let problems: readonly { readonly part: string; readonly text: string }[] = [];
  const startedAt = Date.now();

  const emit = (event: ControlEvent): void => {
    seq++;
    for (const listener of listeners) listener({ ...event, seq });
  };
  const strategies = (): StrategyStatus[] => {
    if (isBroken) throw new Error('the secret inside of the bot');
    return [...states].map(([id, state]) => strategy(id, state, id === 'trend' ? qty : 0));
  };
  const command =
    (verb: string, to: StrategyState | null) =>
    (id: string | null): ControlResult => {
      commands.push(`${verb} ${id ?? '*'}`);
      if (id !== null && !states.has(id)) return { ok: false, code: 'NOT_FOUND', text: `There is no strategy "${id}"` };
      const live = (id === null ? [...states.keys()] : [id]).filter((one) => states.get(one) !== 'stopped');
      if (live.length === 0) return { ok: false, code: 'REFUSED', text: `${id ?? 'every strategy'} has ended` };
      for (const one of live) {
        if (to !== null) states.set(one, to);
        emit({ type: 'state', strategy: one, state: states.get(one) ?? 'failed', reason: to === 'running' ? null : 'told so' });
      }
      return { ok: true, text: `${verb}: ${id ?? 'all'}` };
    };

  const control: BotControl = {
    startedAt,
    version: '1.2.3',
    mode: 'paper',
    strategies,
    trades: (only) =>
      [1, 2, 3, 4]
        .map((n) => ({
          strategy: n % 2 === 0 ? 'trend' : 'reversion',
          positionId: n,
          market: 'sim:BTC/USDT',
          side: 'long' as const,
          entryTime: n * 1000,
          entryPrice: 100,
          exitTime: n === 4 ? null : n * 2000,
          exitPrice: n === 4 ? null : 110,
          qty: 1,
          fees: 0.2,
          profit: n === 4 ? null : 9.8,
          profitPct: n === 4 ? null : 9.8,
          entryReason: null,
          exitReason: n === 4 ? 'open' : 'exit',
        }))
        .filter((trade) => only === null || trade.strategy === only),
    orders: (only) =>
      qty === 0 || (only !== null && only !== 'trend')
        ? []
        : [{ strategy: 'trend', market: 'sim:BTC/USDT', type: 'stop', purpose: 'protection', side: 'sell', qty, price: 95 }],
    equity: (_, limit) => BARS.map(({ time }, n) => ({ time, equity: 10_000 + n })).slice(-limit),
    candles: (_, __, limit) => BARS.slice(-limit),
    marks: () => [{ time: 1, where: 'above', text: 'top', color: 'red' }],
    config: () => ({ http: { port: 0 }, notifiers: [{ webhook: { url: '[redacted]' } }] }),
    problems: () => problems,
    pause: command('pause', 'paused'),
    resume: command('resume', 'running'),
    flatten: command('flatten', 'paused'),
    stop: command('stop', 'stopped'),
    reload: async () => {
      commands.push('reload');
      return Promise.resolve({ ok: true, text: 'nothing changed' });
    },
    tool: async (request) => Promise.resolve(answerOf(request) ?? { ok: true, document: { schema: `strat.${request.tool}/1` } }),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return {
    control,
    commands,
    emit,
    setProblems: (found) => {
      problems = found;
    },
    setQty: (to) => {
      qty = to;
    },
    breakReads: () => {
      isBroken = true;
    },
    listeners: () => listeners.size,
    onTool: (answer) => {
      answerOf = answer;
    },
  };
}

function strategy(id: string, state: StrategyState, qty: number): StrategyStatus {
  return {
    id,
    name: `The ${id}`,
    file: `strategies/${id}/${id}.strat`,
    market: 'sim:BTC/USDT',
    timeframe: '1h',
    synthetic: true,
    state,
    reason: state === 'running' ? null : 'told so',
    params: { fast: 10, slow: 30 },
    capital: 10_000,
    equity: qty === 0 ? 10_000 : 10_012,
    cash: qty === 0 ? 10_000 : 9800,
    tradeCount: 2,
    bars: 5,
    markets: [
      {
        market: 'sim:BTC/USDT',
        qty,
        avgPrice: qty === 0 ? null : 100,
        stopLevel: qty === 0 ? null : 95,
        lastBar: BARS.at(-1) ?? null,
      },
    ],
  };
}
