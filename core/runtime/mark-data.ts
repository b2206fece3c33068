import type { CandleFile } from '#core/data/candle-text.ts';
import { resampleColumns } from '#core/data/resample.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { Columns } from '#core/model/columns.ts';
import { fileName } from '#core/model/file-name.ts';
import { isWholeMultiple } from '#core/model/timeframe.ts';
import { alignedTo } from './aligned-columns.ts';
import { type DataSource, dataSource } from './backtest-document.ts';
import type { MarketSeries } from './market-data.ts';

/** The price by which the venue of a derivative liquidates positions and counts funding, on the bars of the traded market. */
export interface MarkData {
  readonly source: DataSource;
  /** A bar for each traded one; NaN where none is known. */
  readonly columns: Columns;
  readonly warnings: readonly string[];
}

/** A mark that is further from the price than that is one of another market, or in another unit. */
const MOST_APART = 0.5;

/**
 * Puts mark prices on the traded bars.
 * @throws StratError DATA_MARK when they are no bars of these, or of another market
 */
export function markData(file: CandleFile, traded: Pick<MarketSeries, 'market' | 'timeframe' | 'columns'>): MarkData {
  const { market, timeframe } = traded;
  const name = file.stored === undefined ? fileName(file.path) : file.path;
  const refuse = (reason: string): StratError => new StratError('DATA_MARK', { file: name, reason });
  const isLonger = file.timeframe.name !== timeframe.name && !isWholeMultiple(timeframe, file.timeframe);
  if (isLonger) throw refuse(`no ${timeframe.name} bars can be made of its ${file.timeframe.name} bars`);
  const all = file.timeframe.name === timeframe.name ? file.columns : resampleColumns(file.columns, file.timeframe, timeframe).columns;
  const { columns, missing } = alignedTo(traded.columns, all);
  const rows = traded.columns.time.length;
  if (missing === rows) throw refuse(`it has none of the ${rows} bars of ${market}`);
  const apart = columns.close.filter((mark, bar) => Math.abs(mark / traded.columns.close[bar]! - 1) > MOST_APART).length;
  if (2 * apart > rows - missing) throw refuse(`on ${apart} bars it is more than half away from the price of ${market}`);
  const kept = columns.time.filter((_, bar) => !Number.isNaN(columns.open[bar]!));
  const { sha256, stored } = file;
  const source = { market, timeframe, columns: { ...columns, time: kept }, sha256, ...(stored === undefined ? {} : { stored }) };
  const lacking = `${name}: ${missing} of ${rows} bars have no mark price; liquidation and funding go by the candles there`;
  return { source: dataSource(source), columns, warnings: missing === 0 ? [] : [lacking] };
}
