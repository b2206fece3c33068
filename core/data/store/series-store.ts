import type { SeriesKey } from './series-key.ts';
import type { SeriesRows } from './series-rows.ts';

/** Where rows came from, for people and for records. */
export interface Provenance {
  /** In a few words: `import binance_BTC-USDT_1h.csv.gz`, `download binance`, `repair gaps`. */
  readonly source: string;
  /** More of it, as it was said: file, digest, settings. */
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

/** A version of a series: immutable, and gone when newer ones have taken its place, unless it is pinned. */
export interface SeriesVersion {
  /** 1, 2, ... */
  readonly version: number;
  /** SHA-256 over the values, hex: equal digests mean equal rows (docs/data.md has its definition). */
  readonly digest: string;
  readonly rows: number;
  /** Times of the first and of the last row, ms; null without rows. */
  readonly from: number | null;
  readonly to: number | null;
  /** Other than those that each series of its kind has. */
  readonly columns: readonly string[];
  /** When it was written, ms. */
  readonly updated: number;
  readonly provenance: Provenance;
  /** What it changed about the version before. */
  readonly change: RowChange;
  /** Names under which it is kept. */
  readonly pins: readonly string[];
}

/** Rows counted. */
export interface RowChange {
  readonly added: number;
  /** There before with other values. */
  readonly revised: number;
  readonly removed: number;
}

/** A series and a version of it: the newest, where nothing else is said. */
export interface SeriesEntry extends SeriesVersion {
  readonly key: SeriesKey;
  readonly source: string;
}

export interface MergeReport extends RowChange {
  /** Were there already as they are. */
  readonly unchanged: number;
  /** A version was written; false: there was nothing new. */
  readonly isNew: boolean;
  /** The newest version after it; null where the series does not exist, as nothing was given. */
  readonly version: number | null;
  readonly digest: string | null;
  /** Of the series. */
  readonly rows: number;
}

/** A version by its number, by the name of a pin, or by its digest (at least 8 digits of it). */
export type VersionRef = number | string;

export interface ReadOptions {
  /** Half-open range of times, ms. */
  readonly from?: number;
  readonly to?: number;
  /** Left out: the newest. */
  readonly version?: VersionRef;
  /** Left out: all. `time` always comes. */
  readonly columns?: readonly string[];
}

/** Columns are in shared memory. */
export interface StoredRows extends SeriesRows {
  /** Of the version, not of the range that was read. */
  readonly digest: string;
  readonly version: number;
}

/** A row that differs between two versions; null: it is not in that one. */
export interface RowDifference {
  readonly time: number;
  readonly before: Readonly<Record<string, number>> | null;
  readonly after: Readonly<Record<string, number>> | null;
}

export interface VersionDiff extends RowChange {
  readonly before: SeriesVersion;
  readonly after: SeriesVersion;
  /** The first of them, oldest first. */
  readonly first: readonly RowDifference[];
}

/** A series that is there and cannot be read. */
export interface DamagedSeries {
  readonly folder: string;
  readonly reason: string;
}

/** What `check` found. */
export interface SeriesCheck {
  readonly versions: number;
  readonly blocks: number;
  /** Files that were missing or not what was written, and are right again. */
  readonly repaired: readonly string[];
  /** Those that could not be made anew: rows of at least one version are gone. */
  readonly lost: readonly string[];
}

/** Filters, fees, and whatever else of an instrument a venue tells. */
export interface InstrumentFacts {
  readonly venue: string;
  readonly market: string;
  readonly updated: number;
  readonly source: string;
  /** As JSON. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** For what takes its time. */
export interface WriteOptions {
  /** Called now and then with all rows so far. */
  readonly onProgress?: (rows: number) => void;
  /** Asks to stop: nothing is changed then. */
  readonly signal?: AbortSignal;
}

/**
 * Series in a folder, shared by any number of processes. Readers see one version as a whole; writers of one series wait for each other. A crash at any point
 * leaves the version before or the new one.
 *
 * What is small answers at once, what reads or writes rows gives a promise. Errors: STORE_KEY (a series cannot be named so), STORE_MISSING (no such series or
 * version), STORE_ROWS (rows that are none), STORE_BUSY (another process writes it for too long), STORE_FULL (no space; the version before is as it was),
 * STORE_DAMAGED, FILE_UNWRITABLE, FILE_UNREADABLE.
 */
export interface SeriesStore {
  /** The folder. */
  readonly path: string;
  /** All series, sorted by venue, market, kind and length of bars. */
  list(): readonly SeriesEntry[];
  damaged(): readonly DamagedSeries[];
  /** A series and a version of it (left out: the newest); null where there is no such series. @throws StratError STORE_MISSING for the version */
  find(key: SeriesKey, version?: VersionRef): SeriesEntry | null;
  read(key: SeriesKey, options?: ReadOptions): Promise<StoredRows>;
  /** The same in pieces of some ten thousand rows, all of one version: for what is too long for the memory. */
  pieces(key: SeriesKey, options?: ReadOptions): AsyncIterable<StoredRows>;
  /** Writes rows as one Parquet file, `time` named `timestamp`, na as null. Gives how many. @throws what DuckDB throws where the file cannot be written */
  exportParquet(key: SeriesKey, file: string, options?: ReadOptions): Promise<number>;
  /**
   * Rows join those that are there; of one time the new one wins. A value that the new row does not have (NaN, or no such column) stays what it was while
   * the other values of the row are equal. Trades are the same by id; without one by time, price, quantity and side, as often as they occur.
   *
   * Pieces of one iterable make one version; each needs memory for itself only.
   */
  merge(
    key: SeriesKey,
    rows: SeriesRows | AsyncIterable<SeriesRows> | Iterable<SeriesRows>,
    provenance: Provenance,
    options?: WriteOptions,
  ): Promise<MergeReport>;
  /**
   * Puts rows in the place of all that are there, or of those in `[from, to)`. The version before is pinned as `before-N`, N being the number of the new
   * one, so that it stays until it is unpinned.
   */
  replace(
    key: SeriesKey,
    rows: SeriesRows,
    provenance: Provenance,
    options?: WriteOptions & { readonly from?: number; readonly to?: number },
  ): Promise<MergeReport>;
  /** Newest first. */
  versions(key: SeriesKey): readonly SeriesVersion[];
  /** Names a version, which is kept then. A name that another version of the series had goes over to it. */
  pin(key: SeriesKey, version: VersionRef, name: string): Promise<SeriesVersion>;
  unpin(key: SeriesKey, name: string): Promise<void>;
  /** What changed from `before` to `after`. */
  diff(key: SeriesKey, before: VersionRef, after: VersionRef): Promise<VersionDiff>;
  /** Reads all that is kept of a series, compares it with its digests, and makes files that are not right anew where the other file of the block is. */
  check(key: SeriesKey, options?: WriteOptions): Promise<SeriesCheck>;
  /** Removes a series with all of its versions, pinned ones too. False: there was none. */
  remove(key: SeriesKey): Promise<boolean>;
  facts(venue: string, market: string): InstrumentFacts | null;
  setFacts(venue: string, market: string, facts: Readonly<Record<string, unknown>>, source: string): void;
  /** Ends what runs beside it. */
  close(): void;
}
