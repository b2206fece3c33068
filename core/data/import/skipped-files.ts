import { readFileSync } from 'node:fs';
import { basename, dirname, matchesGlob, normalize, resolve } from 'node:path';
import { StratError } from '#core/errors/strat-error.ts';
import { displayPath } from '../finding.ts';

/** Files that are left, and those that words told to skip. */
export interface SkippedFiles {
  readonly files: readonly string[];
  readonly skipped: readonly string[];
  /** Words that fit no file: likely a slip. */
  readonly idle: readonly string[];
}

/**
 * Leaves out files by words: a path, a pattern (`*-funding_rate*`, `data/okx/**`), a folder with all below it; without a slash the name alone is looked
 * at, wherever it is. `@FILE` is a list of such words, a line each.
 * @throws StratError FILE_UNREADABLE for a list that is not there
 */
export function withoutSkipped(files: readonly string[], words: readonly string[]): SkippedFiles {
  const patterns = words.flatMap((word) => (word.startsWith('@') ? listed(word.slice(1)) : [word]));
  const used = new Set<string>();
  const left: string[] = [];
  const skipped: string[] = [];
  for (const file of files) {
    const fitting = patterns.filter((pattern) => fits(file, pattern));
    for (const pattern of fitting) used.add(pattern);
    (fitting.length === 0 ? left : skipped).push(file);
  }
  return { files: left, skipped, idle: patterns.filter((pattern) => !used.has(pattern)) };
}

function fits(file: string, pattern: string): boolean {
  // A file or folder that is called like a pattern is meant as it is.
  const whole = resolve(pattern);
  const isNameAlone = !/[/\\]/.test(pattern);
  for (let at = resolve(file); at !== dirname(at); at = dirname(at)) {
    if (at === whole) return true;
    if (isNameAlone && matchesGlob(basename(at), pattern)) return true;
  }
  return !isNameAlone && (matchesGlob(normalize(file), normalize(pattern)) || matchesGlob(resolve(file), whole));
}

function listed(list: string): readonly string[] {
  try {
    return readFileSync(list, 'utf8')
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#'));
  } catch (error) {
    throw new StratError(
      'FILE_UNREADABLE',
      { file: displayPath(list), reason: 'the list of what to skip cannot be read' },
      { cause: error },
    );
  }
}
