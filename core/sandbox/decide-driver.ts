import { ACCOUNT_FIELDS, DECISION_FIELDS } from '#core/model/strategy-abi.ts';
import { BAR_FIELDS, ROW_FIELDS } from './history-rows.ts';

/**
 * Text of the function that keeps a strategy's columns inside the isolate and drives `decide`. `io` is shared memory: a packed row
 * goes in at 0, the decision row comes out behind it. Decision rows start as zeros, so that any slicing leaves the same values
 * where a strategy writes nothing. Returns a function: without an argument it takes the row in `io`, else a block of history.
 */
export const DECIDE_DRIVER = `(function () {
  'use strict';
  const Doubles = Float64Array;
  return function (strategy, stateSlots, params, settings, io) {
    const decide = strategy.decide;
    const state = new Doubles(stateSlots);
    const one = new Doubles(${DECISION_FIELDS});
    let capacity = 1024;
    let bars = 0;
    const columns = [];
    const account = [];
    for (let k = 0; k < ${BAR_FIELDS}; k += 1) columns[k] = new Doubles(capacity);
    for (let k = 0; k < ${ACCOUNT_FIELDS}; k += 1) account[k] = new Doubles(capacity);
    const grown = (column) => { const next = new Doubles(capacity); next.set(column); return next; };
    const append = (rows, from) => {
      if (bars === capacity) {
        capacity *= 2;
        for (let k = 0; k < ${BAR_FIELDS}; k += 1) columns[k] = grown(columns[k]);
        for (let k = 0; k < ${ACCOUNT_FIELDS}; k += 1) account[k] = grown(account[k]);
      }
      for (let k = 0; k < ${BAR_FIELDS}; k += 1) columns[k][bars] = rows[from + k];
      for (let k = 0; k < ${ACCOUNT_FIELDS}; k += 1) account[k][bars] = rows[from + ${BAR_FIELDS} + k];
      bars += 1;
    };
    const step = () => {
      append(io, 0);
      one.fill(0);
      decide(bars - 1, bars, columns, params, settings, state, account, one);
      io.set(one, ${ROW_FIELDS});
    };
    const block = (rows) => {
      const first = bars;
      for (let at = 0; at < rows.length; at += ${ROW_FIELDS}) append(rows, at);
      decide(first, bars, columns, params, settings, state, account, new Doubles((bars - first) * ${DECISION_FIELDS}));
    };
    return (rows) => {
      if (rows === undefined) step();
      else block(rows);
    };
  };
})()`;
