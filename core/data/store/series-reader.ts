import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StratError } from '#core/errors/strat-error.ts';
import { sharedDoubles } from '#core/model/columns.ts';
import { BlockGone } from './archive-file.ts';
import { archiveName, type Block } from './block.ts';
import { readStamps, writeStamps } from './block-cache.ts';
import { BlockReader } from './block-reader.ts';
import { damaged, type Manifest, readBlocks, readManifest, versionFile, versionOf } from './manifest.ts';
import type { ParquetArchive } from './parquet-archive.ts';
import { type SeriesKey, seriesName } from './series-key.ts';
import { givenColumns, rowAtOrAfter, type SeriesRows, sliceRows } from './series-rows.ts';
import type { ReadOptions, SeriesVersion, StoredRows, VersionRef } from './series-store.ts';
import type { SeriesPaths } from './store-paths.ts';

/** The manifest of a series. @throws StratError STORE_MISSING, STORE_DAMAGED */
export function manifestOf(paths: SeriesPaths, key: SeriesKey): Manifest {
  const manifest = readManifest(paths.manifest);
  if (manifest === null) throw new StratError('STORE_MISSING', { what: seriesName(key), hint: '"strat data list" shows what there is' });
  return manifest;
}

/**
 * Does something with the blocks of a version. Files may go while it is read, when newer versions have taken its place: then the newest is looked up again.
 * @throws StratError STORE_MISSING, STORE_DAMAGED
 */
export async function withVersion<T>(
  paths: SeriesPaths,
  key: SeriesKey,
  ref: VersionRef | undefined,
  work: (version: SeriesVersion, blocks: readonly Block[]) => Promise<T>,
): Promise<T> {
  for (let last: number | null = null; ;) {
    const version = versionOf(manifestOf(paths, key), ref);
    const file = versionFile(paths, version.version);
    const blocks = readBlocks(file);
    if (blocks === null && last === version.version) throw damaged(file, 'it is missing');
    try {
      if (blocks !== null) return await work(version, blocks);
    } catch (error) {
      if (!(error instanceof BlockGone)) throw error;
      if (last === version.version) throw damaged(error.message, 'it is missing', error);
    }
    last = version.version;
  }
}

/** Rows of a version, in shared memory. @throws as `withVersion` */
export async function readSeries(paths: SeriesPaths, key: SeriesKey, archive: ParquetArchive, options: ReadOptions): Promise<StoredRows> {
  const { from = -Infinity, to = Infinity } = options;
  return withVersion(paths, key, options.version, async (version, all) => {
    const names = wantedColumns(key, version, options.columns);
    const blocks = all.filter((block) => block.to >= from && block.from < to);
    const length = blocks.reduce((sum, block) => sum + block.rows, 0);
    const columns = Object.fromEntries(names.map((name) => [name, sharedDoubles(length)]));
    const stamps = readStamps(paths.stamps);
    const reader = new BlockReader(paths.blocks, archive, key.kind === 'trades', stamps);
    await reader.readAll(blocks, columns);
    if (Object.keys(reader.checked).length > 0) writeStamps(paths.stamps, { ...stamps, ...reader.checked });
    const rows: SeriesRows = { length, columns };
    const time = columns['time']!;
    const [start, end] = [rowAtOrAfter(time, from), rowAtOrAfter(time, to)];
    const cut = start === 0 && end === length ? rows : sliceRows(rows, start, end);
    return { ...cut, digest: version.digest, version: version.version };
  });
}

/** The same block by block. @throws as `withVersion` */
export async function* readPieces(
  paths: SeriesPaths,
  key: SeriesKey,
  archive: ParquetArchive,
  options: ReadOptions,
): AsyncGenerator<StoredRows> {
  const { from = -Infinity, to = Infinity } = options;
  const { version, blocks } = await withVersion(paths, key, options.version, async ({ version: number }, all) => ({
    version: number,
    blocks: all,
  }));
  for (const block of blocks) {
    if (block.to < from || block.from >= to) continue;
    const piece = { from: Math.max(from, block.from), to: Math.min(to, block.to + 1) };
    yield await readSeries(paths, key, archive, { ...options, ...piece, version });
  }
}

/** Writes rows as one Parquet file, from the archive. @throws as `withVersion`; what DuckDB throws */
export async function exportParquet(
  paths: SeriesPaths,
  key: SeriesKey,
  archive: ParquetArchive,
  file: string,
  options: ReadOptions,
): Promise<number> {
  const { from = -Infinity, to = Infinity } = options;
  return withVersion(paths, key, options.version, async (version, all) => {
    const blocks = all.filter((block) => block.to >= from && block.from < to);
    const missing = blocks.map((block) => join(paths.blocks, archiveName(block))).find((path) => !existsSync(path));
    if (missing !== undefined) throw new BlockGone(missing);
    return archive.export({
      files: blocks.map((block) => join(paths.blocks, archiveName(block))),
      columns: wantedColumns(key, version, options.columns),
      stored: new Set(blocks.flatMap(({ columns }) => columns)),
      isTrades: key.kind === 'trades',
      from,
      to,
      path: file,
    });
  });
}

function wantedColumns(key: SeriesKey, version: SeriesVersion, wanted: readonly string[] | undefined): readonly string[] {
  const known = [...givenColumns(key.kind), ...version.columns];
  if (wanted === undefined) return known;
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new StratError('STORE_MISSING', { what: `a column "${unknown}" of ${seriesName(key)}`, hint: `It has ${known.join(', ')}` });
  return [...new Set(['time', ...wanted])];
}
