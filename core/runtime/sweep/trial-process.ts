import { type ChildProcess, spawn } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { Duplex } from 'node:stream';
import { createFrameReader, encodeFrame, FRAME } from '#core/sandbox/frames.ts';
import { printable } from '#core/sandbox/sandbox-error.ts';
import { parseOutcome, type SetValues, type TrialOutcome } from './plain-trial.ts';

const MOST_ANSWER_BYTES = 2 ** 20;
const STDERR_KEPT = 4000;
/** Flags of this process that its workers have as well: what they may use. Those that say what is to be run are its own. */
const PASSED_FLAG = /^--max-/;

/** How a process that runs sets is started. */
export interface TrialProcessStart {
  /** The program: it serves `FRAME.start` and `FRAME.run` at descriptor 3. */
  readonly entry: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Its first request. */
  readonly request: string;
  /** What it answers, where it found the files as they were. */
  readonly answer: string;
}

/** A process is gone before it answered. */
export class TrialProcessEnd extends Error {
  override readonly name = 'TrialProcessEnd';
}

/** A process that runs one set after another. */
export interface TrialProcess {
  /** It has read its candles. Rejects with TrialProcessEnd. */
  readonly ready: Promise<void>;
  /** One at a time. @throws TrialProcessEnd */
  readonly run: (values: SetValues) => Promise<TrialOutcome>;
  /** Kills it. */
  readonly close: () => void;
}

/** Starts one. It has the rights of this process, and ends when its pipe closes, so at the latest with this process. */
export function openTrialProcess({ entry, env, request, answer }: TrialProcessStart): TrialProcess {
  const cache = getCompileCacheDir();
  // `detached`: Ctrl-C goes to the terminal's whole process group, and the sweep has to be told first.
  const child = spawn(process.execPath, [...process.execArgv.filter((flag) => PASSED_FLAG.test(flag)), entry], {
    env: { ...env, ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) }) },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const talk = conversation(child);
  const start = async (): Promise<void> => {
    const text = await talk.ask(FRAME.start, request);
    if (text !== answer) throw talk.end('the strategy, its candles or its settings are not what they were when the sweep began');
  };
  const ready = start();
  // Who waits for it sees the reason; who does not need it any more closes it.
  ready.catch(() => undefined);
  return {
    ready,
    run: async (values) => {
      await ready;
      const outcome = parseOutcome(await talk.ask(FRAME.run, JSON.stringify(values)));
      if (outcome === null) throw talk.end('it answered what is no result');
      return outcome;
    },
    close: () => void talk.end('it was closed'),
  };
}

interface Conversation {
  /** @throws TrialProcessEnd */
  readonly ask: (type: number, text: string) => Promise<string>;
  /** Kills it, and gives what to throw. */
  readonly end: (reason: string) => TrialProcessEnd;
}

/** Question and answer over the pipe of a child. Anything but an answer to what was asked ends it. */
function conversation(child: ChildProcess): Conversation {
  const reader = createFrameReader(MOST_ANSWER_BYTES);
  let asked: { readonly seq: number; readonly answer: PromiseWithResolvers<string> } | null = null;
  let seq = 0;
  let ended: TrialProcessEnd | null = null;
  let stderr = '';
  const end = (reason: string): TrialProcessEnd => {
    ended ??= new TrialProcessEnd(reason);
    child.kill('SIGKILL');
    asked?.answer.reject(ended);
    asked = null;
    return ended;
  };
  const channel = child.stdio[3];
  if (channel instanceof Duplex) {
    channel.on('data', (chunk: Buffer) => {
      const frames = reader.push(chunk);
      if (frames === undefined) return void end('it sent more than an answer can hold');
      for (const { type, seq: of, payload } of frames) {
        if (asked === null || of !== asked.seq) return void end('it answered what nobody asked');
        const text = payload.toString('utf8');
        if (type !== FRAME.result) return void end(printable(text));
        const { answer } = asked;
        asked = null;
        answer.resolve(text);
      }
      return undefined;
    });
    // How the process ended, which is known a moment later, tells more.
    channel.on('error', () => undefined);
  }
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('latin1')).slice(0, STDERR_KEPT);
  });
  child.on('error', (error) => void end(`it could not be started: ${error.message}`));
  child.on('close', (code, signal) => {
    const how = signal === null ? `it ended with code ${code ?? 'unknown'}` : `it was ended by ${signal}`;
    const fatal = /^(?:FATAL ERROR|[A-Za-z]*Error): .*$/m.exec(stderr)?.[0];
    end(fatal === undefined ? how : `${how}: ${printable(fatal)}`);
  });
  return {
    end,
    ask: async (type, text) => {
      if (ended !== null) throw ended;
      const answer = Promise.withResolvers<string>();
      seq += 1;
      asked = { seq, answer };
      if (channel instanceof Duplex) channel.write(encodeFrame(type, seq, Buffer.from(text)));
      return answer.promise;
    },
  };
}
