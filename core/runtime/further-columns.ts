import { dataColumnWarning } from '#core/data/columns/column-readers.ts';
import { type BarSource, type ColumnPlan, fileColumns } from '#core/data/columns/column-stream.ts';
import { barSource, programColumns } from '#core/data/columns/program-columns.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { FurtherColumns, MarketColumn } from '#core/model/chart-column.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import type { Program } from '#dsl/program.ts';
import type { MarketData, MarketSeries } from './market-data.ts';
import type { PreparedStrategy } from './prepare-strategy.ts';
import { someOf } from './report/some-of.ts';

/**
 * What a strategy asks the host for, on bars of `timeframe`.
 * @param ranks of the market among the members of its universe (core/runtime/portfolio/member-ranks.ts)
 * @throws StratError USAGE when these are not the bars that its other charts were made for
 */
export function columnPlan(
  { program, models }: Pick<PreparedStrategy, 'program' | 'models'>,
  timeframe: Timeframe,
  ranks?: readonly Float64Array[],
): ColumnPlan {
  const { columns, sessions, graph } = program;
  const own = graph.charts[0]!.timeframe;
  if (columns.some(({ chart }) => chart > 0) && own !== timeframe.name) {
    const reason = `The strategy reads other charts beside its ${own} bars, and these are ${timeframe.name} bars`;
    throw new StratError('USAGE', { reason, hint: `Run it on ${own} bars, or change its trade line` });
  }
  return { charts: graph.charts, columns, sessions, models, timeframe, ranks };
}

/** Markets that a strategy reads besides the one it trades, as it names them. */
export function otherMarkets({ columns, graph }: Pick<Program, 'columns' | 'graph'>): readonly string[] {
  return [...new Set(columns.map(({ chart }) => graph.charts[chart]!.market).filter((market) => market !== null))];
}

/** The columns that a run over these candles reads besides them. @throws StratError as `columnPlan` */
export function furtherColumns(
  prepared: PreparedStrategy,
  { columns, timeframe, further, others }: MarketData,
  ranks?: readonly Float64Array[],
): FurtherColumns {
  return programColumns(columnPlan(prepared, timeframe, ranks), columns, sourcesOf(others), further);
}

/** Bars of other markets, by name. */
export function sourcesOf(others: readonly MarketSeries[]): ReadonlyMap<string, BarSource> {
  return new Map(others.map((other) => [other.market, barSource(other.columns, other.further)]));
}

/** Which columns besides candles the data of a market have. */
type ColumnsOf = (market: string) => ReadonlySet<MarketColumn>;

/** Columns that the data lack: each once, with what that does. @param traded name of the traded market */
export function columnWarnings(program: Pick<Program, 'columns' | 'graph'>, traded: string, has: ColumnsOf): readonly string[] {
  return sharedColumnWarnings(program, [{ traded, has }]);
}

/** The same of several markets that are traded: once for all that lack a column. */
export function sharedColumnWarnings(
  { columns, graph }: Pick<Program, 'columns' | 'graph'>,
  runs: readonly { readonly traded: string; readonly has: ColumnsOf }[],
): readonly string[] {
  const lacking = new Map<MarketColumn, Set<string>>();
  for (const { traded, has } of runs)
    for (const [market, own] of Map.groupBy(columns, ({ chart }) => graph.charts[chart]!.market ?? traded))
      for (const name of fileColumns(own))
        if (!has(market).has(name)) lacking.set(name, (lacking.get(name) ?? new Set<string>()).add(market));
  return [...lacking].map(([name, markets]) => dataColumnWarning(someOf([...markets]), name));
}
