import type { PreludeModule } from './prelude-module.ts';

/**
 * Moving averages. All windows give their first value when they are full. The recursive averages (ema, rma and what is made of them) start from the mean of
 * the first `length` values, as TA-Lib, TradingView, R TTR and Skender do, and then skip bars where the source is na.
 *
 * Sources: Wilder, New Concepts in Technical Trading Systems, 1978 (rma); Mulloy, Stocks & Commodities 12:1 and 12:2, 1994 (dema, tema);
 * Hull, alanhull.com, 2005 (hma); Kaufman, Trading Systems and Methods (kama, with the constants 2 and 30 of TA-Lib); Legoux and Kouzis-Loukas,
 * 2009 (alma, the peak not rounded to a bar, as TradingView and Skender; R TTR rounds it down).
 */
export const AVERAGES: PreludeModule = {
  source: `
strat 1
module "averages"

## Simple average: the sum of the last values / length.
export def sma(source = close, length: length) = window_sum(source, length) / length

## Exponential average: y + (source - y) * 2 / (length + 1), from the mean of the first values.
export def ema(source = close, length: length) = recursive_mean(source, 2 / (length + 1), length)

## Wilder's average: y + (source - y) / length, from the mean of the first values. Wilder, New Concepts in Technical Trading Systems, 1978.
export def rma(source = close, length: length) = recursive_mean(source, 1 / length, length)

## Weighted average: the newest value weighs length, the one before length - 1, the oldest 1.
export def wma(source = close, length: length) = weighted_sum(source, length) / (length * (length + 1) / 2)

## Hull's average: wma(2 * wma(length / 2) - wma(length), root of length), both lengths rounded down. Hull, 2005.
export def hma(source = close, length: length) =
  wma(2 * wma(source, max(floor(length / 2), 1)) - wma(source, length), floor(sqrt(length)))

## Double exponential average: 2 * ema - ema of ema. Mulloy, Stocks & Commodities 12:1, 1994.
export def dema(source = close, length: length) {
  let once = ema(source, length)
  return 2 * once - ema(once, length)
}

## Triple exponential average: 3 * (ema - ema of ema) + ema of ema of ema. Mulloy, Stocks & Commodities 12:2, 1994.
export def tema(source = close, length: length) {
  let once = ema(source, length)
  let twice = ema(once, length)
  return 3 * (once - twice) + ema(twice, length)
}

## Kaufman's adaptive average: y + (source - y) * s, s the square of 2/31 + e * (2/3 - 2/31), e = |change| / sum of |changes|, 0 when nothing moved.
## It starts from the value before the first full window. Kaufman, Trading Systems and Methods.
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

## Arnaud Legoux's average: weights of a bell curve whose peak is at 85% of the window and whose width is length / 6. Legoux and Kouzis-Loukas, 2009.
export def alma(source = close, length: length) = bell_mean(source, length, 0.85, 6)

## Volume-weighted average: sum of source * volume / sum of volume; na where nothing was traded in the window.
export def vwma(source = close, length: length) {
  let traded = window_sum(volume, length)
  return if any_of(volume > 0, length) and traded > 0 then window_sum(source * volume, length) / traded else na
}

## The value at the last bar, or offset bars before, of the line of least squares through the last values.
export def linreg(source = close, length: length, offset: number = 0) =
  sma(source, length) + line_slope(source, length) * ((length - 1) / 2 - offset)
`,
  ranges: {},
};
