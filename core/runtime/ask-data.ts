import { basename } from 'node:path';
import { readCandleFile } from '#core/data/candle-file.ts';
import { resampleColumns } from '#core/data/resample.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { Columns } from '#core/model/columns.ts';
import { alignedTo } from './aligned-columns.ts';
import { type DataSource, dataSource } from './backtest-document.ts';
import type { MarketSeries } from './market-data.ts';

/** What buys meet in each bar of the traded market, whose own candles are what sales meet. */
export interface AskData {
  readonly source: DataSource;
  /** A bar for each traded one. */
  readonly columns: Columns;
  readonly warnings: readonly string[];
}

/**
 * Reads the ask side of the traded bars.
 * @throws StratError DATA_ASK when a bar has none, or bid and ask are the wrong way round; those of the candle reader
 */
export function loadAsk(path: string, traded: Pick<MarketSeries, 'market' | 'timeframe' | 'columns'>): AskData {
  const file = readCandleFile(path);
  const name = basename(path);
  const { market, timeframe } = traded;
  const columns = file.timeframe.name === timeframe.name ? file.columns : resampleColumns(file.columns, file.timeframe, timeframe).columns;
  const refuse = (reason: string): StratError => new StratError('DATA_ASK', { file: name, reason });
  const { columns: aligned, missing, firstMissing } = alignedTo(traded.columns, columns);
  const rows = aligned.time.length;
  if (missing > 0) {
    const first = new Date(aligned.time[firstMissing]!).toISOString().slice(0, 16).replace('T', ' ');
    throw refuse(`it lacks ${missing} of ${rows} bars, the first at ${first} UTC: what a buy would have paid there nobody knows`);
  }
  const crossed = crossedBars(traded.columns, aligned);
  if (2 * crossed > rows)
    throw refuse(`its prices are below those of --data on ${crossed} of ${rows} bars: the two are the wrong way round`);
  return {
    source: dataSource({ market, timeframe, columns: aligned, sha256: file.sha256 }),
    columns: aligned,
    warnings: crossed === 0 ? [] : [`${name}: on ${crossed} of ${rows} bars the ask opens or closes below the bid, as no market does`],
  };
}

function crossedBars(bid: Columns, ask: Columns): number {
  let crossed = 0;
  for (let bar = 0; bar < bid.time.length; bar++) if (ask.open[bar]! < bid.open[bar]! || ask.close[bar]! < bid.close[bar]!) crossed += 1;
  return crossed;
}
