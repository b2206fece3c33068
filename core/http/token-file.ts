import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { StratError } from '#core/errors/strat-error.ts';
import { codeOf, fileReason, unwritable } from '#core/files/file-error.ts';

/** Name of the token's file in the state folder. */
export const TOKEN_FILE = 'http.token';

const TOKEN_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;
const OTHERS = 0o077;
const MAX_BYTES = 256;

/**
 * The token that commands need, from its file; made when there is none. It is written aside and linked into place, so that
 * nobody sees half of it and two bots that start together get the same one.
 * @throws StratError HTTP_TOKEN_FILE for a file that others may read, that belongs to someone else or holds no token.
 */
export function openToken(file: string): string {
  return readToken(file) ?? createToken(file);
}

/**
 * The token of a bot on this machine; null when there is no file.
 * @throws StratError HTTP_TOKEN_FILE
 */
export function readToken(file: string): string | null {
  const fd = openOwn(file);
  if (fd === null) return null;
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw unfit(file, 'it is no regular file', `Remove it`);
    if (process.platform !== 'win32') {
      if (stat.uid !== process.getuid?.()) throw unfit(file, 'it belongs to another user', 'Run strat as its owner, or remove the file');
      if ((stat.mode & OTHERS) !== 0) {
        const mode = (stat.mode & 0o777).toString(8).padStart(4, '0');
        // A token that others could read is known to them: a stricter mode alone does not help.
        throw unfit(file, `its mode is ${mode}, so other users may have read it`, 'Remove it');
      }
    }
    const buffer = Buffer.alloc(MAX_BYTES);
    const text = buffer.toString('latin1', 0, readSync(fd, buffer, 0, MAX_BYTES, 0)).trim();
    if (!TOKEN.test(text)) throw unfit(file, 'it holds no token', 'Remove it');
    return text;
  } finally {
    closeSync(fd);
  }
}

function openOwn(file: string): number | null {
  try {
    // Not through a symbolic link, and without waiting for the other end of a pipe.
    return openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return null;
    if (code === 'ELOOP') throw unfit(file, 'it is a symbolic link', 'Remove the link', error);
    throw unfit(file, `it cannot be read: ${fileReason(error)}`, 'Check who owns it, or remove it', error);
  }
}

function createToken(file: string): string {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  try {
    mkdirSync(dirname(file), { recursive: true });
    writePrivateFile(file, `${token}\n`, linkSync);
    return token;
  } catch (error) {
    const other = codeOf(error) === 'EEXIST' ? readToken(file) : null;
    if (other !== null) return other;
    throw unwritable(file, error);
  }
}

/** Writes a file of mode 0600 aside, whatever the umask, and puts it into place with `place` (link or rename). */
export function writePrivateFile(file: string, text: string, place: (from: string, to: string) => void): void {
  const draft = `${file}.${process.pid}.${randomBytes(6).toString('hex')}`;
  const fd = openSync(draft, 'wx', 0o600);
  try {
    try {
      fchmodSync(fd, 0o600);
      writeSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    place(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

const unfit = (file: string, reason: string, hint: string, cause?: unknown): StratError =>
  new StratError('HTTP_TOKEN_FILE', { file, reason, hint }, { cause });
