/** The child's side of a watched process: requests come and answers go over the pipe at descriptor 3. */
import { Socket } from 'node:net';
import type { Frame } from './frames.ts';
import { bytesOf, createFrameReader, encodeFrame, FRAME } from './frames.ts';
import { isStratError, printable } from './sandbox-error.ts';

const READ_BYTES = 64 * 1024;

export interface FrameServerOptions {
  readonly maxRequestBytes: number;
  /** Answers one request; a throw ends the conversation: the other side kills this process. */
  readonly answer: (frame: Frame) => Promise<{ readonly type: number; readonly payload: Uint8Array }>;
  /** What a ping is answered with, at once, whatever else is being done. */
  readonly pulse: () => number;
}

/**
 * Serves requests one after the other until the pipe closes. Then nothing is worth keeping and the process kills itself, which also works while an isolate
 * on a thread of its own cannot be stopped.
 */
export function serveFrames({ maxRequestBytes, answer, pulse }: FrameServerOptions): void {
  // Read into one buffer: Node would take another 64 KB for every request.
  const buffer = Buffer.alloc(READ_BYTES);
  const callback = (bytes: number): boolean => {
    receive(Buffer.from(buffer.subarray(0, bytes)));
    return true;
  };
  const channel = new Socket({ fd: 3, readable: true, writable: true, onread: { buffer, callback } });
  const reader = createFrameReader(maxRequestBytes);
  const send = (type: number, seq: number, payload: Uint8Array): void => {
    channel.write(encodeFrame(type, seq, payload));
  };
  const handle = async (frame: Frame): Promise<void> => {
    try {
      const { type, payload } = await answer(frame);
      send(type, frame.seq, payload);
    } catch (error) {
      const code = isStratError(error) ? `${error.code}: ` : '';
      send(FRAME.failed, frame.seq, Buffer.from(code + printable(error instanceof Error ? error.message : String(error))));
    }
  };
  let queue = Promise.resolve();
  const receive = (chunk: Buffer): void => {
    const frames = reader.push(chunk);
    if (frames === undefined) {
      leave();
      return;
    }
    for (const frame of frames) {
      if (frame.type === FRAME.ping) send(FRAME.done, frame.seq, bytesOf(Float64Array.of(pulse())));
      else queue = queue.then(() => handle(frame));
    }
  };
  channel.resume();
  channel.on('end', leave);
  channel.on('close', leave);
  channel.on('error', leave);
}

function leave(): void {
  process.kill(process.pid, 'SIGKILL');
}
