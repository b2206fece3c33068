import type { PreludeModule } from './prelude-module.ts';

/**
 * Volatility: how much prices move, and channels that are made of it. In `tr` the range of the bar stands last: it is the largest where prices do not gap, so that the tests
 * before it nearly always fail, which processors foresee.
 */
export const VOLATILITY: PreludeModule = {
  source: `
strat 1
module "volatility"

## True range: the bar's range, or the distance from the last close when that is larger; on the first bar its range.
## Unit: price.
## na: only before the first value.
## Source: Wilder, New Concepts in Technical Trading Systems, 1978; the first bar as TradingView.
export def tr() = if close[1] is na then high - low else max(abs(high - close[1]), max(abs(low - close[1]), high - low))

## Average true range: Wilder's average of tr, the first bar included.
## Seed: the mean of the first length true ranges, the first of which is that of the first bar; TA-Lib and R TTR begin with the second.
## Unit: price.
## na: only before the first value.
## Source: Wilder, New Concepts in Technical Trading Systems, 1978.
export def atr(length: length = 14) = rma(tr(), length)

## Average true range as a percent of the close.
## Seed: as atr.
## Unit: percent, 0 or more.
## na: only before the first value.
## Source: Forman, Stocks & Commodities 24:5, 2006; TA-Lib (NATR).
export def natr(length: length = 14): percent = atr(length) / close

## Standard deviation of the last values (divided by length, not length - 1).
## Unit: as source.
## na: while its window holds one.
## Source: any textbook of statistics (ddof 0, as TA-Lib and TradingView).
export def stdev(source = close, length: length) = window_deviation(source, length)

## Variance of the last values (divided by length, not length - 1).
## Unit: number, 0 or more.
## na: while its window holds one.
## Source: any textbook of statistics (ddof 0, as TA-Lib).
export def variance(source = close, length: length): number = window_variance(source, length)

## Bollinger bands: the average and width standard deviations around it; .width = (upper - lower) / mid, .pct = where the source is between lower (0)
## and upper (1), 0.5 when nothing moved.
## Unit: .upper, .mid, .lower: as source; .width, .pct: ratio.
## na: while its window holds one.
## Source: Bollinger on Bollinger Bands, 2001 (ddof 0).
export def bbands(source = close, length: length = 20, width: number = 2) {
  let mid = sma(source, length)
  let spread = width * window_deviation(source, length)
  let upper = mid + spread
  let lower = mid - spread
  let place = if moves(source, length) and upper > lower then (source - lower) / (upper - lower) else 0.5
  return group(upper: upper, mid: mid, lower: lower, width: (upper - lower) / mid, pct: place)
}

## Keltner channel: exponential average and width average true ranges around it.
## Seed: as ema and atr.
## Unit: price.
## na: where the source is.
## Source: Keltner, 1960, in the form of Raschke.
export def keltner(source = close, length: length = 20, width: number = 2, atr_length: length = 10) {
  let mid = ema(source, length)
  let spread = width * atr(atr_length)
  return group(upper: mid + spread, mid: mid, lower: mid - spread)
}

## Width of the Bollinger bands as a share of their middle: .width of bbands.
## Unit: percent.
## na: while its window holds one.
## Source: Bollinger, 2001; TradingView (ta.bbw), which says it in percent points.
export def bbw(source = close, length: length = 20, width: number = 2): percent = bbands(source, length, width).width

## Width of a Keltner channel as a share of its middle; the channel is width exponential averages of ranges on both sides of the exponential average of the source. Ranges
## are true ones from the second bar on, or high - low where plain is true.
## Seed: the mean of the first length values, and of the first length ranges.
## Unit: percent.
## na: where the source is.
## Source: TradingView (ta.kcw).
export def kcw(source = close, length: length = 20, width: number = 2, plain: condition = false): percent {
  let range = if plain then high - low else if close[1] is na then na else tr()
  return 2 * width * ema(range, length) / ema(source, length)
}

## Choppiness index, 0 (a straight way) to 100: logarithm of the sum of true ranges / range of the true highs and lows of the window, to the base of
## length; 50 when nothing moved.
## Unit: number, 0 to 100.
## na: only before the first value.
## Source: Dreiss; of true highs and lows, which keeps it below 100 (TradingView takes plain ones).
export def chop(length: length = 14): number {
  let path = window_sum(tr(), length)
  let range = window_highest(max(high, close[1]), length) - window_lowest(min(low, close[1]), length)
  return if range == 0 then 50 else clamp(100 * (log(path / range) / log(two_or_more(length))), 0, 100)
}

## Ulcer index: root of the mean square of how far, as a share, the source is below the highest of the last length values, each time over length bars.
## Unit: percent, 0 or more.
## na: while its window holds one.
## Source: Martin, 1987; as TradingView.
export def ulcer(source = close, length: length = 14): percent = mean_root(square(source / window_highest(source, length) - 1), length)

## Standard deviation of the logarithms of the changes from bar to bar (divided by length - 1), a share a bar; times the root of bars in a year it is
## that of a year.
## Unit: percent, 0 or more. A share a bar.
## na: while its window holds one.
## Source: any textbook of finance (ddof 1).
export def historical_volatility(source = close, length: length = 20): percent =
  window_deviation(log(source / source[1]), length) * sqrt(two_or_more(length) / (two_or_more(length) - 1))

## Parkinson's volatility of a bar, from high and low: root of the mean of log(high / low)^2 / (4 log 2).
## Unit: percent, 0 or more.
## na: only before the first value.
## Source: Parkinson, Journal of Business 53:1, 1980.
export def parkinson(length: length = 20): percent = mean_root(square(log(high / low)) / (4 * log(2)), length)

## Garman and Klass' volatility of a bar, from all four prices: root of the mean of log(high / low)^2 / 2 - (2 log 2 - 1) * log(close / open)^2.
## Unit: percent, 0 or more.
## na: only before the first value.
## Source: Garman and Klass, Journal of Business 53:1, 1980.
export def garman_klass(length: length = 20): percent =
  mean_root(square(log(high / low)) / 2 - (2 * log(2) - 1) * square(log(close / open)), length)

## Rogers and Satchell's volatility of a bar, which a trend does not raise: root of the mean of log(high / close) * log(high / open) + log(low / close)
## * log(low / open).
## Unit: percent, 0 or more.
## na: only before the first value.
## Source: Rogers and Satchell, Annals of Applied Probability 1:4, 1991.
export def rogers_satchell(length: length = 20): percent = mean_root(drift_free(), length)

## Yang and Zhang's volatility of a bar, which counts gaps: root of the variance of opens to the close before + k times that of closes to opens (both
## divided by length - 1) + (1 - k) times the square of rogers_satchell, k = 0.34 / (1.34 + (length + 1) / (length - 1)).
## Unit: percent, 0 or more.
## na: only before the first value.
## Source: Yang and Zhang, Journal of Business 73:3, 2000 (alpha 1.34, as R TTR).
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

## Chaikin's volatility: relative change over some bars of the exponential average of high - low; na where that was 0.
## Seed: each average as ema: the mean of its first values.
## Unit: percent, -1 or more.
## na: only before the first value, and where the average that it is compared with is 0.
## Source: Chaikin; as R TTR.
export def chaikin_volatility(length: length = 10, change: length = 10): percent {
  let range = ema(high - low, length)
  return if range[change] > 0 then range / range[change] - 1 else na
}

## Mass index: sum over length bars of ema(high - low, 9) / ema of that; a bar without ranges counts as 1.
## Seed: each average as ema: the mean of its first values.
## Unit: number, 0 or more.
## na: only before the first value.
## Source: Dorsey, Stocks & Commodities 10:6, 1992.
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
