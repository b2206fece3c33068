import { fstatSync, writeSync } from 'node:fs';
import type { CommandIo } from './command.ts';
import { codeOf, unwritable } from '#core/files/file-error.ts';

const STDOUT = 1;
const STDERR = 2;

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

/** Asked before Node's stream of it: making one for a pipe or a file loads its networking, which is 5 ms of a command that takes 60. */
function mayBeTerminal(fd: number): boolean {
  try {
    return fstatSync(fd).isCharacterDevice();
  } catch {
    // Closed by who started us.
    return false;
  }
}

/** The process's own streams. Colours only on a terminal, and not with NO_COLOR (https://no-color.org). */
export function terminalIo(): CommandIo {
  const { env } = process;
  const isTerminal = mayBeTerminal(STDOUT) && process.stdout.isTTY;
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
    get width() {
      return isTerminal && process.stdout.columns > 0 ? process.stdout.columns : 80;
    },
    isTerminal,
    showsProgress: mayBeTerminal(STDERR) && process.stderr.isTTY && env['TERM'] !== 'dumb',
    color: isTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
    env,
  };
}
