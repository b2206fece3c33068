import type { PreludeModule } from './prelude-module.ts';

/**
 * The line of least squares through the last values, besides slope and linreg: where it begins and leads, and how well it fits. And how two series, or a series
 * and its own past, move together.
 */
export const REGRESSION: PreludeModule = {
  source: `
strat 1
module "regression"

## The value of the line of least squares at the oldest of the last values.
## Unit: as source.
## na: while its window holds one.
## Source: least squares; TA-Lib (LINEARREG_INTERCEPT).
export def linreg_intercept(source = close, length: length) = linreg(source, length, length - 1)

## Angle of the line of least squares in degrees: the arc tangent of its slope. A price a bar is taken as a number, so that it depends on what a unit costs;
## linreg_angle(log(close), 20) does not.
## Unit: number, -90 to 90. Degrees.
## na: while its window holds one.
## Source: TA-Lib (LINEARREG_ANGLE).
export def linreg_angle(source = close, length: length): number {
  let rise: number = line_slope(source, length)
  return atan(rise) * (180 / pi)
}

## Time series forecast: the value of the line of least squares one bar ahead.
## Unit: as source.
## na: while its window holds one.
## Source: least squares; TA-Lib (TSF).
export def tsf(source = close, length: length) = linreg(source, length, -1)

## Forecast oscillator: the source less what the line of least squares of the bar before forecast for it, as a share of the source.
## Unit: percent.
## na: while its window holds one.
## Source: Chande and Kroll, The New Technical Trader, 1994; as Tulip.
export def fosc(source = close, length: length): percent = (source - tsf(source, length)[1]) / source

## How much of the variance of the last values their line of least squares explains, 0 to 1; na when they did not move.
## Unit: number, 0 to 1.
## na: while its window holds one, and where nothing moved in it.
## Source: any textbook of statistics.
export def r_squared(source = close, length: length): number {
  let index: number = bar_index
  let value: number = source
  let fit = corr(index, value, two_or_more(length))
  return fit * fit
}

## Standard error of the line of least squares: root of the squared distances of the last values from it / (length - 2).
## Unit: as source.
## na: while its window holds one.
## Source: any textbook of statistics; R (sigma of lm).
export def linreg_error(source = close, length: length) {
  let window = max(two_or_more(length), 3)
  let value: number = source
  let fit = if moves(value, window) then r_squared(value, window) else 1
  return window_deviation(source, window) * sqrt(max(1 - fit, 0) * window / (window - 2))
}

## Covariance of two series (divided by length, not length - 1).
## Unit: number.
## na: while its window holds one of a or b.
## Source: any textbook of statistics.
export def covariance(a, b, length: length): number = window_covariance(a, b, length)

## Correlation of the last values with those lag bars before, -1 to 1; na when they did not move.
## Unit: number, -1 to 1.
## na: while its window holds one, or that of lag bars before, and where nothing moved in one of them.
## Source: Pearson.
export def autocorrelation(source = close, length: length, lag: length = 1): number {
  let past = source[lag]
  return corr(source, past, length)
}
`,
  ranges: { linreg_angle: [-90, 90], r_squared: [0, 1], linreg_error: [0, Infinity], autocorrelation: [-1, 1] },
};
