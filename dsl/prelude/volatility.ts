/** Volatility and extremes. atr: Wilder 1978; bbands: Bollinger, with the deviation of the whole window (ddof 0). */
export const VOLATILITY = `
strat 1
module "volatility"

## True range: the bar's range, or the distance to the last close when that is larger.
export def tr() = if close[1] is na then high - low else max(high - low, max(abs(high - close[1]), abs(low - close[1])))

## Average true range.
export def atr(length: length = 14) = rma(tr(), length)

## Average true range as a percent of the close.
export def natr(length: length = 14): percent = atr(length) / close

## Standard deviation of the last values (divided by length, not length - 1).
export def stdev(source = close, length: length) = window_deviation(source, length)

## Bollinger bands.
export def bbands(source = close, length: length = 20, width: number = 2) {
  let mid = sma(source, length)
  let spread = width * stdev(source, length)
  let upper = mid + spread
  let lower = mid - spread
  return group(upper: upper, mid: mid, lower: lower, width: (upper - lower) / mid, pct: (source - lower) / (upper - lower))
}

## The highest of the last values.
export def highest(source = close, length: length) = window_highest(source, length)

## The lowest of the last values.
export def lowest(source = close, length: length) = window_lowest(source, length)
`;
