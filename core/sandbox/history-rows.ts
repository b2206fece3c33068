import { StratError } from '#core/errors/strat-error.ts';
import type { Bar } from '#core/model/bar.ts';
import type { Columns } from '#core/model/columns.ts';
import { ACCOUNT_FIELDS } from '#core/model/strategy-abi.ts';
import { BAR_FIELDS, ROW_FIELDS } from './row-layout.ts';

/** What a strategy has been shown: packed rows (`RowLayout`), oldest first. They may lie on the disk and grow while they are read. */
export interface HistoryRows {
  readonly count: () => number;
  /** A copy of rows [from, to). */
  readonly slice: (from: number, to: number) => Float64Array;
}

/** One packed row. @throws StratError SANDBOX_INPUT when the account row has another length. */
export function packRow(bar: Bar, account: Float64Array, tail: Float64Array = NO_TAIL): Float64Array {
  if (account.length !== ACCOUNT_FIELDS) {
    throw new StratError('SANDBOX_INPUT', { reason: `an account row has ${account.length} values instead of ${ACCOUNT_FIELDS}` });
  }
  const row = new Float64Array(ROW_FIELDS + tail.length);
  // In COLUMN_NAMES order.
  row[0] = bar.time;
  row[1] = bar.open;
  row[2] = bar.high;
  row[3] = bar.low;
  row[4] = bar.close;
  row[5] = bar.volume;
  row.set(account, BAR_FIELDS);
  row.set(tail, ROW_FIELDS);
  return row;
}

/** Packed rows of the bars [from, to), one behind the other, without tails: the account is all zeros, as nobody looks at it. */
export function packBars({ time, open, high, low, close, volume }: Columns, from: number, to: number): Float64Array {
  const rows = new Float64Array((to - from) * ROW_FIELDS);
  for (let bar = from, at = 0; bar < to; bar += 1, at += ROW_FIELDS) {
    // In COLUMN_NAMES order.
    rows[at] = time[bar]!;
    rows[at + 1] = open[bar]!;
    rows[at + 2] = high[bar]!;
    rows[at + 3] = low[bar]!;
    rows[at + 4] = close[bar]!;
    rows[at + 5] = volume[bar]!;
  }
  return rows;
}

/** Rows one behind the other. */
export function joinedRows(rows: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(rows.reduce((sum, row) => sum + row.length, 0));
  let at = 0;
  for (const row of rows) {
    all.set(row, at);
    at += row.length;
  }
  return all;
}

const NO_TAIL = new Float64Array(0);
