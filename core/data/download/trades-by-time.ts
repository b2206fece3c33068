import { sliceRows } from '../store/series-rows.ts';
import type { UncheckedTrade } from '#core/ports/market-history.ts';
import { checkTrades } from './check-trades.ts';
import { type CheckedPage, FIRST_MS } from './checked-page.ts';
import type { PageSource, RowSpan } from './download-rows.ts';
import type { AskedPage } from './page-through.ts';
import { askPage, type SeriesSurroundings } from './series-download.ts';
import { TradeHoles } from './trade-holes.ts';

const HOUR_MS = 3_600_000;
/** No venue has fewer trades in an answer that is full. */
const LEAST_LIMIT = 10;

export interface ByTimeOptions {
  readonly market: string;
  readonly around: SeriesSurroundings;
  readonly span: RowSpan;
  readonly leftOut: Set<string>;
  readonly notes: Set<string>;
}

/** Times of the first and the last of those trades that came last. */
interface Newest {
  readonly first: number;
  readonly last: number;
}

interface GivenPage extends CheckedPage {
  readonly given: readonly UncheckedTrade[];
  readonly count: number;
  readonly limit: number;
}

/**
 * Trades by time, the oldest first. How many an answer has at most is not believed: of each one the last moment, which may be cut, is asked for again as a whole.
 * What the venue gives as its newest trades says whether it looks at the time at all, and whether it is right that there is
 * nothing behind what it gave.
 */
export function tradesByTime({ market, around, span: { from, endMs, futureMs }, leftOut, notes }: ByTimeOptions): PageSource {
  const { history, signal } = around;
  const holes = new TradeHoles();
  let newest: Newest | null | undefined;
  let firstMs = from;
  let lastId: number | null = null;
  let most = 0;

  const askOnce = async (sinceMs: number, more: readonly UncheckedTrade[]): Promise<GivenPage> =>
    askPage(around, leftOut, async () => {
      const answer = await history.trades(market, { since: sinceMs }, signal);
      const given = [...answer.rows, ...more];
      const checked = checkTrades(given, market, { sinceMs, endMs, futureMs, isNumbered: false, afterId: null });
      return { ...checked, given, count: answer.rows.length, limit: answer.limit };
    });
  /** Nothing counts only when it was said twice. */
  const askNewest = async (tries: number): Promise<Newest | null> => {
    const page = await askPage(around, leftOut, async () => {
      const { rows } = await history.trades(market, { newest: true }, signal);
      return checkTrades(rows, market, { sinceMs: FIRST_MS, endMs: Infinity, futureMs, isNumbered: false, afterId: null });
    });
    const times = page.rows.columns['time']!;
    if (times.length === 0) return tries > 1 ? askNewest(tries - 1) : null;
    return { first: times[0]!, last: times.at(-1)! };
  };
  /** Of a page before the end of the stretch the last moment may be cut. */
  const whole = (page: GivenPage): Omit<AskedPage, 'spanMs'> => {
    const { lastMs, rows } = page;
    if (lastMs === null || lastMs >= endMs) return { ...page, nextMs: lastMs === null ? null : lastMs + 1 };
    const kept = rows.columns['time']!.findLastIndex((time) => time < lastMs) + 1;
    if (kept > 0) return { ...page, rows: sliceRows(rows, 0, kept), nextMs: lastMs };
    if (page.count >= Math.max(LEAST_LIMIT, Math.min(page.limit, most)))
      notes.add(`more trades at ${new Date(lastMs).toISOString()} than one answer has: some may be missing`);
    return { ...page, nextMs: lastMs + 1 };
  };

  return {
    firstMs: () => firstMs,
    ask: async (sinceMs) => {
      const isFirst = newest === undefined;
      if (newest === undefined) newest = await askNewest(2);
      const page = await holes.filled(
        async (more) => askOnce(sinceMs, more),
        ({ rows }) => lastId === null || !(rows.columns['id']![0]! > lastId + 1),
      );
      const first = page.rows.columns['time']![0] ?? Infinity;
      if (isFirst && newest !== null && sinceMs < newest.first && first >= newest.first) {
        firstMs = Math.min(first, endMs);
        notes.add(`no trades before ${new Date(firstMs).toISOString()}: the venue has none, or gives its newest ones only`);
      }
      const kept = whole(page);
      most = Math.max(most, page.count);
      const id = kept.rows.columns['id']!.at(-1);
      lastId = id === undefined || Number.isNaN(id) ? lastId : id;
      // Where there are later ones, nothing is said about what is behind the hour.
      return { ...kept, spanMs: newest !== null && newest.last >= sinceMs ? HOUR_MS : Infinity };
    },
  };
}
