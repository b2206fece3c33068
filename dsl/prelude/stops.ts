import type { PreludeModule } from './prelude-module.ts';

/**
 * Levels to leave at, which follow the price by how much it moves. They show where a stop would be; `trail` and `stop` of a strategy place one.
 *
 * Sources: atr_stop: Skender's, from closes; it is supertrend with the close in place of hl2.
 */
export const STOPS: PreludeModule = {
  source: `
strat 1
module "stops"

## Follows the close at factor average true ranges without ever moving back: .line, and .up while it lies below the price. It turns on a close at or beyond it, and
## starts below the price if the first close that it knows did not fall.
## Seed: that of atr.
## Unit: .line: price; .up: condition.
## na: only before the first value.
## Source: Skender (ATR trailing stop); it is supertrend with the close in place of hl2.
export def atr_stop(length: length = 21, factor: number = 3) {
  let range = factor * atr(length)
  let lower = if close - range > lower[1] or close[1] < lower[1] then close - range else lower[1] start close - range
  let upper = if close + range < upper[1] or close[1] > upper[1] then close + range else upper[1] start close + range
  let up = if up[1] then close > lower else close > upper start if range is na then na else close >= close[1]
  return group(line: if up then lower else upper, up: up)
}

## Wilder's volatility stop: .line lies factor average true ranges of the bar before under the highest close of a rise, over the lowest of a fall; a close beyond it turns
## .up, which says whether it lies below the price, and the next bar counts from that close.
## Seed: rising if the close before the first known range was above the first of all, at the highest or lowest close so far.
## Unit: .line: price; .up: condition.
## na: only before the first value.
## Source: Wilder, New Concepts in Technical Trading Systems, 1978; Skender shows nothing before the first turn.
export def vol_stop(length: length = 7, factor: number = 3) = wilder_stop(close, factor * atr(length)[1])

## TradingView's volatility stop: .line follows the highest source of a rise at factor average true ranges, the lowest of a fall, and never moves back; the bar that closes beyond
## it turns .up, which says whether it lies below the price, and has the line of the other side.
## Seed: the source of the first bar on which the range is known, rising.
## Unit: .line: as source; .up: condition.
## na: where the source is.
## Source: TradingView (Volatility Stop), which starts with true ranges where there is no average yet.
export def vstop(source = close, length: length = 20, factor: number = 2) = ratchet_stop(source, factor * atr(length))
`,
  ranges: {},
};
