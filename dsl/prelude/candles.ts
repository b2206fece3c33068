import type { PreludeModule } from './prelude-module.ts';

/**
 * Candlestick patterns, under TA-Lib's names and by its default settings (version 0.4): conditions that hold on the last candle of the pattern. Patterns of two
 * directions are groups, .up and .down; of the others the text says what they speak for where the name does not. A pattern is not known (neither true nor false)
 * before the candles that it is measured by are there: up to ten before its first one.
 *
 * Settings: long and short by the mean body of the ten candles before the one in question; doji and next to no shadow 0.1 of their mean range; a short shadow half
 * of their mean sum of both shadows; near, far and equal 0.2, 0.6 and 0.05 of the mean range of five. Where it takes a trend before the pattern (hammer, stars,
 * ...) nothing is asked: the rule that uses it says so.
 *
 * Sources: Nison, Japanese Candlestick Charting Techniques, 1991; Morris, Candlestick Charting Explained, 1992; Chesler, Active Trader, 2004 (hikkake); TA-Lib.
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
export def cdl_doji() = is_doji()

## Dragonfly doji: a doji with a lower shadow and next to no upper one.
export def cdl_dragonfly_doji() = is_doji() and upper_shadow() < tiny() and lower_shadow() > tiny()

## Gravestone doji: a doji with an upper shadow and next to no lower one.
export def cdl_gravestone_doji() = is_doji() and lower_shadow() < tiny() and upper_shadow() > tiny()

## Long-legged doji: a doji with a shadow longer than its body.
export def cdl_long_legged_doji() = is_doji() and (lower_shadow() > body() or upper_shadow() > body())

## Rickshaw man: a doji in the middle of its range with both shadows longer than its body.
export def cdl_rickshaw_man() =
  is_doji() and lower_shadow() > body() and upper_shadow() > body() and bottom() <= low + (high - low) / 2 + near()
    and top() >= low + (high - low) / 2 - near()

## Takuri: a dragonfly doji whose lower shadow is longer than twice its body.
export def cdl_takuri() = is_doji() and upper_shadow() < tiny() and lower_shadow() > 2 * body()

## Marubozu: a long body with next to no shadows, white (.up) or black (.down).
export def cdl_marubozu() {
  let found = is_long() and upper_shadow() < tiny() and lower_shadow() < tiny()
  return group(up: found and is_white(), down: found and is_black())
}

## Closing marubozu: a long body with next to no shadow at the close.
export def cdl_closing_marubozu() {
  return group(
    up: is_long() and is_white() and upper_shadow() < tiny(),
    down: is_long() and is_black() and lower_shadow() < tiny()
  )
}

## Belt hold: a long body with next to no shadow at the open.
export def cdl_belt_hold() {
  return group(
    up: is_long() and is_white() and lower_shadow() < tiny(),
    down: is_long() and is_black() and upper_shadow() < tiny()
  )
}

## Long line: a long body with short shadows.
export def cdl_long_line() {
  let found = is_long() and upper_shadow() < short_shadow() and lower_shadow() < short_shadow()
  return group(up: found and is_white(), down: found and is_black())
}

## Short line: a short body with short shadows.
export def cdl_short_line() {
  let found = is_short() and upper_shadow() < short_shadow() and lower_shadow() < short_shadow()
  return group(up: found and is_white(), down: found and is_black())
}

## Spinning top: a short body with both shadows longer than it.
export def cdl_spinning_top() {
  let found = is_short() and upper_shadow() > body() and lower_shadow() > body()
  return group(up: found and is_white(), down: found and is_black())
}

## High wave: a short body with both shadows longer than twice of it.
export def cdl_high_wave() {
  let found = is_short() and upper_shadow() > 2 * body() and lower_shadow() > 2 * body()
  return group(up: found and is_white(), down: found and is_black())
}

def is_hammer() = is_short() and lower_shadow() > body() and upper_shadow() < tiny()

## Hammer: a short body with a long lower shadow and next to no upper one, near or below the low before.
export def cdl_hammer() = is_hammer() and bottom() <= (low + near())[1]

## Hanging man: a hammer near or above the high before; it speaks for a fall.
export def cdl_hanging_man() = is_hammer() and bottom() >= (high - near())[1]

def is_inverted() = is_short() and upper_shadow() > body() and lower_shadow() < tiny()

## Inverted hammer: a short body with a long upper shadow and next to no lower one, below the body before.
export def cdl_inverted_hammer() = is_inverted() and gaps_down()

## Shooting star: an inverted hammer above the body before; it speaks for a fall.
export def cdl_shooting_star() = is_inverted() and gaps_up()

## Engulfing: a body around that of the candle before, which had the other colour.
export def cdl_engulfing() {
  return group(
    up: is_white() and is_black()[1] and close > open[1] and open < close[1],
    down: is_black() and is_white()[1] and open > close[1] and close < open[1]
  )
}

def is_inside() = top() < top()[1] and bottom() > bottom()[1]
def is_small() = body() <= mean_body()

## Harami: a small body inside of the long one before, which was black (.up) or white (.down).
export def cdl_harami() {
  let found = is_long()[1] and is_small() and is_inside()
  return group(up: found and is_black()[1], down: found and is_white()[1])
}

## Harami cross: a doji inside of the long body before, which was black (.up) or white (.down).
export def cdl_harami_cross() {
  let found = is_long()[1] and is_doji() and is_inside()
  return group(up: found and is_black()[1], down: found and is_white()[1])
}

## Homing pigeon: a small black body inside of the long black one before.
export def cdl_homing_pigeon() =
  is_long()[1] and is_small() and is_black()[1] and is_black() and open < open[1] and close > close[1]

## Doji star: a doji beyond the long body before, below a black (.up) or above a white one (.down).
export def cdl_doji_star() {
  let found = is_long()[1] and is_doji()
  return group(up: found and is_black()[1] and gaps_down(), down: found and is_white()[1] and gaps_up())
}

## Piercing: a long white body that opens below the low of the long black one before and closes in its upper half.
export def cdl_piercing() =
  is_black()[1] and is_long()[1] and is_white() and is_long() and open < low[1] and close < open[1]
    and close > (close + body() * 0.5)[1]

## Dark cloud cover: a black body that opens above the high of the long white one before and closes in its lower half.
export def cdl_dark_cloud_cover() =
  is_white()[1] and is_long()[1] and is_black() and open > high[1] and close > open[1] and close < (close - body() * 0.5)[1]

def opens_below() = is_black()[1] and is_long()[1] and is_white() and open < low[1]

## In neck: a white body that opens below the low of the long black one before and closes at its close or just above; it speaks for a fall.
export def cdl_in_neck() = opens_below() and close <= (close + equal())[1] and close >= close[1]

## Thrusting: a white body that opens below the low of the long black one before and closes in its lower half; it speaks for a fall.
export def cdl_thrusting() = opens_below() and close > (close + equal())[1] and close <= (close + body() * 0.5)[1]

## Counterattack: two long bodies of different colours with equal closes.
export def cdl_counterattack() {
  let found = is_long()[1] and is_long() and is_between(close, (close - equal())[1], (close + equal())[1])
  return group(up: found and is_black()[1] and is_white(), down: found and is_white()[1] and is_black())
}

## Separating lines: two bodies of different colours with equal opens, the second one a belt hold.
export def cdl_separating_lines() {
  let found = is_between(open, (open - equal())[1], (open + equal())[1]) and is_long()
  return group(
    up: found and is_black()[1] and is_white() and lower_shadow() < tiny(),
    down: found and is_white()[1] and is_black() and upper_shadow() < tiny()
  )
}

## Matching low: two black bodies with equal closes.
export def cdl_matching_low() = is_black()[1] and is_black() and is_between(close, (close - equal())[1], (close + equal())[1])

## Three inside: a harami, and a close beyond the open of its long body.
export def cdl_3inside() {
  let found = is_long()[2] and is_small()[1] and is_inside()[1]
  return group(
    up: found and is_black()[2] and is_white() and close > open[2],
    down: found and is_white()[2] and is_black() and close < open[2]
  )
}

## Three outside: an engulfing, and a close further on.
export def cdl_3outside() {
  return group(
    up: is_white()[1] and is_black()[2] and close[1] > open[2] and open[1] < close[2] and close > close[1],
    down: is_black()[1] and is_white()[2] and open[1] > close[2] and close[1] < open[2] and close < close[1]
  )
}

## Three-line strike: three bodies of one colour, each opening in or near the one before, and one of the other colour back behind the first; it goes on as the three did.
export def cdl_3line_strike() {
  let stairs = opens_near_body()[1] and opens_near_body()[2]
  return group(
    up: stairs and is_white()[3] and is_white()[2] and is_white()[1] and is_black() and close[1] > close[2] and close[2] > close[3]
      and open > close[1] and close < open[3],
    down: stairs and is_black()[3] and is_black()[2] and is_black()[1] and is_white() and close[1] < close[2] and close[2] < close[3]
      and open < close[1] and close > open[3]
  )
}

def opens_near_body() = is_between(open, (bottom() - near())[1], (top() + near())[1])

def climbs() = open > open[1] and open <= (close + near())[1]
def three_white() = is_white()[2] and is_white()[1] and is_white() and close > close[1] and close[1] > close[2]

## Three white soldiers: three rising white bodies with next to no upper shadows, opening in or near the one before, none much shorter.
export def cdl_3white_soldiers() =
  three_white() and (upper_shadow() < tiny())[2] and (upper_shadow() < tiny())[1] and upper_shadow() < tiny() and climbs()[1] and climbs()
    and is_not_much_shorter()[1] and is_not_much_shorter() and body() > mean_body()

def is_not_much_shorter() = body() > (body() - far())[1]

## Three black crows: after a white candle three falling black bodies with next to no lower shadows, each opening in the one before.
export def cdl_3black_crows() =
  is_white()[3] and is_black()[2] and is_black()[1] and is_black() and (lower_shadow() < tiny())[2] and (lower_shadow() < tiny())[1]
    and lower_shadow() < tiny() and open[1] < open[2] and open[1] > close[2] and open < open[1] and open > close[1] and high[3] > close[2]
    and close[2] > close[1] and close[1] > close

## Identical three crows: three falling black bodies with next to no lower shadows, each opening at the close before.
export def cdl_identical_3crows() =
  is_black()[2] and is_black()[1] and is_black() and (lower_shadow() < tiny())[2] and (lower_shadow() < tiny())[1] and lower_shadow() < tiny()
    and close[2] > close[1] and close[1] > close and opens_at_close()[1] and opens_at_close()

def opens_at_close() = is_between(open, (close - equal())[1], (close + equal())[1])

## Advance block: three rising white bodies that tire: they get shorter, or their upper shadows longer; it speaks for a fall.
export def cdl_advance_block() =
  three_white() and climbs()[1] and climbs() and is_long()[2] and (upper_shadow() < short_shadow())[2]
    and ((body() < (body() - far())[1])[1] and body() < (body() + near())[1]
      or body() < (body() - far())[1]
      or body() < body()[1] and body()[1] < body()[2] and (upper_shadow() > short_shadow() or (upper_shadow() > short_shadow())[1])
      or body() < body()[1] and upper_shadow() > body())

## Stalled pattern: two long rising white bodies, the second without upper shadow, and a short one that opens at its end; it speaks for a fall.
export def cdl_stalled() =
  three_white() and is_long()[2] and is_long()[1] and (upper_shadow() < tiny())[1] and climbs()[1] and is_short()
    and open >= (close - near())[1] - body()

## Morning star: a long black body, a small one below it, and a white one that closes more than penetration of the first body above its close.
export def cdl_morning_star(penetration: number = 0.3) =
  is_long()[2] and is_black()[2] and is_small()[1] and gaps_down()[1] and body() > mean_body() and is_white()
    and close > (close + body() * penetration)[2]

## Evening star: a long white body, a small one above it, and a black one that closes more than penetration of the first body below its close.
export def cdl_evening_star(penetration: number = 0.3) =
  is_long()[2] and is_white()[2] and is_small()[1] and gaps_up()[1] and body() > mean_body() and is_black()
    and close < (close - body() * penetration)[2]

## Morning doji star: a morning star whose middle is a doji.
export def cdl_morning_doji_star(penetration: number = 0.3) =
  is_long()[2] and is_black()[2] and is_doji()[1] and gaps_down()[1] and body() > mean_body() and is_white()
    and close > (close + body() * penetration)[2]

## Evening doji star: an evening star whose middle is a doji.
export def cdl_evening_doji_star(penetration: number = 0.3) =
  is_long()[2] and is_white()[2] and is_doji()[1] and gaps_up()[1] and body() > mean_body() and is_black()
    and close < (close - body() * penetration)[2]

## Tristar: three dojis, the middle one below (.up) or above the first (.down), the last one back.
export def cdl_tristar() {
  let limit = (0.1 * mean_range(10))[2]
  let found = body()[2] <= limit and body()[1] <= limit and body() <= limit
  return group(
    up: found and gaps_down()[1] and bottom() > bottom()[1],
    down: found and gaps_up()[1] and top() < top()[1]
  )
}

## Unique three river: a long black body, a black one with a lower low that closes above it, and a short white one that opens above that low.
export def cdl_unique_3river() =
  is_long()[2] and is_black()[2] and is_black()[1] and close[1] > close[2] and open[1] <= open[2] and low[1] < low[2] and is_short()
    and is_white() and open > low[1]

## Stick sandwich: two black bodies with equal closes around a white one above them.
export def cdl_stick_sandwich() =
  is_black()[2] and is_white()[1] and is_black() and low[1] > close[2] and is_between(close, (close - equal())[2], (close + equal())[2])

## Side-by-side white lines: two white bodies of one size and open beyond a gap, above (.up) or below (.down) the candle before.
export def cdl_gap_side_side_white() {
  let alike = is_white()[1] and is_white() and is_between(body(), (body() - near())[1], (body() + near())[1])
    and is_between(open, (open - equal())[1], (open + equal())[1])
  return group(
    up: alike and gaps_up()[1] and bottom() > top()[2],
    down: alike and gaps_down()[1] and top() < bottom()[2]
  )
}

## Tasuki gap: a gap, and a body of the other colour and of one size that goes into it without closing it.
export def cdl_tasuki_gap() {
  let alike = abs(body()[1] - body()) < near()[1]
  return group(
    up: alike and gaps_up()[1] and is_white()[1] and is_black() and open < close[1] and open > open[1] and close < open[1]
      and close > top()[2],
    down: alike and gaps_down()[1] and is_black()[1] and is_white() and open < open[1] and open > close[1] and close > open[1]
      and close < bottom()[2]
  )
}

## Gap three methods: two bodies of one colour with a gap, and one of the other colour from inside the second to inside the first.
export def cdl_gap_3methods() {
  let closed = open < top()[1] and open > bottom()[1] and close < top()[2] and close > bottom()[2]
  return group(
    up: closed and is_white()[2] and is_white()[1] and is_black() and gaps_up()[1],
    down: closed and is_black()[2] and is_black()[1] and is_white() and gaps_down()[1]
  )
}

## Rising (.up) and falling (.down) three methods: a long body, three short ones of the other colour against it within its range, and a long one beyond its close.
export def cdl_3methods() {
  let found = is_long()[4] and is_short()[3] and is_short()[2] and is_short()[1] and is_long() and is_held(3) and is_held(2) and is_held(1)
  return group(
    up: found and is_white()[4] and is_black()[3] and is_black()[2] and is_black()[1] and is_white() and close[2] < close[3]
      and close[1] < close[2] and open > close[1] and close > close[4],
    down: found and is_black()[4] and is_white()[3] and is_white()[2] and is_white()[1] and is_black() and close[2] > close[3]
      and close[1] > close[2] and open < close[1] and close < close[4]
  )
}

def is_held(back: length) = bottom()[back] < high[4] and top()[back] > low[4]

## Ladder bottom: three falling black bodies, a fourth one with an upper shadow, and a white one that opens above it and closes above its high.
export def cdl_ladder_bottom() =
  is_black()[4] and is_black()[3] and is_black()[2] and open[4] > open[3] and open[3] > open[2] and close[4] > close[3] and close[3] > close[2]
    and is_black()[1] and (upper_shadow() > tiny())[1] and is_white() and open > open[1] and close > high[1]

## Hikkake: a candle inside of the one before, and one with lower high and low (.up), or higher ones (.down), that deceives. .up_confirmed and .down_confirmed: within three
## bars a close on the other side of the inside candle, the first time and unless another hikkake has come.
export def cdl_hikkake() {
  let up = deceives_down()
  let down = deceives_up()
  let none = not up and not down
  return group(
    up: up,
    down: down,
    up_confirmed: none and (up[1] and close > high[2] or none[1] and up[2] and is_first_above(3, 1) or none[1] and none[2] and up[3] and is_first_above(4, 2)),
    down_confirmed: none and (down[1] and close < low[2] or none[1] and down[2] and is_first_below(3, 1)
      or none[1] and none[2] and down[3] and is_first_below(4, 2))
  )
}

def is_inside_bar() = high < high[1] and low > low[1]
def deceives_down() = is_inside_bar()[1] and high < high[1] and low < low[1]
def deceives_up() = is_inside_bar()[1] and high > high[1] and low > low[1]
def is_first_above(back: length, bars: length) = close > high[back] and window_highest(close, bars)[1] <= high[back]
def is_first_below(back: length, bars: length) = close < low[back] and window_lowest(close, bars)[1] >= low[back]

## Modified hikkake: a hikkake after one more inside candle, which closes near its low (.up) or its high (.down).
export def cdl_hikkake_mod() {
  return group(
    up: deceives_down() and is_inside_bar()[2] and (close <= low + near())[2],
    down: deceives_up() and is_inside_bar()[2] and (close >= high - near())[2]
  )
}
`,
  ranges: {},
};
