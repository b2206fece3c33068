import type { PreludeModule } from './prelude-module.ts';

/** Volume: what was traded, and at which prices. */
export const VOLUME: PreludeModule = {
  source: `
strat 1
module "volume"

## On-balance volume: the volume of bars that closed higher less that of bars that closed lower, from the first bar's volume on.
## Seed: the volume of the first bar, as TA-Lib and R TTR; Skender and Tulip start at 0.
## Unit: quantity.
## na: only before the first value.
## Source: Granville, 1963.
export def obv() {
  let step = if close rises then volume else if close falls then -volume else 0
  let total = total[1] + nz(step) start volume
  return total
}

## Accumulation and distribution: the sum from the first bar on of volume times where the close is in the bar's range (-1 at the low to 1 at the high;
## 0 without a range).
## Seed: the volume accumulated on the first bar.
## Unit: quantity.
## na: only before the first value.
## Source: Chaikin.
export def adl() {
  let total = total[1] + nz(accumulated()) start accumulated()
  return total
}

## Chaikin's money flow, -1 to 1: the volume accumulated over the window / all of its volume; 0 when nothing was traded.
## Unit: number, -1 to 1.
## na: only before the first value.
## Source: Chaikin.
export def cmf(length: length = 20): number {
  let traded = window_sum(volume, length)
  return if any_of(volume > 0, length) and traded > 0 then clamp(window_sum(accumulated(), length) / traded, -1, 1) else 0
}

def accumulated() = clv() * volume

## Where the close is in the bar's range: -1 at the low to 1 at the high; 0 without a range.
## Unit: number, -1 to 1.
## na: only before the first value.
## Source: Chaikin; R TTR (CLV).
export def clv(): number = if high == low then 0 else clamp(((close - low) - (high - close)) / (high - low), -1, 1)

## Chaikin's oscillator: difference of two exponential averages of adl; TA-Lib calls it ADOSC and starts both with the first value.
## Seed: averages of adl as ema; TA-Lib starts both with the first value.
## Unit: quantity.
## na: only before the first value.
## Source: Chaikin; TA-Lib (ADOSC).
export def chaikin_osc(fast: length = 3, slow: length = 10) = lead_of_total(accumulated(), fast) - lead_of_total(accumulated(), slow)

# ema(total) - total, total the sum of all steps: the total itself, which never forgets where the data begin, falls out.
def lead_of_total(step, length: length) {
  let first = (window_sum(step, length) - weighted_sum(step, length)) / length
  let line = if step is na then line[1] else (1 - 2 / (length + 1)) * (line[1] - step) start first
  return if step is na then na else line
}

## Force index: exponential average of the change of the close times volume.
## Seed: as ema.
## Unit: money.
## na: only before the first value.
## Source: Elder, Trading for a Living, 1993.
export def force(length: length = 13) = ema((close - close[1]) * volume, length)

## Ease of movement: simple average of the change of hl2 * (high - low) * divisor / volume; na while a bar of the window has no volume.
## Unit: number.
## na: where its window holds a bar without volume.
## Source: Arms, 1989; scaled as TradingView.
export def eom(length: length = 14, divisor: number = 10000): number {
  let way: number = (hl2 - hl2[1]) * (high - low)
  let traded: number = volume
  return window_sum(if traded > 0 then divisor * way / traded else na, length) / length
}

## Negative volume index: from 1000 on it takes the relative change of the close of each bar on which less was traded than on the one before.
## Seed: 1000, as Tulip; TradingView starts at 1.
## Unit: number, 0 or more.
## na: only before the first value.
## Source: Fosback, Stock Market Logic, 1976.
export def nvi(): number {
  let line = if volume < volume[1] then line[1] * (close / close[1]) else line[1] start if volume is na then na else 1000
  return line
}

## Positive volume index: from 1000 on it takes the relative change of the close of each bar on which more was traded than on the one before.
## Seed: 1000, as Tulip; TradingView starts at 1.
## Unit: number, 0 or more.
## na: only before the first value.
## Source: Fosback, Stock Market Logic, 1976.
export def pvi(): number {
  let line = if volume > volume[1] then line[1] * (close / close[1]) else line[1] start if volume is na then na else 1000
  return line
}

## Price volume trend: the sum from the first bar on of volume times the relative change of the close.
## Seed: 0.
## Unit: quantity.
## na: only before the first value.
## Source: TradingView (ta.pvt).
export def pvt() {
  let total = total[1] + nz((close / close[1] - 1) * volume) start 0 * volume
  return total
}

## Klinger's volume oscillator: difference of two exponential averages of volume * 2 * |range / accumulated range - 1| * 100, below 0 while hlc3 falls
## (.line), and the exponential average of that (.signal). The accumulated range adds up from the bar before a turn of hlc3 on; where it is 0 the
## volume does not count.
## Seed: averages as ema; the accumulated range the ranges of the first two bars.
## Unit: quantity.
## na: only before the first value.
## Source: Klinger, Stocks & Commodities 15:12, 1997; the accumulated range as Skender (Tulip writes |2 * range / sum - 1|, TradingView counts volume
## by the sign of the change only).
export def klinger(fast: length = 34, slow: length = 55, signal: length = 13) {
  let up = if hlc3[1] is na then na else hlc3 rises
  let way = if up then 1 else -1
  let range = high - low
  let sum = if up[1] is na then range[1] + range else if (up and up[1]) or (not up and not up[1]) then sum[1] + range else range[1] + range
    start if up is na then na else range[1] + range
  let flow = if up[1] is na then na else if sum > 0 then volume * (200 * abs(range / sum - 1) * way) else 0 * volume
  let line = ema(flow, fast) - ema(flow, slow)
  return group(line: line, signal: ema(line, signal))
}

## Williams' accumulation and distribution: the sum from the second bar on of how far the close is above the true low when it rose, below the true high
## when it fell.
## Seed: 0.
## Unit: price.
## na: only before the first value.
## Source: Williams, 1972.
export def wad() {
  let step = if close rises then close - min(low, close[1]) else if close falls then close - max(high, close[1]) else 0 * close
  let total = total[1] + nz(step) start 0 * close
  return total
}

## Williams' variable accumulation and distribution: sum over the window of volume * (close - open) / (high - low); a bar without a range counts as 0.
## Unit: quantity.
## na: only before the first value.
## Source: Williams, 1972.
export def wvad(length: length = 24) = window_sum(bop() * volume, length)

## Market facilitation index of Williams: (high - low) / volume; na when nothing was traded.
## Unit: number, 0 or more.
## na: where nothing was traded.
## Source: Williams, Trading Chaos, 1995.
export def bw_mfi(): number = if volume > 0 then (high - low) / volume else na

## Volume oscillator: difference of two simple averages of volume as a share of the slow one; na when nothing was traded in it.
## Unit: percent, -1 or more.
## na: where nothing was traded in the slow window.
## Source: Tulip (vosc).
export def volume_osc(fast: length = 5, slow: length = 10): percent {
  let base = sma(volume, slow)
  return if any_of(volume > 0, slow) and base > 0 then max(sma(volume, fast) / base - 1, -1) else na
}

## Volume-weighted average price since the anchor: the start of every period of a duration (a day is that of the session's zone, else UTC; a week
## starts on Monday), or a condition that starts it anew. Before the condition was true for the first time it counts from the first bar. na until
## something was traded.
## Seed: the first bar, or the start of its period if that comes later.
## Unit: as source.
## na: of the source does not count; na until something was traded.
## Source: Berkowitz, Logue and Noser, Journal of Finance 43:1, 1988.
export def vwap(source = hlc3, anchor = 1d) {
  let anew = surely(starts_anew(anchor))
  let value = nz(source * volume)
  let traded = if source is na then 0 else nz(volume)
  let money = if anew then value else money[1] + value start value
  let sum = if anew then traded else sum[1] + traded start traded
  return if sum > 0 then money / sum else na
}

## Volume-weighted average price since the condition was last true, that bar included.
## Seed: the first source that was traded since.
## Unit: as source.
## na: until the condition is first true, and until something was traded since; na of the source does not count.
## Source: Berkowitz, Logue and Noser, Journal of Finance 43:1, 1988.
export def anchored_vwap(anchor: condition, source = hlc3) = if since(anchor) is na then na else vwap(source, anchor)

## vwap (.mid) and width standard deviations of the source around it (.upper, .lower), each bar counted by its volume, since the anchor as in vwap.
## Seed: the first source that was traded since the anchor.
## Unit: as source.
## na: of the source does not count; until something was traded.
## Source: TradingView (ta.vwap with bands).
export def vwap_bands(source = hlc3, anchor = 1d, width: number = 1) {
  let anew = surely(starts_anew(anchor))
  let traded: number = if source is na then 0 else nz(volume)
  # Squares are taken of the distances from a price nearby: those of prices would leave nothing of a small deviation.
  let base = if anew then source else base[1] start source
  let away = nz(source - base)
  let sum = if anew then traded else sum[1] + traded start traded
  let first = if anew then away * traded else first[1] + away * traded start away * traded
  let second = if anew then away * away * traded else second[1] + away * away * traded start away * away * traded
  let mean = first / sum
  let mid = vwap(source, anchor)
  let spread = width * sqrt(max(second / sum - mean * mean, 0))
  return group(upper: mid + spread, mid: mid, lower: mid - spread)
}

## Intraday intensity of one bar: (2 * close - high - low) / (high - low) / volume, 0 without a range, na when nothing was traded.
## Unit: number.
## na: where nothing was traded.
## Source: Bostian; TradingView (ta.iii).
export def iii(): number {
  let traded: number = volume
  return if traded > 0 then clv() / traded else na
}
`,
  ranges: { cmf: [-1, 1], clv: [-1, 1], nvi: [0, Infinity], pvi: [0, Infinity], bw_mfi: [0, Infinity], volume_osc: [-1, Infinity] },
};
