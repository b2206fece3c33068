import type { VenueFaultKind } from '#core/ports/venue-fault.ts';
import type { SeriesKey, SeriesKind } from '../store/series-key.ts';
import type { Revision } from './row-sink.ts';
import type { Span } from './missing-bars.ts';

/**
 * - `complete`: all that the venue has is there
 * - `partial`: something could not be had, the rest is there
 * - `failed`: nothing could be had
 * - `stopped`: it was asked to stop; what came before is there
 */
export type SeriesState = 'complete' | 'partial' | 'failed' | 'stopped';

/** What became of one wanted series. */
export interface SeriesReport {
  /** Null: no venue was found for it. */
  readonly key: SeriesKey;
  readonly kind: SeriesKind;
  readonly state: SeriesState;
  /** Rows that are new, and rows that had other values before. */
  readonly added: number;
  readonly revised: number;
  /** The first of them. */
  readonly revisions: readonly Revision[];
  /** In the store now. */
  readonly rows: number;
  readonly from: number | null;
  readonly to: number | null;
  /** Stretches without bars within what was wanted. */
  readonly holes: readonly Span[];
  /** Bars that are missing in them. Null = not known, as the venue failed before all was asked for; also of rows without a grid. */
  readonly missing: number | null;
  /** What was wrong with rows that were left out. */
  readonly leftOut: readonly string[];
  readonly notes: readonly string[];
  /** Why it is not complete. */
  readonly reason: string | null;
  readonly fault: VenueFaultKind | null;
  /** Venues that were asked first, and why they did not serve. */
  readonly insteadOf: readonly { readonly venue: string; readonly reason: string }[];
}

export interface DownloadReport {
  readonly series: readonly SeriesReport[];
  readonly isStopped: boolean;
}
