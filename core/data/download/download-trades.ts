import type { SeriesKey } from '../store/series-key.ts';
import type { SeriesStore } from '../store/series-store.ts';
import { checkTrades } from './check-trades.ts';
import type { CheckedPage } from './checked-page.ts';
import { downloadRows } from './download-rows.ts';
import type { AskedPage } from './page-through.ts';
import { askPage, type SeriesFindings, type SeriesSurroundings, type SeriesWish } from './series-download.ts';
import { downloadBackwards } from './trades-backwards.ts';
import { tradesByTime } from './trades-by-time.ts';

/** Trades: by their numbers where the venue numbers them, backwards where it gives them so, else by time. */
export async function downloadTrades(wish: SeriesWish, around: SeriesSurroundings): Promise<SeriesFindings> {
  const { tradesByNumber, tradesBackwards } = around.history.can;
  if (tradesBackwards) return downloadBackwards(wish, around);
  if (tradesByNumber) return downloadByNumber(wish, around);
  const notes = new Set<string>();
  const findings = await downloadRows(wish, around, 0, async (span, leftOut) =>
    tradesByTime({ market: wish.key.market, around, span, leftOut, notes }),
  );
  return { ...findings, notes: [...notes] };
}

async function downloadByNumber(wish: SeriesWish, around: SeriesSurroundings): Promise<SeriesFindings> {
  const { history, signal } = around;
  const { market } = wish.key;
  return downloadRows(wish, around, 0, async ({ from, endMs, futureMs }, leftOut) => {
    const askOnce = async (sinceMs: number, afterId: number | null): Promise<AskedPage & { readonly isFull: boolean }> =>
      askPage(around, leftOut, async () => {
        const answer = await history.trades(market, afterId === null ? { since: sinceMs } : { afterId }, signal);
        const checked = checkTrades(answer.rows, market, { sinceMs, endMs, futureMs, isNumbered: true, afterId });
        const isFull = answer.rows.length >= answer.limit;
        return { ...checked, spanMs: afterId === null ? answer.spanMs : Infinity, nextMs: nextOfNumbered(checked, endMs), isFull };
      });
    /** By time: nothing counts only when it was said twice, and of a full answer the beginning may be missing. */
    const askByTime = async (sinceMs: number): Promise<AskedPage> => {
      const first = await askOnce(sinceMs, null);
      let page = first.nextMs === null ? await askOnce(sinceMs, null) : first;
      while (page.isFull && firstId(page) !== null) {
        const earlier = await askOnce(sinceMs, Math.max(0, firstId(page)! - 1 - page.rows.length));
        if (earlier.rows.length === 0 || firstId(earlier)! >= firstId(page)!) break;
        page = { ...earlier, spanMs: first.spanMs };
      }
      return page;
    };
    let lastId = await lastIdAt(around.store, wish.key, from);
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
