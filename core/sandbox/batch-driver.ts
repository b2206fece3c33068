import { LOG, LOG_FIELDS, LOG_KIND, LOG_ROWS_PER_BAR, SETTING } from '#core/model/strategy-abi.ts';
import { LARGEST_CHUNK } from './backtest-driver.ts';
import { BOOK_CLOSED, SWEEP_FLAG, TELL_DAYS, TRIAL, TRIAL_FIELDS } from './sweep-driver.ts';

/** What is carried from chunk to chunk of a trial; bars before `marked` are in the figures. */
const A = { position: 0, cash: 1, profit: 2, since: 3, countedTo: 4, peak: 5, trough: 6, marked: 7, day: 8 } as const;

/** Stretches of 2^k bars, k up to this, have their highest and lowest close ready; longer ones are several of these. */
const LEVELS = 6;
/** Fewer trials than that look at each bar. */
const LEAST_TRIALS = 24;

/**
 * Text of the function that runs a block of trials inside the isolate, side by side: a piece of the bars for all of them, then the next piece, so that columns, and
 * series that trials have in common, stay near to the processor. `trials` holds for each the first bar on which an order may be decided and the values of its
 * params, `slots` for each the number of its column of each group of series, counted from 0 in the order in which they come first; `results` gets TRIAL_FIELDS doubles for
 * each. The equity is made of the fills, by the same operations as the broker's: cash + position * close. While it is held below its peak, the deepest fall is where the
 * close is worst, as both roundings keep the order, so that a look at the highest and lowest close says whether bars need be looked at one by one. Gives false when it was cancelled.
 */
