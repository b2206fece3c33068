import { LOG_FIELDS, LOG_ROWS_PER_BAR } from '#core/model/strategy-abi.ts';

/** First and largest chunk, in bars. A loop entered once for all bars runs at half the speed (performance.md 2.1). */
const FIRST_CHUNK = 64;
const LARGEST_CHUNK = 4096;

/** Places in the flag array shared with a running backtest. */
export const FLAG = { cancel: 0, barsDone: 1 } as const;
export const FLAGS = 2;

/**
 * Text of the function that drives `run` over all bars, inside the isolate. Returns the log rows, or undefined when cancelled.
 * Inputs, equity and registers lie in shared memory; the flags stay in a local that the strategy's text cannot reach.
 */
export const BACKTEST_DRIVER = `(function () {
  'use strict';
  const Doubles = Float64Array;
  return function (strategy, stateSlots, flags, equity, registers, params, settings, time, open, high, low, close, volume) {
    const run = strategy.run;
    const columns = [time, open, high, low, close, volume];
    const bars = time.length;
    const state = new Doubles(stateSlots);
    const broker = new Doubles(registers);
    const rows = new Doubles(${LARGEST_CHUNK * LOG_ROWS_PER_BAR * LOG_FIELDS});
    let log = new Doubles(${FIRST_CHUNK * LOG_ROWS_PER_BAR * LOG_FIELDS});
    let used = 0;
    run(0, 0, columns, params, settings, state, broker, equity, rows);
    let size = ${FIRST_CHUNK};
    let lo = 0;
    while (lo < bars) {
      if (flags[${FLAG.cancel}] !== 0) return undefined;
      const hi = lo + size < bars ? lo + size : bars;
      const written = +run(lo, hi, columns, params, settings, state, broker, equity, rows);
      if (!(written >= 0 && written <= (hi - lo) * ${LOG_ROWS_PER_BAR} && written % 1 === 0)) throw new RangeError('run returned ' + written + ' as its number of rows');
      const values = written * ${LOG_FIELDS};
      if (used + values > log.length) {
        let length = log.length * 2;
        while (length < used + values) length *= 2;
        const grown = new Doubles(length);
        grown.set(log.subarray(0, used));
        log = grown;
      }
      if (values > 0) {
        log.set(rows.subarray(0, values), used);
        used += values;
      }
      lo = hi;
      flags[${FLAG.barsDone}] = lo;
      if (size < ${LARGEST_CHUNK}) size *= 2;
    }
    registers.set(broker);
    return log.slice(0, used);
  };
})()`;
