import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { syncFile } from '#core/files/durable-file.ts';
import { archiveName, type Block, blockDigest } from './block.ts';
import { damaged } from './manifest.ts';
import type { ParquetArchive } from './parquet-archive.ts';
import type { SeriesKey } from './series-key.ts';
import type { SeriesRows } from './series-rows.ts';

/** A file of a block is not there: its version was removed while it was read, or the file was. */
export class BlockGone extends Error {}

/** Writes the archive of a block, which is on the disk as a whole or not at all. @throws what the file system and DuckDB throw */
export async function writeArchive(folder: string, archive: ParquetArchive, key: SeriesKey, block: Block, rows: SeriesRows): Promise<void> {
  const path = join(folder, archiveName(block));
  const beside = `${path}.tmp`;
  try {
    const note = JSON.stringify({ ...key, block: block.name, digest: block.digest });
    await archive.write(beside, block.columns, rows, key.kind === 'trades', note);
    syncFile(beside);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

/**
 * Reads the archive of a block and checks it against its digest.
 * @throws BlockGone; StratError STORE_DAMAGED
 */
export async function readArchive(folder: string, archive: ParquetArchive, block: Block, isTrades: boolean): Promise<SeriesRows> {
  const path = join(folder, archiveName(block));
  if (!existsSync(path)) throw new BlockGone(path);
  let rows: SeriesRows;
  try {
    rows = await archive.read(path, block.columns, block.rows, isTrades);
  } catch (error) {
    if (!existsSync(path)) throw new BlockGone(path);
    throw damaged(path, error instanceof Error ? error.message.split('\n')[0]! : 'unknown reason', error);
  }
  if (blockDigest(block.columns, rows) !== block.digest) throw damaged(path, 'its values are not those that were written');
  return rows;
}
