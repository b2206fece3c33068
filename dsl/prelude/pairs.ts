import type { PreludeModule } from './prelude-module.ts';

/**
 * Two markets against each other: the second is written as `close of ETH/USDT`. corr and beta (statistics.ts) take returns, these take levels unless they say so;
 * give logarithms where shares matter more than amounts.
 *
 * cointegration is the test of Engle and Granger, Econometrica 55:2, 1987, without lags: least squares of a on b with a constant over the window, then
 * Dickey and Fuller's regression of the change of the residuals on the residuals before, without constant and without further lags. The residuals of all bars of the
 * window are those of its own line, so the regression is put together from covariances of a, b and their pasts. Critical values for two series: MacKinnon, Queen's
 * Economics Department Working Paper 1227, 2010.
 */
export const PAIRS: PreludeModule = {
  source: `
strat 1
module "pairs"

## a / b: the relative strength line of two markets; na where b is 0.
## Unit: number.
## na: where the source is, where b is or is 0.
## Source: StockCharts (price relative); Skender.
export def pair_ratio(a, b): number {
  let base: number = b
  let value: number = a
  return if base == 0 then na else value / base
}

## How much more a has changed than b over some bars, both as shares: a / a[length] - b / b[length].
## Unit: percent.
## na: where the source is, where b is, and length bars after each.
## Source: Skender (PRS percent).
export def relative_strength(a, b, length: length = 20): percent {
  let own: number = a / a[length]
  let other: number = b / b[length]
  return own - other
}

## a - hedge * b, in units of a: what is left of a when hedge of b is held against it.
## Unit: number.
## na: where the source is, and where b is.
## Source: arithmetic.
export def pair_spread(a, b, hedge: number = 1): number {
  let value: number = a
  let other: number = b
  return value - hedge * other
}

## How much of b to hold against one of a: slope of the line of least squares of a on b over the last bars, of levels; na when b did not move.
## Unit: number.
## na: while its window holds one of a or b, and where b did not move in it.
## Source: Engle and Granger, Econometrica 55:2, 1987.
export def hedge_ratio(a, b, length: length = 100): number = beta(a, b, length)

## The line of least squares of a on b over the last bars (at least 4), .intercept + .hedge * b, and what a is away from it: .residual, and .zscore in standard
## deviations of the residuals of the window (ddof 0; 0 when a lies on the line, which is when all but a billionth of its variance does). .half_life: bars until half of a residual is gone, log(2) / -log(f), f the share that
## is left of it from one bar to the next by least squares without a constant; 0 when f is 0 (to 9 decimals) or less, na when it is 1 or more and nothing draws it back. .df: Dickey and
## Fuller's statistic of that, (f - 1) / its standard error. The lower, the less likely two random walks that have nothing to do with each other: those are below
## -3.04 in 10, below -3.34 in 5, below -3.90 in 1 of 100 long windows (MacKinnon, 2010), when one window is looked at, not the best of many.
## Unit: .residual, .zscore, .hedge, .intercept, .df: number; .half_life: number, 0 or more.
## na: while its window holds one of a or b, and where b did not move in it; .half_life and .df also when a lies on the line, .df when each residual is the same share of the
## one before.
## Source: Engle and Granger, Econometrica 55:2, 1987; MacKinnon, Queen's Economics Department Working Paper 1227, 2010.
export def cointegration(a, b, length: length = 100) {
  let y: number = a
  let x: number = b
  let window = max(two_or_more(length), 4)
  let n = window - 1
  let hedge = beta(y, x, window)
  let middle_y = sma(y, window)
  let middle_x = sma(x, window)
  let residual = y - middle_y - hedge * (x - middle_x)
  let total = window_variance(y, window)
  let left = total - hedge * window_covariance(x, y, window)
  let off = left > 1e-9 * total
  let first = sma(y[1], n) - middle_y - hedge * (sma(x[1], n) - middle_x)
  let second = sma(y, n) - middle_y - hedge * (sma(x, n) - middle_x)
  let before = moment_of_line(y[1], x[1], hedge, n) + first * first
  let now = moment_of_line(y, x, hedge, n) + second * second
  let both = window_covariance(y[1], y, n) - hedge * (window_covariance(y[1], x, n) + window_covariance(x[1], y, n)) +
    hedge * hedge * window_covariance(x[1], x, n) + first * second
  let share = if off and before > 1e-9 * total then both / before else na
  let rest = now / before - share * share
  return group(
    residual: residual,
    zscore: if hedge is na then na else if off then residual / sqrt(left) else 0,
    hedge: hedge,
    intercept: middle_y - hedge * middle_x,
    half_life: if share >= 1 - 1e-9 then na else if share <= 1e-9 then 0 else log(2) / -log(share),
    df: if rest > 1e-9 * (now / before) then (share - 1) / sqrt(rest / (n - 1)) else na
  )
}

# Mean square of y - hedge * x around its mean.
def moment_of_line(y: number, x: number, hedge: number, length: length) =
  window_variance(y, length) - 2 * hedge * window_covariance(x, y, length) + hedge * hedge * window_variance(x, length)
`,
  ranges: { 'cointegration.half_life': [0, Infinity] },
};
