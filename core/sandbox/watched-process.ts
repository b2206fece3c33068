import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { StratError } from '#core/errors/strat-error.ts';
import type { Frame } from './frames.ts';
import { createFrameReader, encodeFrame, FRAME } from './frames.ts';
import { runnerCommand } from './runner-command.ts';
import { printable } from './sandbox-error.ts';

const WATCH_MS = 250;
const PIPE_GRACE_MS = 100;
const STDERR_KEPT = 400;

interface Request {
  readonly expects: number;
  readonly resolve: (payload: Buffer) => void;
  readonly reject: (error: StratError) => void;
  readonly timer: NodeJS.Timeout;
}

/** How a process ended: by `kill` or `close`, or by itself. */
export interface ProcessEnd {
  readonly reason: string;
  readonly closed: boolean;
}

export interface WatchedOptions {
  /** Of the strategy, for messages. */
  readonly id: string;
  /** The program; Node runs it, fenced in by `runnerCommand`. */
  readonly entry: string;
  /** Resident memory of the whole process in MB, watched four times a second. */
  readonly residentMb: number;
  /** Whoever announces a longer answer lies. */
  readonly maxAnswerBytes: number;
  /** Kills it when aborted. */
  readonly signal?: AbortSignal;
}

/** A child that answers requests over a pipe. Any fault (late, wrong or no answer) kills it; all open requests then reject. */
export interface WatchedProcess {
  readonly pid: number;
  /** The tool that caps its memory besides our own watch; undefined: none on this system. */
  readonly osLimit: string | undefined;
  /** @throws StratError RUNNER_FAILED */
  readonly request: (type: number, payload: Uint8Array, expects: number, limitMs: number) => Promise<Buffer>;
  readonly busy: () => boolean;
  /** Kills and gives the error to throw. */
  readonly fail: (reason: string) => StratError;
  readonly kill: (reason: string) => void;
  /** Removes its empty directory: nothing is left behind when this process itself is killed. */
  readonly settle: () => void;
  readonly close: () => Promise<void>;
  readonly ended: Promise<ProcessEnd>;
}

/** Starts a child. @throws StratError RUNNER_FAILED */
export async function openWatchedProcess({ id, entry, residentMb, maxAnswerBytes, signal }: WatchedOptions): Promise<WatchedProcess> {
  const command = runnerCommand(entry, residentMb);
  const directory = mkdtempSync(join(tmpdir(), 'strat-runner-'));
  // `detached`: Ctrl-C goes to the terminal's whole process group; who started it ends it, after a clean stop.
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
  const watched = watchProcess(id, child, directory, residentMb, maxAnswerBytes);
  const abort = (): void => watched.kill('it was closed');
  if (signal?.aborted === true) abort();
  signal?.addEventListener('abort', abort, { once: true });
  void watched.ended.then(() => signal?.removeEventListener('abort', abort));
  return {
    ...watched,
    pid: child.pid,
    osLimit: command.osLimit,
    settle: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Requests to a child with a limit each; everything that comes from the child is checked here. */
function watchProcess(
  id: string,
  child: ChildProcess,
  directory: string,
  residentMb: number,
  maxAnswerBytes: number,
): Omit<WatchedProcess, 'pid' | 'osLimit' | 'settle'> {
  const open = new Map<number, Request>();
  const ended = Promise.withResolvers<ProcessEnd>();
  const reader = createFrameReader(maxAnswerBytes);
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
