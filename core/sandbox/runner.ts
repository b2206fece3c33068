import { StratError } from '#core/errors/strat-error.ts';
import type { Bar } from '#core/model/bar.ts';
import { rowLength } from '#core/model/trade-plan.ts';
import { decisionFault } from './decision-row.ts';
import { bytesOf, doublesOf, FRAME } from './frames.ts';
import type { HistoryRows } from './history-rows.ts';
import { packRow } from './history-rows.ts';
import { RUNNER_ENTRY } from './runner-command.ts';
import type { RunnerStart } from './runner-start.ts';
import { runnerStartText } from './runner-start.ts';
import type { IsolateLimits } from './sandbox-error.ts';
import { openWatchedProcess, type ProcessEnd } from './watched-process.ts';

export interface RunnerLimits extends IsolateLimits {
  /** Resident memory of the whole process in MB, watched four times a second; default 192 + 2 * memoryMb. */
  readonly residentMb?: number;
  /** From spawn to the loaded strategy, in ms; default 15,000. */
  readonly startMs?: number;
}

export interface RunnerOptions extends Omit<RunnerStart, 'limits'> {
  /** Of the strategy, for messages. */
  readonly id: string;
  readonly limits: RunnerLimits;
  /** Bars and accounts that the strategy has seen: it decides over them again, so that its state equals one that never stopped. */
  readonly history?: HistoryRows;
  /** Kills it when aborted, also while it starts. */
  readonly signal?: AbortSignal;
}

/** A strategy in a process of its own. Any fault (late, wrong or no answer) kills the process; all open calls then reject. */
export interface StrategyRunner {
  readonly id: string;
  readonly pid: number;
  /** The tool that caps its memory besides our own watch; undefined: none on this system. */
  readonly osLimit: string | undefined;
  /** Bars that it has seen. */
  readonly bars: () => number;
  readonly busy: () => boolean;
  /** Shows bar `index` (= bars so far) and the account at its close; gives the row of the bar. @throws StratError RUNNER_FAILED, SANDBOX_INPUT. */
  readonly decide: (index: number, bar: Bar, account: Float64Array, tail?: Float64Array) => Promise<Float64Array>;
  readonly decideRow: (row: Float64Array) => Promise<Float64Array>;
  /** Shows rows [bars so far, to) of a history without taking their decisions. */
  readonly catchUp: (rows: HistoryRows, to: number) => Promise<void>;
  readonly ping: () => Promise<void>;
  readonly kill: (reason: string) => void;
  /** Ends the process; resolves when it is gone. */
  readonly close: () => Promise<void>;
  readonly ended: Promise<ProcessEnd>;
}

/** Grace beyond `timeoutMs` before a runner that does not answer is killed. */
export const KILL_GRACE_MS = 1000;
const START_MS = 15_000;
const BLOCK_ROWS = 1024;
/** An error has 200 characters; whoever announces more than that, or than a row, lies. */
const ERROR_BYTES = 4096;

/**
 * Starts a runner and shows it its history. Rejects when it does not come up.
 * @param entry another program in the runner's place; tests use it.
 * @throws StratError RUNNER_FAILED
 */
export async function startRunner(options: RunnerOptions, entry: string = RUNNER_ENTRY): Promise<StrategyRunner> {
  return openRunner(options, options.history, options.history?.count() ?? 0, entry);
}

/** As `startRunner`, with the first `bars` rows of a packed history. */
export async function openRunner(
  options: Omit<RunnerOptions, 'history'>,
  history: HistoryRows | undefined,
  bars: number,
  entry: string = RUNNER_ENTRY,
): Promise<StrategyRunner> {
  const { id, limits } = options;
  const { plan } = options.strategy;
  const residentMb = limits.residentMb ?? 192 + 2 * limits.memoryMb;
  const watched = await openWatchedProcess({
    id,
    entry,
    residentMb,
    maxAnswerBytes: Math.max(ERROR_BYTES, Float64Array.BYTES_PER_ELEMENT * rowLength(plan)),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const { request } = watched;
  let seen = 0;

  const decideRow = async (row: Float64Array): Promise<Float64Array> => {
    const payload = await request(FRAME.decide, bytesOf(row), FRAME.decision, limits.timeoutMs + KILL_GRACE_MS);
    const decision = doublesOf(payload) ?? new Float64Array(0);
    const fault = decisionFault(decision, plan);
    if (fault !== undefined) throw watched.fail(`it sent ${fault}`);
    seen += 1;
    return decision;
  };
  const catchUp = async (rows: HistoryRows, to: number): Promise<void> => {
    while (seen < to) {
      const end = Math.min(seen + BLOCK_ROWS, to);
      const payload = await request(FRAME.history, bytesOf(rows.slice(seen, end)), FRAME.done, limits.timeoutMs + KILL_GRACE_MS);
      if (doublesOf(payload)?.[0] !== end) throw watched.fail('it lost count of its bars');
      seen = end;
    }
  };

  await request(FRAME.start, Buffer.from(runnerStartText(options)), FRAME.done, limits.startMs ?? START_MS);
  watched.settle();
  if (history !== undefined) await catchUp(history, bars);
  return {
    id,
    pid: watched.pid,
    osLimit: watched.osLimit,
    bars: () => seen,
    busy: watched.busy,
    decideRow,
    decide: async (index, bar, account, tail) => {
      if (index !== seen) throw new StratError('SANDBOX_INPUT', { reason: `bar ${index} where bar ${seen} is next` });
      return decideRow(packRow(bar, account, tail));
    },
    catchUp,
    ping: async () => {
      await request(FRAME.ping, new Uint8Array(0), FRAME.done, limits.timeoutMs + KILL_GRACE_MS);
    },
    kill: watched.kill,
    close: watched.close,
    ended: watched.ended,
  };
}
