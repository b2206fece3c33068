/** Patterns of gaps that seldom occur in real markets: part of the module of CANDLES, whose words for the parts of a candle they use. */
export const RARE_CANDLES = `
def jumps_up() = low > high[1]
def jumps_down() = high < low[1]
def is_marubozu() = is_long() and upper_shadow() < tiny() and lower_shadow() < tiny()

## Two crows: a long white body, a black one beyond a gap above it, and a black one that opens in the second and closes in the first; it speaks for a fall.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDL2CROWS).
export def cdl_2crows() =
  is_white()[2] and is_long()[2] and is_black()[1] and gaps_up()[1] and is_black() and open < open[1] and open > close[1] and close > open[2]
    and close < close[2]

## Upside gap two crows: a long white body, a short black one beyond a gap above it, and a black one around it that does not close the gap; it speaks for a fall.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLUPSIDEGAP2CROWS).
export def cdl_upside_gap_2crows() =
  is_white()[2] and is_long()[2] and is_black()[1] and is_small()[1] and gaps_up()[1] and is_black() and open > open[1] and close < close[1]
    and close > close[2]

## Three stars in the south: a long black body with a lower shadow longer than it, a shorter one that opens higher and holds the low, and a small one without
## shadows within its range; it speaks for a rise.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDL3STARSINSOUTH).
export def cdl_3stars_in_south() =
  is_black()[2] and is_black()[1] and is_black() and is_long()[2] and (lower_shadow() > body())[2] and body()[1] < body()[2]
    and open[1] > close[2] and open[1] <= high[2] and low[1] < close[2] and low[1] >= low[2] and (lower_shadow() > tiny())[1] and is_short()
    and lower_shadow() < tiny() and upper_shadow() < tiny() and low > low[1] and high < high[1]

## Concealing baby swallow: two black bodies without shadows, a black one that opens below a gap but reaches back into the second, and a black candle around that one,
## shadows and all; it speaks for a rise.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLCONCEALBABYSWALL).
export def cdl_conceal_baby_swallow() =
  is_black()[3] and is_black()[2] and is_black()[1] and is_black() and (lower_shadow() < tiny() and upper_shadow() < tiny())[3]
    and (lower_shadow() < tiny() and upper_shadow() < tiny())[2] and gaps_down()[1] and (upper_shadow() > tiny())[1] and high[1] > close[2]
    and high > high[1] and low < low[1]

## Abandoned baby: a long body, a doji that no shadow joins to its neighbours, and a body of the other colour that closes more than penetration of the first
## body beyond its close: below a black first one (.up), above a white one (.down).
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLABANDONEDBABY).
export def cdl_abandoned_baby(penetration: number = 0.3) {
  let found = is_long()[2] and is_doji()[1] and body() > mean_body()
  return group(
    up: found and is_black()[2] and is_white() and close > (close + body() * penetration)[2] and jumps_down()[1] and jumps_up(),
    down: found and is_white()[2] and is_black() and close < (close - body() * penetration)[2] and jumps_up()[1] and jumps_down()
  )
}

## Breakaway: a long body, one of the same colour beyond a gap, two more candles the same way, the second of the same colour, and a body of the other colour that
## closes in the gap: after falls (.up) or rises (.down).
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLBREAKAWAY).
export def cdl_breakaway() {
  return group(
    up: is_long()[4] and is_black()[4] and is_black()[3] and is_black()[1] and is_white() and gaps_down()[3] and high[2] < high[3]
      and low[2] < low[3] and high[1] < high[2] and low[1] < low[2] and close > open[3] and close < close[4],
    down: is_long()[4] and is_white()[4] and is_white()[3] and is_white()[1] and is_black() and gaps_up()[3] and high[2] > high[3]
      and low[2] > low[3] and high[1] > high[2] and low[1] > low[2] and close < open[3] and close > close[4]
  )
}

def kicks_up() = is_marubozu()[1] and is_marubozu() and is_black()[1] and is_white() and jumps_up()
def kicks_down() = is_marubozu()[1] and is_marubozu() and is_white()[1] and is_black() and jumps_down()

## Kicking: two long bodies without shadows, of different colours and with a gap between all of them, up (.up) or down (.down).
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLKICKING).
export def cdl_kicking() {
  return group(up: kicks_up(), down: kicks_down())
}

## Kicking by length: a kicking that speaks for the way of its longer body, of equal ones the first: .up where that is white, .down where it is black.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLKICKINGBYLENGTH).
export def cdl_kicking_by_length() {
  let is_longer = body() > body()[1]
  return group(
    up: kicks_up() and is_longer or kicks_down() and not is_longer,
    down: kicks_down() and is_longer or kicks_up() and not is_longer
  )
}

## Mat hold: a long white body, a short black one beyond a gap above it, two more short bodies that sink into the first by less than penetration of it, and a white
## one that opens above the last and closes above all of their highs.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLMATHOLD).
export def cdl_mat_hold(penetration: number = 0.5) {
  let floor_price = (close - body() * penetration)[4]
  return is_white()[4] and is_long()[4] and is_black()[3] and is_short()[3] and gaps_up()[3] and is_short()[2] and is_short()[1]
    and bottom()[2] < close[4] and bottom()[1] < close[4] and bottom()[2] > floor_price and bottom()[1] > floor_price and top()[2] < open[3]
    and top()[1] < top()[2] and is_white() and open > close[1] and close > window_highest(high, 3)[1]
}

## On neck: a white body that opens below the low of the long black one before and closes at that low; it speaks for a fall.
## Unit: condition.
## na: only before the first value.
## Source: TA-Lib (CDLONNECK).
export def cdl_on_neck() = opens_below() and close <= (low + equal())[1] and close >= (low - equal())[1]
`;
