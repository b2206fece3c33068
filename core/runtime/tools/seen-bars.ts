import type { MarketColumn } from '#core/model/chart-column.ts';
import { COLUMN_NAMES, type Columns } from '#core/model/columns.ts';
import { legMarkets } from '../portfolio/account-slots.ts';
import type { BarFeed } from '../feeds/bar-feed.ts';
import type { MarketData, MarketSeries } from '../market-data.ts';
import type { PaperStrategy } from '../paper/open-paper-strategy.ts';
import type { ToolStrategy } from './answer-tool.ts';

/** A strategy of the bot with the bars that it has decided on, as candles of a backtest. */
export function seenBars({ prepared, markets }: PaperStrategy): ToolStrategy {
  const traded = markets.slice(0, markets.length - legMarkets(prepared.compiled.plan).length);
  const { source, request, settings } = prepared;
  return {
    file: source.file,
    text: source.text,
    request: { ...request, capital: settings.capital },
    markets: traded.map(({ feed, history }): MarketData => {
      const columns = ownCopy(history.outcome(null).columns);
      const rows = columns.time.length;
      const end = rows === 0 ? -Infinity : columns.time[rows - 1]! + feed.timeframe.stepMs;
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
  const columns = ownColumns(rows);
  for (let index = 0; index < rows; index += 1) {
    const bar = feed.bar(index)!;
    for (const name of COLUMN_NAMES) columns[name][index] = bar[name];
  }
  return { ...described(feed), columns, further: furtherOf(feed, rows) };
}

/** Columns that can be sent to another process, which shared memory cannot. */
function ownColumns(rows: number): Columns {
  const column = (): Float64Array => new Float64Array(rows);
  return { time: column(), open: column(), high: column(), low: column(), close: column(), volume: column() };
}

function ownCopy(columns: Columns): Columns {
  const own = ownColumns(columns.time.length);
  for (const name of COLUMN_NAMES) own[name].set(columns[name]);
  return own;
}
