import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { StratError } from '#core/errors/strat-error.ts';
import type { Bar } from '#core/model/bar.ts';
import { decisionFault } from './decision-row.ts';
import type { Frame } from './frames.ts';
import { bytesOf, createFrameReader, doublesOf, encodeFrame, FRAME } from './frames.ts';
import type { DecisionHistory, HistoryRows } from './history-rows.ts';
import { createHistoryRows, packRow } from './history-rows.ts';
import { RUNNER_ENTRY, runnerCommand } from './runner-command.ts';
import type { RunnerStart } from './runner-start.ts';
import { runnerStartText } from './runner-start.ts';
import type { IsolateLimits } from './sandbox-error.ts';
import { printable } from './sandbox-error.ts';

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
  readonly history?: DecisionHistory;
  /** Kills it when aborted, also while it starts. */
  readonly signal?: AbortSignal;
}

/** How a runner ended: by `kill` or `close`, or by itself. */
export interface RunnerEnd {
  readonly reason: string;
  readonly closed: boolean;
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
  /** Shows bar `index` (= bars so far) and the account at its close; gives the decision row. @throws StratError RUNNER_FAILED, SANDBOX_INPUT. */
  readonly decide: (index: number, bar: Bar, account: Float64Array) => Promise<Float64Array>;
  readonly decideRow: (row: Float64Array) => Promise<Float64Array>;
  /** Shows rows [bars so far, to) of a history without taking their decisions. */
  readonly catchUp: (rows: HistoryRows, to: number) => Promise<void>;
  readonly ping: () => Promise<void>;
  readonly kill: (reason: string) => void;
  /** Ends the process; resolves when it is gone. */
  readonly close: () => Promise<void>;
  readonly ended: Promise<RunnerEnd>;
}

/** Grace beyond `timeoutMs` before a runner that does not answer is killed. */
export const KILL_GRACE_MS = 1000;
const START_MS = 15_000;
const WATCH_MS = 250;
const PIPE_GRACE_MS = 100;
const BLOCK_ROWS = 1024;
/** A decision has 160 bytes, an error 200 characters: whoever announces more lies. */
const MAX_ANSWER_BYTES = 4096;
const STDERR_KEPT = 400;