export const BATCH_DRIVER = `(function () {
  'use strict';
  const Doubles = Float64Array;
  const { abs, sqrt, clz32, min } = Math;
  const rows = new Doubles(${LARGEST_CHUNK * LOG_ROWS_PER_BAR * LOG_FIELDS});
  const highs = [], lows = [];
  let levels = 0;

  const ready = function (close, lo, hi) {
    const length = hi - lo;
    if (highs.length === 0) {
      for (let k = 0; k <= ${LEVELS}; k += 1) {
        highs[k] = new Doubles(${LARGEST_CHUNK});
        lows[k] = new Doubles(${LARGEST_CHUNK});
      }
    }
    const first = highs[0], last = lows[0];
    for (let i = 0; i < length; i += 1) first[i] = last[i] = close[lo + i];
    levels = min(${LEVELS}, 31 - clz32(length));
    for (let k = 1; k <= levels; k += 1) widen(highs[k - 1], lows[k - 1], highs[k], lows[k], 1 << (k - 1), length - (1 << k) + 1);
  };
  const widen = function (high, low, higher, lower, half, count) {
    for (let i = 0; i < count; i = i + 1 | 0) {
      const a = high[i], b = high[i + half | 0], c = low[i], d = low[i + half | 0];
      higher[i] = a > b ? a : b;
      lower[i] = c < d ? c : d;
    }
  };

  // Below one peak the lowest equity has the deepest fall, so that there is one division a peak.
  const deepen = function (told, out, at) {
    const peak = told[${A.peak}];
    const money = peak - told[${A.trough}];
    if (money > out[at + ${TRIAL.maxDrawdownMoney}]) out[at + ${TRIAL.maxDrawdownMoney}] = money;
    const share = money / peak;
    if (share > out[at + ${TRIAL.maxDrawdownShare}]) out[at + ${TRIAL.maxDrawdownShare}] = share;
  };
  // Numbers that are not whole go from function to function in the memory of the trial: V8 makes an object of each that is an argument.
  const fall = function (told, close, from, to, out, at) {
    const position = told[${A.position}], cash = told[${A.cash}];
    let peak = told[${A.peak}], trough = told[${A.trough}];
    for (let i = from; i < to; i = i + 1 | 0) {
      const value = cash + position * close[i];
      if (value < trough) trough = value;
      else if (value >= peak) {
        if (trough < peak) {
          told[${A.peak}] = peak;
          told[${A.trough}] = trough;
          deepen(told, out, at);
        }
        peak = trough = value;
      }
    }
    told[${A.peak}] = peak;
    told[${A.trough}] = trough;
  };
  // The same for bars of a chunk, counted from its first one: overlapping stretches know their highest and lowest close. Says whether bars need be looked at one by one.
  const isDeeper = function (told, level, from, to) {
    const high = highs[level], low = lows[level], last = to - (1 << level) | 0;
    const position = told[${A.position}], cash = told[${A.cash}];
    let top = high[last], bottom = low[last];
    for (let i = from; i < last; i = i + (1 << level) | 0) {
      if (high[i] > top) top = high[i];
      if (low[i] < bottom) bottom = low[i];
    }
    if (cash + position * (position > 0 ? top : bottom) >= told[${A.peak}]) return true;
    const worst = cash + position * (position > 0 ? bottom : top);
    if (worst < told[${A.trough}]) told[${A.trough}] = worst;
    return false;
  };

  // The fills of a chunk that ends with bar hi - 1: positions from flat to flat, costs, bars held, the equity of days, the deepest fall.
  const tell = function (rows, values, lo, hi, bars, isReady, close, ends, told, days, out, at) {
    let since = told[${A.since}] | 0, countedTo = told[${A.countedTo}] | 0, marked = told[${A.marked}] | 0, day = told[${A.day}] | 0;
    let position = told[${A.position}], cash = told[${A.cash}], profit = told[${A.profit}];
    let fees = out[at + ${TRIAL.fees}], slippage = out[at + ${TRIAL.slippage}];
    let nextDay = day < ends.length ? ends[day] | 0 : bars;
    for (let k = 0; ; k = k + ${LOG_FIELDS} | 0) {
      while (k < values && rows[k + ${LOG.kind}] >= ${LOG_KIND.droppedInvalid}) k = k + ${LOG_FIELDS} | 0;
      const bar = (k < values ? rows[k + ${LOG.bar}] : hi) | 0;
      if (bar > marked) {
        while (nextDay < bar) {
          days[day] = cash + position * close[nextDay];
          day = day + 1 | 0;
          nextDay = day < ends.length ? ends[day] | 0 : bars;
        }
        if (position === 0) {
          if (cash < told[${A.trough}]) told[${A.trough}] = cash;
          else if (cash >= told[${A.peak}]) {
            if (told[${A.trough}] < told[${A.peak}]) deepen(told, out, at);
            told[${A.peak}] = told[${A.trough}] = cash;
          }
        } else {
          told[${A.position}] = position;
          told[${A.cash}] = cash;
          const level = 31 - clz32(bar - marked);
          if (!isReady || level < 3 || isDeeper(told, level < levels ? level : levels, marked - lo | 0, bar - lo | 0)) fall(told, close, marked, bar, out, at);
        }
        marked = bar;
      }
      if (k >= values) break;
      const qty = rows[k + ${LOG.qty}], price = rows[k + ${LOG.price}], fee = rows[k + ${LOG.fee}];
      fees += fee;
      slippage += abs(abs(qty) * (price - rows[k + ${LOG.refPrice}]));
      if (position === 0) {
        since = bar;
        profit = 0;
      }
      position += qty;
      profit = profit - qty * price - fee;
      cash = qty > 0 ? cash - (qty * price + fee) : cash + (-qty * price - fee);
      if (position !== 0) continue;
      ${BOOK_CLOSED}
    }
    out[at + ${TRIAL.fees}] = fees;
    out[at + ${TRIAL.slippage}] = slippage;
    told[${A.position}] = position;
    told[${A.cash}] = cash;
    told[${A.profit}] = profit;
    told[${A.since}] = since;
    told[${A.countedTo}] = countedTo;
    told[${A.marked}] = marked;
    told[${A.day}] = day;
  };

  ${TELL_DAYS}

  const ended = function (told, days, bars, from, capital, close, out, at) {
    const position = told[${A.position}];
    if (told[${A.trough}] < told[${A.peak}]) deepen(told, out, at);
    if (position !== 0) {
      const first = told[${A.since}] > told[${A.countedTo}] ? told[${A.since}] : told[${A.countedTo}];
      if (bars > first) out[at + ${TRIAL.barsHeld}] += bars - first;
    }
    out[at + ${TRIAL.finalEquity}] = bars > from ? told[${A.cash}] + position * close[bars - 1] : capital;
    tellDays(days, out, at);
  };

  // Memory of trials and of columns of series, by their place in a block: made once.
  const kept = [], columnsOf = [];
  const slotOf = function (group, slot, size, shape) {
    columnsOf[group] ??= [];
    const known = columnsOf[group][slot];
    if (known !== undefined) {
      known.state.fill(0);
      return known;
    }
    const { count, stateSlots } = shape;
    const results = [];
    for (let k = 0; k < count; k += 1) results[k] = new Doubles(size);
    return (columnsOf[group][slot] = { results, state: new Doubles(stateSlots), params: undefined });
  };

  // A piece of the bars. Loops stand in functions of their own: V8 makes code of each for itself, and what comes once a block does not throw it away.
  const compute = function (series, columns, count, lo, hi, given, settings, counts) {
    for (let slot = 0; slot < count; slot += 1) {
      const { results, state, params } = columns[slot];
      series(lo, hi, given, params, settings, state, results, counts);
    }
  };
  const runAll = function (run, trials, count, lo, hi, bars, isReady, settings, rows, counts, close, ends, out) {
    const width = trials.length / count | 0;
    for (let trial = 0; trial < count; trial += 1) {
      const { state, broker, told, days, params, columns } = kept[trial];
      settings[${SETTING.firstBar}] = trials[trial * width];
      const written = +run(lo, hi, columns, params, settings, state, broker, undefined, rows, counts);
      if (!(written >= 0 && written <= (hi - lo) * ${LOG_ROWS_PER_BAR} && written % 1 === 0)) throw new RangeError('run returned ' + written + ' as its number of rows');
      if (written > 0 || told[${A.position}] !== 0 || hi === bars) tell(rows, written * ${LOG_FIELDS} | 0, lo, hi, bars, isReady, close, ends, told, days, out, trial * ${TRIAL_FIELDS});
    }
  };

  // Of a made-up market all that can happen happens before the first block: V8 throws the code of a function away where something happens in it that it has not seen.
  const practise = function () {
    const bars = 64, close = new Doubles(bars), ends = new Doubles(8), out = new Doubles(${TRIAL_FIELDS}), days = new Doubles(8);
    for (let i = 0; i < bars; i += 1) close[i] = 100 + (i % 9) - (i % 23);
    for (let k = 0; k < 8; k += 1) ends[k] = 8 * k + 7;
    const fills = [[2, 1], [14, -1], [15, -2], [24, 1], [33, 1], [34, 3], [35, -3], [40, 1], [60, -1], [61, 1]];
    const told = new Doubles(${Object.keys(A).length});
    told[${A.cash}] = told[${A.peak}] = told[${A.trough}] = 1000;
    let k = 0;
    for (const [bar, qty] of fills) {
      const values = [${LOG_KIND.entry}, bar, qty, close[bar], close[bar] + 0.5, 0.25, 0];
      for (let field = 0; field < ${LOG_FIELDS}; field += 1) rows[k + field] = rows[k + ${LOG_FIELDS} + field] = values[field];
      rows[k + ${LOG_FIELDS} + ${LOG.kind}] = ${LOG_KIND.droppedInvalid};
      k += ${2 * LOG_FIELDS};
    }
    ready(close, 0, bars);
    for (const isReady of [true, false]) {
      const own = new Doubles(told);
      tell(rows, k, 0, bars, bars, isReady, close, ends, own, days, out, 0);
      ended(own, days, bars, 0, 1000, close, out, 0);
    }
  };
  practise();

  return function (strategy, stateSlots, views, trials, count, from, capital, settings, groups, shape, slots) {
    const run = strategy.run;
    const [flags, out, registers, ends, counts, ...given] = views;
    const close = given[4];
    const bars = close.length;
    const width = trials.length / count;
    const used = [];
    for (let g = 0; g < groups.length; g += 1) used[g] = 0;
    for (let trial = 0; trial < count; trial += 1) {
      kept[trial] ??= { state: new Doubles(stateSlots), broker: new Doubles(registers.length), told: new Doubles(${Object.keys(A).length}), days: new Doubles(ends.length), params: null, columns: null };
      const one = kept[trial];
      one.state.fill(0);
      one.broker.set(registers);
      one.told.fill(0);
      one.told[${A.cash}] = one.told[${A.peak}] = one.told[${A.trough}] = capital;
      one.told[${A.countedTo}] = from;
      one.params = trials.slice(trial * width + 1, trial * width + width);
      one.columns = given;
      for (let g = 0; g < groups.length; g += 1) {
        const slot = slots[trial * groups.length + g];
        if (slot === used[g]) {
          slotOf(g, slot, shape.mask + 1, shape.groups[g]).params = one.params;
          used[g] += 1;
        }
        one.columns = [...one.columns, ...columnsOf[g][slot].results];
      }
      const at = trial * ${TRIAL_FIELDS};
      for (let k = 0; k < ${TRIAL_FIELDS}; k += 1) out[at + k] = 0;
    }
    const size = groups.length === 0 ? ${LARGEST_CHUNK} : min(${LARGEST_CHUNK}, shape.mask + 1 - shape.lookBack);
    const isReady = count >= ${LEAST_TRIALS};
    for (let lo = 0; lo < bars; lo += size) {
      if (flags[${SWEEP_FLAG.cancel}] !== 0) return false;
      const hi = lo + size < bars ? lo + size : bars;
      if (isReady) ready(close, lo, hi);
      for (let g = 0; g < groups.length; g += 1) compute(groups[g].series, columnsOf[g], used[g], lo, hi, given, settings, counts);
      runAll(run, trials, count, lo, hi, bars, isReady, settings, rows, counts, close, ends, out);
    }
    for (let trial = 0; trial < count; trial += 1) {
      const { told, days } = kept[trial];
      ended(told, days, bars, from, capital, close, out, trial * ${TRIAL_FIELDS});
    }
    return true;
  };
})()`;
