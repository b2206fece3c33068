import { StratError } from '#core/errors/strat-error.ts';
import type { Bar } from '#core/model/bar.ts';
import type { Columns } from '#core/model/columns.ts';
import { COLUMN_NAMES } from '#core/model/columns.ts';
import { ACCOUNT_FIELDS } from '#core/model/strategy-abi.ts';

/** Doubles of one bar in COLUMN_NAMES order. */
export const BAR_FIELDS = COLUMN_NAMES.length;
/** A bar and the account at its close, side by side: what a decider is fed with. */
export const ROW_FIELDS = BAR_FIELDS + ACCOUNT_FIELDS;

/** What a strategy has been shown so far: as many account rows (ACCOUNT_FIELDS doubles each) as bars. */
export interface DecisionHistory {
  readonly columns: Columns;
  readonly accounts: readonly Float64Array[];
}

/** Packed rows, oldest first, growing by doubling. */
export interface HistoryRows {
  readonly count: () => number;
  readonly append: (bar: Bar, account: Float64Array) => void;
  /** A copy of rows [from, to). */
  readonly slice: (from: number, to: number) => Float64Array;
}

/** One packed row. @throws StratError SANDBOX_INPUT when the account row has another length. */
export function packRow(bar: Bar, account: Float64Array): Float64Array {
  if (account.length !== ACCOUNT_FIELDS) {
    throw new StratError('SANDBOX_INPUT', { reason: `an account row has ${account.length} values instead of ${ACCOUNT_FIELDS}` });
  }
  const row = new Float64Array(ROW_FIELDS);
  COLUMN_NAMES.forEach((name, field) => {
    row[field] = bar[name];
  });
  row.set(account, BAR_FIELDS);
  return row;
}

/** Packs a history. @throws StratError SANDBOX_INPUT when bars and account rows do not match. */
export function createHistoryRows(history?: DecisionHistory): HistoryRows {
  let count = history?.accounts.length ?? 0;
  let rows: Float64Array<ArrayBuffer> = new Float64Array(Math.max(1024, count) * ROW_FIELDS);
  if (history !== undefined) {
    COLUMN_NAMES.forEach((name, field) => {
      const column = history.columns[name];
      if (column.length !== count) {
        throw new StratError('SANDBOX_INPUT', { reason: `the history has ${column.length} values of ${name} but ${count} account rows` });
      }
      column.forEach((value, bar) => {
        rows[bar * ROW_FIELDS + field] = value;
      });
    });
    history.accounts.forEach((account, bar) => {
      if (account.length !== ACCOUNT_FIELDS)
        throw new StratError('SANDBOX_INPUT', { reason: `account row ${bar} has ${account.length} values` });
      rows.set(account, bar * ROW_FIELDS + BAR_FIELDS);
    });
  }
  return {
    count: () => count,
    append: (bar, account) => {
      const row = packRow(bar, account);
      if ((count + 1) * ROW_FIELDS > rows.length) {
        const grown = new Float64Array(rows.length * 2);
        grown.set(rows);
        rows = grown;
      }
      rows.set(row, count * ROW_FIELDS);
      count += 1;
    },
    slice: (from, to) => rows.slice(from * ROW_FIELDS, to * ROW_FIELDS),
  };
}
