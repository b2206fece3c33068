import { ACCOUNT_FIELDS } from '#core/model/strategy-abi.ts';
import { BAR_FIELDS, ROW_FIELDS } from './row-layout.ts';

/** Bars of one call of `decide` over a history. */
export const BLOCK_ROWS = 1024;

/** The step before which V8 is given time (`DECIDE_DRIVER`), and how many times later it is again. */
const PRACTISE_AT = 4096;
const PRACTISE_AGAIN = 2;
/** Most bars that are decided on meanwhile: never more than there were steps. */
const LONGEST_PRACTICE = 65_536;

/**
 * Functions that do nothing of use, one for each practice, as V8 does not optimise one twice. Code of `decide` that was ready between two calls lies there until some other
 * code is ready within one: such a function, called often enough to be optimised, is that other code.
 */
const STIRS = Array.from({ length: 6 }, () => '(x) => { for (let k = 0; k < 64; k += 1) x = (3 * (x ^ k) + 1) | 0; return x; }').join(
  ',\n      ',
);
/** Calls of one: V8 optimises it on the way, in a millisecond or two. */
const STIRRED = 20_000;

/** Rows that the rings of a strategy hold: its look-back and a block, up to a power of two, so that a place is `bar & (rows - 1)`. */
export function ringRows(lookBack: number): number {
  return 2 ** Math.ceil(Math.log2(lookBack + BLOCK_ROWS));
}

/**
 * Text of the function that keeps a strategy's columns inside the isolate and drives `decide`. They are rings: what is further back
 * than the strategy looks is overwritten, so that a strategy that runs for years keeps what it needs and no more; they double when more bars of
 * another chart close at once than they hold. Rows of `fields` doubles start as zeros, so that any slicing leaves the same values where a strategy writes
 * nothing. `places` holds, for each chart by its number, the places of its columns behind the candles. Returns two functions. `feed` takes packed rows
 * (`RowLayout`): a single one whose row goes into `out`, or a block of history, whose rows go into `block` where it is given (at most BLOCK_ROWS then). `step` takes
 * the single row that lies in `given`, and nothing crosses the border. `out`, `block` and `given` are shared memory.
 *
 * V8 optimises on another thread and takes the code over at an interrupt, and each call from outside forgets the interrupts that came before it. Calls of a microsecond
 * seldom meet one: steps stayed in code three times as slow for hundreds of thousands of bars. So before some steps the bars in the rings are decided on again, many within one
 * call; what that changes is put back.
 */
export const DECIDE_DRIVER = `(function () {
  'use strict';
  const Doubles = Float64Array;
  return function (strategy, stateSlots, size, lookBack, params, settings, fields, out, places, given) {
    const decide = strategy.decide;
    const state = new Doubles(stateSlots);
    const one = new Doubles(fields);
    const many = new Doubles(${BLOCK_ROWS} * fields);
    const charts = places.length;
    const counts = new Doubles(charts);
    const taken = new Doubles(charts);
    let mask = size - 1;
    const ring = (count) => { const columns = []; for (let k = 0; k < count; k += 1) columns[k] = new Doubles(size); return columns; };
    let further = 0;
    for (let chart = 0; chart < charts; chart += 1) further += places[chart].length;
    const columns = ring(${BAR_FIELDS} + further);
    const account = ring(${ACCOUNT_FIELDS});
    const enlarge = (rings, k, chart) => {
      const old = rings[k];
      const larger = new Doubles(2 * size);
      for (let bar = counts[chart] < size ? 0 : counts[chart] - size; bar < counts[chart]; bar += 1) larger[bar & (2 * size - 1)] = old[bar & mask];
      rings[k] = larger;
    };
    const grow = () => {
      for (let k = 0; k < ${BAR_FIELDS}; k += 1) enlarge(columns, k, 0);
      for (let k = 0; k < ${ACCOUNT_FIELDS}; k += 1) enlarge(account, k, 0);
      for (let chart = 0; chart < charts; chart += 1) for (let k = 0; k < places[chart].length; k += 1) enlarge(columns, ${BAR_FIELDS} + places[chart][k], chart);
      size *= 2;
      mask = size - 1;
    };
    const put = (chart, rows, from) => {
      const own = places[chart];
      const slot = counts[chart] & mask;
      for (let k = 0; k < own.length; k += 1) columns[${BAR_FIELDS} + own[k]][slot] = rows[from + k];
      counts[chart] += 1;
      return from + own.length;
    };
    const append = (rows, from) => {
      const slot = counts[0] & mask;
      for (let k = 0; k < ${BAR_FIELDS}; k += 1) columns[k][slot] = rows[from + k];
      for (let k = 0; k < ${ACCOUNT_FIELDS}; k += 1) account[k][slot] = rows[from + ${BAR_FIELDS} + k];
      let at = put(0, rows, from + ${ROW_FIELDS});
      if (charts === 1) return at;
      let closed = rows[at];
      at += 1;
      for (; closed > 0; closed -= 1) {
        const chart = rows[at];
        if (counts[chart] - taken[chart] + lookBack >= size) grow();
        at = put(chart, rows, at + 1);
      }
      return at;
    };
    const call = (first, decisions) => {
      decide(first, counts[0], columns, params, settings, state, account, decisions, mask, counts);
      if (charts > 1) taken.set(counts);
    };
    // Loops: for so few values they take a fraction of what fill and set do.
    const decideOne = (row) => {
      append(row, 0);
      for (let k = 0; k < fields; k += 1) one[k] = 0;
      call(counts[0] - 1, one);
      for (let k = 0; k < fields; k += 1) out[k] = one[k];
    };
    const stirs = [
      ${STIRS},
    ];
    let practices = 0;
    const again = new Doubles(${ROW_FIELDS} + places[0].length + 1);
    const practise = (bars) => {
      const kept = [state.slice(), counts.slice()];
      for (let bar = 0; bar < bars; bar += 1) {
        // What the ring has at the place where the bar goes: so the rings stay as they are.
        const slot = counts[0] & mask;
        for (let k = 0; k < ${BAR_FIELDS}; k += 1) again[k] = columns[k][slot];
        for (let k = 0; k < ${ACCOUNT_FIELDS}; k += 1) again[${BAR_FIELDS} + k] = account[k][slot];
        for (let k = 0; k < places[0].length; k += 1) again[${ROW_FIELDS} + k] = columns[${BAR_FIELDS} + places[0][k]][slot];
        decideOne(again);
      }
      state.set(kept[0]);
      counts.set(kept[1]);
      const stir = stirs[practices];
      practices += 1;
      if (stir === undefined) return;
      let stirred = 0;
      for (let k = 0; k < ${STIRRED}; k += 1) stirred = stir(stirred);
    };
    let steps = 0;
    let practiseAt = ${PRACTISE_AT};
    const step = () => {
      steps += 1;
      if (steps === practiseAt) {
        practiseAt *= ${PRACTISE_AGAIN};
        if (counts[0] >= size) practise(steps < ${LONGEST_PRACTICE} ? steps : ${LONGEST_PRACTICE});
      }
      decideOne(given);
    };
    const feed = (rows, isStep, block) => {
      if (isStep) return decideOne(rows);
      for (let at = 0; at < rows.length;) {
        const first = counts[0];
        while (at < rows.length && counts[0] - first < ${BLOCK_ROWS}) at = append(rows, at);
        many.fill(0);
        call(first, many);
        if (block !== undefined) block.set(many);
      }
    };
    return Object.freeze({ feed, step });
  };
})()`;
