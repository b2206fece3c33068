import { LOG, LOG_FIELDS, LOG_KIND, LOG_ROWS_PER_BAR, SETTING } from '#core/model/strategy-abi.ts';
import { FIRST_CHUNK, LARGEST_CHUNK } from './backtest-driver.ts';

/** What a trial leaves behind, as doubles; money in the account's currency, what is not said otherwise is a count. */
export const TRIAL = {
  finalEquity: 0,
  /** Deepest fall below the highest equity so far: as share of it, and greatest fall in money. */
  maxDrawdownShare: 1,
  maxDrawdownMoney: 2,
  /** Positions that are flat again, of these won and lost, and what they made. */
  closed: 3,
  wins: 4,
  losses: 5,
  won: 6,
  lost: 7,
  fees: 8,
  slippage: 9,
  /** Bars on which a position was held, and the sum of bars from entry to exit of the closed ones. */
  barsHeld: 10,
  closedBars: 11,
  /** Of the returns of days: mean, sample deviation, and root mean square of the negative ones. */
  dayMean: 12,
  dayDeviation: 13,
  dayDownside: 14,
} as const;
export const TRIAL_FIELDS = 15;

/** Places in the flag array shared by all isolates of a sweep. */
export const SWEEP_FLAG = { cancel: 0 } as const;

/** What is carried from chunk to chunk of a trial. */
const A = { position: 0, profit: 1, since: 2, countedTo: 3, peak: 4, trough: 5 } as const;

/** Statements behind the fill at `bar` that made a position flat: bars held, and what it won or lost. */
export const BOOK_CLOSED = `const first = since > countedTo ? since : countedTo, last = bar + 1 < bars ? bar + 1 : bars;
      if (last > first) {
        out[at + ${TRIAL.barsHeld}] += last - first;
        countedTo = last;
      }
      out[at + ${TRIAL.closed}] += 1;
      out[at + ${TRIAL.closedBars}] += bar - since;
      if (profit > 0) {
        out[at + ${TRIAL.wins}] += 1;
        out[at + ${TRIAL.won}] += profit;
      } else if (profit < 0) {
        out[at + ${TRIAL.losses}] += 1;
        out[at + ${TRIAL.lost}] -= profit;
      }`;

/** A function of the equity at the ends of days, for the figures of their returns. */
export const TELL_DAYS = `const tellDays = function (days, out, at) {
    const count = days.length - 1;
    let sum = 0, below = 0;
    for (let k = 0; k < count; k += 1) {
      const change = days[k + 1] / days[k] - 1;
      sum += change;
      if (change < 0) below += change * change;
    }
    const mean = sum / count;
    let squares = 0;
    for (let k = 0; k < count; k += 1) {
      const off = days[k + 1] / days[k] - 1 - mean;
      squares += off * off;
    }
    out[at + ${TRIAL.dayMean}] = mean;
    out[at + ${TRIAL.dayDeviation}] = sqrt(squares / (count - 1));
    out[at + ${TRIAL.dayDownside}] = sqrt(below / count);
  };`;

/**
 * Text of the function that runs a block of trials whose rules the engine has inside the isolate, one after another over the same memory (batch-driver.ts has others). `trials` holds for each the first bar on which an
 * order may be decided and the values of its params; `results` gets TRIAL_FIELDS doubles for each. Gives false when it was cancelled.
 */
