import type { FurtherColumns, MarketColumn } from '#core/model/chart-column.ts';
import { barAt, type Columns, sharedDoubles } from '#core/model/columns.ts';
import { type BarSource, type ColumnPlan, ColumnStream } from './column-stream.ts';

/**
 * The columns of a program over all bars, in shared memory. A longer bar that is not over when the last traded bar closes is not among them.
 * @param data what the data of the traded market hold besides its candles
 * @throws StratError as `ColumnStream`
 */
export function programColumns(
  plan: ColumnPlan,
  traded: Columns,
  others: ReadonlyMap<string, BarSource>,
  data: ReadonlyMap<MarketColumn, Float64Array> = new Map(),
): FurtherColumns {
  const rows = traded.time.length;
  const counts = new Float64Array(plan.charts.length);
  counts[0] = rows;
  if (plan.columns.length === 0) return { columns: [], bars: counts };
  const growing = plan.columns.map((): number[] => []);
  const placesOf = (chart: number): readonly number[] => plan.columns.flatMap((column, place) => (column.chart === chart ? [place] : []));
  const places = plan.charts.map((_, chart) => placesOf(chart));
  const stream = new ColumnStream(plan, others, (chart, values) => {
    for (const [at, place] of places[chart]!.entries()) growing[place]!.push(values[at]!);
    counts[chart]! += 1;
  });
  const own = places[0]!.map((place) => [place, sharedDoubles(rows)] as const);
  const next = barSource(traded, data);
  for (let index = 0; index < rows; index++) {
    const values = stream.next(next(index)!);
    for (let at = 0; at < own.length; at++) own[at]![1][index] = values[at]!;
  }
  const ownColumns = new Map(own);
  const columns = growing.map((values, place) => {
    const column = ownColumns.get(place) ?? sharedDoubles(values.length);
    if (!ownColumns.has(place)) column.set(values);
    return column;
  });
  return { columns, bars: counts };
}

/** Columns as bars by index. @param further what the data hold besides, a value a bar */
export function barSource(columns: Columns, further: ReadonlyMap<MarketColumn, Float64Array> = new Map()): BarSource {
  const rows = columns.time.length;
  const names = [...further];
  return (index) => {
    if (index >= rows) return null;
    const bar = barAt(columns, index);
    return names.length === 0 ? bar : { ...bar, further: Object.fromEntries(names.map(([name, values]) => [name, values[index]!])) };
  };
}
