import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StratError } from '#core/errors/strat-error.ts';
import { fileReason } from '#core/files/file-error.ts';
import { TEST_SUFFIX, testsBeside } from './read-test-file.ts';

/** Folders of tools, and far more of them than anybody sorts strategies into. */
const PASSED_OVER = new Set(['node_modules']);
const MOST_DEPTH = 12;
const MOST_FILES = 10_000;

/**
 * The files of tests that a command line means: a file of tests, the one beside a strategy, or all below a folder; each once, in the order given, those of a folder
 * by name.
 * @throws StratError FILE_UNREADABLE, TEST_MISSING
 */
export function findTests(places: readonly string[]): readonly string[] {
  return [...new Set(places.flatMap(testsAt))];
}

function testsAt(place: string): readonly string[] {
  if (isFolder(place)) {
    const found = below(place, 0);
    if (found.length === 0) throw new StratError('TEST_MISSING', { place, reason: `no file below it ends in ${TEST_SUFFIX}` });
    return found;
  }
  if (place.endsWith(TEST_SUFFIX)) return [place];
  const beside = testsBeside(place);
  if (!place.endsWith('.strat')) throw new StratError('TEST_MISSING', { place, reason: `it ends neither in ${TEST_SUFFIX} nor in .strat` });
  if (!existsSync(beside)) throw new StratError('TEST_MISSING', { place, reason: `there is no "${beside}"` });
  return [beside];
}

function isFolder(place: string): boolean {
  try {
    return statSync(place).isDirectory();
  } catch (error) {
    throw new StratError('FILE_UNREADABLE', { file: place, reason: fileReason(error) });
  }
}

function below(folder: string, depth: number): readonly string[] {
  const found: string[] = [];
  for (const entry of entriesOf(folder)) {
    if (found.length >= MOST_FILES) break;
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth < MOST_DEPTH && !entry.name.startsWith('.') && !PASSED_OVER.has(entry.name))
      found.push(...below(path, depth + 1));
    else if (!entry.isDirectory() && entry.name.endsWith(TEST_SUFFIX)) found.push(path);
  }
  return found;
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw new StratError('FILE_UNREADABLE', { file: folder, reason: fileReason(error) });
  }
}
