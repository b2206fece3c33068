import type { PreludeModule } from './prelude-module.ts';

/**
 * Price structure: turning points, levels, bricks, gaps. What needs a state of several values is a machine (dsl/graph/machines/). Nothing is drawn back in time: a turning point is known when it is confirmed, and no earlier value changes then.
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

## Turning points of prices that moved by change against the leg before, each known from the bar on which they did and never moved afterwards. .high and .low are the last
## top and bottom, .high_bars and .low_bars how many bars ago they were. .up: the leg under way rises; .extreme is the highest (of a falling leg the lowest) price since the last
## turning point, which becomes the next one if nothing goes beyond it, .extreme_bars how many bars ago that was. Of equal prices the latest counts; a bar that makes a new
## extreme confirms nothing. The first turning point is whichever the prices leave by change first, of the highest and the lowest of all bars so far. zigzag(5%, close, close) takes
## closes only.
## Seed: nothing before the first turning point.
## Unit: .high, .low, .extreme: price; .high_bars, .low_bars, .extreme_bars: number, 0 or more; .up: condition.
## na: until there was one.
## Source: Merrill, Filtered Waves, 1977; Skender's, which looks for the first one from the first bar only.
export def zigzag(change: percent = 5%, top = high, bottom = low) = zigzag_by(top, bottom, 0, change)

## As zigzag, of prices that moved by factor average true ranges of the bar at hand against the leg before.
## Seed: nothing before the first turning point.
## Unit: .high, .low, .extreme: price; .high_bars, .low_bars, .extreme_bars: number, 0 or more; .up: condition.
## na: until there was one.
## Source: Merrill, Filtered Waves, 1977, with Wilder's range in place of a percent.
export def zigzag_atr(factor: number = 3, length: length = 14, top = high, bottom = low) = zigzag_of(top, bottom, factor * atr(length), 0)

## Renko bricks of the size brick: the next one up is complete when the source is brick above the last one, the next one down when it is brick below it. .open and .close of the last one, .up
## whether it rose, .bricks how many this bar completed (below 0 downwards), .run how many there are in a row of one direction, .bars how many bars ago the last one was complete. brick
## may change (renko(brick: atr(14))): that of the bar on which the last brick was complete is in force, so no brick ever moves. The first edge is the source, moved to
## the nearest whole number of bricks from base.
## Seed: the source of the first bar on which the size is known.
## Unit: .open, .close: as source; .up: condition; .bricks: number; .run: number, 1 or more; .bars: number, 0 or more.
## na: of the source does not count; until the first brick.
## Source: Nison, Beyond Candlesticks, 1994; Skender, whose bricks of an ATR are of that of the last bar of all.
export def renko(source = close, brick, base: number = 0) = bricks_of(source, brick, base)

## Range bars: each is complete when the source has moved range from its lowest or highest, and closes there, where the next one opens. .open, .high, .low and .close of
## the last one, .done how many this bar completed (below 0 downwards), .bars how many bars ago the last one was complete. range may change: a bar has that of when it opens.
## Seed: the source of the first bar on which the range is known.
## Unit: .open, .high, .low, .close: as source; .done: number; .bars: number, 0 or more.
## na: of the source does not count; until the first one is complete.
## Source: Nicolellis, 1995; made of the source alone, as what prices did within a bar is not known.
export def range_bar(source = close, range) = range_bars_of(source, range)

## Levels at which turning points (those of swings(left, right)) lie: a point joins the nearest level within width average true ranges, whose price is the mean of its points, or begins one;
## the keep levels with the latest points are kept, those of at least points points are shown. .support is the highest one at or below the close, .resistance the lowest above
## it; of each ..._points, ..._bars since the last point was confirmed, and how it was tested: a test begins when the price comes back to the level, and ends with the first close
## that is the width away from it, where it came from (the level held) or beyond. ..._tests, ..._held, and ..._p, the chance of as many held or more if each test were a fair coin: what it
## is in a random walk whose steps are as likely up as down, whatever its volatility, and at most where prices jump over levels. The smaller, the less likely that nothing is there; 1
## before the first test. It is that of one level, not of the best among many, and a trend makes levels on its side hold more often.
## Seed: nothing before the first turning point.
## Unit: .support, .resistance: price; .support_points, .resistance_points: number, 1 or more; .support_bars, .support_tests, .support_held, .resistance_bars,
## .resistance_tests, .resistance_held: number, 0 or more; .support_p, .resistance_p: number, 0 to 1.
## na: where there is no level on that side.
## Source: ours; the chance is that of the binomial distribution.
export def support_resistance(left: length = 5, right: length = 5, width: number = 0.5, keep: length = 20, points: length = 2) =
  levels_of(pivot_high(high, left, right), pivot_low(low, left, right), high, low, close, width * atr(14), keep, points)
`,
  ranges: {
    'zigzag.high_bars': [0, Infinity],
    'zigzag.low_bars': [0, Infinity],
    'zigzag.extreme_bars': [0, Infinity],
    'zigzag_atr.high_bars': [0, Infinity],
    'zigzag_atr.low_bars': [0, Infinity],
    'zigzag_atr.extreme_bars': [0, Infinity],
    'renko.run': [1, Infinity],
    'renko.bars': [0, Infinity],
    'range_bar.bars': [0, Infinity],
    'support_resistance.support_points': [1, Infinity],
    'support_resistance.support_bars': [0, Infinity],
    'support_resistance.support_tests': [0, Infinity],
    'support_resistance.support_held': [0, Infinity],
    'support_resistance.support_p': [0, 1],
    'support_resistance.resistance_points': [1, Infinity],
    'support_resistance.resistance_bars': [0, Infinity],
    'support_resistance.resistance_tests': [0, Infinity],
    'support_resistance.resistance_held': [0, Infinity],
    'support_resistance.resistance_p': [0, 1],
    'swings.high_bars': [0, Infinity],
    'swings.low_bars': [0, Infinity],
    'price_gaps.up_left': [0, Infinity],
    'price_gaps.down_left': [0, Infinity],
  },
};
