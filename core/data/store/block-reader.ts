import { readArchive } from './archive-file.ts';
import { type Block, cacheName } from './block.ts';
import { readChecked, readKnown, type Stamps, type Target, writeCache } from './block-cache.ts';
import type { ParquetArchive } from './parquet-archive.ts';
import type { SeriesRows } from './series-rows.ts';

/** As many as Node's pool has threads, if nobody says otherwise. */
const READERS = 4;

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
  async readInto(block: Block, target: Target): Promise<boolean> {
    const name = cacheName(block);
    const known = this.#known[name];
    if (known !== undefined && (await readKnown(this.#folder, block, target, known))) return true;
    const stamp = readChecked(this.#folder, block, target);
    if (stamp === null) return false;
    // A file of which all columns were read has been checked as a whole.
    if (block.columns.every((column) => column in target.columns)) this.checked[name] = stamp;
    return true;
  }

  /**
   * Reads blocks side by side into columns that are there, one behind the other.
   * @throws BlockGone; StratError STORE_DAMAGED
   */
  async readAll(blocks: readonly Block[], columns: Target['columns']): Promise<void> {
    let row = 0;
    const targets = blocks.map((block) => {
      const target = { columns, row };
      row += block.rows;
      return { block, target };
    });
    const waiting = targets.values();
    const lacking: typeof targets = [];
    const reader = async (): Promise<void> => {
      for (const one of waiting) if (!(await this.readInto(one.block, one.target))) lacking.push(one);
    };
    await Promise.all(Array.from({ length: READERS }, reader));
    for (const { block, target } of lacking) await this.restore(block, target);
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
    if (!(await this.readInto(block, target))) await this.restore(block, target);
    return { length: block.rows, columns };
  }

  async #fromArchive(block: Block): Promise<SeriesRows> {
    const rows = await readArchive(this.#folder, this.#archive, block, this.#isTrades);
    try {
      this.checked[cacheName(block)] = writeCache(this.#folder, block, rows);
    } catch {
      // No room or no right to write: the archive serves as well, slower.
    }
    return rows;
  }
}
