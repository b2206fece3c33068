import { writeSync } from 'node:fs';
import type { CommandIo } from './command.ts';
import { unwritable } from './file-error.ts';

const STDOUT = 1;
const STDERR = 2;
const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/** Writes all of a text at once, so that nothing is lost when the process ends; a reader that went away (`| head`) is no error. */
function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if (codeOf(error) === 'EPIPE') return;
      if (codeOf(error) !== 'EAGAIN') throw error;
      // The reader is slower than we are: let it read.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** The process's own streams. Colours only on a terminal, and not with NO_COLOR (https://no-color.org). */
export function terminalIo(): CommandIo {
  const { stdout, stderr, env } = process;
  const isTerminal = stdout.isTTY === true;
  return {
    out: (text) => {
      try {
        writeAll(STDOUT, text);
      } catch (error) {
        throw unwritable('standard output', error);
      }
    },
    err: (text) => {
      try {
        writeAll(STDERR, text);
      } catch {
        // There is nowhere left to say it; the exit code still tells.
      }
    },
    width: isTerminal && stdout.columns > 0 ? stdout.columns : 80,
    isTerminal,
    showsProgress: stderr.isTTY === true && env['TERM'] !== 'dumb',
    color: isTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
    env,
  };
}
