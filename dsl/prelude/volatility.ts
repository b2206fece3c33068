import type { PreludeModule } from './prelude-module.ts';

/**
 * Volatility.
 *
 * Sources: Wilder, New Concepts in Technical Trading Systems, 1978 (tr, atr; the first bar counts with its range, as TradingView; TA-Lib begins with the
 * second); Bollinger on Bollinger Bands, 2001 (bbands, with the deviation of the whole window, ddof 0, as everywhere); Keltner in the form of Raschke
 * (exponential average, average true range of its own length); Dreiss (chop, of true highs and lows, which keeps it below 100; TradingView takes plain ones);
 * Martin, 1987 (ulcer, with the highest close of length bars at each bar, as TradingView; Skender looks back to the window's begin only); Chaikin
 * (chaikin_volatility, as R TTR). Estimators of volatility are those of a bar, not of a year: Parkinson, Journal of Business 53:1; Garman and Klass, 53:1;
 * Rogers and Satchell, Annals of Applied Probability 1:4, 1991; Yang and Zhang, Journal of Business 73:3, 2000 (with alpha 1.34, as R TTR).
 */
export const VOLATILITY: PreludeModule = {
  source: `
strat 1
module "volatility"

## True range: the bar's range, or the distance from the last close when that is larger; on the first bar its range. Wilder, 1978.
export def tr() = if close[1] is na then high - low else max(high - low, max(abs(high - close[1]), abs(low - close[1])))

## Average true range: Wilder's average of tr, the first bar included. Wilder, 1978.
export def atr(length: length = 14) = rma(tr(), length)

## Average true range as a percent of the close.
export def natr(length: length = 14): percent = atr(length) / close

## Standard deviation of the last values (divided by length, not length - 1).
export def stdev(source = close, length: length) = window_deviation(source, length)

## Variance of the last values (divided by length, not length - 1).
export def variance(source = close, length: length): number = window_variance(source, length)

## Bollinger bands: the average and width standard deviations around it; .width = (upper - lower) / mid, .pct = where the source is between lower (0) and
## upper (1), 0.5 when nothing moved. Bollinger, 2001.
export def bbands(source = close, length: length = 20, width: number = 2) {
  let mid = sma(source, length)
  let spread = width * window_deviation(source, length)
  let upper = mid + spread
  let lower = mid - spread
  let place = if moves(source, length) and upper > lower then (source - lower) / (upper - lower) else 0.5
  return group(upper: upper, mid: mid, lower: lower, width: (upper - lower) / mid, pct: place)
}

## Keltner channel: exponential average and width average true ranges around it. Keltner, in the form of Raschke.
export def keltner(source = close, length: length = 20, width: number = 2, atr_length: length = 10) {
  let mid = ema(source, length)
  let spread = width * atr(atr_length)
  return group(upper: mid + spread, mid: mid, lower: mid - spread)
}

## Choppiness index, 0 (a straight way) to 100: logarithm of the sum of true ranges / range of the true highs and lows of the window, to the
## base of length; 50 when nothing moved. Dreiss.
export def chop(length: length = 14): number {
  let path = window_sum(tr(), length)
  let range = window_highest(max(high, close[1]), length) - window_lowest(min(low, close[1]), length)
  return if range == 0 then 50 else clamp(100 * (log(path / range) / log(two_or_more(length))), 0, 100)
}

## Ulcer index: root of the mean square of how far, as a share, the source is below the highest of the last length values, each time over length bars.
## Martin, 1987.
export def ulcer(source = close, length: length = 14): percent = mean_root(square(source / window_highest(source, length) - 1), length)

## Standard deviation of the logarithms of the changes from bar to bar (divided by length - 1), a share a bar; times the root of bars in a year it is that
## of a year.
export def historical_volatility(source = close, length: length = 20): percent =
  window_deviation(log(source / source[1]), length) * sqrt(two_or_more(length) / (two_or_more(length) - 1))

## Parkinson's volatility of a bar, from high and low: root of the mean of log(high / low)^2 / (4 log 2). Parkinson, 1980.
export def parkinson(length: length = 20): percent = mean_root(square(log(high / low)) / (4 * log(2)), length)

## Garman and Klass' volatility of a bar, from all four prices: root of the mean of log(high / low)^2 / 2 - (2 log 2 - 1) * log(close / open)^2. Garman and
## Klass, 1980.
export def garman_klass(length: length = 20): percent =
  mean_root(square(log(high / low)) / 2 - (2 * log(2) - 1) * square(log(close / open)), length)

## Rogers and Satchell's volatility of a bar, which a trend does not raise: root of the mean of log(high / close) * log(high / open) + log(low / close) *
## log(low / open). Rogers and Satchell, 1991.
export def rogers_satchell(length: length = 20): percent = mean_root(drift_free(), length)

## Yang and Zhang's volatility of a bar, which counts gaps: root of the variance of opens to the close before + k times that of closes to opens (both
## divided by
## length - 1) + (1 - k) times the square of rogers_satchell, k = 0.34 / (1.34 + (length + 1) / (length - 1)). Yang and Zhang, 2000.
export def yang_zhang(length: length = 20): percent {
  let window = two_or_more(length)
  let share = 0.34 / (1.34 + (window + 1) / (window - 1))
  let gaps = window_variance(log(open / close[1]), window)
  let bodies = window_variance(log(close / open), window)
  return sqrt(max((gaps + share * bodies) * window / (window - 1) + (1 - share) * window_sum(drift_free(), window) / window, 0))
}

def drift_free(): number = log(high / close) * log(high / open) + log(low / close) * log(low / open)

def square(x): number = x * x

# A sum that is added to and taken from keeps rounding errors, which a root makes large.
def mean_root(x, length: length): number = if any_of(x != 0, length) then sqrt(max(window_sum(x, length) / length, 0)) else 0

## Chaikin's volatility: relative change over some bars of the exponential average of high - low; na where that was 0. Chaikin.
export def chaikin_volatility(length: length = 10, change: length = 10): percent {
  let range = ema(high - low, length)
  return if range[change] > 0 then range / range[change] - 1 else na
}

## Mass index: sum over length bars of ema(high - low, 9) / ema of that; a bar without ranges counts as 1. Dorsey, 1992.
export def mass_index(length: length = 25): number {
  let once = ema(high - low, 9)
  let twice = ema(once, 9)
  return window_sum(if twice == 0 then 1 else once / twice, length)
}
`,
  ranges: {
    ulcer: [0, Infinity],
    historical_volatility: [0, Infinity],
    parkinson: [0, Infinity],
    garman_klass: [0, Infinity],
    rogers_satchell: [0, Infinity],
    yang_zhang: [0, Infinity],
    chaikin_volatility: [-1, Infinity],
    mass_index: [0, Infinity],
    tr: [0, Infinity],
    atr: [0, Infinity],
    natr: [0, Infinity],
    stdev: [0, Infinity],
    variance: [0, Infinity],
    chop: [0, 100],
  },
};
