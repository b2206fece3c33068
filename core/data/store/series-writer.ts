import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { replaceDurably, syncFolder } from '#core/files/durable-file.ts';
import { BlockGone, writeArchive } from './archive-file.ts';
import { archiveName, type Block, cacheName, describeBlock, seriesDigest } from './block.ts';
import { readStamps, writeCache, writeStamps } from './block-cache.ts';
import { type BlockPeriod, blockPeriod } from './block-period.ts';
import { BlockReader } from './block-reader.ts';
import { cleanSeries, keptVersions } from './clean-series.ts';
import { damaged, type Manifest, manifestText, newManifest, readBlocks, readManifest, versionFile, versionText } from './manifest.ts';
import { mergeRows } from './merge-rows.ts';
import { mergeTrades } from './merge-trades.ts';
import type { ParquetArchive } from './parquet-archive.ts';
import type { SeriesKey } from './series-key.ts';
import { checkedRows, givenColumns, rowAtOrAfter, type SeriesRows, sliceRows } from './series-rows.ts';
import type { MergeReport, Provenance, RowChange, SeriesVersion } from './series-store.ts';
import type { SeriesPaths } from './store-paths.ts';

/** More would need more memory and gain nothing: DuckDB packs on every processor there is. */
const MOST_AT_ONCE = 2;

/** The rows of a period that pieces are added to; written when the next period begins. */
interface OpenBlock {
  readonly period: BlockPeriod;
  readonly rows: SeriesRows;
}

/**
 * One change of a series, for who holds its lock: pieces are taken in, then all of it becomes a version at once. Until `commit` replaces the manifest nothing of
 * it is seen; files that were written by then belong to no version and are removed by the next writer.
 */
export class SeriesWriter {
  readonly #paths: SeriesPaths;
  readonly #key: SeriesKey;
  readonly #archive: ParquetArchive;
  readonly #manifest: Manifest;
  readonly #blocks: Map<string, Block>;
  readonly #reader: BlockReader;
  readonly #stamps: Record<string, string>;
  readonly #count = { added: 0, revised: 0, removed: 0, unchanged: 0 };
  /** Archives on their way to the disk, by path. */
  readonly #writing = new Map<string, Promise<void>>();
  #open: OpenBlock | null = null;

