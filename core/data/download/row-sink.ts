import type { SeriesKey } from '../store/series-key.ts';
import type { SeriesRows } from '../store/series-rows.ts';
import type { Provenance, SeriesStore } from '../store/series-store.ts';

/** A row that was stored with other values than the venue gives now. */
export interface Revision {
  readonly time: number;
  readonly column: string;
  readonly before: number;
  readonly after: number;
}

export interface RowSinkOptions {
  readonly store: SeriesStore;
  readonly key: SeriesKey;
  readonly provenance: Provenance;
  /** Ms of a clock that never jumps. */
  readonly steady: () => number;
}

/** Each write makes a version and rewrites a block: not one an answer, and not so seldom that a kill loses much. */
const MOST_ROWS = 50_000;
const MOST_MS = 10_000;
const MOST_REVISIONS = 5;

/** Rows on their way into the store, written in batches. */
export class RowSink {
  readonly #options: RowSinkOptions;
  #pieces: SeriesRows[] = [];
  #rows = 0;
  #lastMs = -Infinity;
  #flushedAt: number;
  added = 0;
  revised = 0;
  readonly revisions: Revision[] = [];
  /** Time of the last row that is in the store for good. */
  storedMs = -Infinity;

  constructor(options: RowSinkOptions) {
    this.#options = options;
    this.#flushedAt = options.steady();
  }

  /** @throws StratError of the store */
  async add(rows: SeriesRows): Promise<void> {
    if (rows.length === 0) return;
    const time = rows.columns['time']!;
    const isTrades = this.#options.key.kind === 'trades';
    if (isTrades ? time[0]! < this.#lastMs : time[0]! <= this.#lastMs) await this.flush();
    this.#pieces.push(rows);
    this.#rows += rows.length;
    this.#lastMs = time.at(-1)!;
    if (this.#rows >= MOST_ROWS || this.#options.steady() - this.#flushedAt >= MOST_MS) await this.flush();
  }

  /** Writes what is there. @throws StratError of the store */
  async flush(): Promise<void> {
    const { store, key, provenance, steady } = this.#options;
    this.#flushedAt = steady();
    if (this.#rows === 0) return;
    const rows = this.#joined();
    const lastMs = this.#lastMs;
    this.#pieces = [];
    this.#rows = 0;
    this.#lastMs = -Infinity;
    await this.#compare(rows);
    const { added, revised } = await store.merge(key, rows, provenance);
    this.added += added;
    this.revised += revised;
    this.storedMs = lastMs;
  }

  #joined(): SeriesRows {
    const names = Object.keys(this.#pieces[0]!.columns);
    const columns = names.map((name) => {
      const column = new Float64Array(this.#rows);
      let at = 0;
      for (const piece of this.#pieces) {
        column.set(piece.columns[name]!, at);
        at += piece.length;
      }
      return [name, column] as const;
    });
    return { length: this.#rows, columns: Object.fromEntries(columns) };
  }

  /** Notes the first rows that are about to change; how many there are says the store. */
  async #compare({ length, columns }: SeriesRows): Promise<void> {
    const { store, key } = this.#options;
    const time = columns['time']!;
    const stored = store.find(key);
    if (key.kind === 'trades' || stored?.to === null || stored === null || time[0]! > stored.to || this.revisions.length >= MOST_REVISIONS)
      return;
    const before = await store.read(key, { from: time[0]!, to: time.at(-1)! + 1 });
    const rowOf = new Map<number, number>();
    before.columns['time']!.forEach((at, row) => rowOf.set(at, row));
    for (let row = 0; row < length; row++) {
      const old = rowOf.get(time[row]!);
      if (old === undefined) continue;
      for (const [column, values] of Object.entries(columns)) {
        const [was, is] = [before.columns[column]?.[old] ?? NaN, values[row]!];
        if (was === is || Number.isNaN(is) || this.revisions.length >= MOST_REVISIONS) continue;
        this.revisions.push({ time: time[row]!, column, before: was, after: is });
      }
    }
  }
}
