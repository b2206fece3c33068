import { globSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StratError } from '#core/errors/strat-error.ts';
import { displayPath } from '../finding.ts';

/** Ends of names of what is read, in folders; a file that is named is read whatever it is called. */
const READ = /\.(?:csv|txt|prn|json|ndjson|jsonl|parquet|pq|feather|arrow|ipc|zip)(?:\.gz|\.zst)?$/i;
const MOST_FILES = 100_000;

/** Files to be read. */
export interface FileList {
  readonly files: readonly string[];
  /** Of folders: files whose names end like none that is read. */
  readonly passedOver: number;
}

/**
 * The files that words of a command line name: files, folders with all that is below them, patterns (`data/*.zip`). Sorted by name within a word, each once.
 * @throws StratError FILE_UNREADABLE for what is not there, DATA_EMPTY for folders and patterns without a file
 */
export function fileList(words: readonly string[]): FileList {
  const found = new Set<string>();
  let passedOver = 0;
  for (const word of words) {
    const stat = statSync(word, { throwIfNoEntry: false });
    if (stat?.isFile() === true) found.add(word);
    else if (stat?.isDirectory() === true) {
      const names = readdirSync(word, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
        .map((entry) => join(entry.parentPath, entry.name))
        .sort();
      const read = names.filter((name) => READ.test(name));
      passedOver += names.length - read.length;
      if (read.length === 0) throw nothing(word, 'no file in the folder ends like one that is read');
      for (const name of read) found.add(name);
    } else if (stat === undefined && /[*?[{]/.test(word)) {
      const names = globSync(word)
        .filter((name) => statSync(name, { throwIfNoEntry: false })?.isFile() === true)
        .sort();
      if (names.length === 0) throw nothing(word, 'no file fits the pattern');
      for (const name of names) found.add(name);
    } else
      throw new StratError('FILE_UNREADABLE', {
        file: displayPath(word),
        reason: stat === undefined ? 'there is no such file' : 'it is no regular file',
      });
    if (found.size > MOST_FILES) throw nothing(word, `there are more than ${MOST_FILES} files; name fewer at once`);
  }
  return { files: [...found], passedOver };
}

const nothing = (word: string, reason: string): StratError => new StratError('FILE_UNREADABLE', { file: displayPath(word), reason });
