import type { PreludeModule } from './prelude-module.ts';

/**
 * Volatility.
 *
 * Sources: Wilder, New Concepts in Technical Trading Systems, 1978 (tr, atr; the first bar counts with its range, as TradingView; TA-Lib begins with the
 * second); Bollinger on Bollinger Bands, 2001 (bbands, with the deviation of the whole window, ddof 0, as everywhere); Keltner in the form of Raschke
 * (exponential average, average true range of its own length); Dreiss (chop, of true highs and lows, which keeps it below 100; TradingView takes plain ones).
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
`,
  ranges: {
    tr: [0, Infinity],
    atr: [0, Infinity],
    natr: [0, Infinity],
    stdev: [0, Infinity],
    variance: [0, Infinity],
    chop: [0, 100],
  },
};
