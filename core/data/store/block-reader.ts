import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { archiveName, type Block, blockDigest, cacheName } from './block.ts';
import { readCache, type Stamps, type Target, writeCache } from './block-cache.ts';
import { damaged } from './manifest.ts';
import type { ParquetArchive } from './parquet-archive.ts';
import type { SeriesRows } from './series-rows.ts';

/** Neither file of a block is there: its version was removed while it was read, or files were. */
export class BlockGone extends Error {}

/** Reads blocks of a series: from the raw columns, and where these are not as they were written from the archive, after which they are written anew. */
export class BlockReader {
  readonly #folder: string;
  readonly #archive: ParquetArchive;
  readonly #isTrades: boolean;
  readonly #known: Stamps;
  /** Stamps of files that were found right and had another before. */
  readonly checked: Record<string, string> = {};

  constructor(folder: string, archive: ParquetArchive, isTrades: boolean, known: Stamps) {
    this.#folder = folder;
    this.#archive = archive;
    this.#isTrades = isTrades;
    this.#known = known;
  }

  /** Reads into columns that are there; gives whether it could without the archive. */
  readInto(block: Block, target: Target): boolean {
    const name = cacheName(block);
    const stamp = readCache(this.#folder, block, target, this.#known[name]);
    if (stamp === null) return false;
    if (stamp !== this.#known[name]) this.#keep(block, stamp, target);
    return true;
  }

  /**
   * From the archive; the raw columns are there again afterwards.
   * @throws BlockGone; StratError STORE_DAMAGED
   */
  async restore(block: Block, target: Target): Promise<void> {
    const rows = await this.#fromArchive(block);
    for (const [name, values] of Object.entries(target.columns)) {
      const column = rows.columns[name];
      if (column === undefined) values.fill(NaN, target.row, target.row + block.rows);
      else values.set(column, target.row);
    }
  }

  /** All columns of a block. @throws BlockGone; StratError STORE_DAMAGED */
  async read(block: Block): Promise<SeriesRows> {
    const columns = Object.fromEntries(block.columns.map((name) => [name, new Float64Array(block.rows)]));
    const target = { columns, row: 0 };
    if (!this.readInto(block, target)) await this.restore(block, target);
    return { length: block.rows, columns };
  }

  /** A file of which all columns were read has been checked as a whole. */
  #keep(block: Block, stamp: string, { columns }: Target): void {
    if (block.columns.every((name) => name in columns)) this.checked[cacheName(block)] = stamp;
  }

  async #fromArchive(block: Block): Promise<SeriesRows> {
    const path = join(this.#folder, archiveName(block));
    if (!existsSync(path)) throw new BlockGone(path);
    let rows: SeriesRows;
    try {
      rows = await this.#archive.read(path, block.columns, block.rows, this.#isTrades);
    } catch (error) {
      if (!existsSync(path)) throw new BlockGone(path);
      throw damaged(path, error instanceof Error ? error.message.split('\n')[0]! : 'unknown reason', error);
    }
    if (blockDigest(block.columns, rows) !== block.digest) throw damaged(path, 'its values are not those that were written');
    try {
      this.checked[cacheName(block)] = writeCache(this.#folder, block, rows);
    } catch {
      // No room or no right to write: the archive serves as well, slower.
    }
    return rows;
  }
}
