import { barOpen, barsBetween, nextOpen, parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import type { BarKind } from '#core/ports/market-history.ts';
import { checkBars } from './check-bars.ts';
import type { SeriesKey } from '../store/series-key.ts';
import { bridged, firstOpen, joined, missingSpans, type Span } from './missing-bars.ts';
import { type AskedPage, pageThrough } from './page-through.ts';
import { AHEAD_MS, askPage, DAY_MS, type SeriesFindings, type SeriesSurroundings, type SeriesWish } from './series-download.ts';
import { sliceRows } from '../store/series-rows.ts';
import { venueTime } from './venue-time.ts';

/** Of the bars that are there, so many are asked for again each time: venues correct the last ones. */
const OVERLAP = 10;
/** Holes as close as this are asked for together. */
const BRIDGED = 1000;

/**
 * Brings the bars of a series in the store in line with the venue: what is missing is asked for, and once more where it is still missing then; what stays
 * missing is a hole of the venue's. A bar is stored when it was over by the venue's clock before it was asked for and after it was answered.
 * @param kind of `key`, which has a timeframe
 */
export async function downloadBars({ key, from, to }: SeriesWish, kind: BarKind, around: SeriesSurroundings): Promise<SeriesFindings> {
  const { history, gate, store, records, sink, clock, signal, onProgress } = around;
  const timeframe = parseTimeframe(key.timeframe ?? '')!;
  const leftOut = new Set<string>();
  const time = async (): Promise<number> => venueTime(history, gate, clock, signal);
  const startedMs = await time();
  const first = firstOpen(timeframe, from);
  /** Open of the bar that is not over yet; the last word of the venue's clock if it goes back. */
  let end = Math.min(barOpen(timeframe, startedMs), Number.isFinite(to) ? firstOpen(timeframe, to) : Infinity);

  const askOnce = async (sinceMs: number, most?: number): Promise<AskedPage> =>
    askPage(around, leftOut, async () => {
      const page = await history.bars(kind, key.market, timeframe.name, sinceMs, signal, most);
      const checked = checkBars(page.rows, kind, timeframe, {
        sinceMs,
        endMs: end,
        futureMs: startedMs + timeframe.stepMs + AHEAD_MS + sinceStart(),
      });
      return {
        ...checked,
        spanMs: page.spanMs,
        nextMs: checked.lastMs === null ? null : nextOpen(timeframe, barOpen(timeframe, checked.lastMs)),
      };
    });
  /** Of more than it gives at once a venue may give the last ones: an answer that begins late is asked for again up to where it began, until nothing more comes. */
  const ask = async (sinceMs: number): Promise<AskedPage> => {
    let page = await askOnce(sinceMs);
    for (;;) {
      const first = page.rows.columns['time']![0] ?? sinceMs;
      if (first <= sinceMs || first - sinceMs >= page.spanMs) return page;
      const earlier = await askOnce(sinceMs, barsBetween(timeframe, sinceMs, first));
      if (earlier.rows.columns['time']!.length === 0 || earlier.rows.columns['time']![0]! >= first) return page;
      page = earlier;
    }
  };
  const began = clock.steady();
  const sinceStart = (): number => clock.steady() - began;

  let done = 0;
  const run = async (spans: readonly Span[], total: number, edges: Span): Promise<void> => {
    for (const span of spans) {
      const isEdge = span.from <= edges.from || span.to >= edges.to;
      let last = span.from;
      for await (const page of pageThrough({ span, ask: async (sinceMs) => ask(sinceMs), isEdge })) {
        const { rows } = page;
        const newest = rows.columns['time']!.at(-1) ?? -Infinity;
        if (newest >= end - Math.max(DAY_MS, 3 * timeframe.stepMs)) end = Math.min(end, barOpen(timeframe, await time()));
        const kept = rows.columns['time']!.findLastIndex((open) => open < end) + 1;
        await sink.add(kept === rows.length ? rows : sliceRows(rows, 0, kept));
        done += barsBetween(timeframe, last, Math.min(page.nextMs, span.to));
        last = Math.min(page.nextMs, span.to);
        onProgress({ done: Math.min(done, total), total });
      }
      await sink.flush();
    }
  };
  const missingNow = async (): Promise<readonly Span[]> => {
    const times =
      store.find(key) === null
        ? new Float64Array(0)
        : (await store.read(key, { from: first, to: end, columns: ['time'] })).columns['time']!;
    return missingSpans(timeframe, times, { from: first, to: end }, store.find(key) === null ? [] : records.read(key).holes);
  };

  if (first < end) {
    const stored = store.find(key);
    const edges = { from: stored?.from ?? Infinity, to: stored?.to ?? -Infinity };
    const wanted = joined([...(await missingNow()), ...overlap(timeframe, edges.to, { from: first, to: end })]);
    const total = wanted.reduce((sum, span) => sum + barsBetween(timeframe, span.from, span.to), 0);
    onProgress({ done: 0, total });
    await run(bridged(wanted, BRIDGED * timeframe.stepMs), total, edges);
    const again = await missingNow();
    if (again.length > 0) {
      const now = store.find(key);
      await run(bridged(again, BRIDGED * timeframe.stepMs), total, { from: now?.from ?? Infinity, to: now?.to ?? -Infinity });
      // A hole of the last day may be filled later, and one where rows were left out is none of the venue's.
      const old = leftOut.size > 0 ? [] : (await missingNow()).flatMap((hole) => upTo(hole, barOpen(timeframe, startedMs - DAY_MS)));
      if (store.find(key) !== null) records.add(key, { holes: old });
    }
  }
  return { ...(await holesOf(around, key, timeframe, { from: first, to: end })), leftOut: [...leftOut] };
}

/** The last bars that are stored, as far as they lie in the span. */
function overlap(timeframe: Timeframe, lastMs: number, { from, to }: Span): readonly Span[] {
  if (lastMs < from || lastMs >= to) return [];
  return [{ from: Math.max(from, barOpen(timeframe, lastMs - (OVERLAP - 1) * timeframe.stepMs)), to: nextOpen(timeframe, lastMs) }];
}

const upTo = ({ from, to }: Span, end: number): readonly Span[] => (from < end ? [{ from, to: Math.min(to, end) }] : []);

/** What is not there within what was wanted, whatever the reason: holes between bars, and in words where they begin late or end early. */
async function holesOf(
  { store }: SeriesSurroundings,
  key: SeriesKey,
  timeframe: Timeframe,
  { from, to }: Span,
): Promise<Pick<SeriesFindings, 'holes' | 'missing' | 'notes'>> {
  const isThere = store.find(key) !== null && from < to;
  const times = isThere ? (await store.read(key, { from, to, columns: ['time'] })).columns['time']! : new Float64Array(0);
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined)
    return { holes: [], missing: from < to ? null : 0, notes: from < to ? ['the venue has nothing of that time'] : [] };
  const holes = missingSpans(timeframe, times, { from: first, to: last }, []);
  return {
    holes,
    missing: holes.reduce((sum, hole) => sum + barsBetween(timeframe, hole.from, hole.to), 0),
    notes: [
      ...(first > from ? [`the venue has nothing before ${dayText(first)}`] : []),
      ...(nextOpen(timeframe, last) < to ? [`the venue has nothing behind ${dayText(nextOpen(timeframe, last))}`] : []),
    ],
  };
}

/** `2024-01-31 09:30 UTC` */
const dayText = (time: number): string => `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
