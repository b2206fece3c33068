import type { PreludeModule } from './prelude-module.ts';

/** Statistics of two series, and of one against time: least squares. All moments are divided by length (ddof 0). */
export const STATISTICS: PreludeModule = {
  source: `
strat 1
module "statistics"

## Slope of the line of least squares through the last values, in units of the source a bar.
## Unit: number. Units of the source a bar.
## na: while its window holds one.
## Source: least squares; TA-Lib (LINEARREG_SLOPE).
export def slope(source = close, length: length): number = line_slope(source, length)

def line_slope(source, length: length) {
  let index: number = bar_index
  let window = two_or_more(length)
  return window_covariance(index, source, window) / ((window * window - 1) / 12)
}

## Correlation of two series, -1 to 1; na when one of them did not move. Of two markets: corr(close, close of ETH/USDT, 50), or of their returns.
## Unit: number, -1 to 1.
## na: while its window holds one of a or b, and where one of them did not move in it.
## Source: Pearson.
export def corr(a, b, length: length): number {
  let deviations: number = window_deviation(a, length) * window_deviation(b, length)
  let common: number = window_covariance(a, b, length)
  return if moves(a, length) and moves(b, length) and deviations > 0 then clamp(common / deviations, -1, 1) else na
}

## Slope of y against x: covariance / variance of x; na when x did not move. For the beta of two markets give their returns: beta(roc(1), roc(1) of
## ETH/USDT, 60).
## Unit: number.
## na: while its window holds one of y or x, and where x did not move in it.
## Source: Sharpe, Journal of Finance 19:3, 1964.
export def beta(y, x, length: length): number {
  let spread: number = window_variance(x, length)
  let common: number = window_covariance(x, y, length)
  return if moves(x, length) and spread > 0 then common / spread else na
}
`,
  ranges: { corr: [-1, 1] },
};
