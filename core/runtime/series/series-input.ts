import { programColumns } from '#core/data/columns/program-columns.ts';
import type { FurtherColumns, MarketColumn } from '#core/model/chart-column.ts';
import type { Columns } from '#core/model/columns.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import { columnPlan, sourcesOf } from '../further-columns.ts';
import type { MarketSeries } from '../market-data.ts';
import type { PreparedSeries } from './prepare-series.ts';

/** The bars that series are computed on. */
export interface SeriesBars {
  readonly timeframe: Timeframe;
  readonly columns: Columns;
  /** What the data hold besides the candles; left out: nothing. */
  readonly further?: ReadonlyMap<MarketColumn, Float64Array>;
  /** Candles of the other markets that are read; left out: none. */
  readonly others?: readonly MarketSeries[];
}

/** What the emitted function is given. */
export interface SeriesInput {
  readonly columns: Columns;
  readonly further: FurtherColumns;
  readonly params: Float64Array;
  readonly settings: Float64Array;
}

/** @throws StratError USAGE when other charts are read and these are not the bars that they were made for; DATA_MISSING */
export function seriesInput(prepared: PreparedSeries, { timeframe, columns, further, others = [] }: SeriesBars): SeriesInput {
  const { params, settings } = prepared;
  return {
    columns,
    further: programColumns(columnPlan(prepared, timeframe), columns, sourcesOf(others), further),
    params,
    settings,
  };
}
