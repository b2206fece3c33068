import type { Bar } from '#core/model/bar.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import type { ClockPort } from '#core/ports/clock.ts';
import { VenueFault } from '#core/ports/venue-fault.ts';
import { checkBars } from '../download/check-bars.ts';
import { downloadBars } from '../download/download-bars.ts';
import { downloadTrades } from '../download/download-trades.ts';
import { firstOpen, missingSpans } from '../download/missing-bars.ts';
import { RowSink } from '../download/row-sink.ts';
import { AHEAD_MS, askPage, type SeriesSurroundings } from '../download/series-download.ts';
import type { SeriesKey } from '../store/series-key.ts';
import type { SeriesStore } from '../store/series-store.ts';
import type { LiveTrade } from './live-bars.ts';
import { barsOfRows, rowsOfBars } from './live-tape.ts';
import type { LiveVenue } from './live-venue.ts';

export interface VenueCandlesOptions {
  readonly venue: LiveVenue;
  readonly store: SeriesStore;
  readonly market: string;
  readonly timeframe: Timeframe;
  readonly clock: ClockPort;
  readonly signal: AbortSignal;
}

/** What was last told of so many bars is remembered, so that the same is not written again. */
const REMEMBERED = 20;

/** The candles and trades of a market as its venue has them now, and as the store keeps them: its last word. */
export class VenueCandles {
  readonly key: SeriesKey;
  readonly #options: VenueCandlesOptions;
  readonly #told = new Map<number, Bar>();

  constructor(options: VenueCandlesOptions) {
    const { venue, market, timeframe } = options;
    this.#options = options;
    this.key = { venue: venue.name, market, kind: 'candles', timeframe: timeframe.name };
  }

  /** @throws VenueFault when the venue has no such market or bars */
  async refuse(): Promise<void> {
    const { venue, market, timeframe } = this.#options;
    const { history, instrument } = await venue.lane();
    await instrument(market);
    if (!history.can.candles || !history.can.timeframes.includes(timeframe.name))
      throw new VenueFault('unsupported', `it has no bars of ${timeframe.name}, only ${history.can.timeframes.join(', ')}`);
  }

  /** Brings those in the store in line with the venue, from a moment on. */
  async download(from: number): Promise<void> {
    await downloadBars({ key: this.key, from, to: Infinity }, 'candles', await this.#around(this.key));
  }

  /** Those of `[from, to)` in the store. */
  async stored(from: number, to: number): Promise<readonly Bar[]> {
    const { store } = this.#options;
    return store.find(this.key) === null ? [] : barsOfRows(await store.read(this.key, { from, to }));
  }

  /** Those of `[from, end)` at the venue; where some are missing behind `knownMs` it is asked twice. */
  async ask(from: number, end: number, knownMs: number): Promise<readonly Bar[]> {
    const { venue, market, timeframe, signal } = this.#options;
    const { history, gate } = await venue.lane();
    const page = async (): Promise<readonly Bar[]> => {
      const { rows } = await askPage({ gate, signal }, new Set(), async () => {
        const answer = await history.bars('candles', market, timeframe.name, from, signal);
        return checkBars(answer.rows, 'candles', timeframe, { sinceMs: from, endMs: end, futureMs: end + 2 * timeframe.stepMs + AHEAD_MS });
      });
      return barsOfRows({ length: rows.length, columns: rows.columns });
    };
    const bars = await page();
    const span = { from: firstOpen(timeframe, Math.max(from, knownMs)), to: bars.at(-1)?.time ?? -Infinity };
    const times = Float64Array.from(bars, ({ time }) => time);
    if (missingSpans(timeframe, times, span, []).length === 0) return bars;
    const all = new Map([...bars, ...(await page())].map((bar) => [bar.time, bar] as const));
    return [...all.values()].toSorted((a, b) => a.time - b.time);
  }

  /** Brings those in the store in line with what the venue says now. @throws StratError of the store */
  async keep(bars: readonly Bar[]): Promise<void> {
    const { store, venue } = this.#options;
    const isTold = ({ time, ...values }: Bar): boolean => {
      const told = this.#told.get(time);
      return told !== undefined && Object.entries(values).every(([name, value]) => told[name as keyof Bar] === value);
    };
    const changed = bars.filter((bar) => !isTold(bar));
    if (changed.length === 0) return;
    await store.merge(this.key, rowsOfBars(changed), { source: `live ${venue.name}` });
    for (const bar of changed) this.#told.set(bar.time, bar);
    for (const time of [...this.#told.keys()].slice(0, -REMEMBERED)) this.#told.delete(time);
  }

  /** Downloads trades into their series of the store, and gives those from a moment on, oldest first; of the last ten seconds there are none. */
  async trades(from: number): Promise<readonly LiveTrade[]> {
    const { store, venue, market } = this.#options;
    const key: SeriesKey = { venue: venue.name, market, kind: 'trades', timeframe: null };
    await downloadTrades({ key, from, to: Infinity }, await this.#around(key));
    if (store.find(key) === null) return [];
    const { length, columns } = await store.read(key, { from });
    const { time, price, qty, id } = columns as Readonly<Record<'time' | 'price' | 'qty' | 'id', Float64Array>>;
    return Array.from({ length }, (_, row) => ({ id: id[row]!, time: time[row]!, price: price[row]!, qty: qty[row]! }));
  }

  async #around(key: SeriesKey): Promise<SeriesSurroundings> {
    const { venue, store, clock, signal } = this.#options;
    const { history, gate } = await venue.lane();
    const sink = new RowSink({ store, key, provenance: { source: `download ${venue.name}` }, steady: clock.steady });
    return { history, gate, store, records: venue.records, sink, clock, signal, onProgress: () => undefined };
  }
}
