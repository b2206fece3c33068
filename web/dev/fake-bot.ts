import type { BotControl, ControlEvent, ControlResult, EquityPoint, NumberedEvent } from '#core/ports/bot-control.ts';
import { FakeStrategy } from './fake-strategy.ts';

/** A bot without a market, for writing and testing the page: the port's methods, and a hand on the clock. */
export interface FakeBot extends BotControl {
  /** Each strategy takes one more bar. */
  readonly step: () => void;
  readonly emit: (event: ControlEvent) => void;
}

export interface FakeBotOptions {
  /** Bars of history. */
  readonly history: number;
  /** Made-up trades of the first strategy before its own, for long tables. */
  readonly oldTrades: number;
  readonly startedAt: number;
}

function thin(points: readonly EquityPoint[], limit: number): readonly EquityPoint[] {
  const every = Math.max(1, Math.ceil(points.length / limit));
  return points.filter((_, index) => (points.length - 1 - index) % every === 0);
}

export function createFakeBot(options: FakeBotOptions): FakeBot {
  const start = Date.UTC(2024, 0, 1);
  const list = [
    new FakeStrategy('sma-cross', 'SIM:BTC/USDT', 7, 42_000, start),
    new FakeStrategy('rsi-dip', 'SIM:ETH/USDT', 23, 2300, start),
  ];
  for (const strategy of list) for (let i = 0; i < options.history; i += 1) strategy.step();
  const [first] = list;
  const model = first?.trades.at(-1);
  if (first !== undefined && model !== undefined) {
    for (let i = options.oldTrades; i > 0; i -= 1) {
      const entryTime = start - i * 7_200_000;
      const profit = Math.round(Math.sin(i) * 10_000) / 100;
      first.trades.unshift({ ...model, positionId: -i, entryTime, exitTime: entryTime + 3_600_000, profit, profitPct: profit / 50 });
    }
    first.trades.sort((a, b) => a.entryTime - b.entryTime);
  }

  let seq = 0;
  const listeners = new Set<(event: NumberedEvent) => void>();
  const emit = (event: ControlEvent): void => {
    seq += 1;
    for (const listener of listeners) listener({ ...event, seq });
  };
  const some = (id: string | null): readonly FakeStrategy[] => list.filter((strategy) => id === null || strategy.id === id);
  const change = (id: string | null, done: string, act: (strategy: FakeStrategy) => void): ControlResult => {
    const chosen = some(id);
    if (chosen.length === 0) return { ok: false, code: 'NOT_FOUND', text: `There is no strategy "${id}"` };
    for (const strategy of chosen) {
      act(strategy);
      emit({ type: 'state', strategy: strategy.id, state: strategy.state, reason: strategy.reason });
    }
    return { ok: true, text: `${chosen.map((strategy) => strategy.id).join(', ')}: ${done}` };
  };

  return {
    startedAt: options.startedAt,
    version: '0.1.0',
    mode: 'paper',
    strategies: () => list.map((strategy) => strategy.status()),
    trades: (id) => some(id).flatMap((strategy) => strategy.trades),
    orders: (id) => some(id).flatMap((strategy) => strategy.order() ?? []),
    equity(id, limit) {
      const [one, ...others] = some(id);
      const sum = (one?.points ?? []).map(({ time, equity }, index) => ({
        time,
        equity: others.reduce((total, other) => total + (other.points[index]?.equity ?? 0), equity),
      }));
      return thin(sum, limit);
    },
    marks: (id) => some(id).flatMap((strategy) => strategy.marks),
    candles: (id, _, limit) => some(id).flatMap((strategy) => strategy.bars.slice(-limit)),
    config: () => ({ http: { port: 8420 } }),
    problems: () => [],
    pause: (id) => change(id, 'paused; exits and stops go on', (strategy) => Object.assign(strategy, { state: 'paused' })),
    resume: (id) => change(id, 'running', (strategy) => Object.assign(strategy, { state: 'running', reason: null })),
    flatten: (id) =>
      change(id, 'closes at the next open, paused', (strategy) => Object.assign(strategy, { state: 'paused', flatten: true })),
    stop: (id) => change(id, 'stopped', (strategy) => Object.assign(strategy, { state: 'stopped', reason: 'stopped by the operator' })),
    reload: () => {
      emit({ type: 'config', ok: true, text: 'nothing changed' });
      return Promise.resolve({ ok: true, text: 'Nothing changed.' });
    },
    tool: () => Promise.resolve({ ok: false, code: 'FAILED', text: 'This bot is made up: it has no tools', hint: 'Ask a real one' }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    step() {
      for (const strategy of list) {
        if (strategy.state === 'stopped') continue;
        const { bar, fills } = strategy.step();
        const of = { strategy: strategy.id, market: strategy.market };
        for (const { profit, ...fill } of fills)
          emit({ type: 'fill', ...of, time: bar.time, ...fill, profit, reason: fill.kind === 'exit' ? 'rule' : fill.kind });
        emit({ type: 'bar', ...of, bar, equity: strategy.equity, qty: strategy.qty });
      }
    },
    emit,
  };
}
