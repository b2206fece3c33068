import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { fail, ok, type Result } from '#core/model/result.ts';

export const MAX_CONFIG_BYTES = 1_000_000;
const CHUNK = 65_536;

export interface ConfigBytes {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links go in a circle',
  ENAMETOOLONG: 'its name is too long',
};

const reasonOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? `the system says ${code === '' ? 'no' : code}`;
};

/** The file's bytes, or in words why not. A pipe, a device and a file over 1 MB are refused without waiting or reading on. */
export function readConfigFile(path: string): Result<ConfigBytes, string> {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return fail(reasonOf(error));
  }
  try {
    if (!fstatSync(file).isFile()) return fail('it is not a file');
    const parts: Buffer[] = [];
    let length = 0;
    for (let read = -1; read !== 0 && length <= MAX_CONFIG_BYTES; length += read) {
      const part = Buffer.allocUnsafe(CHUNK);
      read = readSync(file, part, 0, CHUNK, null);
      parts.push(part.subarray(0, read));
    }
    if (length > MAX_CONFIG_BYTES) return fail('it is larger than 1 MB');
    const bytes = Buffer.concat(parts);
    return ok({ bytes, sha256: createHash('sha256').update(bytes).digest('hex') });
  } catch (error) {
    return fail(reasonOf(error));
  } finally {
    closeSync(file);
  }
}
