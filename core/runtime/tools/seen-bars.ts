import type { MarketColumn } from '#core/model/chart-column.ts';
import { COLUMN_NAMES, type Columns, sharedColumns } from '#core/model/columns.ts';
import { nextOpen } from '#core/model/timeframe.ts';
import type { BarFeed } from '../feeds/bar-feed.ts';
import type { MarketData, MarketSeries } from '../market-data.ts';
import type { PaperStrategy } from '../paper/open-paper-strategy.ts';
import type { ToolStrategy } from './answer-tool.ts';

/** A strategy of the bot with the bars that it has decided on, as candles of a backtest. */
export function seenBars({ prepared, markets }: PaperStrategy): ToolStrategy {
  const { source, request, settings } = prepared;
  // Of a market that is a leg of a basket as well: its bars are the same.
  const own = new Map(markets.map((one) => [one.feed.market, one] as const));
  return {
    file: source.file,
    text: source.text,
    request: { ...request, capital: settings.capital },
    markets: Array.from(own.values(), ({ feed, history }): MarketData => {
      const columns = ownCopy(history.outcome(null).columns);
      const rows = columns.time.length;
      const end = rows === 0 ? -Infinity : nextOpen(feed.timeframe, columns.time[rows - 1]!);
      return {
        ...described(feed),
        columns,
        further: furtherOf(feed, rows),
        fromIndex: 0,
        others: [...feed.others.values()].map((other) => seriesBefore(other, end)),
      };
    }),
  };
}

function described({ market, timeframe, description, warnings }: BarFeed): Omit<MarketSeries, 'columns' | 'further'> {
  const file = 'file' in description ? description.file : market;
  const isSynthetic = description.kind === 'sim';
  return { market, timeframe, file, sha256: '', warnings, ...(isSynthetic ? { synthetic: true } : {}) };
}

/** What its first bars have besides the candle. */
function furtherOf(feed: BarFeed, rows: number): ReadonlyMap<MarketColumn, Float64Array> {
  const further = new Map(feed.columns.map((name) => [name, new Float64Array(rows)] as const));
  for (let index = 0; further.size > 0 && index < rows; index += 1) {
    const bar = feed.bar(index);
    for (const [name, values] of further) values[index] = bar?.further?.[name] ?? Number.NaN;
  }
  return further;
}

/** The bars of a market that is read besides, as far as they had begun at a moment. */
function seriesBefore(feed: BarFeed, end: number): MarketSeries {
  let rows = 0;
  while ((feed.bar(rows)?.time ?? Infinity) < end) rows += 1;
  const columns = sharedColumns(rows);
  for (let index = 0; index < rows; index += 1) {
    const bar = feed.bar(index)!;
    for (const name of COLUMN_NAMES) columns[name][index] = bar[name];
  }
  return { ...described(feed), columns: ownCopy(columns), further: furtherOf(feed, rows) };
}

/** Columns that can be sent to another process, which shared memory cannot. */
function ownCopy({ time, open, high, low, close, volume }: Columns): Columns {
  return {
    time: time.slice(),
    open: open.slice(),
    high: high.slice(),
    low: low.slice(),
    close: close.slice(),
    volume: volume.slice(),
  };
}
