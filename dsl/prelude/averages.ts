import type { PreludeModule } from './prelude-module.ts';

/**
 * Moving averages. All windows give their first value when they are full. The recursive averages (ema, rma and what is made of them) start from the mean of
 * the first `length` values, as TA-Lib, TradingView, R TTR and Skender do, and then skip bars where the source is na.
 */
export const AVERAGES: PreludeModule = {
  source: `
strat 1
module "averages"

## Simple average: the sum of the last values / length.
## Unit: as source.
## na: while its window holds one.
## Source: arithmetic.
export def sma(source = close, length: length) = window_sum(source, length) / length

## Exponential average: y + (source - y) * 2 / (length + 1), from the mean of the first values.
## Seed: the mean of the first length values.
## Unit: as source.
## na: where the source is.
## Source: Brown, Statistical Forecasting for Inventory Control, 1959; the seed as TA-Lib, TradingView, R TTR and Skender.
export def ema(source = close, length: length) = recursive_mean(source, 2 / (length + 1), length)

## Wilder's average: y + (source - y) / length, from the mean of the first values.
## Seed: the mean of the first length values.
## Unit: as source.
## na: where the source is.
## Source: Wilder, New Concepts in Technical Trading Systems, 1978.
export def rma(source = close, length: length) = recursive_mean(source, 1 / length, length)

## Weighted average: the newest value weighs length, the one before length - 1, the oldest 1.
## Unit: as source.
## na: while its window holds one.
## Source: arithmetic; TA-Lib (WMA), TradingView.
export def wma(source = close, length: length) = weighted_sum(source, length) / (length * (length + 1) / 2)

## Hull's average: wma(2 * wma(length / 2) - wma(length), root of length), both lengths rounded down.
## Unit: as source.
## na: while its window holds one.
## Source: Hull, alanhull.com, 2005.
export def hma(source = close, length: length) =
  wma(2 * wma(source, max(floor(length / 2), 1)) - wma(source, length), floor(sqrt(length)))

## Double exponential average: 2 * ema - ema of ema.
## Seed: each average as ema: the mean of its first values.
## Unit: as source.
## na: where the source is.
## Source: Mulloy, Stocks & Commodities 12:1, 1994.
export def dema(source = close, length: length) {
  let once = ema(source, length)
  return 2 * once - ema(once, length)
}

## Triple exponential average: 3 * (ema - ema of ema) + ema of ema of ema.
## Seed: each average as ema: the mean of its first values.
## Unit: as source.
## na: where the source is.
## Source: Mulloy, Stocks & Commodities 12:2, 1994.
export def tema(source = close, length: length) {
  let once = ema(source, length)
  let twice = ema(once, length)
  return 3 * (once - twice) + ema(twice, length)
}

## Kaufman's adaptive average: y + (source - y) * s, s the square of 2/31 + e * (2/3 - 2/31), e = |change| / sum of |changes|, 0 when nothing moved. It
## starts from the value before the first full window.
## Seed: the value before the first full window.
## Unit: as source.
## na: while its window holds one.
## Source: Kaufman, Trading Systems and Methods; the constants 2 and 30 as TA-Lib (which takes e as 1 when nothing moved).
export def kama(source = close, length: length) {
  let path: number = window_sum(abs(source - source[1]), length)
  let way: number = abs(source - source[length])
  let efficiency = if path <= 0 then 0 else clamp(way / path, 0, 1)
  let speed = 2 / 31 + efficiency * (2 / 3 - 2 / 31)
  let factor = speed * speed
  let line = if factor is na then line[1] else line[1] + factor * (source - line[1])
    start if source[length - 1] is na then na else source
  return if factor is na then na else line
}

## Arnaud Legoux's average: weights of a bell curve whose peak is at offset of the window (0: the oldest value, 1: the newest) and whose width is
## length / sigma.
## Unit: as source.
## na: while its window holds one.
## Source: Legoux and Kouzis-Loukas, 2009; the peak not rounded to a bar, as TradingView and Skender (R TTR rounds it down).
export def alma(source = close, length: length, offset: number = 0.85, sigma: number = 6) = bell_mean(source, length, offset, sigma)

## Volume-weighted average: sum of source * volume / sum of volume; na where nothing was traded in the window.
## Unit: as source.
## na: while its window holds one, and where nothing was traded in it.
## Source: TradingView (ta.vwma), Tulip.
export def vwma(source = close, length: length) {
  let traded = window_sum(volume, length)
  return if any_of(volume > 0, length) and traded > 0 then window_sum(source * volume, length) / traded else na
}

## Triangular average: the simple average of a simple average, so that the middle of the window weighs most.
## Unit: as source.
## na: while its window holds one.
## Source: TA-Lib (TRIMA).
export def trima(source = close, length: length) = sma(sma(source, ceil(length / 2)), floor(length / 2) + 1)

## Simple average over a number of bars that may vary from bar to bar: periods, rounded down and kept between shortest and longest.
## Unit: as source.
## na: while its window holds one, the longest counts; where periods is.
## Source: TA-Lib (MAVP).
export def mavp(source = close, periods, shortest: length = 2, longest: length = 30) =
  if window_sum(source, longest) is na then na else last_mean(source, clamp(periods, shortest, longest), longest)

## Symmetric average of four bars: weights 1, 2, 2, 1 of 6.
## Unit: as source.
## na: while its window holds one.
## Source: TradingView (ta.swma).
export def swma(source = close) = (source[3] + 2 * source[2] + 2 * source[1] + source) / 6

## Exponential average without lag: ema of the source moved on by its change over half the length, source + (source - source[(length - 1) / 2]).
## Seed: as ema.
## Unit: as source.
## na: where the source is, or was where the lag begins.
## Source: Ehlers and Way, 2010; the lag rounded down (R TTR takes the value between two bars).
export def zlema(source = close, length: length) = ema(2 * source - source[floor((length - 1) / 2)], length)

## Tillson's average: six exponential averages of each other, of which the last four are weighed by the volume factor v (0: the third one, 1: most
## overshoot): -v^3 e6 + (3 v^2 + 3 v^3) e5 - (6 v^2 + 3 v + 3 v^3) e4 + (1 + 3 v + v^3 + 3 v^2) e3.
## Seed: each average as ema: the mean of its first values.
## Unit: as source.
## na: where the source is.
## Source: Tillson, Stocks & Commodities 16:1, 1998.
export def t3(source = close, length: length, factor: number = 0.7) {
  let third = ema(ema(ema(source, length), length), length)
  let fourth = ema(third, length)
  let fifth = ema(fourth, length)
  let square = factor * factor
  let cube = square * factor
  return (1 + 3 * factor + 3 * square + cube) * third - (3 * factor + 6 * square + 3 * cube) * fourth
    + (3 * square + 3 * cube) * fifth - cube * ema(fifth, length)
}

## McGinley's dynamic line: y + (source - y) / (factor * length * (source / y)^4), from the first value on; it follows falls faster than rises. It is
## for what stays above 0, and keeps its value on bars where the source is not.
## Seed: the first value above 0.
## Unit: as source.
## na: where the source is, and before it is first above 0.
## Source: McGinley, 1990; TradingView's factor (Skender's is 0.6).
export def mcginley(source = close, length: length, factor: number = 1) {
  let counts = sign(source) > 0
  let line = if counts then line[1] + (source - line[1]) / max(factor * length * pow(source / line[1], 4), 1) else line[1]
    start if counts then source else na
  return if source is na then na else line
}

## Chande's variable average: y + (source - y) * |cmo| / 100 * 2 / (length + 1), with the momentum oscillator of cmo_length bars; from the first bar
## that has one.
## Seed: the source of the first bar that has an oscillator.
## Unit: as source.
## na: while its window holds one.
## Source: Chande, Stocks & Commodities 13:9, 1995.
export def vidya(source = close, length: length, cmo_length: length = 9) {
  let speed = abs(cmo(source, cmo_length)) / 100 * (2 / (length + 1))
  let line = if speed is na then line[1] else line[1] + speed * (source - line[1]) start if speed is na then na else source
  return if speed is na then na else line
}

## Fractal average: y + (source - y) * exp(-4.6 * (d - 1)), the factor between 0.01 and 1, d the dimension of highs and lows: (log of the sum of the
## ranges of both halves of the window - log of its range) / log 2 + 1, 1 when nothing moved. The length is taken as an even one. From the first full
## window on.
## Seed: the source of the first full window.
## Unit: as source.
## na: where the source is.
## Source: Ehlers, Stocks & Commodities 23:10, 2005.
export def frama(source = hl2, length: length = 16) {
  let half: length = max(floor(length / 2), 1)
  let top = window_highest(high, half)
  let bottom = window_lowest(low, half)
  let halves = top - bottom + (top - bottom)[half]
  let whole = max(top, top[half]) - min(bottom, bottom[half])
  let speed = if whole > 0 then exp(-4.6 * (log(halves / whole) / log(2))) else 1
  let factor = clamp(if source is na then na else speed, 0.01, 1)
  let line = if factor is na then line[1] else line[1] + factor * (source - line[1]) start if factor is na then na else source
  return if factor is na then na else line
}

## Elastic volume-weighted average: (y * (sum of volume - volume) + source * volume) / sum of volume, over length bars, from the source of the first
## full window on. It stays where it is when nothing was traded in the window.
## Seed: the source of the first full window.
## Unit: as source.
## na: where the source is.
## Source: Fries, Stocks & Commodities 19:6, 2001; as R TTR.
export def evwma(source = close, length: length) {
  let sum = window_sum(volume, length)
  let share = if any_of(volume > 0, length) and sum > 0 then clamp(volume / sum, 0, 1) else 0
  let line = if source is na then line[1] else line[1] + share * (source - line[1]) start if sum is na then na else source
  return if source is na then na else line
}

## The value at the last bar, or offset bars before, of the line of least squares through the last values.
## Unit: as source.
## na: while its window holds one.
## Source: least squares; TA-Lib (LINEARREG), TradingView.
export def linreg(source = close, length: length, offset: number = 0) =
  sma(source, length) + line_slope(source, length) * ((length - 1) / 2 - offset)
`,
  ranges: {},
};
