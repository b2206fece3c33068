import { appendFileSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { SeriesKey } from '../store/series-key.ts';
import type { SeriesStore } from '../store/series-store.ts';
import type { FileReport } from './import-files.ts';
import type { ImportRequest } from './import-request.ts';

/** A line of the log: a file that was taken whole, as it was then, and as what it was read. */
interface DoneFile {
  readonly file: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly request: string;
  readonly series: readonly SeriesKey[];
}

/**
 * Remembers beside the store which files were imported whole, so that an import of many goes on where it was stopped without reading them again. A file
 * counts as done as long as its size and time are what they were, the same is said of it, and its series are in the store.
 */
export class ImportLog {
  readonly #store: SeriesStore;
  readonly #path: string;
  readonly #request: string;
  #done: ReadonlyMap<string, DoneFile> | null = null;

  constructor(store: SeriesStore, request: ImportRequest) {
    this.#store = store;
    this.#path = join(store.path, 'imports.jsonl');
    // When it was asked is no part of it.
    this.#request = JSON.stringify({ ...request, now: null });
  }

  isDone(file: string): boolean {
    this.#done ??= readLog(this.#path);
    const done = this.#done.get(resolve(file));
    const stat = statSync(file, { throwIfNoEntry: false });
    if (done === undefined || stat === undefined) return false;
    const isSame = done.size === stat.size && done.mtimeMs === stat.mtimeMs && done.request === this.#request;
    return isSame && done.series.every((key) => this.#store.find(key) !== null);
  }

  /** Of files with an error nothing is remembered. */
  add({ file, series, error }: FileReport): void {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (error !== null || stat === undefined) return;
    const line: DoneFile = {
      file: resolve(file),
      size: stat.size,
      mtimeMs: stat.mtimeMs,
      request: this.#request,
      series: series.map(({ key }) => key),
    };
    mkdirSync(dirname(this.#path), { recursive: true });
    appendFileSync(this.#path, `${JSON.stringify(line)}\n`);
  }
}

function readLog(path: string): ReadonlyMap<string, DoneFile> {
  const done = new Map<string, DoneFile>();
  for (const line of linesOf(path)) {
    const entry = entryOf(line);
    if (entry !== null) done.set(entry.file, entry);
  }
  return done;
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}

/** A line that was cut off by a kill is none: its file is read again. */
function entryOf(line: string): DoneFile | null {
  try {
    const entry = JSON.parse(line) as DoneFile;
    return typeof entry.file === 'string' && Array.isArray(entry.series) ? entry : null;
  } catch {
    return null;
  }
}
