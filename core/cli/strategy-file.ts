import { readFileSync, statSync } from 'node:fs';
import { StratError } from '#core/errors/strat-error.ts';

/** The language refuses files over 256 KB (E0108); what is far beyond is not even read. */
const MAX_BYTES = 4 * 1024 * 1024;

const REASONS: Readonly<Record<string, string>> = { ENOENT: 'there is no such file', EACCES: 'permission denied', EISDIR: 'it is a folder' };

/**
 * The text of a strategy file.
 * @throws StratError FILE_UNREADABLE
 */
export function readStrategyFile(file: string): string {
  const refuse = (reason: string, cause?: unknown): StratError => new StratError('FILE_UNREADABLE', { file, reason }, { cause });
  try {
    const stat = statSync(file);
    if (!stat.isFile()) throw refuse(stat.isDirectory() ? 'it is a folder' : 'it is no regular file');
    if (stat.size > MAX_BYTES) throw refuse('it is too large for a strategy');
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof StratError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw refuse(REASONS[code] ?? 'it cannot be opened', error);
  }
}
