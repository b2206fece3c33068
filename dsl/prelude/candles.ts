import { CANDLE_SEQUENCES } from './candle-sequences.ts';
import { RARE_CANDLES } from './rare-candles.ts';
import type { PreludeModule } from './prelude-module.ts';

/**
 * Candlestick patterns, under TA-Lib's names and by its default settings (version 0.4): conditions that hold on the last candle of the pattern. Patterns of two
 * directions are groups, .up and .down; of the others the text says what they speak for where the name does not. A pattern is not known (neither true nor false)
 * before the candles that it is measured by are there: up to ten before its first one.
 *
 * Settings: long and short by the mean body of the ten candles before the one in question; doji and next to no shadow 0.1 of their mean range; a short shadow half
 * of their mean sum of both shadows; near, far and equal 0.2, 0.6 and 0.05 of the mean range of five. Where it takes a trend before the pattern (hammer, stars,
 * ...) nothing is asked: the rule that uses it says so.
 */
export const CANDLES: PreludeModule = {
  source: `
strat 1
module "candles"

# Parts of a candle. A body that neither rose nor fell counts as white.
def body() = abs(close - open)
def is_white() = close >= open
def is_black() = close < open
def top() = max(open, close)
def bottom() = min(open, close)
def upper_shadow() = high - top()
def lower_shadow() = bottom() - low
def gaps_up() = bottom() > top()[1]
def gaps_down() = top() < bottom()[1]

# What is long or short is told by the ten candles before the one in question, what is near by the five before it.
def mean_body() = sma(body(), 10)[1]
def mean_range(length: length) = sma(high - low, length)[1]
def is_long() = body() > mean_body()
def is_short() = body() < mean_body()
def is_doji() = body() <= 0.1 * mean_range(10)
def tiny() = 0.1 * mean_range(10)
def short_shadow() = sma(upper_shadow() + lower_shadow(), 10)[1] / 2
def near() = 0.2 * mean_range(5)
def far() = 0.6 * mean_range(5)
def equal() = 0.05 * mean_range(5)
def is_between(x, low, high) = x >= low and x <= high

## Doji: a body of at most 0.1 of the mean range.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLDOJI).
export def cdl_doji() = is_doji()

## Dragonfly doji: a doji with a lower shadow and next to no upper one.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLDRAGONFLYDOJI).
export def cdl_dragonfly_doji() = is_doji() and upper_shadow() < tiny() and lower_shadow() > tiny()

## Gravestone doji: a doji with an upper shadow and next to no lower one.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLGRAVESTONEDOJI).
export def cdl_gravestone_doji() = is_doji() and lower_shadow() < tiny() and upper_shadow() > tiny()

## Long-legged doji: a doji with a shadow longer than its body.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLLONGLEGGEDDOJI).
export def cdl_long_legged_doji() = is_doji() and (lower_shadow() > body() or upper_shadow() > body())

## Rickshaw man: a doji in the middle of its range with both shadows longer than its body.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLRICKSHAWMAN).
export def cdl_rickshaw_man() =
  is_doji() and lower_shadow() > body() and upper_shadow() > body() and bottom() <= low + (high - low) / 2 + near()
    and top() >= low + (high - low) / 2 - near()

## Takuri: a dragonfly doji whose lower shadow is longer than twice its body.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLTAKURI).
export def cdl_takuri() = is_doji() and upper_shadow() < tiny() and lower_shadow() > 2 * body()

## Marubozu: a long body with next to no shadows, white (.up) or black (.down).
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLMARUBOZU).
export def cdl_marubozu() {
  let found = is_long() and upper_shadow() < tiny() and lower_shadow() < tiny()
  return group(up: found and is_white(), down: found and is_black())
}

## Closing marubozu: a long body with next to no shadow at the close.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLCLOSINGMARUBOZU).
export def cdl_closing_marubozu() {
  return group(
    up: is_long() and is_white() and upper_shadow() < tiny(),
    down: is_long() and is_black() and lower_shadow() < tiny()
  )
}

## Belt hold: a long body with next to no shadow at the open.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLBELTHOLD).
export def cdl_belt_hold() {
  return group(
    up: is_long() and is_white() and lower_shadow() < tiny(),
    down: is_long() and is_black() and upper_shadow() < tiny()
  )
}

## Long line: a long body with short shadows.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLLONGLINE).
export def cdl_long_line() {
  let found = is_long() and upper_shadow() < short_shadow() and lower_shadow() < short_shadow()
  return group(up: found and is_white(), down: found and is_black())
}

## Short line: a short body with short shadows.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLSHORTLINE).
export def cdl_short_line() {
  let found = is_short() and upper_shadow() < short_shadow() and lower_shadow() < short_shadow()
  return group(up: found and is_white(), down: found and is_black())
}

## Spinning top: a short body with both shadows longer than it.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLSPINNINGTOP).
export def cdl_spinning_top() {
  let found = is_short() and upper_shadow() > body() and lower_shadow() > body()
  return group(up: found and is_white(), down: found and is_black())
}

## High wave: a short body with both shadows longer than twice of it.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLHIGHWAVE).
export def cdl_high_wave() {
  let found = is_short() and upper_shadow() > 2 * body() and lower_shadow() > 2 * body()
  return group(up: found and is_white(), down: found and is_black())
}

def is_hammer() = is_short() and lower_shadow() > body() and upper_shadow() < tiny()

## Hammer: a short body with a long lower shadow and next to no upper one, near or below the low before.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLHAMMER).
export def cdl_hammer() = is_hammer() and bottom() <= (low + near())[1]

## Hanging man: a hammer near or above the high before; it speaks for a fall.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLHANGINGMAN).
export def cdl_hanging_man() = is_hammer() and bottom() >= (high - near())[1]

def is_inverted() = is_short() and upper_shadow() > body() and lower_shadow() < tiny()

## Inverted hammer: a short body with a long upper shadow and next to no lower one, below the body before.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLINVERTEDHAMMER).
export def cdl_inverted_hammer() = is_inverted() and gaps_down()

## Shooting star: an inverted hammer above the body before; it speaks for a fall.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLSHOOTINGSTAR).
export def cdl_shooting_star() = is_inverted() and gaps_up()

## Engulfing: a body around that of the candle before, which had the other colour.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLENGULFING).
export def cdl_engulfing() {
  return group(
    up: is_white() and is_black()[1] and close > open[1] and open < close[1],
    down: is_black() and is_white()[1] and open > close[1] and close < open[1]
  )
}

def is_inside() = top() < top()[1] and bottom() > bottom()[1]
def is_small() = body() <= mean_body()

## Harami: a small body inside of the long one before, which was black (.up) or white (.down).
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLHARAMI).
export def cdl_harami() {
  let found = is_long()[1] and is_small() and is_inside()
  return group(up: found and is_black()[1], down: found and is_white()[1])
}

## Harami cross: a doji inside of the long body before, which was black (.up) or white (.down).
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLHARAMICROSS).
export def cdl_harami_cross() {
  let found = is_long()[1] and is_doji() and is_inside()
  return group(up: found and is_black()[1], down: found and is_white()[1])
}

## Homing pigeon: a small black body inside of the long black one before.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLHOMINGPIGEON).
export def cdl_homing_pigeon() =
  is_long()[1] and is_small() and is_black()[1] and is_black() and open < open[1] and close > close[1]

## Doji star: a doji beyond the long body before, below a black (.up) or above a white one (.down).
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLDOJISTAR).
export def cdl_doji_star() {
  let found = is_long()[1] and is_doji()
  return group(up: found and is_black()[1] and gaps_down(), down: found and is_white()[1] and gaps_up())
}

## Piercing: a long white body that opens below the low of the long black one before and closes in its upper half.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLPIERCING).
export def cdl_piercing() =
  is_black()[1] and is_long()[1] and is_white() and is_long() and open < low[1] and close < open[1]
    and close > (close + body() * 0.5)[1]

## Dark cloud cover: a black body that opens above the high of the long white one before and closes in its lower half.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLDARKCLOUDCOVER).
export def cdl_dark_cloud_cover() =
  is_white()[1] and is_long()[1] and is_black() and open > high[1] and close > open[1] and close < (close - body() * 0.5)[1]

def opens_below() = is_black()[1] and is_long()[1] and is_white() and open < low[1]

## In neck: a white body that opens below the low of the long black one before and closes at its close or just above; it speaks for a fall.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLINNECK).
export def cdl_in_neck() = opens_below() and close <= (close + equal())[1] and close >= close[1]

## Thrusting: a white body that opens below the low of the long black one before and closes in its lower half; it speaks for a fall.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLTHRUSTING).
export def cdl_thrusting() = opens_below() and close > (close + equal())[1] and close <= (close + body() * 0.5)[1]

## Counterattack: two long bodies of different colours with equal closes.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLCOUNTERATTACK).
export def cdl_counterattack() {
  let found = is_long()[1] and is_long() and is_between(close, (close - equal())[1], (close + equal())[1])
  return group(up: found and is_black()[1] and is_white(), down: found and is_white()[1] and is_black())
}

## Separating lines: two bodies of different colours with equal opens, the second one a belt hold.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLSEPARATINGLINES).
export def cdl_separating_lines() {
  let found = is_between(open, (open - equal())[1], (open + equal())[1]) and is_long()
  return group(
    up: found and is_black()[1] and is_white() and lower_shadow() < tiny(),
    down: found and is_white()[1] and is_black() and upper_shadow() < tiny()
  )
}

## Matching low: two black bodies with equal closes.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLMATCHINGLOW).
export def cdl_matching_low() = is_black()[1] and is_black() and is_between(close, (close - equal())[1], (close + equal())[1])
${CANDLE_SEQUENCES}${RARE_CANDLES}`,
  ranges: {},
};
