import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { fail, ok, type Result } from '#core/model/result.ts';
import { fileReason } from './file-error.ts';

const FIRST_CHUNK = 16 * 1024;

export interface RegularFileOptions {
  readonly maxKb: number;
  /** The path has been resolved: a link in its place is somebody's swap, and refused. */
  readonly isResolved?: boolean;
}

/** The bytes of a file, or in words why not. A pipe, a device and a file that is too large are refused without waiting or reading on. */
export function readRegularFile(path: string, { maxKb, isResolved = false }: RegularFileOptions): Result<Buffer, string> {
  const maxBytes = maxKb * 1024;
  let file: number | null = null;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | (isResolved ? constants.O_NOFOLLOW : 0));
    const stat = fstatSync(file);
    if (!stat.isFile()) return fail(stat.isDirectory() ? 'it is a folder' : 'it is no regular file');
    const parts: Buffer[] = [];
    let length = 0;
    for (let read = -1; read !== 0 && length <= maxBytes; length += read) {
      const part = Buffer.allocUnsafe(Math.min(Math.max(FIRST_CHUNK, length), maxBytes + 1 - length));
      read = readSync(file, part, 0, part.length, null);
      parts.push(part.subarray(0, read));
    }
    return length > maxBytes ? fail(`it is over ${maxKb < 1024 ? `${maxKb} KB` : `${maxKb / 1024} MB`}`) : ok(Buffer.concat(parts));
  } catch (error) {
    return fail(fileReason(error));
  } finally {
    if (file !== null) closeSync(file);
  }
}
