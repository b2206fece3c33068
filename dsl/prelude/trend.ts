import type { PreludeModule } from './prelude-module.ts';

/** Trend: lines and levels that follow a move. */
export const TREND: PreludeModule = {
  source: `
strat 1
module "trend"

## Follows the price at factor average true ranges from hl2, without ever moving back: .line, and .up while it lies below the price. It starts above
## it, and turns when the close crosses it.
## Seed: above the price, at hl2 + factor times the first average true range.
## Unit: .line: price; .up: condition.
## na: only before the first value.
## Source: Seban; as TradingView (ta.supertrend).
export def supertrend(factor: number = 3, length: length = 10) {
  let range = factor * atr(length)
  let lower = if hl2 - range > lower[1] or close[1] < lower[1] then hl2 - range else lower[1] start hl2 - range
  let upper = if hl2 + range < upper[1] or close[1] > upper[1] then hl2 + range else upper[1] start hl2 + range
  let up = if up[1] then close >= lower else close > upper start if range is na then na else false
  return group(line: if up then lower else upper, up: up)
}

## Wilder's parabolic stop and reverse: the level that holds for this bar. The factor starts with step and grows by it with each new extreme, up to
## max.
## Seed: the low of the first bar, or its high when the second bar fell further than it rose, as TA-Lib; Skender starts as rising.
## Unit: price.
## na: only before the first value.
## Source: Wilder, New Concepts in Technical Trading Systems, 1978.
export def psar(step: number = 0.02, max: number = 0.2) = parabolic(high, low, step, max)

## Middle of the highest high and the lowest low of 9 bars (.tenkan) and 26 bars (.kijun); the mean of both (.span_a) and the middle of 52 bars
## (.span_b) as drawn under this bar, which is those of kijun bars ago.
## Unit: price.
## na: only before the first value.
## Source: Hosoda, 1968; the spans as Skender (TradingView shifts one bar less).
export def ichimoku(tenkan: length = 9, kijun: length = 26, senkou: length = 52) {
  let fast = middle(tenkan)
  let slow = middle(kijun)
  return group(tenkan: fast, kijun: slow, span_a: ((fast + slow) / 2)[kijun], span_b: middle(senkou)[kijun])
}

def middle(length: length) = (window_highest(high, length) + window_lowest(low, length)) / 2

## The highest high (.upper) and lowest low (.lower) of the last bars, this one included, and the middle between them (.mid).
## Unit: price.
## na: only before the first value.
## Source: Donchian; as R TTR and TradingView (Skender leaves this bar out: donchian(n).upper[1]).
export def donchian(length: length = 20) {
  return group(upper: window_highest(high, length), mid: middle(length), lower: window_lowest(low, length))
}

## Vortex: how far highs rose above the lows (.plus) and lows fell below the highs (.minus) of the bar before, over the sum of true ranges of the
## window; 0 when nothing moved.
## Unit: number, 0 or more.
## na: only before the first value.
## Source: Botes and Siepman, Stocks & Commodities 28:1, 2010.
export def vortex(length: length = 14) {
  let range = if close[1] is na then na else tr()
  let path = window_sum(range, length)
  let moved = any_of(range > 0, length)
  return group(
    plus: vortex_share(window_sum(abs(high - low[1]), length), path, moved),
    minus: vortex_share(window_sum(abs(low - high[1]), length), path, moved)
  )
}

def vortex_share(way, path, moved: condition): number = if path is na then na else if moved and path > 0 then max(way / path, 0) else 0

## Chande and Kroll's stops: the highest of length bars of (highest high - factor average true ranges) as the stop of a short position (.stop_short),
## the lowest of (lowest low + factor average true ranges) as that of a long one (.stop_long); ranges and extremes over atr_length bars.
## Seed: as atr.
## Unit: price.
## na: only before the first value.
## Source: Chande and Kroll, The New Technical Trader, 1994; as TradingView.
export def chande_kroll(atr_length: length = 10, factor: number = 1, length: length = 9) {
  let range = factor * atr(atr_length)
  return group(
    stop_long: window_lowest(window_lowest(low, atr_length) + range, length),
    stop_short: window_highest(window_highest(high, atr_length) - range, length)
  )
}

## Chandelier exit: the highest high less factor average true ranges (.stop_long), the lowest low and as much (.stop_short).
## Seed: as atr.
## Unit: price.
## na: only before the first value.
## Source: LeBeau.
export def chandelier(length: length = 22, factor: number = 3) {
  let range = factor * atr(length)
  return group(stop_long: window_highest(high, length) - range, stop_short: window_lowest(low, length) + range)
}

## Williams' alligator: Wilder's averages of hl2 over 13, 8 and 5 bars, those of 8, 5 and 3 bars ago: .jaw, .teeth and .lips.
## Seed: as rma.
## Unit: price.
## na: only before the first value.
## Source: Williams, Trading Chaos, 1995.
export def alligator() {
  return group(jaw: rma(hl2, 13)[8], teeth: rma(hl2, 8)[5], lips: rma(hl2, 5)[3])
}

## Williams' gator: the distances of the alligator's jaw and teeth (.upper) and, below 0, of its teeth and lips (.lower).
## Seed: as rma.
## Unit: price.
## na: only before the first value.
## Source: Williams, Trading Chaos, 1995.
export def gator() {
  return group(upper: abs(alligator().jaw - alligator().teeth), lower: -abs(alligator().teeth - alligator().lips))
}

## Averaged bars: .close is ohlc4, .open the middle of the averaged bar before (of the bar's own open and close at the start), .high and .low reach as
## far as all of them.
## Seed: the middle of the open and close of the first bar.
## Unit: price.
## na: only before the first value.
## Source: Valcu, Stocks & Commodities 22:2, 2004.
export def heikin_ashi() {
  let body = ohlc4
  let begin = (begin[1] + body[1]) / 2 start (open + close) / 2
  return group(open: begin, high: max(high, max(begin, body)), low: min(low, min(begin, body)), close: body)
}

## The value of right bars ago if it is higher than the left ones before and the right ones after it, else na: known when right bars have closed.
## Williams' fractal is pivot_high(high, 2, 2).
## Unit: as source.
## na: while its window holds one, and where there is no turn.
## Source: Williams, Trading Chaos, 1995 (his fractal).
export def pivot_high(source = high, left: length = 2, right: length = 2) {
  let top = source[right]
  return if top > window_highest(source, right) and top > window_highest(source[right + 1], left) then top else na
}

## The value of right bars ago if it is lower than the left ones before and the right ones after it, else na: known when right bars have closed.
## Williams' fractal is pivot_low(low, 2, 2).
## Unit: as source.
## na: while its window holds one, and where there is no turn.
## Source: Williams, Trading Chaos, 1995 (his fractal).
export def pivot_low(source = low, left: length = 2, right: length = 2) {
  let bottom = source[right]
  return if bottom < window_lowest(source, right) and bottom < window_lowest(source[right + 1], left) then bottom else na
}

## Stoller's channel: simple average and width average true ranges around it.
## Seed: as atr.
## Unit: price.
## na: while its window holds one.
## Source: Stoller.
export def starc(source = close, length: length = 5, width: number = 2, atr_length: length = 10) {
  let mid = sma(source, length)
  let spread = width * atr(atr_length)
  return group(upper: mid + spread, mid: mid, lower: mid - spread)
}

## Acceleration bands: the simple average of the highs moved up by 4 * (high - low) / (high + low), that of the closes, and that of the lows moved down by as much.
## Unit: price.
## na: while its window holds one.
## Source: Headley; TA-Lib (ACCBANDS).
export def accbands(length: length = 20) {
  let way: number = 4 * ((high - low) / (high + low))
  return group(upper: sma(high * (1 + way), length), mid: sma(close, length), lower: sma(low * (1 - way), length))
}

## Envelope: simple average and a percent of it around it.
## Unit: as source.
## na: while its window holds one.
## Source: Skender (MaEnvelopes).
export def envelope(source = close, length: length = 20, width: percent = 2.5%) {
  let mid = sma(source, length)
  let share: number = width
  return group(upper: mid * (1 + share), mid: mid, lower: mid * (1 - share))
}
`,
  ranges: {
    'vortex.plus': [0, Infinity],
    'vortex.minus': [0, Infinity],
    'gator.upper': [0, Infinity],
    'gator.lower': [-Infinity, 0],
  },
};
