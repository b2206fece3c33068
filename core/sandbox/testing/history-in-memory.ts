import type { Columns } from '#core/model/columns.ts';
import type { HistoryRows } from '../history-rows.ts';
import { packRow } from '../history-rows.ts';
import { barAt } from './fixture-strategies.ts';

/** A history of as many bars as account rows; `tails` when the strategy reads further columns. */
export function historyInMemory(columns: Columns, accounts: readonly Float64Array[], tails?: readonly Float64Array[]): HistoryRows {
  const rows = accounts.map((account, index) => packRow(barAt(columns, index), account, tails?.[index]));
  return { count: () => rows.length, slice: (from, to) => Float64Array.from(rows.slice(from, to).flatMap((row) => [...row])) };
}
