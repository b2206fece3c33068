import type { ClockPort } from '#core/ports/clock.ts';
import type { MarketHistoryPort } from '#core/ports/market-history.ts';
import { VenueFault } from '#core/ports/venue-fault.ts';
import type { SeriesKey } from '../store/series-key.ts';
import type { SeriesStore } from '../store/series-store.ts';
import type { CheckedPage } from './checked-page.ts';
import type { DownloadRecords } from './download-record.ts';
import type { Span } from './missing-bars.ts';
import type { Revision, RowSink } from './row-sink.ts';
import type { VenueGate } from './venue-gate.ts';

/** One series that is to be had from one venue. */
export interface SeriesWish {
  readonly key: SeriesKey;
  /** Times, half-open, ms; `to` Infinity: as far as there is. */
  readonly from: number;
  readonly to: number;
}

/** What a download works with. */
export interface SeriesSurroundings {
  readonly history: MarketHistoryPort;
  readonly gate: VenueGate;
  readonly store: SeriesStore;
  readonly records: DownloadRecords;
  readonly sink: RowSink;
  readonly clock: ClockPort;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: SeriesProgress) => void;
}

/** How far a series is, in whatever there is to do. */
export interface SeriesProgress {
  readonly done: number;
  readonly total: number;
}

/** What became of a series. */
export interface SeriesFindings {
  /** Stretches without bars that the venue does not have, of this time and of those before. */
  readonly holes: readonly Span[];
  /** Bars that are missing in them; null = not counted, or rows have no grid. */
  readonly missing: number | null;
  /** What was wrong with rows that were left out. */
  readonly leftOut: readonly string[];
  readonly notes: readonly string[];
}

export type { Revision };

/** An answer with rows that contradict themselves is asked for again so often; then what is good of it is taken. */
const GARBLED_TRIES = 2;
/** Rows further ahead of the venue's clock than that are none. */
export const AHEAD_MS = 300_000;
export const DAY_MS = 86_400_000;

/** Asks until an answer has no faults, or keeps them: then they are noted in `leftOut`. */
export async function askPage<T extends CheckedPage>(
  { gate, signal }: Pick<SeriesSurroundings, 'gate' | 'signal'>,
  leftOut: Set<string>,
  request: () => Promise<T>,
): Promise<T> {
  let tries = 0;
  return gate.ask(async () => {
    const page = await request();
    if (page.faults.length > 0) {
      if (tries++ < GARBLED_TRIES) throw new VenueFault('garbled', `its answer has ${page.faults[0]}`);
      for (const fault of page.faults) leftOut.add(fault);
    }
    return page;
  }, signal);
}
