import { checkFunding } from './check-funding.ts';
import { checkTrades } from './check-trades.ts';
import type { CheckedPage } from './checked-page.ts';
import { type Span, without } from './missing-bars.ts';
import { type AskedPage, pageThrough } from './page-through.ts';
import { AHEAD_MS, askPage, DAY_MS, type SeriesFindings, type SeriesSurroundings, type SeriesWish } from './series-download.ts';
import { sliceRows } from '../store/series-rows.ts';
import type { SeriesKey } from '../store/series-key.ts';
import type { SeriesStore } from '../store/series-store.ts';
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
  return downloadRows(wish, around, OVERLAP_MS, async ({ endMs, futureMs }, leftOut) => ({
    ask: async (sinceMs) =>
      askPage(around, leftOut, async () => {
        // Rates have no grid: what an answer leaves out is seen only beside another one.
        const page = await history.funding(market, sinceMs, signal);
        const again = await history.funding(market, sinceMs, signal);
        const checked = checkFunding([...page.rows, ...again.rows], market, { sinceMs, endMs, futureMs });
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
  const findings = await downloadRows(wish, around, 0, async ({ from, endMs, futureMs }, leftOut) => {
    const askOnce = async (sinceMs: number, afterId: number | null): Promise<AskedPage & { readonly isFull: boolean }> =>
      askPage(around, leftOut, async () => {
        const answer = await history.trades(market, afterId === null ? { since: sinceMs } : { afterId }, signal);
        const checked = checkTrades(answer.rows, market, { sinceMs, endMs, futureMs, isNumbered, afterId });
        const isFull = answer.rows.length >= answer.limit;
        if (!isNumbered) return { ...wholeMoments(checked, isFull, notes), spanMs: answer.spanMs, isFull };
        return { ...checked, spanMs: afterId === null ? answer.spanMs : Infinity, nextMs: nextOfNumbered(checked, endMs), isFull };
      });
    /** By time: nothing counts only when it was said twice, and of a full answer the beginning may be missing. */
    const askByTime = async (sinceMs: number): Promise<AskedPage> => {
      const first = await askOnce(sinceMs, null);
      let page = first.nextMs === null ? await askOnce(sinceMs, null) : first;
      if (!isNumbered) return page;
      while (page.isFull && firstId(page) !== null) {
        const earlier = await askOnce(sinceMs, Math.max(0, firstId(page)! - 1 - page.rows.length));
        if (earlier.rows.length === 0 || firstId(earlier)! >= firstId(page)!) break;
        page = { ...earlier, spanMs: first.spanMs };
      }
      return page;
    };
    let lastId = isNumbered ? await lastIdAt(around.store, wish.key, from) : null;
    let isFirst = true;
    return {
      ask: async (sinceMs, isBehind) => {
        const page = (isBehind || isFirst) && lastId !== null ? await askOnce(from, lastId) : await askByTime(sinceMs);
        isFirst = false;
        // Behind a page that begins with what cannot be used it goes on by time.
        lastId = page.faults.length > 0 ? page.lastId : (page.lastId ?? lastId);
        return page;
      },
    };
  });
  return { ...findings, notes: [...notes] };
}

/** Number of the last trade that is stored at a time, where what is not covered yet begins; null: none. */
async function lastIdAt(store: SeriesStore, key: SeriesKey, timeMs: number): Promise<number | null> {
  if (store.find(key) === null) return null;
  const id = (await store.read(key, { from: timeMs, to: timeMs + 1 })).columns['id']!.at(-1);
  return id === undefined || Number.isNaN(id) ? null : id;
}

const firstId = ({ rows }: CheckedPage): number | null => rows.columns['id']![0] ?? null;

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
  source: (
    limits: { readonly from: number; readonly endMs: number; readonly futureMs: number },
    leftOut: Set<string>,
  ) => Promise<PageSource>,
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
    const { ask } = await source({ from: span.from, endMs: span.to, futureMs: startedMs + DAY_MS + AHEAD_MS }, leftOut);
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
  return { holes: [], missing: null, leftOut: [...leftOut], notes: [] };
}

/** The last stretch ends a little earlier. */
const shortened = (spans: readonly Span[], byMs: number): readonly Span[] =>
  spans.map((span, index) => (index === spans.length - 1 ? { from: span.from, to: Math.max(span.from, span.to - byMs) } : span));
