import { checkFunding } from './check-funding.ts';
import { checkTrades } from './check-trades.ts';
import type { CheckedPage } from './checked-page.ts';
import { type Span, without } from './missing-bars.ts';
import { type AskedPage, pageThrough } from './page-through.ts';
import { AHEAD_MS, askPage, DAY_MS, type SeriesFindings, type SeriesSurroundings, type SeriesWish } from './series-download.ts';
import { sliceRows } from '../store/series-rows.ts';
import { venueTime } from './venue-time.ts';

/** Rates change up to their time; those of the last days are asked for again. */
const OVERLAP_MS = 2 * DAY_MS;
const SETTLED_MS = 10_000;

/** Asks for pages of one stretch; what it finds on the way it keeps. */
interface PageSource {
  readonly ask: (sinceMs: number, isBehind: boolean) => Promise<AskedPage>;
}

/** Rates of funding: what was never asked for, and what came since. @returns findings without holes: rates have no grid */
export async function downloadFunding(wish: SeriesWish, around: SeriesSurroundings): Promise<SeriesFindings> {
  const { history, signal } = around;
  const { market } = wish.key;
  return downloadRows(wish, around, OVERLAP_MS, ({ endMs, futureMs }, leftOut) => ({
    ask: async (sinceMs) =>
      askPage(around, leftOut, async () => {
        const page = await history.funding(market, sinceMs, signal);
        const checked = checkFunding(page.rows, market, { sinceMs, endMs, futureMs });
        return { ...checked, spanMs: page.spanMs, nextMs: checked.lastMs === null ? null : checked.lastMs + 1 };
      }),
  }));
}

/** Trades: by their numbers where the venue numbers them, else by time. */
export async function downloadTrades(wish: SeriesWish, around: SeriesSurroundings): Promise<SeriesFindings> {
  const { history, signal } = around;
  const { market } = wish.key;
  const isNumbered = history.can.tradesByNumber;
  const notes = new Set<string>();
  const findings = await downloadRows(wish, around, 0, ({ from, endMs, futureMs }, leftOut) => {
    let lastId: number | null = null;
    return {
      ask: async (sinceMs, isBehind) => {
        const afterId = isBehind ? lastId : null;
        const page = await askPage(around, leftOut, async () => {
          const answer = await history.trades(market, afterId === null ? { since: sinceMs } : { afterId }, signal);
          const limits = { sinceMs: afterId === null ? sinceMs : from, endMs, futureMs, isNumbered, afterId };
          const checked = checkTrades(answer.rows, market, limits);
          if (!isNumbered) return { ...wholeMoments(checked, answer.rows.length >= answer.limit, notes), spanMs: answer.spanMs };
          return { ...checked, spanMs: afterId === null ? answer.spanMs : Infinity, nextMs: nextOfNumbered(checked, endMs) };
        });
        // Behind a page that begins with what cannot be used it goes on by time.
        lastId = page.faults.length > 0 ? page.lastId : (page.lastId ?? lastId);
        return page;
      },
    };
  });
  return { ...findings, notes: [...notes] };
}

function nextOfNumbered({ lastMs, rows, lastId }: CheckedPage, endMs: number): number | null {
  if (lastMs === null) return null;
  return lastId === null || lastMs >= endMs ? lastMs + 1 : rows.columns['time']!.at(-1)!;
}

/** Of a full answer the last moment may be cut: it is asked for again as a whole. */
function wholeMoments(checked: CheckedPage, isFull: boolean, notes: Set<string>): CheckedPage & { readonly nextMs: number | null } {
  const { lastMs, rows } = checked;
  if (lastMs === null || !isFull) return { ...checked, nextMs: lastMs === null ? null : lastMs + 1 };
  const kept = rows.columns['time']!.findLastIndex((time) => time < lastMs) + 1;
  if (kept > 0) return { ...checked, rows: sliceRows(rows, 0, kept), nextMs: lastMs };
  notes.add(`more trades at ${new Date(lastMs).toISOString()} than one answer has: some may be missing`);
  return { ...checked, nextMs: lastMs + 1 };
}

async function downloadRows(
  { key, from, to }: SeriesWish,
  around: SeriesSurroundings,
  overlapMs: number,
  source: (limits: { readonly from: number; readonly endMs: number; readonly futureMs: number }, leftOut: Set<string>) => PageSource,
): Promise<SeriesFindings> {
  const { history, gate, store, records, sink, clock, signal, onProgress } = around;
  const leftOut = new Set<string>();
  const startedMs = await venueTime(history, gate, clock, signal);
  const endMs = Math.min(to, startedMs - SETTLED_MS);
  const covered = store.find(key) === null ? [] : records.read(key).covered;
  const wanted = without([{ from, to: endMs }], shortened(covered, overlapMs)).filter((span) => span.from < span.to);
  const total = wanted.reduce((sum, span) => sum + span.to - span.from, 0);
  let before = 0;
  for (const span of wanted) {
    const { ask } = source({ from: span.from, endMs: span.to, futureMs: startedMs + DAY_MS + AHEAD_MS }, leftOut);
    const note = (until: number): void => {
      if (leftOut.size === 0 && store.find(key) !== null) records.add(key, { covered: [{ from: span.from, to: until }] });
    };
    let last: number | null = null;
    for await (const page of pageThrough({ span, ask, isEdge: true })) {
      const stored = sink.storedMs;
      await sink.add(page.rows);
      if (sink.storedMs !== stored) note(sink.storedMs);
      last = page.rows.columns['time']!.at(-1) ?? last;
      onProgress({ done: before + Math.min(page.nextMs, span.to) - span.from, total });
    }
    before += span.to - span.from;
    await sink.flush();
    // What came last may have company that is not published yet; the clock may have been ahead.
    const isSettled = span.to <= Math.min(startedMs, await venueTime(history, gate, clock, signal)) - DAY_MS;
    note(isSettled ? span.to : (last ?? span.from));
  }
  return { holes: [], missing: 0, leftOut: [...leftOut], notes: [] };
}

/** The last stretch ends a little earlier. */
const shortened = (spans: readonly Span[], byMs: number): readonly Span[] =>
  spans.map((span, index) => (index === spans.length - 1 ? { from: span.from, to: Math.max(span.from, span.to - byMs) } : span));
