import { sliceRows, type SeriesRows } from '../store/series-rows.ts';
import type { TradesFrom, UncheckedTrade } from '#core/ports/market-history.ts';
import { VenueFault } from '#core/ports/venue-fault.ts';
import { checkTrades } from './check-trades.ts';
import { type CheckedPage, FIRST_MS } from './checked-page.ts';
import { planRows } from './download-rows.ts';
import { AHEAD_MS, askPage, DAY_MS, type SeriesFindings, type SeriesSurroundings, type SeriesWish } from './series-download.ts';
import { TradeHoles } from './trade-holes.ts';

/** Rows wait for their order up to so many, or so long: each write rewrites a block. */
const MOST_ROWS = 50_000;
const MOST_MS = 10_000;

type Page = CheckedPage & { readonly given: readonly UncheckedTrade[] };

/**
 * Trades of a venue that gives them backwards: from the end of a stretch to its beginning, each answer behind the number of the oldest trade of the one before, so
 * that none of a moment is lost or had twice. What was written is whole back to some time, and noted so: the next download goes on before it.
 */
export async function downloadBackwards(wish: SeriesWish, around: SeriesSurroundings): Promise<SeriesFindings> {
  const { history, signal, sink, clock, onProgress } = around;
  const { market } = wish.key;
  const leftOut = new Set<string>();
  const notes = new Set<string>();
  const { spans, startedMs, settle, note } = await planRows(wish, around, 0, leftOut);
  const total = spans.reduce((sum, span) => sum + span.to - span.from, 0);
  let before = 0;
  for (const span of spans.toReversed()) {
    const holes = new TradeHoles();
    let waiting: SeriesRows[] = [];
    let count = 0;
    let writtenAt = clock.steady();
    /** Where what is written ends: of the newest trades some may come late. */
    let newest: number | null = null;

    /** Writes what is later than a time, all of which is there. */
    const write = async (behindMs: number): Promise<void> => {
      const rows = joined(waiting.toReversed());
      const first = rows.columns['time']!.findIndex((time) => time > behindMs);
      if (first >= 0) await sink.add(sliceRows(rows, first, rows.length));
      await sink.flush();
      waiting = first === 0 ? [] : [sliceRows(rows, 0, first < 0 ? rows.length : first)];
      count = waiting[0]?.length ?? 0;
      writtenAt = clock.steady();
      if (newest !== null) note({ from: behindMs + 1, to: newest });
    };

    let from: TradesFrom = { beforeMs: span.to };
    let oldest = span.to;
    try {
      for (;;) {
        const asked = from;
        const page = await holes.filled<Page>(
          async (more) =>
            askPage(around, leftOut, async () => {
              const { rows } = await history.trades(market, asked, signal);
              const given = [...rows, ...more];
              const futureMs = startedMs + DAY_MS + AHEAD_MS;
              return {
                ...checkTrades(given, market, { sinceMs: FIRST_MS, endMs: span.to, futureMs, isNumbered: false, afterId: null }),
                given,
              };
            }),
          ({ rows }) => !('beforeId' in asked) || !(Math.max(...rows.columns['id']!) < asked.beforeId - 1),
        );
        const { rows } = page;
        const times = rows.columns['time']!;
        if (times.length === 0) break;
        const inside = times.findIndex((time) => time >= span.from);
        if (inside >= 0) waiting.push(sliceRows(rows, inside, rows.length));
        count += inside < 0 ? 0 : rows.length - inside;
        newest ??= times.at(-1)!;
        oldest = times[0]!;
        onProgress({ done: before + span.to - Math.max(span.from, oldest), total });
        if (oldest < span.from) break;
        const number = Math.min(...rows.columns['id']!);
        // What lies before a trade without a number cannot be asked for to the last of its moment.
        if (Number.isNaN(number)) throw new VenueFault('garbled', 'its trades have no numbers');
        from = { beforeId: number };
        if (count >= MOST_ROWS || clock.steady() - writtenAt >= MOST_MS) await write(oldest);
      }
    } catch (error) {
      // The moment that was had last may be cut.
      await write(oldest);
      throw error;
    }
    await write(span.from - 1);
    if (oldest > span.from) notes.add(`the venue has nothing before ${new Date(oldest).toISOString().slice(0, 16).replace('T', ' ')} UTC`);
    await settle(span, newest);
    before += span.to - span.from;
  }
  return { holes: [], missing: null, leftOut: [...leftOut], notes: [...notes] };
}

function joined(pieces: readonly SeriesRows[]): SeriesRows {
  const names = Object.keys(pieces[0]?.columns ?? { time: null });
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const columns = names.map((name) => {
    const column = new Float64Array(length);
    let at = 0;
    for (const piece of pieces) {
      column.set(piece.columns[name]!, at);
      at += piece.length;
    }
    return [name, column] as const;
  });
  return { length, columns: Object.fromEntries(columns) };
}