  /** @throws StratError STORE_DAMAGED */
  constructor(paths: SeriesPaths, key: SeriesKey, archive: ParquetArchive) {
    this.#paths = paths;
    this.#key = key;
    this.#archive = archive;
    this.#manifest = readManifest(paths.manifest) ?? newManifest(key);
    const current = this.#manifest.versions.at(-1);
    const blocks = current === undefined ? [] : readBlocks(versionFile(paths, current.version));
    if (blocks === null) throw damaged(versionFile(paths, current!.version), 'it is missing');
    this.#blocks = new Map(blocks.map((block) => [block.name, block]));
    this.#stamps = { ...readStamps(paths.stamps) };
    this.#reader = new BlockReader(paths.blocks, archive, key.kind === 'trades', this.#stamps);
    // What a writer that was killed left behind.
    cleanSeries(paths, this.#manifest.versions);
    for (const folder of [paths.versions, paths.blocks]) makeDurableFolder(folder);
  }

  /** Takes rows in. @throws StratError STORE_ROWS, STORE_DAMAGED; what the file system and DuckDB throw */
  async merge(given: SeriesRows): Promise<void> {
    const rows = checkedRows(this.#key, given);
    const merging = this.#key.kind === 'trades' ? mergeTrades : mergeRows;
    for (const { period, part } of this.#parts(rows)) {
      const merged = merging(await this.#openBlock(period), part);
      this.#open = { period, rows: merged.rows };
      this.#count.added += merged.added;
      this.#count.revised += merged.revised;
      this.#count.unchanged += merged.unchanged;
    }
  }

  /** Removes rows with times in `[from, to)`. @throws as `merge` */
  async remove(from: number, to: number): Promise<void> {
    for (const block of this.#blocks.values()) {
      if (block.to < from || block.from >= to) continue;
      if (block.from >= from && block.to < to && this.#open?.period.name !== block.name) {
        this.#blocks.delete(block.name);
        continue;
      }
      const period = blockPeriod(this.#key, block.from);
      const { columns, length } = await this.#openBlock(period);
      const [start, end] = [rowAtOrAfter(columns['time']!, from), rowAtOrAfter(columns['time']!, to)];
      const left = Object.entries(columns).map(([name, column]) => {
        const kept = new Float64Array(length - (end - start));
        kept.set(column.subarray(0, start));
        kept.set(column.subarray(end), start);
        return [name, kept] as const;
      });
      this.#open = { period, rows: { length: length - (end - start), columns: Object.fromEntries(left) } };
    }
  }

  /**
   * Makes what was taken in the newest version; without any difference there is none.
   * @param change what to report in the place of what `merge` counted
   * @param pin a name for the version before
   */
  async commit(
    provenance: Provenance,
    now: number,
    graceMs: number,
    { change, pin }: { readonly change?: RowChange & { readonly unchanged: number }; readonly pin?: (version: number) => string } = {},
  ): Promise<MergeReport> {
    await this.#flush();
    await this.#settle();
    const blocks = [...this.#blocks.values()].sort((a, b) => a.from - b.from);
    const digest = seriesDigest(blocks);
    const { versions } = this.#manifest;
    const current = versions.at(-1);
    const counted = change ?? this.#count;
    const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
    if (current?.digest === digest || (current === undefined && rows === 0))
      return { ...counted, isNew: false, version: current?.version ?? null, digest: current?.digest ?? null, rows };
    const version = (current?.version ?? 0) + 1;
    const given = givenColumns(this.#key.kind);
    const written: SeriesVersion = {
      version,
      digest,
      rows,
      from: blocks[0]?.from ?? null,
      to: blocks.at(-1)?.to ?? null,
      columns: [...new Set(blocks.flatMap(({ columns }) => columns))].filter((name) => !given.includes(name)).sort(),
      updated: now,
      provenance,
      change: { added: counted.added, revised: counted.revised, removed: counted.removed },
      pins: [],
    };
    const before = versions.map((one) => (one === current && pin !== undefined ? { ...one, pins: [...one.pins, pin(version)] } : one));
    const kept = keptVersions([...before, written], now, graceMs);
    syncFolder(this.#paths.blocks);
    replaceDurably(versionFile(this.#paths, version), versionText(version, digest, blocks));
    replaceDurably(this.#paths.manifest, manifestText({ ...this.#manifest, versions: kept }));
    cleanSeries(this.#paths, kept);
    this.#keepStamps();
    return { ...counted, isNew: true, version, digest, rows };
  }

  /** Removes what was written for nothing. */
  async discard(): Promise<void> {
    await Promise.allSettled(this.#writing.values());
    if (this.#manifest.versions.length > 0) cleanSeries(this.#paths, this.#manifest.versions);
    else rmSync(this.#paths.folder, { recursive: true, force: true });
  }

  /** Rows by the block that they belong to. */
  *#parts(rows: SeriesRows): Generator<{ readonly period: BlockPeriod; readonly part: SeriesRows }> {
    const time = rows.columns['time']!;
    for (let at = 0; at < rows.length;) {
      const period = blockPeriod(this.#key, time[at]!);
      const end = rowAtOrAfter(time, period.to);
      yield { period, part: sliceRows(rows, at, end) };
      at = end;
    }
  }

  /** The rows that a block has so far. */
  async #openBlock(period: BlockPeriod): Promise<SeriesRows> {
    if (this.#open?.period.name === period.name) return this.#open.rows;
    await this.#flush();
    const block = this.#blocks.get(period.name);
    if (block !== undefined && this.#writing.has(join(this.#paths.blocks, archiveName(block)))) await this.#settle();
    if (block === undefined) return { length: 0, columns: { time: new Float64Array(0) } };
    try {
      return await this.#reader.read(block);
    } catch (error) {
      if (error instanceof BlockGone) throw damaged(error.message, 'it is missing', error);
      throw error;
    }
  }

  /** Writes the open block, unless it is what it was. */
  async #flush(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    if (open === null) return;
    const { name } = open.period;
    if (open.rows.length === 0) {
      this.#blocks.delete(name);
      return;
    }
    const block = describeBlock(name, open.rows);
    if (this.#blocks.get(name)?.digest === block.digest) return;
    const path = join(this.#paths.blocks, archiveName(block));
    if (!existsSync(path) && !this.#writing.has(path)) await this.#startWriting(path, block, open.rows);
    try {
      this.#stamps[cacheName(block)] = writeCache(this.#paths.blocks, block, open.rows);
    } catch {
      // No room for the cache: the archive serves as well, slower.
    }
    this.#blocks.set(name, block);
  }

  /** Packs a block while the next one is taken in. */
  async #startWriting(path: string, block: Block, rows: SeriesRows): Promise<void> {
    for (const [earlier, done] of this.#writing) {
      if (this.#writing.size < MOST_AT_ONCE) break;
      await done;
      this.#writing.delete(earlier);
    }
    const done = writeArchive(this.#paths.blocks, this.#archive, this.#key, block, rows);
    // Whoever waits for it hears of it.
    done.catch(() => undefined);
    this.#writing.set(path, done);
  }

  /** Waits until all blocks are on the disk. @throws the first thing that went wrong */
  async #settle(): Promise<void> {
    await Promise.all(this.#writing.values());
    this.#writing.clear();
  }

  #keepStamps(): void {
    const all = { ...this.#stamps, ...this.#reader.checked };
    const names = [...this.#blocks.values()].map(cacheName);
    writeStamps(this.#paths.stamps, Object.fromEntries(names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]]))));
  }
}

/** Makes a folder and those above it, each of which is there after a crash. @throws what the file system throws */
export function makeDurableFolder(path: string): void {
  if (existsSync(path)) return;
  makeDurableFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if (existsSync(path)) return;
    throw error;
  }
  syncFolder(dirname(path));
}
