import { writeSync } from 'node:fs';
import type { CommandIo } from './command.ts';

const isPipeFull = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EAGAIN';
const isPipeClosed = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EPIPE';

/** Writes all of a text at once, so that nothing is lost when the process ends; a reader that went away (`| head`) is no error. */
function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if (isPipeClosed(error)) return;
      if (!isPipeFull(error)) throw error;
      // The reader is slower than we are: let it read.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** The process's own streams. Colours only on a terminal, and not with NO_COLOR (https://no-color.org). */
export function terminalIo(): CommandIo {
  const { stdout } = process;
  return {
    out: (text) => writeAll(1, text),
    err: (text) => writeAll(2, text),
    width: stdout.columns ?? 80,
    isTerminal: stdout.isTTY === true,
    color: stdout.isTTY === true && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb',
    env: process.env,
  };
}
