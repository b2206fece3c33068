import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StratError } from '#core/errors/strat-error.ts';
import { replaceDurably, syncFolder } from '#core/files/durable-file.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { readStamps } from './block-cache.ts';
import { checkSeries } from './check-series.ts';
import { BlockReader } from './block-reader.ts';
import { RowComparison } from './diff-versions.ts';
import { entryOf, type Manifest, manifestText, readManifest, versionOf } from './manifest.ts';
import { ParquetArchive } from './parquet-archive.ts';
import { checkedKey, checkNames, STORED_KINDS, type SeriesKey, seriesName } from './series-key.ts';
import { lockSeries } from './series-lock.ts';
import { exportParquet, manifestOf, readPieces, readSeries, withVersion } from './series-reader.ts';
import type { SeriesRows } from './series-rows.ts';
import type {
  DamagedSeries,
  InstrumentFacts,
  MergeReport,
  ReadOptions,
  SeriesCheck,
  SeriesEntry,
  SeriesStore,
  SeriesVersion,
  StoredRows,
  VersionDiff,
  VersionRef,
  WriteOptions,
} from './series-store.ts';
import { makeDurableFolder, SeriesWriter } from './series-writer.ts';
import { factsFile, marketFolder, removedFolder, seriesPaths, type SeriesPaths } from './store-paths.ts';
import { writeFailure } from './write-failure.ts';

export interface StoreOptions {
  /** Ms since the epoch. */
  readonly now: () => number;
  /** How long to wait for another writer of a series. Default 30 s. */
  readonly waitMs?: number;
  /** How long a version stays readable after it was overtaken. Default a minute. */
  readonly graceMs?: number;
}

