import { type Columns, sharedColumns } from '#core/model/columns.ts';

/** Hours in which nothing moves: every price and volume is 100. */
export function flatColumns(bars: number): Columns {
  const columns = sharedColumns(bars);
  for (const name of ['open', 'high', 'low', 'close', 'volume'] as const) columns[name].fill(100);
  for (let i = 0; i < bars; i++) columns.time[i] = i * 3_600_000;
  return columns;
}
