import { basename } from 'node:path';
import type { MergeReport, SeriesStore } from '../store/series-store.ts';
import { eachSeries, type ImportSeries } from './import-file.ts';
import type { ImportNote, ImportRequest } from './import-request.ts';
import type { SeriesKey } from '../store/series-key.ts';
import type { RowCounts } from './series-rows-of.ts';

/** What became of a series in a file. */
export interface SeriesReport {
  /** The file, with the member of an archive. */
  readonly file: string;
  readonly key: SeriesKey;
  readonly counts: RowCounts;
  readonly notes: readonly ImportNote[];
  /** Null when nothing was written, as asked. */
  readonly merge: MergeReport | null;
}

/** What became of a file: its series, and why reading it ended, if not at its end. */
export interface FileReport {
  readonly file: string;
  readonly series: readonly SeriesReport[];
  readonly error: unknown;
}

export interface ImportWork {
  /** Null = rows are read and checked, and nothing is written. */
  readonly store: SeriesStore | null;
  readonly request: ImportRequest;
  readonly signal: AbortSignal;
  /** Bytes of all files that were read so far. */
  readonly onBytes: (bytes: number) => void;
  /** Bytes of a file on the disk. */
  readonly sizeOf: (file: string) => number;
}

/**
 * Reads files into the store, one after the other; each series of a file is one change of the store, which is there as a whole or not at all. A file that
 * cannot be read is told, and the next one is read. Ends after the file before when the signal says so.
 */
export async function* importFiles(files: readonly string[], work: ImportWork): AsyncGenerator<FileReport> {
  let before = 0;
  for (const file of files) {
    if (work.signal.aborted) return;
    const size = work.sizeOf(file);
    let read = 0;
    const onBytes = (bytes: number): void => {
      read = Math.min(size, read + bytes);
      work.onBytes(before + read);
    };
    const series: SeriesReport[] = [];
    let error: unknown = null;
    try {
      await eachSeries(file, work.request, 'key', async (found) => void series.push(await takeSeries(found, work)), onBytes);
    } catch (caught) {
      if (work.signal.aborted) return;
      error = caught;
    }
    before += size;
    work.onBytes(before);
    yield { file, series, error };
  }
}

async function takeSeries(found: ImportSeries, { store, signal }: ImportWork): Promise<SeriesReport> {
  const { file, kind, counts, notes } = found;
  // All of it is known: a key was asked for.
  const key: SeriesKey = { venue: found.venue!, market: found.market!.name, kind, timeframe: found.timeframe?.name ?? null };
  if (store === null) {
    for await (const _ of found.pieces()) signal.throwIfAborted();
    return { file, key, counts, notes, merge: null };
  }
  const merge = await store.merge(key, found.pieces(), { source: `import ${basename(file)}`, details: { file } }, { signal });
  return { file, key, counts, notes, merge };
}
