import { readFileSync, statSync } from 'node:fs';
import { StratError } from '#core/errors/strat-error.ts';
import { unreadable } from './file-error.ts';

/** The language refuses files over 256 KB (E0108); what is far beyond is not even read. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * The text of a strategy file.
 * @throws StratError FILE_UNREADABLE
 */
export function readStrategyFile(file: string): string {
  const refuse = (reason: string): StratError => new StratError('FILE_UNREADABLE', { file, reason });
  try {
    const stat = statSync(file);
    if (!stat.isFile()) throw refuse(stat.isDirectory() ? 'it is a folder' : 'it is no regular file');
    if (stat.size > MAX_BYTES) throw refuse('it is over 4 MB, too large for a strategy');
    // Editors of other systems put a byte order mark in front; nobody can see it.
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof StratError) throw error;
    throw unreadable(file, error);
  }
}
