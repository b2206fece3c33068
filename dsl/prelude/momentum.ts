import type { PreludeModule } from './prelude-module.ts';

/**
 * Momentum. A bounded oscillator stands at its middle when nothing moved or nothing was traded in its window, where its formula would be 0 / 0.
 */
export const MOMENTUM: PreludeModule = {
  source: `
strat 1
module "momentum"

## Difference to the value some bars ago.
## Unit: as source.
## na: where the source is, or was length bars ago.
## Source: arithmetic.
export def change(source = close, length: length = 1) = source - source[length]

## Difference to the value some bars ago; another name of change.
## Unit: as source.
## na: where the source is, or was length bars ago.
## Source: TA-Lib (MOM).
export def mom(source = close, length: length = 1) = change(source, length)

## Relative change against the value some bars ago, a percent: source / source[length] - 1.
## Unit: percent.
## na: where the source is, or was length bars ago.
## Source: TA-Lib (ROCP).
export def roc(source = close, length: length = 1): percent = source / source[length] - 1

## Relative strength index, 0 to 100: the share of Wilder's average rise in that of all movement; 50 when nothing moved.
## Seed: the mean of the first length rises and that of the first length falls.
## Unit: number, 0 to 100.
## na: while its window holds one.
## Source: Wilder, New Concepts in Technical Trading Systems, 1978.
export def rsi(source = close, length: length = 14): number {
  let step = change(source, 1)
  let up: number = rma(max(step, 0), length)
  let down: number = rma(max(-step, 0), length)
  return if up + down == 0 then 50 else 100 * (up / (up + down))
}

## Stochastic, 0 to 100: where the close is between the lowest low and the highest high of k bars, averaged over smooth bars (.k), and that over d bars
## (.d); a window without range counts as 50.
## Unit: number, 0 to 100.
## na: only before the first value.
## Source: Lane, 1984; the slow one, TA-Lib (STOCH).
export def stoch(k: length = 14, smooth: length = 3, d: length = 3) {
  let slow = mean_place(place(close, window_lowest(low, k), window_highest(high, k)), smooth)
  return group(k: slow, d: mean_place(slow, d))
}

## Stochastic of the rsi, 0 to 100: where the rsi is between its lowest and highest of length bars, averaged over k bars (.k), and that over d bars
## (.d); an rsi that stands still counts as 50.
## Seed: as rsi.
## Unit: number, 0 to 100.
## na: while its window holds one.
## Source: Chande and Kroll, The New Technical Trader, 1994.
export def stoch_rsi(source = close, length: length = 14, k: length = 3, d: length = 3) {
  let strength = rsi(source, length)
  let bottom = window_lowest(strength, length)
  let top = window_highest(strength, length)
  # While prices stand still, only rounding errors move the rsi.
  let fast = mean_place(if top - bottom < 1e-9 then 50 else place(strength, bottom, top), k)
  return group(k: fast, d: mean_place(fast, d))
}

## Where a value is between two others, in percent of the way; 50 when they are equal.
def place(source, bottom, top): number = if top == bottom then 50 else 100 * ((source - bottom) / (top - bottom))

def mean_place(source, length: length) = clamp(sma(source, length), 0, 100)

## Williams' %R, -100 (the close is the lowest low of the window) to 0 (it is the highest high); -50 without a range.
## Unit: number, -100 to 0.
## na: only before the first value.
## Source: Williams, 1973.
export def williams_r(length: length = 14): number = place(close, window_lowest(low, length), window_highest(high, length)) - 100

## Commodity channel index: distance of the source from its average in 0.015 mean deviations; 0 when nothing moved.
## Unit: number.
## na: while its window holds one.
## Source: Lambert, Commodities, 1980.
export def cci(source = hlc3, length: length = 14): number {
  let still = window_highest(source, length) == window_lowest(source, length)
  return if still then 0 else (source - sma(source, length)) / (0.015 * mean_deviation(source, length))
}

## Money flow index, 0 to 100: the share of source * volume on bars where the source rose in that of all bars where it moved; 50 when no money flowed.
## Unit: number, 0 to 100.
## na: while its window holds one.
## Source: Quong and Soudack, Stocks & Commodities 7:3, 1989; TradingView counts the first bar as one that did not move.
export def mfi(source = hlc3, length: length = 14): number {
  let flow: number = source * volume
  let up = max(window_sum(if source rises then flow else 0 * flow, length), 0)
  let down = max(window_sum(if source falls then flow else 0 * flow, length), 0)
  return if any_of(flow > 0 and source != source[1], length) and up + down > 0 then 100 * (up / (up + down)) else if up is na then na else 50
}

## Chande's momentum oscillator, -100 to 100: the change over the window in percent of the sum of all changes in it; 0 when nothing moved.
## Unit: number, -100 to 100.
## na: while its window holds one.
## Source: Chande and Kroll, The New Technical Trader, 1994; with sums, as TradingView, R TTR and Skender (TA-Lib smooths them).
export def cmo(source = close, length: length = 14): number {
  let path: number = window_sum(abs(source - source[1]), length)
  let way: number = source - source[length]
  return if path <= 0 then 0 else clamp(100 * (way / path), -100, 100)
}

## Difference of two exponential averages (.line), the exponential average of that (.signal) and what is between them (.hist).
## Seed: each average as ema; TA-Lib starts the fast one where the slow one has its first value.
## Unit: as source.
## na: where the source is.
## Source: Appel, 1979.
export def macd(source = close, fast: length = 12, slow: length = 26, signal: length = 9) {
  let line = ema(source, fast) - ema(source, slow)
  let smooth = ema(line, signal)
  return group(line: line, signal: smooth, hist: line - smooth)
}

## Average directional index, 0 to 100: Wilder's average of how one-sided the directional movement is, 100 * |plus - minus| / (plus + minus), 0 when
## nothing moved.
## Seed: the mean of the first length values of dx; TA-Lib sums movements of length - 1 bars first.
## Unit: number, 0 to 100.
## na: only before the first value.
## Source: Wilder, New Concepts in Technical Trading Systems, 1978.
export def adx(length: length = 14): number = rma(dx(length), length)

## Directional movement in percent of the true range, both as Wilder's averages from the second bar on: .plus, .minus (0 to 100; 0 when nothing moved),
## and .adx.
## Seed: as dx, .adx as adx.
## Unit: number, 0 to 100.
## na: only before the first value.
## Source: Wilder, New Concepts in Technical Trading Systems, 1978.
export def dmi(length: length = 14) {
  let range = rma(if close[1] is na then na else tr(), length)
  return group(
    plus: movement_share(rising_movement(length), range),
    minus: movement_share(falling_movement(length), range),
    adx: adx(length)
  )
}

def rising_movement(length: length) {
  let up = high - high[1]
  let down = low[1] - low
  return rma(if up > down and up > 0 then up else 0, length)
}

def falling_movement(length: length) {
  let up = high - high[1]
  let down = low[1] - low
  return rma(if down > up and down > 0 then down else 0, length)
}

def movement_share(movement, range): number = if range == 0 then 0 else min(100 * (movement / range), 100)

## Directional index, 0 to 100: how one-sided the directional movement is, 100 * |plus - minus| / (plus + minus), 0 when nothing moved. adx is its
## average.
## Seed: the means of the first length movements and true ranges, from the second bar on.
## Unit: number, 0 to 100.
## na: only before the first value.
## Source: Wilder, New Concepts in Technical Trading Systems, 1978.
export def dx(length: length = 14): number {
  let plus = rising_movement(length)
  let minus = falling_movement(length)
  return if plus + minus == 0 then 0 else 100 * (abs(plus - minus) / (plus + minus))
}

## Average directional index rating, 0 to 100: the mean of the adx and that of length - 1 bars ago.
## Seed: as adx.
## Unit: number, 0 to 100.
## na: only before the first value.
## Source: Wilder, New Concepts in Technical Trading Systems, 1978.
export def adxr(length: length = 14): number = (adx(length) + adx(length)[length - 1]) / 2

## Directional movement: how far highs rose (.plus) and lows fell (.minus), where that was the larger of both, as Wilder's running sum: length times
## his average.
## Seed: the sum of the first length movements; TA-Lib takes length - 1.
## Unit: price.
## na: only before the first value.
## Source: Wilder, New Concepts in Technical Trading Systems, 1978.
export def dm(length: length = 14) {
  return group(plus: length * rising_movement(length), minus: length * falling_movement(length))
}

## How long ago the highest high (.up) and the lowest low (.down) of the last length + 1 bars were: 100 = now, 0 = length bars ago; of equal ones the
## latest, or the earliest where that is true.
## Unit: number, 0 to 100.
## na: only before the first value.
## Source: Chande, Stocks & Commodities 13:9, 1995; of equal ones the latest as TA-Lib and TradingView, the earliest as Skender.
export def aroon(length: length = 25, earliest: condition = false) {
  let window: length = length + 1
  return group(
    up: 100 * (length - window_highest_age(high, window, earliest)) / length,
    down: 100 * (length - window_lowest_age(low, window, earliest)) / length
  )
}

## Aroon oscillator, -100 to 100: .up less .down of aroon.
## Unit: number, -100 to 100.
## na: only before the first value.
## Source: Chande, Stocks & Commodities 13:9, 1995.
export def aroon_osc(length: length = 25, earliest: condition = false): number = aroon(length, earliest).up - aroon(length, earliest).down
`,
  ranges: {
    rsi: [0, 100],
    'stoch.k': [0, 100],
    'stoch.d': [0, 100],
    'stoch_rsi.k': [0, 100],
    'stoch_rsi.d': [0, 100],
    williams_r: [-100, 0],
    mfi: [0, 100],
    cmo: [-100, 100],
    adx: [0, 100],
    dx: [0, 100],
    adxr: [0, 100],
    'dm.plus': [0, Infinity],
    'dm.minus': [0, Infinity],
    aroon_osc: [-100, 100],
    'dmi.plus': [0, 100],
    'dmi.minus': [0, 100],
    'dmi.adx': [0, 100],
    'aroon.up': [0, 100],
    'aroon.down': [0, 100],
  },
};
