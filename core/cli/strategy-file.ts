import { readFileSync, statSync } from 'node:fs';
import { StratError } from '#core/errors/strat-error.ts';
import { unreadable } from '#core/files/file-error.ts';
import { isUtf16 } from '#core/files/utf16.ts';

/** The language refuses files over 256 KB (E0108); what is far beyond is not even read. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * The text of a strategy file.
 * @throws StratError FILE_UNREADABLE
 */
export function readStrategyFile(file: string): string {
  // Editors of other systems put a byte order mark in front; nobody can see it.
  return readWholeText(file).replace(/^\uFEFF/, '');
}

/** The same with the byte order mark, where there is one. @throws StratError FILE_UNREADABLE */
export function readWholeText(file: string): string {
  const refuse = (reason: string): StratError => new StratError('FILE_UNREADABLE', { file, reason });
  try {
    const stat = statSync(file);
    if (!stat.isFile()) throw refuse(stat.isDirectory() ? 'it is a folder' : 'it is no regular file');
    if (stat.size > MAX_BYTES) throw refuse('it is over 4 MB, too large for a strategy');
    const bytes = readFileSync(file);
    if (isUtf16(bytes)) throw refuse('it is saved as UTF-16, and strat reads UTF-8');
    return bytes.toString('utf8');
  } catch (error) {
    if (error instanceof StratError) throw error;
    throw unreadable(file, error);
  }
}
