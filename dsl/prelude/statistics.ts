import type { PreludeModule } from './prelude-module.ts';

/**
 * Statistics of the last values of one series, of two, and of one against time: least squares. All moments are divided by length (ddof 0), as TA-Lib and Skender do;
 * where pandas and Excel correct for a sample, an argument asks for it.
 */
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

## Skewness of the last values: mean of the third powers of their distances from the mean / deviation^3; above 0 when the far ones are high. unbiased: as of a
## sample, times root of (length * (length - 1)) / (length - 2), which pandas and Excel give.
## Unit: number.
## na: while its window holds one, and where nothing moved in it.
## Source: Joanes and Gill, The Statistician 47, 1998 (g1, and G1 unbiased).
export def skew(source = close, length: length, unbiased: condition = false): number {
  let plain = window_skewness(source, length)
  return if unbiased then plain * sqrt(length * (length - 1)) / max(length - 2, 1) else plain
}

## Excess kurtosis of the last values: mean of the fourth powers of their distances from the mean / deviation^4 - 3; 0 is that of the normal distribution, above it
## the tails are heavy. unbiased: as of a sample, (length - 1) / ((length - 2) * (length - 3)) * ((length + 1) * kurtosis + 6), which pandas and Excel give; of four
## values or more.
## Unit: number.
## na: while its window holds one, and where nothing moved in it.
## Source: Joanes and Gill, The Statistician 47, 1998 (g2, and G2 unbiased).
export def kurtosis(source = close, length: length, unbiased: condition = false): number {
  let plain = window_kurtosis(source, length)
  let sample = if length > 3 then (length - 1) / max((length - 2) * (length - 3), 1) * ((length + 1) * plain + 6) else na
  return if unbiased then sample else plain
}

## Median absolute deviation: the median of the distances of the last values from their median. Times 1.4826, which R does, it is the standard deviation of normal
## values, but does not mind a few wild ones.
## Unit: as source.
## na: while its window holds one.
## Source: Hampel, Journal of the American Statistical Association 69, 1974.
export def mad(source = close, length: length) = median_deviation(source, length)

## The value that the last values hold most often; of several the lowest.
## Unit: as source.
## na: while its window holds one.
## Source: TradingView (ta.mode).
export def mode(source = close, length: length) = window_mode(source, length)

## Entropy of the last values in bits: they are counted in bins of one width from the lowest to the highest (2 to 1000 bins), and it is the sum of -share *
## log2(share) over the bins: from 0 (nothing moved) to log2(bins) (every bin holds as many). Of returns, entropy(roc(1), 50), it tells how hard the next one is to
## guess.
## Unit: number, 0 or more. Bits.
## na: while its window holds one.
## Source: Shannon, Bell System Technical Journal 27, 1948.
export def entropy(source = close, length: length, bins: number = 10): number = window_entropy(source, length, floor(bins))

## Hurst's exponent of the last length logarithmic changes, by rescaled ranges: the slope of log(R/S) against log(size) over the whole window, its halves, quarters, ...
## up to 32 parts of at least 8 changes. Above 0.5 moves go on, below they turn back; but chance gives more than 0.5 here, about 0.6 of 100 changes: hurst_corrected
## does not.
## Unit: number.
## na: while its window holds one, where a size has no range, and below 16 changes.
## Source: Hurst, Transactions of the ASCE 116, 1951; the parts as Skender takes them.
export def hurst(source = close, length: length = 100): number = rescaled_range(log(source / source[1]), length, 0)

## Hurst's exponent as hurst has it, corrected for small windows: what is expected of pure chance is taken from R/S, and root of (pi * size / 2) put in its place, so
## that chance gives 0.5.
## Unit: number.
## na: while its window holds one, where a size has no range, and below 16 changes.
## Source: Anis and Lloyd, Biometrika 63, 1976, exact at every size.
export def hurst_corrected(source = close, length: length = 100): number = rescaled_range(log(source / source[1]), length, 1)

## Rank correlation index: Spearman's correlation of the last values with time; 100 when each is above the one before, 0 when nothing moved. Equal values share the
## mean of their ranks.
## Unit: number, -100 to 100.
## na: while its window holds one.
## Source: Spearman, American Journal of Psychology 15, 1904; TradingView (ta.rci).
export def rci(source = close, length: length): number {
  let window = two_or_more(length)
  return if moves(source, window) then clamp(100 * rank_correlation(source, window), -100, 100) else 0
}

## Standard error of the mean of the last values: standard deviation (ddof 0) / root of length.
## Unit: as source.
## na: while its window holds one.
## Source: Tulip (stderr).
export def standard_error(source = close, length: length) = window_deviation(source, length) / sqrt(length)
`,
  ranges: { corr: [-1, 1], mad: [0, Infinity], entropy: [0, Infinity], rci: [-100, 100], standard_error: [0, Infinity] },
};
