import { join } from 'node:path';
import { isStratError } from '#core/errors/strat-error.ts';
import { archiveName, type Block, blockDigest, cacheName, seriesDigest } from './block.ts';
import { BlockGone, readArchive, writeArchive } from './archive-file.ts';
import { readChecked, readStamps, writeCache, writeStamps } from './block-cache.ts';
import { readBlocks, versionFile } from './manifest.ts';
import type { ParquetArchive } from './parquet-archive.ts';
import type { SeriesKey } from './series-key.ts';
import type { SeriesRows } from './series-rows.ts';
import type { SeriesCheck, SeriesVersion, WriteOptions } from './series-store.ts';
import type { SeriesPaths } from './store-paths.ts';

/**
 * Reads all that is kept of a series and compares it with its digests. Of the two files of a block one that is not right is made anew from the other. For who
 * holds the lock.
 * @throws what the file system and DuckDB throw where a file cannot be written
 */
export async function checkSeries(
  paths: SeriesPaths,
  key: SeriesKey,
  archive: ParquetArchive,
  versions: readonly SeriesVersion[],
  { onProgress, signal }: WriteOptions,
): Promise<SeriesCheck> {
  const repaired: string[] = [];
  const lost: string[] = [];
  const blocks = new Map<string, Block>();
  for (const { version, digest } of versions) {
    const file = versionFile(paths, version);
    const listed = blocksOf(file);
    if (listed === null || seriesDigest(listed) !== digest) lost.push(file);
    for (const block of listed ?? []) blocks.set(archiveName(block), block);
  }
  const stamps: Record<string, string> = { ...readStamps(paths.stamps) };
  let rows = 0;
  for (const block of blocks.values()) {
    signal?.throwIfAborted();
    const isTrades = key.kind === 'trades';
    const archived = await readArchive(paths.blocks, archive, block, isTrades).catch((error: unknown) => {
      if (error instanceof BlockGone || isStratError(error)) return null;
      throw error;
    });
    const cached = cachedRows(paths.blocks, block);
    if (archived === null && cached === null) lost.push(join(paths.blocks, archiveName(block)));
    else if (archived === null) {
      await writeArchive(paths.blocks, archive, key, block, cached!);
      repaired.push(join(paths.blocks, archiveName(block)));
    } else if (cached === null) {
      stamps[cacheName(block)] = writeCache(paths.blocks, block, archived);
      repaired.push(join(paths.blocks, cacheName(block)));
    }
    rows += block.rows;
    onProgress?.(rows);
  }
  if (repaired.length > 0) writeStamps(paths.stamps, stamps);
  return { blocks: blocks.size, versions: versions.length, repaired, lost };
}

function blocksOf(file: string): readonly Block[] | null {
  try {
    return readBlocks(file);
  } catch (error) {
    if (isStratError(error)) return null;
    throw error;
  }
}

/** The raw columns of a block; null where they are missing or have another digest. */
function cachedRows(folder: string, block: Block): SeriesRows | null {
  const columns = Object.fromEntries(block.columns.map((name) => [name, new Float64Array(block.rows)]));
  const rows: SeriesRows = { length: block.rows, columns };
  if (readChecked(folder, block, { columns, row: 0 }) === null) return null;
  return blockDigest(block.columns, rows) === block.digest ? rows : null;
}
