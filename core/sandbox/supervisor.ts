import { StratError } from '#core/errors/strat-error.ts';
import type { Bar } from '#core/model/bar.ts';
import type { Result } from '#core/model/result.ts';
import { fail, ok } from '#core/model/result.ts';
import { packRow } from './history-rows.ts';
import type { RunnerOptions, StrategyRunner } from './runner.ts';
import { openRunner } from './runner.ts';
import { printable } from './sandbox-error.ts';
import { ShownRows } from './shown-rows.ts';

export type RunnerEvent =
  /** A runner is up: the first, or one after a fault. `osLimit`: what caps its memory besides our own watch, if anything does. */
  | {
      readonly type: 'started' | 'restarted';
      readonly id: string;
      readonly pid: number;
      readonly bars: number;
      readonly osLimit: string | undefined;
    }
  /** A runner ended that should not have, by itself or by our hand. */
  | { readonly type: 'killed'; readonly id: string; readonly pid: number | undefined; readonly reason: string }
  /** Too many restarts: this strategy decides nothing any more. Its positions are the bot's to protect. */
  | { readonly type: 'disabled'; readonly id: string; readonly reason: string }
  | { readonly type: 'closed'; readonly id: string };

export interface SuperviseOptions extends Omit<RunnerOptions, 'signal'> {
  /** Milliseconds of any steady clock; only the hour of the restart limit is measured with it. */
  readonly now: () => number;
  readonly onEvent: (event: RunnerEvent) => void;
  /** Default 3; Infinity lifts the limit. */
  readonly maxRestartsPerHour?: number;
  /** Another program in the runner's place; tests use it. */
  readonly entry?: string;
}

/** Why there is no decision for a bar. The bar itself is kept: the strategy sees it before its next decision. */
export interface DecideRefusal {
  readonly state: 'restarting' | 'disabled' | 'closed';
  readonly reason: string;
}

export interface SupervisedRunner {
  readonly id: string;
  readonly state: () => 'starting' | 'running' | DecideRefusal['state'];
  /** Of the runner that is up; undefined while there is none. */
  readonly pid: () => number | undefined;
  /** Bars shown so far, the history included; the index of the next one. */
  readonly bars: () => number;
  /** Resolves once the first runner is up, or the strategy disabled or closed. */
  readonly ready: () => Promise<void>;
  /**
   * Shows bar `index` (= `bars()`) with the account at its close and the tail of its row. Always resolves: with the row of the bar, or with why there is
   * none. A call that is open when the runner dies is tried once more on the next runner; calls while there is none are refused at once.
   * @throws StratError SANDBOX_INPUT for a bar out of turn: a fault of the caller.
   */
  readonly decide: (index: number, bar: Bar, account: Float64Array, tail?: Float64Array) => Promise<Result<Float64Array, DecideRefusal>>;
  readonly close: () => Promise<void>;
}

const HEARTBEAT_MS = 250;
const HOUR_MS = 3_600_000;

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return printable(String(error));
  const data: Readonly<Record<string, string | number>> = error instanceof StratError ? error.data : {};
  return printable(String(data['reason'] ?? error.message));
}

/**
 * Keeps a runner alive for one strategy, whatever happens to the process. `options.history` may grow while it runs: who keeps what was
 * shown there spares the memory for it here.
 */
export function superviseRunner(options: SuperviseOptions): SupervisedRunner {
  const { id, now, onEvent, maxRestartsPerHour = 3 } = options;
  const history = new ShownRows(options.history);
  const restarts: number[] = [];
  /** Indices of decisions that are wanted and not yet given, ascending: a new runner is shown the bars before the first. */
  const wanted: number[] = [];
  let state: ReturnType<SupervisedRunner['state']> = 'starting';
  const closing = new AbortController();
  let lastReason = '';
  let running: StrategyRunner | undefined;

  const restartAllowed = (): boolean => {
    const time = now();
    while (restarts[0] !== undefined && restarts[0] <= time - HOUR_MS) restarts.shift();
    if (restarts.length >= maxRestartsPerHour) {
      state = 'disabled';
      onEvent({ type: 'disabled', id, reason: lastReason });
      return false;
    }
    restarts.push(time);
    state = 'restarting';
    return true;
  };

  const bringUp = async (type: 'started' | 'restarted'): Promise<StrategyRunner | undefined> => {
    let runner: StrategyRunner;
    try {
      runner = await openRunner({ ...options, signal: closing.signal }, history, wanted[0] ?? history.count(), options.entry);
    } catch (error) {
      if (state === 'closed') return undefined;
      lastReason = reasonOf(error);
      onEvent({ type: 'killed', id, pid: undefined, reason: lastReason });
      return restartAllowed() ? bringUp('restarted') : undefined;
    }
    if (state === 'closed') {
      await runner.close();
      return undefined;
    }
    state = 'running';
    running = runner;
    onEvent({ type, id, pid: runner.pid, bars: runner.bars(), osLimit: runner.osLimit });
    const heartbeat = setInterval(() => {
      // A failed ping has killed the runner already; `ended` tells the rest.
      if (!runner.busy()) runner.ping().catch(() => undefined);
    }, HEARTBEAT_MS);
    void runner.ended.then(({ reason }) => {
      clearInterval(heartbeat);
      running = undefined;
      if (state === 'closed') return;
      lastReason = reason;
      onEvent({ type: 'killed', id, pid: runner.pid, reason });
      current = restartAllowed() ? bringUp('restarted') : Promise.resolve(undefined);
    });
    return runner;
  };

  const refusal = (): { readonly ok: false; readonly error: DecideRefusal } =>
    fail({ state: state === 'closed' || state === 'disabled' ? state : 'restarting', reason: lastReason });

  const serve = async (index: number): Promise<Result<Float64Array, DecideRefusal>> => {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const runner = await current;
      if (runner === undefined) return refusal();
      // The last try: if it fails, the bar is history, and a bar that kills every runner ends in `disabled` without waiting for the next.
      if (attempt === 1) wanted.shift();
      try {
        await runner.catchUp(history, index);
        return ok(await runner.decideRow(history.slice(index, index + 1)));
      } catch {
        // The reason comes with `ended`, whose handler above has replaced `current` when this goes on.
        await runner.ended;
      }
    }
    return refusal();
  };

  let current = bringUp('started');
  /** Of the calls so far. */
  let last: Promise<unknown> = current;
  const inTurn = async (index: number, before: Promise<unknown>): Promise<Result<Float64Array, DecideRefusal>> => {
    await before;
    try {
      return await serve(index);
    } finally {
      if (wanted[0] === index) wanted.shift();
    }
  };
  return {
    id,
    state: () => state,
    pid: () => running?.pid,
    bars: () => history.count(),
    ready: async () => {
      await current;
    },
    decide: async (index, bar, account, tail) => {
      if (index !== history.count()) {
        throw new StratError('SANDBOX_INPUT', { reason: `bar ${index} where bar ${history.count()} is next` });
      }
      history.append(packRow(bar, account, tail));
      if (state !== 'running' && state !== 'starting') return refusal();
      wanted.push(index);
      const result = inTurn(index, last);
      last = result.catch(() => undefined);
      return result;
    },
    close: async () => {
      if (state === 'closed') return;
      lastReason = 'closed';
      state = 'closed';
      closing.abort();
      const open = running;
      await current;
      await open?.ended;
      onEvent({ type: 'closed', id });
    },
  };
}
