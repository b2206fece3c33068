/**
 * Entry of a runner process: one strategy in one isolate, fed over the pipe at descriptor 3. Everything it knows came through
 * that pipe. The isolate runs on a thread of its own, so that this thread always sees the pipe close; then nothing is worth
 * keeping and the process kills itself, which also works while the isolate cannot be stopped.
 */
import { Socket } from 'node:net';
import { StratError } from '#core/errors/strat-error.ts';
import type { Decider } from './decider.ts';
import { createDecider } from './decider.ts';
import type { Frame } from './frames.ts';
import { bytesOf, createFrameReader, doublesOf, encodeFrame, FRAME } from './frames.ts';
import { parseRunnerStart } from './runner-start.ts';
import { printable } from './sandbox-error.ts';

const MAX_REQUEST_BYTES = 64 * 2 ** 20;

function main(): void {
  const channel = new Socket({ fd: 3, readable: true, writable: true });
  const reader = createFrameReader(MAX_REQUEST_BYTES);
  const send = (type: number, seq: number, payload: Uint8Array): void => {
    channel.write(encodeFrame(type, seq, payload));
  };
  const handle = requestHandler(send);
  let queue = Promise.resolve();
  channel.on('data', (chunk: Buffer) => {
    const frames = reader.push(chunk);
    if (frames === undefined) {
      leave();
      return;
    }
    for (const frame of frames) {
      if (frame.type === FRAME.ping) send(FRAME.done, frame.seq, bytesOf(Float64Array.of(0)));
      else queue = queue.then(() => handle(frame));
    }
  });
  channel.on('end', leave);
  channel.on('close', leave);
  channel.on('error', leave);
}

function leave(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** Answers one request after the other; a ping needs no turn. */
function requestHandler(send: (type: number, seq: number, payload: Uint8Array) => void): (frame: Frame) => Promise<void> {
  let decider: Decider | undefined;
  return async ({ type, seq, payload }) => {
    try {
      if (type === FRAME.start && decider === undefined) {
        const { strategy, params, settings, limits } = parseRunnerStart(payload.toString('utf8'));
        decider = createDecider(strategy, { params, settings, limits });
        send(FRAME.done, seq, bytesOf(Float64Array.of(0)));
        return;
      }
      const values = doublesOf(payload);
      if (decider === undefined || values === undefined)
        throw new StratError('INTERNAL', { reason: 'a request that a runner does not know' });
      if (type === FRAME.decide) {
        send(FRAME.decision, seq, bytesOf(await decider.decideRow(values)));
      } else if (type === FRAME.history) {
        await decider.catchUp(values);
        send(FRAME.done, seq, bytesOf(Float64Array.of(decider.bars())));
      } else {
        throw new StratError('INTERNAL', { reason: 'a request that a runner does not know' });
      }
    } catch (error) {
      send(FRAME.failed, seq, Buffer.from(printable(error instanceof Error ? error.message : String(error))));
    }
  };
}

main();
