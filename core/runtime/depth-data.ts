import { basename } from 'node:path';
import { parseCandleFileName } from '#core/data/candle-file-name.ts';
import { readDepthFile } from '#core/data/depth-file.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { BookSnapshots } from '#core/model/book-snapshots.ts';
import { parseMarket } from '#core/model/market.ts';
import { type DataSource, isoTime } from './backtest-document.ts';
import type { MarketSeries } from './market-data.ts';

/** Recorded order books of the traded market, and where they come from. */
export interface DepthData {
  readonly source: DataSource;
  readonly books: BookSnapshots;
  readonly warnings: readonly string[];
}

/** A book that is further from the prices of its time than this factor is one of another market, or of another unit. */
const FAR = 2;

/**
 * Reads the order books that market orders of a run take from.
 * @throws StratError DATA_DEPTH when they are of another market or time; those of the reader
 */
export function loadDepth(path: string, traded: MarketSeries): DepthData {
  const { books, market, sha256 } = readDepthFile(path);
  const name = basename(path);
  const refuse = (reason: string): StratError => new StratError('DATA_DEPTH', { file: name, reason });
  const names = [parseMarket(traded.market), parseCandleFileName(basename(traded.file)).market].map((one) => one?.name);
  if (market !== null && !names.includes(market.name))
    throw refuse(`its books are of ${market.name}, and the strategy trades ${traded.market}`);
  const { time, close } = traded.columns;
  const { stepMs } = traded.timeframe;
  const [first, last] = [books.time[0]!, books.time.at(-1)!];
  if (first >= time.at(-1)! + stepMs) throw refuse(`its first book is of ${isoTime(first)}, after the last bar`);
  const far = firstFar(books, time, close, stepMs);
  if (far !== null) throw refuse(`its book of ${isoTime(far.time)} is around ${far.middle}, and the market at ${far.close}`);
  const source = { market: traded.market, timeframe: 'books', rows: books.time.length, from: isoTime(first), to: isoTime(last), sha256 };
  const late = time.reduce((count, at) => (at < first ? count + 1 : count), 0);
  const stale = time.reduce((count, at) => (at >= last + stepMs ? count + 1 : count), 0);
  return {
    source,
    books,
    warnings: [
      ...(late === 0
        ? []
        : [`${name}: ${late} of ${time.length} bars open before its first book, ${isoTime(first)}: depth costs nothing there`]),
      ...(stale === 0
        ? []
        : [`${name}: ${stale} of ${time.length} bars open long after its last book, ${isoTime(last)}, whose depth they have`]),
    ],
  };
}

/** The first book that is far from the close of the bar that it falls into. */
function firstFar(
  { time: moments, levels, bids, asks }: BookSnapshots,
  time: Float64Array,
  close: Float64Array,
  stepMs: number,
): { readonly time: number; readonly middle: number; readonly close: number } | null {
  let bar = 0;
  for (const [at, moment] of moments.entries()) {
    while (bar + 1 < time.length && time[bar + 1]! <= moment) bar += 1;
    if (moment < time[bar]! || moment >= time[bar]! + stepMs) continue;
    const middle = (bids[at * levels * 2]! + asks[at * levels * 2]!) / 2;
    if (middle > FAR * close[bar]! || close[bar]! > FAR * middle) return { time: moment, middle, close: close[bar]! };
  }
  return null;
}
