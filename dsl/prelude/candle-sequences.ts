/** Patterns of three and more candles: part of the module of CANDLES, whose words for the parts of a candle they use. */
export const CANDLE_SEQUENCES = `
## Three inside: a harami, and a close beyond the open of its long body.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDL3INSIDE).
export def cdl_3inside() {
  let found = is_long()[2] and is_small()[1] and is_inside()[1]
  return group(
    up: found and is_black()[2] and is_white() and close > open[2],
    down: found and is_white()[2] and is_black() and close < open[2]
  )
}

## Three outside: an engulfing, and a close further on.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDL3OUTSIDE).
export def cdl_3outside() {
  return group(
    up: is_white()[1] and is_black()[2] and close[1] > open[2] and open[1] < close[2] and close > close[1],
    down: is_black()[1] and is_white()[2] and open[1] > close[2] and close[1] < open[2] and close < close[1]
  )
}

## Three-line strike: three bodies of one colour, each opening in or near the one before, and one of the other colour back behind the first; it goes on
## as the three did.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDL3LINESTRIKE).
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
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDL3WHITESOLDIERS).
export def cdl_3white_soldiers() =
  three_white() and (upper_shadow() < tiny())[2] and (upper_shadow() < tiny())[1] and upper_shadow() < tiny() and climbs()[1] and climbs()
    and is_not_much_shorter()[1] and is_not_much_shorter() and body() > mean_body()

def is_not_much_shorter() = body() > (body() - far())[1]

## Three black crows: after a white candle three falling black bodies with next to no lower shadows, each opening in the one before.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDL3BLACKCROWS).
export def cdl_3black_crows() =
  is_white()[3] and is_black()[2] and is_black()[1] and is_black() and (lower_shadow() < tiny())[2] and (lower_shadow() < tiny())[1]
    and lower_shadow() < tiny() and open[1] < open[2] and open[1] > close[2] and open < open[1] and open > close[1] and high[3] > close[2]
    and close[2] > close[1] and close[1] > close

## Identical three crows: three falling black bodies with next to no lower shadows, each opening at the close before.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLIDENTICAL3CROWS).
export def cdl_identical_3crows() =
  is_black()[2] and is_black()[1] and is_black() and (lower_shadow() < tiny())[2] and (lower_shadow() < tiny())[1] and lower_shadow() < tiny()
    and close[2] > close[1] and close[1] > close and opens_at_close()[1] and opens_at_close()

def opens_at_close() = is_between(open, (close - equal())[1], (close + equal())[1])

## Advance block: three rising white bodies that tire: they get shorter, or their upper shadows longer; it speaks for a fall.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLADVANCEBLOCK).
export def cdl_advance_block() =
  three_white() and climbs()[1] and climbs() and is_long()[2] and (upper_shadow() < short_shadow())[2]
    and ((body() < (body() - far())[1])[1] and body() < (body() + near())[1]
      or body() < (body() - far())[1]
      or body() < body()[1] and body()[1] < body()[2] and (upper_shadow() > short_shadow() or (upper_shadow() > short_shadow())[1])
      or body() < body()[1] and upper_shadow() > body())

## Stalled pattern: two long rising white bodies, the second without upper shadow, and a short one that opens at its end; it speaks for a fall.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLSTALLEDPATTERN).
export def cdl_stalled() =
  three_white() and is_long()[2] and is_long()[1] and (upper_shadow() < tiny())[1] and climbs()[1] and is_short()
    and open >= (close - near())[1] - body()

## Morning star: a long black body, a small one below it, and a white one that closes more than penetration of the first body above its close.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLMORNINGSTAR).
export def cdl_morning_star(penetration: number = 0.3) =
  is_long()[2] and is_black()[2] and is_small()[1] and gaps_down()[1] and body() > mean_body() and is_white()
    and close > (close + body() * penetration)[2]

## Evening star: a long white body, a small one above it, and a black one that closes more than penetration of the first body below its close.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLEVENINGSTAR).
export def cdl_evening_star(penetration: number = 0.3) =
  is_long()[2] and is_white()[2] and is_small()[1] and gaps_up()[1] and body() > mean_body() and is_black()
    and close < (close - body() * penetration)[2]

## Morning doji star: a morning star whose middle is a doji.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLMORNINGDOJISTAR).
export def cdl_morning_doji_star(penetration: number = 0.3) =
  is_long()[2] and is_black()[2] and is_doji()[1] and gaps_down()[1] and body() > mean_body() and is_white()
    and close > (close + body() * penetration)[2]

## Evening doji star: an evening star whose middle is a doji.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLEVENINGDOJISTAR).
export def cdl_evening_doji_star(penetration: number = 0.3) =
  is_long()[2] and is_white()[2] and is_doji()[1] and gaps_up()[1] and body() > mean_body() and is_black()
    and close < (close - body() * penetration)[2]

## Tristar: three dojis, the middle one below (.up) or above the first (.down), the last one back.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLTRISTAR).
export def cdl_tristar() {
  let limit = (0.1 * mean_range(10))[2]
  let found = body()[2] <= limit and body()[1] <= limit and body() <= limit
  return group(
    up: found and gaps_down()[1] and bottom() > bottom()[1],
    down: found and gaps_up()[1] and top() < top()[1]
  )
}

## Unique three river: a long black body, a black one with a lower low that closes above it, and a short white one that opens above that low.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLUNIQUE3RIVER).
export def cdl_unique_3river() =
  is_long()[2] and is_black()[2] and is_black()[1] and close[1] > close[2] and open[1] <= open[2] and low[1] < low[2] and is_short()
    and is_white() and open > low[1]

## Stick sandwich: two black bodies with equal closes around a white one above them.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLSTICKSANDWICH).
export def cdl_stick_sandwich() =
  is_black()[2] and is_white()[1] and is_black() and low[1] > close[2] and is_between(close, (close - equal())[2], (close + equal())[2])

## Side-by-side white lines: two white bodies of one size and open beyond a gap, above (.up) or below (.down) the candle before.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLGAPSIDESIDEWHITE).
export def cdl_gap_side_side_white() {
  let alike = is_white()[1] and is_white() and is_between(body(), (body() - near())[1], (body() + near())[1])
    and is_between(open, (open - equal())[1], (open + equal())[1])
  return group(
    up: alike and gaps_up()[1] and bottom() > top()[2],
    down: alike and gaps_down()[1] and top() < bottom()[2]
  )
}

## Tasuki gap: a gap, and a body of the other colour and of one size that goes into it without closing it.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLTASUKIGAP).
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
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLXSIDEGAP3METHODS).
export def cdl_gap_3methods() {
  let closed = open < top()[1] and open > bottom()[1] and close < top()[2] and close > bottom()[2]
  return group(
    up: closed and is_white()[2] and is_white()[1] and is_black() and gaps_up()[1],
    down: closed and is_black()[2] and is_black()[1] and is_white() and gaps_down()[1]
  )
}

## Rising (.up) and falling (.down) three methods: a long body, three short ones of the other colour against it within its range, and a long one beyond
## its close.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLRISEFALL3METHODS).
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
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLLADDERBOTTOM).
export def cdl_ladder_bottom() =
  is_black()[4] and is_black()[3] and is_black()[2] and open[4] > open[3] and open[3] > open[2] and close[4] > close[3] and close[3] > close[2]
    and is_black()[1] and (upper_shadow() > tiny())[1] and is_white() and open > open[1] and close > high[1]

## Hikkake: a candle inside of the one before, and one with lower high and low (.up), or higher ones (.down), that deceives. .up_confirmed and
## .down_confirmed: within three bars a close on the other side of the inside candle, the first time and unless another hikkake has come.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLHIKKAKE).
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
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLHIKKAKEMOD).
export def cdl_hikkake_mod() {
  return group(
    up: deceives_down() and is_inside_bar()[2] and (close <= low + near())[2],
    down: deceives_up() and is_inside_bar()[2] and (close >= high - near())[2]
  )
}
`;
