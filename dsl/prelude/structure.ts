import type { PreludeModule } from './prelude-module.ts';

/**
 * Price structure: turning points, gaps. Nothing is drawn back in time: a turning point is known when it is confirmed, and no earlier value changes then.
 *
 * Sources: Williams, Trading Chaos, 1995 (fractal, fcb; of equal highs none is one, as Skender).
 */
export const STRUCTURE: PreludeModule = {
  source: `
strat 1
module "structure"

## Swing highs and lows: bars whose high is above (low is below) those of the left bars before and the right bars after, known when the right bars have closed. .high
## and .low are the last ones, .high_bars and .low_bars how many bars ago they were (right on the bar that confirms them), .last_high and .last_low those before them.
## .up: both are higher than the ones before; .down: both are lower.
## Seed: nothing before the first that is confirmed.
## Unit: .high, .low, .last_high, .last_low: price; .high_bars, .low_bars: number, right or more; .up, .down: condition.
## na: until there were as many.
## Source: Williams, Trading Chaos, 1995, with spans of any length.
export def swings(left: length = 5, right: length = 5) {
  let peak = pivot_high(high, left, right)
  let trough = pivot_low(low, left, right)
  let top = value_when(peak is not na, peak)
  let bottom = value_when(trough is not na, trough)
  let top_before = value_when(peak is not na, top[1])
  let bottom_before = value_when(trough is not na, bottom[1])
  return group(
    high: top,
    low: bottom,
    high_bars: since(peak is not na) + right,
    low_bars: since(trough is not na) + right,
    last_high: top_before,
    last_low: bottom_before,
    up: top > top_before and bottom > bottom_before,
    down: top < top_before and bottom < bottom_before
  )
}

## Williams' fractals: the high (.high) or low (.low) of span bars ago when it is the highest or lowest of span bars before and after it, else na; known when span bars
## have closed. Of equal ones none is one.
## Unit: price.
## na: where no turning point is confirmed.
## Source: Williams, Trading Chaos, 1995; Skender draws them span bars earlier.
export def fractal(span: length = 2) {
  return group(high: pivot_high(high, span, span), low: pivot_low(low, span, span))
}

## Fractal chaos bands: the last fractal above (.upper) and below (.lower), from the bar on that confirms it.
## Seed: nothing before the first fractal.
## Unit: price.
## na: until there was one.
## Source: Skender (FCB).
export def fcb(span: length = 2) {
  let top = pivot_high(high, span, span)
  let bottom = pivot_low(low, span, span)
  return group(upper: value_when(top is not na, top), lower: value_when(bottom is not na, bottom))
}

## Gap between this bar and the one before: how far the low is above its high, or, below 0, how far the high is below its low; 0 when they touch.
## Unit: price.
## na: only before the first value.
## Source: Edwards and Magee, Technical Analysis of Stock Trends, 1948.
export def gap_size() = max(low - high[1], 0 * close) - max(low[1] - high, 0 * close)

## The last gap up and the last gap down: .up_edge and .down_edge are where they began (the high, the low of the bar before), .up_left and .down_left how much of them no bar
## has filled since, .up_open and .down_open whether something is left.
## Seed: nothing before the first gap.
## Unit: .up_edge, .down_edge, .up_left, .down_left: price; .up_open, .down_open: condition.
## na: until there was one.
## Source: Edwards and Magee, Technical Analysis of Stock Trends, 1948.
export def price_gaps() {
  let up = low > high[1]
  let down = high < low[1]
  let bottom = value_when(up, high[1])
  let top = value_when(down, low[1])
  let up_left = max(lowest_since(up, low) - bottom, 0 * close)
  let down_left = max(top - highest_since(down, high), 0 * close)
  return group(
    up_edge: bottom,
    down_edge: top,
    up_left: up_left,
    down_left: down_left,
    up_open: up_left > 0,
    down_open: down_left > 0
  )
}
`,
  ranges: {
    'swings.high_bars': [0, Infinity],
    'swings.low_bars': [0, Infinity],
    'price_gaps.up_left': [0, Infinity],
    'price_gaps.down_left': [0, Infinity],
  },
};