const WAIT_MS = 30_000;
const GRACE_MS = 60_000;
const PIN_NAME = /^(?!\d+$)[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The store in a folder, which need not be there: it is made by the first write. */
export function openSeriesStore(path: string, options: StoreOptions): SeriesStore {
  return new FolderStore(resolve(path), options);
}

class FolderStore implements SeriesStore {
  readonly path: string;
  readonly #now: () => number;
  readonly #waitMs: number;
  readonly #graceMs: number;
  readonly #archive = new ParquetArchive();

  constructor(path: string, { now, waitMs = WAIT_MS, graceMs = GRACE_MS }: StoreOptions) {
    this.path = path;
    this.#now = now;
    this.#waitMs = waitMs;
    this.#graceMs = graceMs;
  }

  list(): readonly SeriesEntry[] {
    return this.#scan().entries;
  }

  damaged(): readonly DamagedSeries[] {
    return this.#scan().damaged;
  }

  find(key: SeriesKey, version?: VersionRef): SeriesEntry | null {
    const manifest = readManifest(this.#at(key).paths.manifest);
    return manifest === null ? null : entryOf(manifest.key, versionOf(manifest, version));
  }

  async read(key: SeriesKey, options: ReadOptions = {}): Promise<StoredRows> {
    const { paths, checked } = this.#at(key);
    return readSeries(paths, checked, this.#archive, options);
  }

  async *pieces(key: SeriesKey, options: ReadOptions = {}): AsyncGenerator<StoredRows> {
    const { paths, checked } = this.#at(key);
    yield* readPieces(paths, checked, this.#archive, options);
  }

  async exportParquet(key: SeriesKey, file: string, options: ReadOptions = {}): Promise<number> {
    const { paths, checked } = this.#at(key);
    return exportParquet(paths, checked, this.#archive, file, options);
  }

  merge: SeriesStore['merge'] = async (key, rows, provenance, { onProgress, signal } = {}) =>
    this.#writing(key, signal, async (writer) => {
      let taken = 0;
      for await (const piece of isRows(rows) ? [rows] : rows) {
        signal?.throwIfAborted();
        await writer.merge(piece);
        taken += piece.length;
        onProgress?.(taken);
      }
      signal?.throwIfAborted();
      return writer.commit(provenance, this.#now(), this.#graceMs);
    });

  replace: SeriesStore['replace'] = async (key, rows, provenance, { from = -Infinity, to = Infinity, signal } = {}) =>
    this.#writing(key, signal, async (writer, checked, paths) => {
      const time = rows.columns['time'];
      if (time !== undefined && time.length > 0 && (time[0]! < from || time.at(-1)! >= to))
        throw new StratError('STORE_ROWS', {
          series: seriesName(checked),
          reason: 'rows lie outside of the range that they are to replace',
        });
      const isThere = readManifest(paths.manifest) !== null;
      const comparison = new RowComparison();
      if (isThere) {
        const before = await readSeries(paths, checked, this.#archive, { from, to });
        if (checked.kind === 'trades') comparison.trades(before, rows);
        else comparison.bars(before, rows);
      }
      await writer.remove(from, to);
      await writer.merge(rows);
      signal?.throwIfAborted();
      const { added, revised, removed } = comparison;
      const change = isThere ? { added, revised, removed, unchanged: rows.length - added - revised } : undefined;
      return writer.commit(provenance, this.#now(), this.#graceMs, {
        ...(change === undefined ? {} : { change }),
        pin: (version) => `before-${version}`,
      });
    });

  versions(key: SeriesKey): readonly SeriesVersion[] {
    const { paths, checked } = this.#at(key);
    return manifestOf(paths, checked).versions.toReversed();
  }

  async pin(key: SeriesKey, ref: VersionRef, name: string): Promise<SeriesVersion> {
    if (!PIN_NAME.test(name))
      throw new StratError('STORE_KEY', {
        reason: `"${name}" is no name of a version: letters, digits, dots and dashes make one, not digits alone`,
      });
    return this.#changing(key, (manifest) => {
      const { version } = versionOf(manifest, ref);
      return manifest.versions.map((one) => {
        const others = one.pins.filter((pin) => pin !== name);
        return { ...one, pins: one.version === version ? [...others, name] : others };
      });
    }).then((manifest) => versionOf(manifest, name));
  }

  async unpin(key: SeriesKey, name: string): Promise<void> {
    await this.#changing(key, (manifest) => {
      if (!manifest.versions.some(({ pins }) => pins.includes(name))) {
        const known = manifest.versions.flatMap(({ pins }) => pins);
        const hint = known.length === 0 ? 'It has none' : `It has ${known.join(', ')}`;
        throw new StratError('STORE_MISSING', { what: `a pin "${name}" of ${seriesName(manifest.key)}`, hint });
      }
      return manifest.versions.map((one) => ({ ...one, pins: one.pins.filter((pin) => pin !== name) }));
    });
  }

  async diff(key: SeriesKey, before: VersionRef, after: VersionRef): Promise<VersionDiff> {
    const { paths, checked } = this.#at(key);
    const isTrades = checked.kind === 'trades';
    const reader = new BlockReader(paths.blocks, this.#archive, isTrades, readStamps(paths.stamps));
    return withVersion(paths, checked, before, async (old, oldBlocks) =>
      withVersion(paths, checked, after, async (now, nowBlocks) => {
        const comparison = new RowComparison();
        const names = [...new Set([...oldBlocks, ...nowBlocks].map(({ name }) => name))].sort();
        for (const name of names) {
          const [was, is] = [oldBlocks, nowBlocks].map((blocks) => blocks.find((block) => block.name === name));
          if (was?.digest === is?.digest) continue;
          const [oldRows, nowRows] = [
            was === undefined ? NO_ROWS : await reader.read(was),
            is === undefined ? NO_ROWS : await reader.read(is),
          ];
          if (isTrades) comparison.trades(oldRows, nowRows);
          else comparison.bars(oldRows, nowRows);
        }
        const { added, revised, removed, first } = comparison;
        return { before: old, after: now, added, revised, removed, first };
      }),
    );
  }

  async check(key: SeriesKey, options: WriteOptions = {}): Promise<SeriesCheck> {
    const { paths, checked } = this.#at(key);
    manifestOf(paths, checked);
    return this.#locked(checked, paths, options.signal, async () =>
      checkSeries(paths, checked, this.#archive, manifestOf(paths, checked).versions, options),
    );
  }

  async remove(key: SeriesKey): Promise<boolean> {
    const { paths, checked } = this.#at(key);
    if (!existsSync(paths.folder)) return false;
    return this.#locked(checked, paths, undefined, async () => {
      if (!existsSync(paths.folder)) return false;
      const away = removedFolder(this.path);
      makeDurableFolder(away);
      renameSync(paths.folder, join(away, `${process.pid}-${this.#now()}-${readdirSync(away).length}`));
      syncFolder(dirname(paths.folder));
      // Also what an earlier one did not come to.
      rmSync(away, { recursive: true, force: true });
      return true;
    });
  }

  facts(venue: string, market: string): InstrumentFacts | null {
    checkNames(venue, market);
    const file = factsFile(this.path, venue, market);
    if (!existsSync(file)) return null;
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as InstrumentFacts;
    } catch (error) {
      throw new StratError('STORE_DAMAGED', { file, reason: 'it is no JSON' }, { cause: error });
    }
  }

  setFacts(venue: string, market: string, facts: Readonly<Record<string, unknown>>, source: string): void {
    checkNames(venue, market);
    const folder = marketFolder(this.path, venue, market);
    const text = `${JSON.stringify({ venue, market, updated: this.#now(), source, facts } satisfies InstrumentFacts, null, 2)}\n`;
    try {
      makeDurableFolder(folder);
      replaceDurably(factsFile(this.path, venue, market), text);
    } catch (error) {
      throw writeFailure({ venue, market, kind: 'candles', timeframe: null }, folder, error);
    }
  }

  close(): void {
    this.#archive.close();
  }

  #at(key: SeriesKey): { readonly paths: SeriesPaths; readonly checked: SeriesKey } {
    const checked = checkedKey(key);
    return { paths: seriesPaths(this.path, checked), checked };
  }

  #scan(): { readonly entries: readonly SeriesEntry[]; readonly damaged: readonly DamagedSeries[] } {
    const entries: SeriesEntry[] = [];
    const broken: DamagedSeries[] = [];
    for (const folder of seriesFolders(this.path)) {
      try {
        const manifest = readManifest(join(folder, 'manifest.json'));
        if (manifest !== null) entries.push(entryOf(manifest.key, versionOf(manifest, undefined)));
      } catch (error) {
        broken.push({ folder, reason: error instanceof StratError ? String(error.data['reason']) : 'unknown reason' });
      }
    }
    return { entries: entries.sort(byKey), damaged: broken };
  }

  async #writing(
    key: SeriesKey,
    signal: AbortSignal | undefined,
    work: (writer: SeriesWriter, checked: SeriesKey, paths: SeriesPaths) => Promise<MergeReport>,
  ): Promise<MergeReport> {
    const { paths, checked } = this.#at(key);
    return this.#locked(checked, paths, signal, async () => {
      const writer = new SeriesWriter(paths, checked, this.#archive);
      try {
        const report = await work(writer, checked, paths);
        if (report.version === null) await writer.discard();
        return report;
      } catch (error) {
        await writer.discard();
        throw error;
      }
    });
  }

  async #changing(key: SeriesKey, change: (manifest: Manifest) => readonly SeriesVersion[]): Promise<Manifest> {
    const { paths, checked } = this.#at(key);
    manifestOf(paths, checked);
    return this.#locked(checked, paths, undefined, async () => {
      const manifest = manifestOf(paths, checked);
      const changed = { ...manifest, versions: change(manifest) };
      replaceDurably(paths.manifest, manifestText(changed));
      return changed;
    });
  }

  async #locked<T>(key: SeriesKey, paths: SeriesPaths, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    try {
      makeDurableFolder(dirname(paths.lock));
      const lock = { file: paths.lock, series: seriesName(key), now: this.#now, waitMs: this.#waitMs, signal };
      const release = await lockSeries(lock);
      try {
        return await work();
      } finally {
        release();
      }
    } catch (error) {
      throw writeFailure(key, paths.folder, error);
    }
  }
}

const NO_ROWS: SeriesRows = { length: 0, columns: {} };
const isRows = (rows: object): rows is SeriesRows => 'columns' in rows;
const stepOf = ({ timeframe }: SeriesKey): number => (timeframe === null ? 0 : (parseTimeframe(timeframe)?.stepMs ?? 0));
const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function byKey({ key: a }: SeriesEntry, { key: b }: SeriesEntry): number {
  const kinds = STORED_KINDS.indexOf(a.kind) - STORED_KINDS.indexOf(b.kind);
  return byName(a.venue, b.venue) || byName(a.market, b.market) || kinds || stepOf(a) - stepOf(b);
}

/** Folders that may hold a series: venue, market, series. */
function seriesFolders(root: string): readonly string[] {
  const below = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() && !entry.name.startsWith('.') ? [join(folder, entry.name)] : [],
    );
  return existsSync(root) ? below(root).flatMap(below).flatMap(below) : [];
}