export const SWEEP_DRIVER = `(function () {
  'use strict';
  const Doubles = Float64Array;
  const { abs, sqrt } = Math;
  const rows = new Doubles(${LARGEST_CHUNK * LOG_ROWS_PER_BAR * LOG_FIELDS});
  const carried = new Doubles(${Object.keys(A).length});

  // Fills of a chunk: positions from flat to flat, costs, bars held.
  const book = function (rows, values, bars, out, at) {
    let position = carried[${A.position}], profit = carried[${A.profit}], since = carried[${A.since}], countedTo = carried[${A.countedTo}];
    for (let k = 0; k < values; k += ${LOG_FIELDS}) {
      if (rows[k + ${LOG.kind}] >= ${LOG_KIND.droppedInvalid}) continue;
      const bar = rows[k + ${LOG.bar}], qty = rows[k + ${LOG.qty}], price = rows[k + ${LOG.price}], fee = rows[k + ${LOG.fee}];
      out[at + ${TRIAL.fees}] += fee;
      out[at + ${TRIAL.slippage}] += abs(abs(qty) * (price - rows[k + ${LOG.refPrice}]));
      if (position === 0) {
        since = bar;
        profit = 0;
      }
      position += qty;
      profit = profit - qty * price - fee;
      if (position !== 0) continue;
      ${BOOK_CLOSED}
    }
    carried[${A.position}] = position;
    carried[${A.profit}] = profit;
    carried[${A.since}] = since;
    carried[${A.countedTo}] = countedTo;
  };

  // Equity moves while a position is held: from the bar of its entry to that of its exit. Of a chunk these stretches are told here, two numbers each.
  const stretches = new Doubles(${2 * (LARGEST_CHUNK * 3 + 1)});
  const held = function (rows, values, lo, hi) {
    let position = carried[${A.position}], first = lo, count = 0;
    for (let k = 0; k < values; k += ${LOG_FIELDS}) {
      if (rows[k + ${LOG.kind}] >= ${LOG_KIND.droppedInvalid}) continue;
      if (position === 0) first = rows[k + ${LOG.bar}];
      position += rows[k + ${LOG.qty}];
      if (position !== 0) continue;
      stretches[count] = first;
      stretches[count + 1] = rows[k + ${LOG.bar}] + 1;
      count += 2;
    }
    if (position === 0) return count;
    stretches[count] = first;
    stretches[count + 1] = hi;
    return count + 2;
  };

  // Below one peak the lowest equity has the deepest fall, so that there is one division a peak.
  const deepen = function (peak, trough, out, at) {
    const money = peak - trough;
    if (money > out[at + ${TRIAL.maxDrawdownMoney}]) out[at + ${TRIAL.maxDrawdownMoney}] = money;
    const share = money / peak;
    if (share > out[at + ${TRIAL.maxDrawdownShare}]) out[at + ${TRIAL.maxDrawdownShare}] = share;
  };
  const fall = function (equity, lo, hi, out, at) {
    let peak = carried[${A.peak}], trough = carried[${A.trough}];
    for (let i = lo; i < hi; i += 1) {
      const value = equity[i];
      if (value < trough) trough = value;
      else if (value >= peak) {
        if (trough < peak) deepen(peak, trough, out, at);
        peak = trough = value;
      }
    }
    carried[${A.peak}] = peak;
    carried[${A.trough}] = trough;
  };

  ${TELL_DAYS}

  return function (strategy, stateSlots, views, trials, count, from, capital, settings, Engine, planned) {
    const run = strategy.run;
    const [flags, out, equity, registers, ends, counts, ...columns] = views;
    const bars = equity.length;
    const width = trials.length / count;
    const state = new Doubles(stateSlots);
    const broker = new Doubles(registers.length);
    const params = new Doubles(width - 1);
    const days = new Doubles(ends.length);
    let size = ${FIRST_CHUNK};
    for (let trial = 0; trial < count; trial += 1) {
      const at = trial * ${TRIAL_FIELDS};
      state.fill(0);
      broker.set(registers);
      settings[${SETTING.firstBar}] = trials[trial * width];
      for (let k = 1; k < width; k += 1) params[k - 1] = trials[trial * width + k];
      for (let k = 0; k < ${TRIAL_FIELDS}; k += 1) out[at + k] = 0;
      carried.fill(0);
      carried[${A.countedTo}] = from;
      carried[${A.peak}] = carried[${A.trough}] = capital;
      const engine = Object.freeze(new Engine(planned.plan, settings, planned.conventions, broker, null));
      run(0, 0, columns, params, settings, state, broker, equity, rows, counts, engine);
      let lo = 0;
      while (lo < bars) {
        if (flags[${SWEEP_FLAG.cancel}] !== 0) return false;
        const hi = lo + size < bars ? lo + size : bars;
        const written = +run(lo, hi, columns, params, settings, state, broker, equity, rows, counts, engine);
        if (!(written >= 0 && written <= (hi - lo) * ${LOG_ROWS_PER_BAR} && written % 1 === 0)) throw new RangeError('run returned ' + written + ' as its number of rows');
        const part = engine.drainLog();
        const values = part.length;
        const told = held(part, values, lo, hi);
        for (let k = 0; k < told; k += 2) fall(equity, stretches[k], stretches[k + 1], out, at);
        book(part, values, bars, out, at);
        lo = hi;
        if (size < ${LARGEST_CHUNK}) size *= 2;
      }
      if (carried[${A.trough}] < carried[${A.peak}]) deepen(carried[${A.peak}], carried[${A.trough}], out, at);
      if (carried[${A.position}] !== 0) {
        const first = carried[${A.since}] > carried[${A.countedTo}] ? carried[${A.since}] : carried[${A.countedTo}];
        if (bars > first) out[at + ${TRIAL.barsHeld}] += bars - first;
      }
      out[at + ${TRIAL.finalEquity}] = bars > from ? equity[bars - 1] : capital;
      for (let k = 0; k < ends.length; k += 1) days[k] = equity[ends[k]];
      tellDays(days, out, at);
    }
    return true;
  };
})()`;