interface Request {
  readonly expects: number;
  readonly resolve: (payload: Buffer) => void;
  readonly reject: (error: StratError) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Starts a runner and shows it its history. Rejects when it does not come up.
 * @param entry another program in the runner's place; tests use it.
 * @throws StratError RUNNER_FAILED
 */
export async function startRunner(options: RunnerOptions, entry: string = RUNNER_ENTRY): Promise<StrategyRunner> {
  const history = options.history === undefined ? undefined : createHistoryRows(options.history);
  return openRunner(options, history, history?.count() ?? 0, entry);
}

/** As `startRunner`, with the first `bars` rows of a packed history. */
export async function openRunner(
  options: Omit<RunnerOptions, 'history'>,
  history: HistoryRows | undefined,
  bars: number,
  entry: string = RUNNER_ENTRY,
): Promise<StrategyRunner> {
  const { id, limits } = options;
  const residentMb = limits.residentMb ?? 192 + 2 * limits.memoryMb;
  const command = runnerCommand(entry, residentMb);
  const directory = mkdtempSync(join(tmpdir(), 'strat-runner-'));
  // `detached`: Ctrl-C goes to the terminal's whole process group; the bot ends its runners itself, after a clean stop.
  const child = spawn(command.file, command.args, {
    cwd: directory,
    env: {},
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    detached: true,
  });
  if (child.pid === undefined) {
    const [error] = await once(child, 'error').catch((thrown: unknown) => [thrown]);
    rmSync(directory, { recursive: true, force: true });
    throw new StratError('RUNNER_FAILED', { id, reason: `it could not be started: ${printable(String(error))}` }, { cause: error });
  }
  const watched = watchProcess(id, child, directory, residentMb);
  const { request } = watched;
  const abort = (): void => watched.kill('it was closed');
  if (options.signal?.aborted === true) abort();
  options.signal?.addEventListener('abort', abort, { once: true });
  void watched.ended.then(() => options.signal?.removeEventListener('abort', abort));
  let seen = 0;

  const decideRow = async (row: Float64Array): Promise<Float64Array> => {
    const payload = await request(FRAME.decide, bytesOf(row), FRAME.decision, limits.timeoutMs + KILL_GRACE_MS);
    const decision = doublesOf(payload) ?? new Float64Array(0);
    const fault = decisionFault(decision);
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
  // Gone by name once everything is loaded: nothing is left behind when the bot itself is killed.
  rmSync(directory, { recursive: true, force: true });
  if (history !== undefined) await catchUp(history, bars);
  return {
    id,
    pid: child.pid ?? 0,
    osLimit: command.osLimit,
    bars: () => seen,
    busy: watched.busy,
    decideRow,
    decide: async (index, bar, account) => {
      if (index !== seen) throw new StratError('SANDBOX_INPUT', { reason: `bar ${index} where bar ${seen} is next` });
      return decideRow(packRow(bar, account));
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

interface WatchedProcess {
  readonly request: (type: number, payload: Uint8Array, expects: number, limitMs: number) => Promise<Buffer>;
  readonly busy: () => boolean;
  /** Kills and gives the error to throw. */
  readonly fail: (reason: string) => StratError;
  readonly kill: (reason: string) => void;
  readonly close: () => Promise<void>;
  readonly ended: Promise<RunnerEnd>;
}

/** Requests to a child with a limit each; everything that comes from the child is checked here. */
function watchProcess(id: string, child: ChildProcess, directory: string, residentMb: number): WatchedProcess {
  const open = new Map<number, Request>();
  const ended = Promise.withResolvers<RunnerEnd>();
  const reader = createFrameReader(MAX_ANSWER_BYTES);
  let lastSeq = 0;
  let reason: string | undefined;
  let closed = false;
  let stderr = '';

  const kill = (why: string): void => {
    reason ??= why;
    child.kill('SIGKILL');
  };
  const fail = (why: string): StratError => {
    kill(why);
    return new StratError('RUNNER_FAILED', { id, reason: reason ?? why });
  };
  const rejectAll = (): void => {
    for (const { reject, timer } of open.values()) {
      clearTimeout(timer);
      reject(new StratError('RUNNER_FAILED', { id, reason: reason ?? 'it ended' }));
    }
    open.clear();
  };

  const receive = ({ type, seq, payload }: Frame): void => {
    const request = open.get(seq);
    if (request === undefined) return kill('it answered what nobody asked');
    if (type === FRAME.failed) return kill(printable(payload.toString('utf8')));
    if (type !== request.expects) return kill('it gave another answer than asked for');
    open.delete(seq);
    clearTimeout(request.timer);
    request.resolve(payload);
    return undefined;
  };

  child.on('error', (error) => gone(`it could not be started: ${error.message}`));
  const channel = child.stdio[3];
  if (!(channel instanceof Duplex)) throw new StratError('RUNNER_FAILED', { id, reason: 'it has no pipe' });
  channel.on('data', (chunk: Buffer) => {
    if (reason !== undefined) return;
    const frames = reader.push(chunk);
    if (frames === undefined) kill('it sent more than an answer can hold');
    else for (const frame of frames) if (reason === undefined) receive(frame);
  });
  // The pipe of a process that ends closes a moment before the process is gone; how that ended tells more.
  const loseChannel = (): void => {
    setTimeout(() => kill('it closed its pipe'), PIPE_GRACE_MS).unref();
  };
  channel.on('end', loseChannel);
  channel.on('error', loseChannel);
  child.stderr?.on('data', (chunk: Buffer) => {
    if (stderr.length < STDERR_KEPT) stderr += chunk.toString('latin1').slice(0, STDERR_KEPT);
  });

  const watch = setInterval(() => {
    const used = residentMbOf(child.pid);
    if (used !== undefined && used > residentMb) kill(`it used ${Math.round(used)} MB of memory, ${residentMb} are allowed`);
  }, WATCH_MS);
  const killOnExit = (): void => {
    child.kill('SIGKILL');
  };
  process.setMaxListeners(process.getMaxListeners() + 1);
  process.on('exit', killOnExit);

  const gone = (why: string): void => {
    clearInterval(watch);
    if (process.listeners('exit').includes(killOnExit)) {
      process.off('exit', killOnExit);
      process.setMaxListeners(process.getMaxListeners() - 1);
    }
    channel.destroy();
    child.stderr?.destroy();
    rmSync(directory, { recursive: true, force: true });
    reason ??= why + (stderr === '' ? '' : `: ${printable(stderr)}`);
    rejectAll();
    ended.resolve({ reason, closed });
  };
  child.on('exit', (code, signal) => gone(signal === null ? `it ended with code ${code ?? 'unknown'}` : `it was ended by ${signal}`));

  return {
    request: (type, payload, expects, limitMs) => {
      const result = Promise.withResolvers<Buffer>();
      if (reason !== undefined) {
        result.reject(new StratError('RUNNER_FAILED', { id, reason }));
        return result.promise;
      }
      lastSeq = (lastSeq + 1) % 2 ** 32;
      const timer = setTimeout(() => kill(`it did not answer within ${limitMs} ms`), limitMs);
      open.set(lastSeq, { expects, resolve: result.resolve, reject: result.reject, timer });
      channel.write(encodeFrame(type, lastSeq, payload));
      return result.promise;
    },
    busy: () => open.size > 0,
    fail,
    kill,
    close: async () => {
      closed = true;
      kill('it was closed');
      await ended.promise;
    },
    ended: ended.promise,
  };
}

/** Resident memory of a process in MB, where the system tells it in /proc. */
function residentMbOf(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid ?? 0}/status`, 'latin1'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}
