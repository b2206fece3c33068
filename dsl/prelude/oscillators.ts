import type { PreludeModule } from './prelude-module.ts';

/**
 * Oscillators: differences of averages, and where the price is in what it did. Averages start as in averages.ts. A bounded one stands at its middle when nothing
 * moved in its window, where its formula would be 0 / 0. What is relative is a percent: 1.5% where other programs write 1.5.
 */
export const OSCILLATORS: PreludeModule = {
  source: `
strat 1
module "oscillators"

## Absolute price oscillator: difference of two exponential averages; what macd calls its line.
## Seed: each average as ema: the mean of its first values.
## Unit: as source.
## na: where the source is.
## Source: Appel; TA-Lib (APO).
export def apo(source = close, fast: length = 12, slow: length = 26) = ema(source, fast) - ema(source, slow)

## Percentage price oscillator: the difference of two exponential averages as a share of the slow one (.line), the exponential average of that
## (.signal) and what is between them (.hist).
## Seed: each average as ema: the mean of its first values.
## Unit: percent.
## na: where the source is.
## Source: Appel; TA-Lib (PPO).
export def ppo(source = close, fast: length = 12, slow: length = 26, signal: length = 9) {
  let line: percent = ema(source, fast) / ema(source, slow) - 1
  let smooth = ema(line, signal)
  return group(line: line, signal: smooth, hist: line - smooth)
}

## The percentage oscillator of volume: .line, .signal and .hist as those of ppo; na while nothing is traded.
## Seed: each average as ema: the mean of its first values.
## Unit: percent.
## na: only before the first value, and where the slow average is 0.
## Source: StockCharts; Skender (Pvo).
export def pvo(fast: length = 12, slow: length = 26, signal: length = 9) {
  let base = ema(volume, slow)
  let line: percent = if base > 0 then ema(volume, fast) / base - 1 else na
  let smooth = ema(line, signal)
  return group(line: line, signal: smooth, hist: line - smooth)
}

## Relative change from bar to bar of a threefold exponential average.
## Seed: each average as ema: the mean of its first values.
## Unit: percent.
## na: while its window holds one.
## Source: Hutson, Stocks & Commodities 1:5, 1983.
export def trix(source = close, length: length = 18): percent = roc(ema(ema(ema(source, length), length), length), 1)

## True strength index, -100 to 100: twice smoothed change in percent of the twice smoothed size of changes; 0 when nothing moved.
## Seed: each average as ema: the mean of its first values.
## Unit: number, -100 to 100.
## na: while its window holds one.
## Source: Blau, Stocks & Commodities 9:11, 1991.
export def tsi(source = close, slow: length = 25, fast: length = 13): number {
  let step = change(source, 1)
  let path = ema(ema(abs(step), slow), fast)
  return if path == 0 then 0 else clamp(100 * (ema(ema(step, slow), fast) / path), -100, 100)
}

## Ultimate oscillator, 0 to 100: how far closes are above true lows in percent of true ranges, over three windows weighed 4, 2 and 1; one without
## range counts as 50.
## Unit: number, 0 to 100.
## na: only before the first value.
## Source: Williams, Stocks & Commodities 3:4, 1985.
export def ultosc(fast: length = 7, medium: length = 14, slow: length = 28): number =
  clamp((4 * buying_share(fast) + 2 * buying_share(medium) + buying_share(slow)) / 7, 0, 100)

def buying_share(length: length): number {
  let bottom = if close[1] is na then na else min(low, close[1])
  let top = max(high, close[1])
  let path = window_sum(top - bottom, length)
  let bought = window_sum(close - bottom, length)
  return if bought is na then na else if any_of(top > bottom, length) and path > 0 then 100 * (bought / path) else 50
}

## Awesome oscillator: difference of two simple averages of hl2.
## Unit: price.
## na: only before the first value.
## Source: Williams, Trading Chaos, 1995.
export def awesome(fast: length = 5, slow: length = 34) = sma(hl2, fast) - sma(hl2, slow)

## Accelerator oscillator: the awesome oscillator less its simple average of smooth bars.
## Unit: price.
## na: only before the first value.
## Source: Williams, Trading Chaos, 1995.
export def accelerator(fast: length = 5, slow: length = 34, smooth: length = 5) = awesome(fast, slow) - sma(awesome(fast, slow), smooth)

## Connors' rsi, 0 to 100: mean of the rsi, the rsi of the streak (closes in a row that rose or, below 0, fell), and the percent of the last window
## changes that are below this one.
## Seed: of both rsi as rsi, of the streak 0.
## Unit: number, 0 to 100.
## na: while its window holds one.
## Source: Connors and Alvarez, 2012.
export def connors_rsi(source = close, length: length = 3, streak: length = 2, window: length = 100): number {
  let row = if source > source[1] then max(row[1], 0) + 1 else if source < source[1] then min(row[1], 0) - 1 else 0 start 0
  let known = if source is na or source[1] is na then na else row
  return clamp((rsi(source, length) + rsi(known, streak) + 100 - percentile_rank(-roc(source, 1), window)) / 3, 0, 100)
}

## Mean of close - open over the window.
## Unit: price.
## na: only before the first value.
## Source: Chande and Kroll, The New Technical Trader, 1994.
export def qstick(length: length = 14) = sma(close - open, length)

## Intraday momentum index, 0 to 100: the share of bodies that rose in that of all bodies of the window; 50 without bodies.
## Unit: number, 0 to 100.
## na: only before the first value.
## Source: Chande and Kroll, The New Technical Trader, 1994.
export def imi(length: length = 14): number {
  let up = window_sum(max(close - open, 0), length)
  let all = window_sum(abs(close - open), length)
  return if any_of(close != open, length) and all > 0 then clamp(100 * (up / all), 0, 100) else 50
}

## Coppock's curve: weighted average of the sum of two relative changes.
## Unit: percent.
## na: while its window holds one.
## Source: Coppock, Barron's, 1962.
export def coppock(source = close, length: length = 10, slow: length = 14, fast: length = 11): percent =
  wma(roc(source, slow) + roc(source, fast), length)

## Pring's "know sure thing": simple averages (10, 10, 10 and 15 bars) of relative changes (over 10, 15, 20 and 30 bars), weighed 1 to 4 (.line), and
## the simple average of that (.signal).
## Unit: percent.
## na: while its window holds one.
## Source: Pring, Stocks & Commodities 10:9, 1992.
export def kst(source = close, signal: length = 9) {
  let line: percent = sma(roc(source, 10), 10) + 2 * sma(roc(source, 15), 10) + 3 * sma(roc(source, 20), 10) + 4 * sma(roc(source, 30), 15)
  return group(line: line, signal: sma(line, signal))
}

## Detrended price: the source less its simple average of length / 2 + 1 bars ago.
## Unit: as source.
## na: where the source is, and where the older window holds one.
## Source: TradingView's default, which does not look ahead.
export def dpo(source = close, length: length = 21) = source - sma(source, length)[floor(length / 2) + 1]

## Balance of power, -1 to 1: (close - open) / (high - low), 0 without a range.
## Unit: number, -1 to 1.
## na: only before the first value.
## Source: Livshin, Stocks & Commodities 19:8, 2001.
export def bop(): number = if high == low then 0 else clamp((close - open) / (high - low), -1, 1)

## Price momentum oscillator: the change from bar to bar, twice smoothed, times 10 (.line), and its exponential average (.signal).
## Seed: each average as ema: the mean of its first values.
## Unit: percent.
## na: while its window holds one.
## Source: Swenlin, DecisionPoint; StockCharts.
export def pmo(source = close, first: length = 35, second: length = 20, signal: length = 10) {
  let once = recursive_mean(roc(source, 1), 2 / max(first, 2), first)
  let line: percent = recursive_mean(10 * once, 2 / max(second, 2), second)
  return group(line: line, signal: ema(line, signal))
}

## Schaff's trend cycle, 0 to 100: the stochastic of cycle bars, smoothed by half, of the same stochastic of the macd line; both keep their value where
## there is no range. A macd that moved less than 1e-9 of the price counts as still.
## Seed: averages as ema; of both smoothed stochastics the first one.
## Unit: number, 0 to 100.
## na: while its window holds one.
## Source: Schaff, 1999.
export def stc(source = close, cycle: length = 10, fast: length = 23, slow: length = 50): number =
  half_smoothed(half_smoothed(apo(source, fast, slow), cycle, 1e-9 * abs(ema(source, slow))), cycle, 1e-7)

# While prices stand still, only rounding errors move what is smoothed.
def half_smoothed(source, cycle: length, least): number {
  let bottom = window_lowest(source, cycle)
  let top = window_highest(source, cycle)
  let way = if top - bottom > least then place(source, bottom, top) else 50
  let line = if top - bottom > least then line[1] + (way - line[1]) / 2 else line[1] start way
  return if top is na then na else clamp(line, 0, 100)
}

## Stochastic momentum index, -100 to 100: the distance of the close from the middle of the last range, in percent of half that range, both twice
## smoothed exponentially (.line), and the exponential average of that (.signal); 0 when nothing moved.
## Seed: each average as ema: the mean of its first values.
## Unit: number, -100 to 100.
## na: only before the first value.
## Source: Blau, Stocks & Commodities 11:1, 1993.
export def smi(length: length = 13, slow: length = 25, fast: length = 2, signal: length = 9) {
  let top = window_highest(high, length)
  let bottom = window_lowest(low, length)
  let half = ema(ema(top - bottom, slow), fast) / 2
  let way = ema(ema(close - (top + bottom) / 2, slow), fast)
  let line: number = if half == 0 then 0 else clamp(100 * (way / half), -100, 100)
  return group(line: line, signal: ema(line, signal))
}

## Relative vigor index: swma of close - open summed up / the same of high - low (.line), and its swma (.signal); 0 without ranges.
## Unit: number, -1 to 1.
## na: only before the first value.
## Source: Dorsey, 1993.
export def rvgi(length: length = 10) {
  let body = window_sum(swma(close - open), length)
  let range = window_sum(swma(high - low), length)
  let line: number = if body is na then na else if any_of(swma(high - low) > 0, length) and range > 0 then clamp(body / range, -1, 1) else 0
  return group(line: line, signal: clamp(swma(line), -1, 1))
}

## Elder's ray: how far the high (.bull) and the low (.bear) are from the exponential average of the close.
## Seed: as ema.
## Unit: price.
## na: only before the first value.
## Source: Elder, Trading for a Living, 1993.
export def elder_ray(length: length = 13) {
  let mid = ema(close, length)
  return group(bull: high - mid, bear: low - mid)
}

## Vertical horizontal filter, 0 to 1: the range of the last values / the sum of their changes (this one's to the value before the window counts too);
## 0 when nothing moved.
## Unit: number, 0 to 1.
## na: while its window holds one.
## Source: White, 1991.
export def vhf(source = close, length: length = 28): number {
  let path: number = window_sum(abs(source - source[1]), length)
  let range: number = window_highest(source, length) - window_lowest(source, length)
  return if path is na then na else if range > 0 and path > 0 then clamp(range / path, 0, 1) else 0
}

## Center of gravity: -(1 * source + 2 * source[1] + ...) / (source + source[1] + ...).
## Unit: number.
## na: while its window holds one.
## Source: Ehlers, Stocks & Commodities 20:5, 2002.
export def cog(source = close, length: length = 10): number = weighted_sum(source, length) / window_sum(source, length) - (length + 1)
`,
  ranges: {
    tsi: [-100, 100],
    ultosc: [0, 100],
    connors_rsi: [0, 100],
    imi: [0, 100],
    bop: [-1, 1],
    stc: [0, 100],
    'smi.line': [-100, 100],
    'smi.signal': [-100, 100],
    'rvgi.line': [-1, 1],
    'rvgi.signal': [-1, 1],
    vhf: [0, 1],
  },
};
