import type { PreludeModule } from './prelude-module.ts';

/**
 * Levels for a period out of the last one that ended: highs, lows and closes of a day, a week, a month, counted as vwap counts them. na until a period has begun
 * and another one ended; the one that the data begin with counts as far as it is there.
 */
export const PIVOTS: PreludeModule = {
  source: `
strat 1
module "pivots"

## Pivot points: .pp = (high + low + close) / 3 of the last period, and three resistances and supports around it: .r1 = 2 pp - low, .s1 = 2 pp - high,
## .r2 and .s2 = pp plus and minus the range, .r3 = high + 2 (pp - low), .s3 = low - 2 (high - pp).
## Seed: the period that the data begin with, as far as it is there.
## Unit: price.
## na: until a period has ended and another one begun.
## Source: traders of the floor.
export def pivot_points(period = 1d) {
  let top = last_high(period)
  let bottom = last_low(period)
  let mid = (top + bottom + last_close(period)) / 3
  return group(
    pp: mid,
    r1: 2 * mid - bottom,
    r2: mid + (top - bottom),
    r3: top + 2 * (mid - bottom),
    s1: 2 * mid - top,
    s2: mid - (top - bottom),
    s3: bottom - 2 * (top - mid)
  )
}

## Woodie's pivot points: .pp = (high + low of the last period + twice the open of this one) / 4, and levels around it as those of pivot_points.
## Seed: the period that the data begin with, as far as it is there.
## Unit: price.
## na: until a period has ended and another one begun.
## Source: Woodie; as TradingView and Skender.
export def pivot_woodie(period = 1d) {
  let top = last_high(period)
  let bottom = last_low(period)
  let mid = (top + bottom + 2 * value_when(is_new(period), open)) / 4
  return group(
    pp: mid,
    r1: 2 * mid - bottom,
    r2: mid + (top - bottom),
    r3: top + 2 * (mid - bottom),
    s1: 2 * mid - top,
    s2: mid - (top - bottom),
    s3: bottom - 2 * (top - mid)
  )
}

## Camarilla's levels: the close of the last period (.pp) plus and minus 1.1/12, 1.1/6, 1.1/4 and 1.1/2 of its range: .r1 to .r4, .s1 to .s4.
## Seed: the period that the data begin with, as far as it is there.
## Unit: price.
## na: until a period has ended and another one begun.
## Source: Scott, 1989.
export def pivot_camarilla(period = 1d) {
  let last = last_close(period)
  let share = 1.1 * (last_high(period) - last_low(period))
  return group(
    pp: last,
    r1: last + share / 12,
    r2: last + share / 6,
    r3: last + share / 4,
    r4: last + share / 2,
    s1: last - share / 12,
    s2: last - share / 6,
    s3: last - share / 4,
    s4: last - share / 2
  )
}

## Pivot points with Fibonacci's shares: .pp as that of pivot_points, plus and minus 0.382, 0.618 and 1 times the range: .r1 to .r3, .s1 to .s3.
## Seed: the period that the data begin with, as far as it is there.
## Unit: price.
## na: until a period has ended and another one begun.
## Source: traders of the floor.
export def pivot_fibonacci(period = 1d) {
  let range = last_high(period) - last_low(period)
  let mid = (last_high(period) + last_low(period) + last_close(period)) / 3
  return group(
    pp: mid,
    r1: mid + 0.382 * range,
    r2: mid + 0.618 * range,
    r3: mid + range,
    s1: mid - 0.382 * range,
    s2: mid - 0.618 * range,
    s3: mid - range
  )
}

## DeMark's levels: x = high + low + close of the last period and once more its low if it fell, its high if it rose, else its close: .pp = x / 4, .r1 =
## x / 2 - low, .s1 = x / 2 - high.
## Seed: the period that the data begin with, as far as it is there.
## Unit: price.
## na: until a period has ended and another one begun.
## Source: DeMark, The New Science of Technical Analysis, 1994.
export def pivot_demark(period = 1d) {
  let begin = value_when(is_new(period), period_open(period)[1])
  let top = last_high(period)
  let bottom = last_low(period)
  let last = last_close(period)
  let sum = top + bottom + last + (if last < begin then bottom else if last > begin then top else last)
  return group(pp: sum / 4, r1: sum / 2 - bottom, s1: sum / 2 - top)
}

## Pivot points as pivot_points, of the highest high, the lowest low and the last close of the length bars before this one.
## Unit: price.
## na: only before the first value.
## Source: Skender (rolling pivot points).
export def pivot_rolling(length: length = 20) {
  let top = window_highest(high, length)[1]
  let bottom = window_lowest(low, length)[1]
  let mid = (top + bottom + close[1]) / 3
  return group(
    pp: mid,
    r1: 2 * mid - bottom,
    r2: mid + (top - bottom),
    r3: top + 2 * (mid - bottom),
    s1: 2 * mid - top,
    s2: mid - (top - bottom),
    s3: bottom - 2 * (top - mid)
  )
}

def is_new(period) = surely(starts_anew(period))

def period_open(period) {
  let begin = if is_new(period) then open else begin[1] start open
  return begin
}

def last_high(period) {
  let top = if is_new(period) then high else max(top[1], high) start high
  return value_when(is_new(period), top[1])
}

def last_low(period) {
  let bottom = if is_new(period) then low else min(bottom[1], low) start low
  return value_when(is_new(period), bottom[1])
}

def last_close(period) = value_when(is_new(period), close[1])
`,
  ranges: {},
};
