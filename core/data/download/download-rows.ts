import type { SeriesFindings, SeriesSurroundings, SeriesWish } from './series-download.ts';
import { AHEAD_MS, DAY_MS } from './series-download.ts';
import { type Span, without } from './missing-bars.ts';
import { type AskedPage, pageThrough } from './page-through.ts';
import { venueTime } from './venue-time.ts';

const SETTLED_MS = 10_000;

/** A stretch of what is not there yet. */
export interface RowSpan {
  readonly from: number;
  readonly endMs: number;
  /** No venue has rows of times behind this one. */
  readonly futureMs: number;
}

/** Asks for pages of one stretch; what it finds on the way it keeps. */
export interface PageSource {
  readonly ask: (sinceMs: number, isBehind: boolean) => Promise<AskedPage>;
  /** Where what it can tell begins; left out: where the stretch does. */
  readonly firstMs?: () => number;
}

/** What there is to ask for, and when all of a stretch has been had. */
export interface RowPlan {
  readonly spans: readonly Span[];
  readonly startedMs: number;
  /** Notes that all was had of a stretch that was asked for to its end. @param last time of its last row; null: none */
  readonly settle: (span: Span, last: number | null) => Promise<void>;
  /** Notes that all was had. */
  readonly note: (span: Span) => void;
}

/** @param overlapMs so much of what is there is asked for again */
export async function planRows(
  { key, from, to }: SeriesWish,
  { history, gate, store, records, clock, signal }: SeriesSurroundings,
  overlapMs: number,
  leftOut: ReadonlySet<string>,
): Promise<RowPlan> {
  const startedMs = await venueTime(history, gate, clock, signal);
  const endMs = Math.min(to, startedMs - SETTLED_MS);
  const covered = store.find(key) === null ? [] : records.read(key).covered;
  const spans = without([{ from, to: endMs }], shortened(covered, overlapMs)).filter((span) => span.from < span.to);
  const note = (span: Span): void => {
    if (leftOut.size === 0 && span.from < span.to && store.find(key) !== null) records.add(key, { covered: [span] });
  };
  return {
    spans,
    startedMs,
    note,
    settle: async (span, last) => {
      // What came last may have company that is not published yet; the clock may have been ahead.
      const isSettled = span.to <= Math.min(startedMs, await venueTime(history, gate, clock, signal)) - DAY_MS;
      note({ from: span.from, to: isSettled ? span.to : (last ?? span.from) });
    },
  };
}

/** Rows without a grid, the oldest first: what was never asked for, and what came since. */
export async function downloadRows(
  wish: SeriesWish,
  around: SeriesSurroundings,
  overlapMs: number,
  source: (span: RowSpan, leftOut: Set<string>) => Promise<PageSource>,
): Promise<SeriesFindings> {
  const { sink, onProgress } = around;
  const leftOut = new Set<string>();
  const { spans, startedMs, settle, note } = await planRows(wish, around, overlapMs, leftOut);
  const total = spans.reduce((sum, span) => sum + span.to - span.from, 0);
  let before = 0;
  for (const span of spans) {
    const { ask, firstMs } = await source({ from: span.from, endMs: span.to, futureMs: startedMs + DAY_MS + AHEAD_MS }, leftOut);
    const begin = (): number => Math.max(span.from, firstMs?.() ?? span.from);
    let last: number | null = null;
    for await (const page of pageThrough({ span, ask, isEdge: true })) {
      const stored = sink.storedMs;
      await sink.add(page.rows);
      if (sink.storedMs !== stored) note({ from: begin(), to: sink.storedMs });
      last = page.rows.columns['time']!.at(-1) ?? last;
      onProgress({ done: before + Math.min(page.nextMs, span.to) - span.from, total });
    }
    before += span.to - span.from;
    await sink.flush();
    await settle({ from: begin(), to: span.to }, last);
  }
  return { holes: [], missing: null, leftOut: [...leftOut], notes: [] };
}

/** The last stretch ends a little earlier. */
const shortened = (spans: readonly Span[], byMs: number): readonly Span[] =>
  spans.map((span, index) => (index === spans.length - 1 ? { from: span.from, to: Math.max(span.from, span.to - byMs) } : span));
