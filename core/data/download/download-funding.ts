import { checkFunding } from './check-funding.ts';
import type { CheckedPage } from './checked-page.ts';
import { downloadRows } from './download-rows.ts';
import { askPage, DAY_MS, type SeriesFindings, type SeriesSurroundings, type SeriesWish } from './series-download.ts';

/** Rates change up to their time; those of the last days are asked for again. */
const OVERLAP_MS = 2 * DAY_MS;
/** No venue pays more seldom: an answer that begins later than that after what was asked for may have left out its beginning. */
const APART_MS = DAY_MS;
/** An answer whose beginning is missing is followed backwards so far. */
const MOST_PAGES = 1000;

/** Rates of funding: what was never asked for, and what came since. @returns findings without holes: rates have no grid */
export async function downloadFunding(wish: SeriesWish, around: SeriesSurroundings): Promise<SeriesFindings> {
  const { history, signal } = around;
  const { market } = wish.key;
  return downloadRows(wish, around, OVERLAP_MS, async ({ endMs, futureMs }, leftOut) => {
    const askOnce = async (sinceMs: number, untilMs: number | null, more: Awaited<ReturnType<typeof history.funding>>['rows']) =>
      askPage(around, leftOut, async () => {
        // Rates have no grid: what an answer leaves out is seen only beside another one.
        const page = await history.funding(market, sinceMs, untilMs, signal);
        const again = await history.funding(market, sinceMs, untilMs, signal);
        const given = [...page.rows, ...again.rows, ...more];
        return { ...checkFunding(given, market, { sinceMs, endMs, futureMs }), spanMs: page.spanMs, given };
      });
    return {
      ask: async (sinceMs) => {
        let page = await askOnce(sinceMs, null, []);
        for (let tries = 0; tries < MOST_PAGES; tries++) {
          const first = firstTime(page);
          if (first === null || first - sinceMs <= APART_MS) break;
          const earlier = await askOnce(sinceMs, first, page.given);
          if (earlier.rows.length <= page.rows.length) break;
          page = earlier;
        }
        return { ...page, nextMs: page.lastMs === null ? null : page.lastMs + 1 };
      },
    };
  });
}

const firstTime = ({ rows }: CheckedPage): number | null => rows.columns['time']![0] ?? null;
