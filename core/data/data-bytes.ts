import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { StratError } from '#core/errors/strat-error.ts';
import { codeOf, unreadable } from '#core/files/file-error.ts';
import { isUtf16 } from '#core/files/utf16.ts';
import { hasOldLineEnds, withLineFeeds } from './line-ends.ts';

const MEBIBYTE = 1024 * 1024;

/**
 * The bytes of a file as they are on the disk.
 * @throws StratError FILE_UNREADABLE, DATA_TOO_LARGE
 */
export function readBytes(path: string, file: string, maxBytes: number): Buffer {
  return readable(path, file, maxBytes, () => readFileSync(path));
}

/** As `readBytes`, the first `count` of them. */
export function readFirstBytes(path: string, file: string, maxBytes: number, count: number): Buffer {
  return readable(path, file, maxBytes, () => {
    const bytes = Buffer.alloc(count);
    const handle = openSync(path, 'r');
    try {
      return bytes.subarray(0, readSync(handle, bytes, 0, count, 0));
    } finally {
      closeSync(handle);
    }
  });
}

function readable(path: string, file: string, maxBytes: number, read: () => Buffer): Buffer {
  try {
    const stat = statSync(path);
    // A pipe or a device behind the name would block or never end.
    if (!stat.isFile())
      throw new StratError('FILE_UNREADABLE', { file, reason: stat.isDirectory() ? 'it is a folder' : 'it is no regular file' });
    if (stat.size > maxBytes) throw tooLarge(file, maxBytes);
    return read();
  } catch (error) {
    if (error instanceof StratError) throw error;
    throw unreadable(file, error);
  }
}

const tooLarge = (file: string, maxBytes: number, cause?: unknown): StratError =>
  new StratError('DATA_TOO_LARGE', { file, limitMb: Math.floor(maxBytes / MEBIBYTE) }, { cause });

const isGzip = (raw: Buffer): boolean => raw[0] === 0x1f && raw[1] === 0x8b;

/**
 * The text of the file: unpacked when its first bytes say gzip, whatever its name says; its lines end with line feeds.
 * @throws StratError DATA_FORMAT, DATA_TOO_LARGE
 */
export function unpack(raw: Buffer, file: string, maxBytes: number): Buffer {
  const text = unpacked(raw, file, maxBytes);
  return hasOldLineEnds(text) ? withLineFeeds(text) : text;
}

function unpacked(raw: Buffer, file: string, maxBytes: number): Buffer {
  const refuse = (reason: string, hint: string, cause?: unknown): StratError =>
    new StratError('DATA_FORMAT', { file, line: 1, reason, hint }, { cause });
  if (isGzip(raw)) {
    try {
      return gunzipSync(raw, { maxOutputLength: maxBytes });
    } catch (error) {
      if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(file, maxBytes, error);
      throw refuse('its gzip data are damaged or cut off', 'Download or pack it again', error);
    }
  }
  if (raw[0] === 0x50 && raw[1] === 0x4b)
    throw refuse('it is a zip archive', 'Unpack it, and pack the .csv inside with gzip if it should be small');
  if (isUtf16(raw)) throw refuse('it is UTF-16', 'Save it as UTF-8');
  if (raw.subarray(0, 4096).includes(0)) throw refuse('it holds binary data', 'Give a CSV text, or one packed with gzip');
  return raw;
}
