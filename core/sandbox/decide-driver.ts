import { ACCOUNT_FIELDS, DECISION_FIELDS } from '#core/model/strategy-abi.ts';
import { BAR_FIELDS, ROW_FIELDS } from './history-rows.ts';

/** Bars of one call of `decide` over a history. */
const BLOCK_ROWS = 1024;

/** Rows that the rings of a strategy hold: its look-back and a block, up to a power of two, so that a place is `bar & (rows - 1)`. */
export function ringRows(lookBack: number): number {
  return 2 ** Math.ceil(Math.log2(lookBack + BLOCK_ROWS));
}

/**
 * Text of the function that keeps a strategy's columns inside the isolate and drives `decide`. They are rings: what is further back
 * than the strategy looks is overwritten, so that a strategy that runs for years keeps what it needs and no more. `io` is shared memory:
 * a packed row goes in at 0, the decision row comes out behind it. Decision rows start as zeros, so that any slicing leaves the same
 * values where a strategy writes nothing. Returns a function: without an argument it takes the row in `io`, else a block of history.
 */
export const DECIDE_DRIVER = `(function () {
  'use strict';
  const Doubles = Float64Array;
  return function (strategy, stateSlots, size, params, settings, io) {
    const decide = strategy.decide;
    const state = new Doubles(stateSlots);
    const one = new Doubles(${DECISION_FIELDS});
    const many = new Doubles(${BLOCK_ROWS * DECISION_FIELDS});
    const mask = size - 1;
    let bars = 0;
    const ring = (count) => { const columns = []; for (let k = 0; k < count; k += 1) columns[k] = new Doubles(size); return columns; };
    const columns = ring(${BAR_FIELDS});
    const account = ring(${ACCOUNT_FIELDS});
    const append = (rows, from) => {
      const at = bars & mask;
      for (let k = 0; k < ${BAR_FIELDS}; k += 1) columns[k][at] = rows[from + k];
      for (let k = 0; k < ${ACCOUNT_FIELDS}; k += 1) account[k][at] = rows[from + ${BAR_FIELDS} + k];
      bars += 1;
    };
    const step = () => {
      append(io, 0);
      one.fill(0);
      decide(bars - 1, bars, columns, params, settings, state, account, one, mask);
      io.set(one, ${ROW_FIELDS});
    };
    const block = (rows) => {
      for (let at = 0; at < rows.length;) {
        const first = bars;
        for (; at < rows.length && bars - first < ${BLOCK_ROWS}; at += ${ROW_FIELDS}) append(rows, at);
        many.fill(0);
        decide(first, bars, columns, params, settings, state, account, many, mask);
      }
    };
    return (rows) => {
      if (rows === undefined) step();
      else block(rows);
    };
  };
})()`;
