import type { Bar } from '#core/model/bar.ts';
import { barsOf, COLUMN_NAMES, type ColumnName } from '#core/model/columns.ts';
import { BarHistory } from '../columns/bar-history.ts';
import type { SeriesKey } from '../store/series-key.ts';
import { rowAtOrAfter, type SeriesRows } from '../store/series-rows.ts';
import type { SeriesStore } from '../store/series-store.ts';

/**
 * The bars of a market as they were when they closed, in the store as its series `live`: what was decided on. It grows at its ends only, so nothing that a venue
 * says later changes it, and a bar keeps its place behind those before it. Processes may share it: the first one to write a bar says what it was.
 */
export class LiveTape {
  readonly key: SeriesKey;
  readonly #store: SeriesStore;
  #bars = new BarHistory();

  constructor(store: SeriesStore, { venue, market, timeframe }: Pick<SeriesKey, 'venue' | 'market' | 'timeframe'>) {
    this.#store = store;
    this.key = { venue, market, kind: 'live', timeframe };
  }

  get count(): number {
    return this.#bars.count;
  }

  bar(row: number): Bar | null {
    return row >= 0 && row < this.#bars.count ? this.#bars.bar(row) : null;
  }

  get first(): Bar | null {
    return this.bar(0);
  }

  get last(): Bar | null {
    return this.bar(this.count - 1);
  }

  /** The first row at a time or later. */
  rowAt(timeMs: number): number {
    return rowAtOrAfter(this.#bars.columns().time, timeMs);
  }

  /** Takes what is in the store in place of what it had. */
  async load(): Promise<void> {
    const bars = new BarHistory();
    for (const bar of await this.#stored(-Infinity)) bars.append(bar);
    this.#bars = bars;
  }

  /** Writes bars behind those that are there; gives all that are there now and were not known before, which may be another process's. @throws StratError of the store */
  async append(bars: readonly Bar[]): Promise<readonly Bar[]> {
    const { last } = this;
    const store = this.#store;
    let before = -Infinity;
    await store.merge(
      this.key,
      this.#whileLocked(() => {
        before = store.find(this.key)?.to ?? -Infinity;
        return bars.filter(({ time }) => time > before);
      }),
      this.#source,
    );
    const fresh = before === (last?.time ?? -Infinity) ? bars : await this.#stored((last?.time ?? -Infinity) + 1);
    for (const bar of fresh) this.#bars.append(bar);
    return fresh;
  }

  /** Writes bars before those that are there. @throws StratError of the store */
  async prepend(bars: readonly Bar[]): Promise<void> {
    const store = this.#store;
    await store.merge(
      this.key,
      this.#whileLocked(() => {
        const first = store.find(this.key)?.from ?? Infinity;
        return bars.filter(({ time }) => time < first);
      }),
      this.#source,
    );
    await this.load();
  }

  get #source(): { readonly source: string } {
    return { source: `live ${this.key.venue}` };
  }

  /** Pieces are asked for when the series is locked: nobody else writes it meanwhile. */
  async *#whileLocked(choose: () => readonly Bar[]): AsyncGenerator<SeriesRows> {
    const bars = choose();
    if (bars.length > 0) yield rowsOfBars(bars);
  }

  async #stored(from: number): Promise<readonly Bar[]> {
    if (this.#store.find(this.key) === null) return [];
    return barsOfRows(await this.#store.read(this.key, { from }));
  }
}

export function rowsOfBars(bars: readonly Bar[]): SeriesRows {
  return {
    length: bars.length,
    columns: Object.fromEntries(COLUMN_NAMES.map((name) => [name, Float64Array.from(bars, (bar) => bar[name])])),
  };
}

/** Rows of candles; a volume that is not known is 0, as where candles are read for a backtest. */
export function barsOfRows({ columns }: SeriesRows): readonly Bar[] {
  return barsOf(columns as Readonly<Record<ColumnName, Float64Array>>).map((bar) =>
    Number.isNaN(bar.volume) ? { ...bar, volume: 0 } : bar,
  );
}
