import { closeSync, createWriteStream, openSync, renameSync, rmSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { givenColumns } from '../store/series-rows.ts';
import type { ReadOptions, SeriesEntry, SeriesStore } from '../store/series-store.ts';
import { csvLines, fileColumns, jsonLines } from './row-text.ts';

export const EXPORT_FORMATS = ['csv', 'csv.gz', 'parquet', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What the end of a file's name says; null when it is none of them. */
export const exportFormat = (file: string): ExportFormat | null => EXPORT_FORMATS.findLast((format) => file.endsWith(`.${format}`)) ?? null;

export interface ExportRequest extends Pick<ReadOptions, 'from' | 'to'> {
  readonly entry: SeriesEntry;
  readonly file: string;
  readonly format: ExportFormat;
  readonly onProgress?: (rows: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Writes rows of a version as a file, which is there as a whole or not at all. Gives how many.
 * @throws what the file system, DuckDB and the store throw
 */
export async function exportSeries(
  store: SeriesStore,
  { entry, file, format, from, to, onProgress, signal }: ExportRequest,
): Promise<number> {
  const options: ReadOptions = { version: entry.version, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  const beside = `${file}.${process.pid}.tmp`;
  // Fails at once, and with the reason of the system, where nothing can be written.
  closeSync(openSync(beside, 'wx'));
  try {
    const rows =
      format === 'parquet'
        ? await store.exportParquet(entry.key, beside, options)
        : await writeText(store, entry, format, beside, options, onProgress, signal);
    renameSync(beside, file);
    return rows;
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

async function writeText(
  store: SeriesStore,
  { key, columns }: SeriesEntry,
  format: ExportFormat,
  file: string,
  options: ReadOptions,
  onProgress: ((rows: number) => void) | undefined,
  signal: AbortSignal | undefined,
): Promise<number> {
  const names = [...givenColumns(key.kind), ...columns];
  let count = 0;
  const isJson = format === 'json';
  const texts = async function* (): AsyncGenerator<string> {
    yield isJson ? '[\n' : `${fileColumns(names).join(',')}\n`;
    for await (const piece of store.pieces(key, options)) {
      yield (isJson && count > 0 ? ',\n' : '') + (isJson ? jsonLines : csvLines)(piece, names, key.kind === 'trades');
      count += piece.length;
      onProgress?.(count);
    }
    if (isJson) yield '\n]\n';
  };
  const out = createWriteStream(file, { flags: 'w', flush: true });
  const settings = signal === undefined ? {} : { signal };
  if (format === 'csv.gz') await pipeline(texts, createGzip(), out, settings);
  else await pipeline(texts, out, settings);
  return count;
}
