import { createHash } from 'node:crypto';
import { readRegularFile } from '#core/files/regular-file.ts';
import { ok, type Result } from '#core/model/result.ts';

const MAX_CONFIG_KB = 1024;

export interface ConfigBytes {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** The file's bytes, or in words why not. A pipe, a device and a file over 1 MB are refused without waiting or reading on. */
export function readConfigFile(path: string): Result<ConfigBytes, string> {
  const file = readRegularFile(path, { maxKb: MAX_CONFIG_KB });
  return file.ok ? ok({ bytes: file.value, sha256: createHash('sha256').update(file.value).digest('hex') }) : file;
}
