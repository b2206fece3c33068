import { INNER_COLUMNS } from '#core/model/inner-bars.ts';
import { LOG_FIELDS, LOG_ROWS_PER_BAR } from '#core/model/strategy-abi.ts';

/** First and largest chunk, in bars. A loop entered once for all bars runs at half the speed (performance.md 2.1). */
export const FIRST_CHUNK = 64;
export const LARGEST_CHUNK = 4096;

/** Places in the flag array shared with a running backtest; `logged` = values of the log in shared memory. */
export const FLAG = { cancel: 0, barsDone: 1, logged: 2 } as const;
export const FLAGS = 3;

/** Text of the function that keeps shared memory inside the isolate for later runs: flags, equity, registers, bars of each chart, log, then the columns; or inner bars. */
export const BIND_VIEWS = `(function (...views) { return views; })`;

/** Values of the log that fit into shared memory, for a run over so many bars: few strategies order something on every seventh bar. */
export const sharedLogLength = (bars: number): number => Math.max(bars, 64 * LOG_FIELDS);

/**
 * Text of the function that drives `run` over all bars, inside the isolate. Returns the log rows that shared memory has no room for, which follow those that it
 * has; undefined when cancelled. Inputs, equity, registers and log lie in shared memory; the flags stay in a local that the strategy's text cannot reach. The log is the engine's, or what a
 * strategy with its own broker wrote.
 */
export const BACKTEST_DRIVER = `(function () {
  'use strict';
  const Doubles = Float64Array;
  // Made once for all runs: isolated-vm counts a buffer against the memory limit until it is swept, which may be long after it is dropped.
  const rows = new Doubles(${LARGEST_CHUNK * LOG_ROWS_PER_BAR * LOG_FIELDS});
  return function (strategy, stateSlots, views, params, settings, Engine, planned, inner) {
    const run = strategy.run;
    const [flags, equity, registers, counts, log, ...columns] = views;
    const bars = equity.length;
    const state = new Doubles(stateSlots);
    const broker = new Doubles(registers);
    // The strategy's text never sees the inner bars of what is to come: the engine has them to itself.
    const inside = inner === undefined ? null : { ${INNER_COLUMNS.map((name, place) => `${name}: inner[${place}]`).join(', ')} };
    const engine = Engine === undefined ? undefined : Object.freeze(new Engine(planned.plan, settings, planned.conventions, broker, inside));
    // Room for the log counts what was written; what comes after the first part without room is kept here.
    const parts = [];
    let values = 0;
    let logged = 0;
    run(0, 0, columns, params, settings, state, broker, equity, rows, counts, engine);
    let size = ${FIRST_CHUNK};
    let lo = 0;
    while (lo < bars) {
      if (flags[${FLAG.cancel}] !== 0) return undefined;
      const hi = lo + size < bars ? lo + size : bars;
      const written = +run(lo, hi, columns, params, settings, state, broker, equity, rows, counts, engine);
      if (!(written >= 0 && written <= (hi - lo) * ${LOG_ROWS_PER_BAR} && written % 1 === 0)) throw new RangeError('run returned ' + written + ' as its number of rows');
      const part = engine === undefined ? rows.subarray(0, written * ${LOG_FIELDS}) : engine.drainLog();
      if (parts.length === 0 && logged + part.length <= log.length) {
        log.set(part, logged);
        logged += part.length;
      } else {
        parts[parts.length] = part.slice();
        values += part.length;
      }
      lo = hi;
      flags[${FLAG.barsDone}] = lo;
      if (size < ${LARGEST_CHUNK}) size *= 2;
    }
    registers.set(broker);
    flags[${FLAG.logged}] = logged;
    const rest = new Doubles(values);
    let used = 0;
    for (let k = 0; k < parts.length; k += 1) {
      rest.set(parts[k], used);
      used += parts[k].length;
    }
    return rest;
  };
})()`;
