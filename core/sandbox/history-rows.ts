import { StratError } from '#core/errors/strat-error.ts';
import type { Bar } from '#core/model/bar.ts';
import type { Columns } from '#core/model/columns.ts';
import { COLUMN_NAMES } from '#core/model/columns.ts';
import { ACCOUNT_FIELDS } from '#core/model/strategy-abi.ts';
import { BAR_FIELDS, ROW_FIELDS } from './row-layout.ts';

/** What a strategy has been shown so far: as many account rows (ACCOUNT_FIELDS doubles each) as bars. */
export interface DecisionHistory {
  readonly columns: Columns;
  readonly accounts: readonly Float64Array[];
  /** The tails of its rows (`RowLayout`), one a bar; left out: the strategy reads no further columns. */
  readonly tails?: readonly Float64Array[];
}

/** Packed rows, oldest first, growing by doubling. */
export interface HistoryRows {
  readonly count: () => number;
  readonly append: (bar: Bar, account: Float64Array, tail?: Float64Array) => void;
  /** A copy of rows [from, to). */
  readonly slice: (from: number, to: number) => Float64Array;
}

/** One packed row. @throws StratError SANDBOX_INPUT when the account row has another length. */
export function packRow(bar: Bar, account: Float64Array, tail: Float64Array = NO_TAIL): Float64Array {
  if (account.length !== ACCOUNT_FIELDS) {
    throw new StratError('SANDBOX_INPUT', { reason: `an account row has ${account.length} values instead of ${ACCOUNT_FIELDS}` });
  }
  const row = new Float64Array(ROW_FIELDS + tail.length);
  COLUMN_NAMES.forEach((name, field) => {
    row[field] = bar[name];
  });
  row.set(account, BAR_FIELDS);
  row.set(tail, ROW_FIELDS);
  return row;
}

const NO_TAIL = new Float64Array(0);

/** Packs a history. @throws StratError SANDBOX_INPUT when bars, account rows and tails do not match. */
export function createHistoryRows(history?: DecisionHistory): HistoryRows {
  let values: Float64Array<ArrayBuffer> = new Float64Array(1024 * ROW_FIELDS);
  /** Where each row begins, and behind them where the next one will. */
  const starts = [0];
  const append = (row: Float64Array): void => {
    const start = starts.at(-1)!;
    const end = start + row.length;
    if (end > values.length) {
      const grown = new Float64Array(Math.max(values.length * 2, end));
      grown.set(values);
      values = grown;
    }
    values.set(row, start);
    starts.push(end);
  };
  if (history !== undefined) {
    const { columns, accounts, tails } = history;
    for (const name of COLUMN_NAMES) {
      if (columns[name].length !== accounts.length) {
        const reason = `the history has ${columns[name].length} values of ${name} but ${accounts.length} account rows`;
        throw new StratError('SANDBOX_INPUT', { reason });
      }
    }
    if (tails !== undefined && tails.length !== accounts.length)
      throw new StratError('SANDBOX_INPUT', { reason: `the history has ${tails.length} tails but ${accounts.length} account rows` });
    const { time, open, high, low, close, volume } = columns;
    for (const [at, account] of accounts.entries()) {
      const bar = { time: time[at]!, open: open[at]!, high: high[at]!, low: low[at]!, close: close[at]!, volume: volume[at]! };
      append(packRow(bar, account, tails?.[at]));
    }
  }
  return {
    count: () => starts.length - 1,
    append: (bar, account, tail) => append(packRow(bar, account, tail)),
    slice: (from, to) => values.slice(starts[from], starts[to]),
  };
}
