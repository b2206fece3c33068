import type { PreludeModule } from './prelude-module.ts';

/**
 * Ehlers' filters and cycles. The Hilbert transform finds the period of the cycle that dominates, 6 to 50 bars: the source, smoothed over four bars, is taken
 * apart into what swings with it and what swings a quarter of a cycle ahead, and the angle between bars tells the period.
 *
 * The functions named ht_ and mama begin as TA-Lib does, with zeros some bars after the first (12 or 37), and give their first values where it does; an na of the source
 * begins them anew. Sources: Ehlers, Rocket Science for Traders, 2001, and Cycle Analytics for Traders, 2013.
 */
export const CYCLES: PreludeModule = {
  source: `
strat 1
module "cycles"

def four_bars(source) = (4 * source + 3 * source[1] + 2 * source[2] + source[3]) / 10

# Whether bars enough came before for the transform to run, and to be told.
def runs(source, skip: length) = window_sum(source, skip + 4) is not na
def is_whole(source, length: length) = window_sum(source, length) is not na
def wave(source, skip: length) = if runs(source, skip) then four_bars(source) else 0

def quarter(x, awake: condition, past) =
  if awake then (0.0962 * x + 0.5769 * x[2] - 0.5769 * x[4] - 0.0962 * x[6]) * (0.075 * past + 0.54) else 0

# Period of the cycle from that of the bar before.
def next_period(x, awake: condition, past) {
  let swing = quarter(x, awake, past)
  let ahead = quarter(swing, awake, past)
  let beside = swing[3]
  let i = if awake then 0.2 * (beside - quarter(ahead, awake, past)) + 0.8 * i[1] else 0 start 0
  let q = if awake then 0.2 * (ahead + quarter(beside, awake, past)) + 0.8 * q[1] else 0 start 0
  let re = if awake then 0.2 * (i * i[1] + q * q[1]) + 0.8 * re[1] else 0 start 0
  let im = if awake then 0.2 * (i * q[1] - q * i[1]) + 0.8 * im[1] else 0 start 0
  let found = if re != 0 and im != 0 then 2 * pi / atan(im / re) else past
  return 0.2 * clamp(max(min(found, 1.5 * past), 0.67 * past), 6, 50) + 0.8 * past
}

def cycle_period(source, skip: length) {
  let price: number = source
  let awake = runs(price, skip)
  let x = wave(price, skip)
  let period = if awake then next_period(x, awake, period[1]) else 0 start 0
  return period
}

def smooth_period(source, skip: length) {
  let period = cycle_period(source, skip)
  let line = if runs(source, skip) then 0.33 * period + 0.67 * line[1] else 0 start 0
  return line
}

## Period of the dominant cycle in bars, by the Hilbert transform.
## Seed: 0 on the 12th bar; the first value is the one that has run for 20 bars since.
## Unit: number.
## na: while its window holds one.
## Source: Ehlers, Rocket Science for Traders, 2001; TA-Lib (HT_DCPERIOD).
export def ht_dcperiod(source = hl2): number = if not is_whole(source, 33) then na else smooth_period(source, 9)

## Parts of the dominant cycle, by the Hilbert transform: what swings with the source (.inphase) and a quarter of a cycle ahead (.quadrature).
## Seed: zeros before the 12th bar; the first value is the one that has run for 20 bars since.
## Unit: number. Units of the source.
## na: while its window holds one.
## Source: Ehlers, Rocket Science for Traders, 2001; TA-Lib (HT_PHASOR).
export def ht_phasor(source = hl2) {
  let price: number = source
  let swing = cycle_swing(price)
  let ahead = quarter(swing, runs(price, 9), nz(cycle_period(price, 9)[1]))
  let known = is_whole(price, 33)
  return group(inphase: if known then swing[3] else na, quadrature: if known then ahead else na)
}

def cycle_swing(price) = quarter(wave(price, 9), runs(price, 9), nz(cycle_period(price, 9)[1]))

## Mother of adaptive averages (.mama), y + a * (source - y), and the one that follows it at half the speed (.fama). a is fast / how many degrees the phase of the
## dominant cycle went on since the bar before, between slow and fast: fast after a turn, slow in a trend.
## Seed: 0 on the 12th bar, as TA-Lib; the first value is the one that has run for 20 bars since, and slow ones are still too low there.
## Unit: as source.
## na: while its window holds one.
## Source: Ehlers, MAMA, the mother of adaptive moving averages, 2001; TA-Lib (MAMA).
export def mama(source = hl2, fast: number = 0.5, slow: number = 0.05) {
  let price: number = source
  let awake = runs(price, 9)
  let swing = cycle_swing(price)
  let ahead = quarter(swing, awake, nz(cycle_period(price, 9)[1]))
  let phase = if awake and swing[3] != 0 then atan(ahead / swing[3]) * (180 / pi) else 0
  let speed = clamp(fast / max(nz(phase[1]) - phase, 1), min(slow, fast), max(slow, fast))
  let line = if awake then line[1] + speed * (source - line[1]) else source - source start source - source
  let follower = if awake then follower[1] + 0.5 * speed * (line - follower[1]) else source - source start source - source
  let known = is_whole(price, 33)
  return group(mama: if known then line else na, fama: if known then follower else na)
}

# The dominant cycle in whole bars, and the phase in it.
def whole_period(source) = floor(smooth_period(source, 34) + 0.5)

def cycle_phase(source) {
  let price: number = source
  let awake = runs(price, 34)
  let x = wave(price, 34)
  let bars = whole_period(price)
  let real = nz(sine_sum(x, bars, 50))
  let imaginary = nz(cosine_sum(x, bars, 50))
  let phase = if awake then next_phase(real, imaginary, smooth_period(price, 34), phase[1]) else 0 start 0
  return phase
}

def next_phase(real, imaginary, period, past) {
  let angle = if imaginary != 0 then atan(real / imaginary) * (180 / pi) else past + 90 * sign(real)
  let turned = angle + 90 + 360 / max(period, 1e-9) + (if imaginary < 0 then 180 else 0)
  return if turned > 315 then turned - 360 else turned
}

## Phase of the dominant cycle in degrees, -45 to 315 and somewhat beyond: where in it the last bar stands, from the sum of the smoothed source over one cycle, weighed
## with its sines and cosines.
## Seed: zeros before the 37th bar; the first value is the one that has run for 26 bars since.
## Unit: number. Degrees.
## na: while its window holds one.
## Source: Ehlers, Rocket Science for Traders, 2001; TA-Lib (HT_DCPHASE).
export def ht_dcphase(source = hl2): number = if not is_whole(source, 64) then na else cycle_phase(source)

## Sine of the phase of the dominant cycle (.sine), and of 45 degrees more (.lead): where they cross, a cycle turns; in a trend they do not.
## Seed: that of ht_dcphase.
## Unit: number, -1 to 1.
## na: while its window holds one.
## Source: Ehlers, Rocket Science for Traders, 2001; TA-Lib (HT_SINE).
export def ht_sine(source = hl2) {
  let phase = ht_dcphase(source)
  return group(sine: sin(phase * (pi / 180)), lead: sin((phase + 45) * (pi / 180)))
}

def cycle_trendline(source) {
  let bars = whole_period(source)
  let mean = if runs(source, 34) then nz(last_mean(source, bars, 50)) else 0
  return (4 * mean + 3 * mean[1] + 2 * mean[2] + mean[3]) / 10
}

## Instantaneous trendline: the mean of the source over the dominant cycle, which takes the cycle away, smoothed over four bars.
## Seed: zeros before the 37th bar; the first value is the one that has run for 26 bars since.
## Unit: as source.
## na: while its window holds one.
## Source: Ehlers, Rocket Science for Traders, 2001; TA-Lib (HT_TRENDLINE).
export def ht_trendline(source = hl2) = if not is_whole(source, 64) then na else cycle_trendline(source)

## Whether the market trends rather than cycles: not since sine and lead of ht_sine crossed for half a cycle, nor while the phase goes on by about as much as a
## cycle does (0.67 to 1.5 times 360 / period); but always where the smoothed source is 1.5% or more from the trendline.
## Seed: that of ht_dcphase.
## Unit: condition.
## na: while its window holds one.
## Source: Ehlers, Rocket Science for Traders, 2001; TA-Lib (HT_TRENDMODE).
export def ht_trendmode(source = hl2) {
  let price: number = source
  let awake = runs(price, 34)
  let phase = cycle_phase(price)
  let sine = if awake then sin(phase * (pi / 180)) else 0
  let lead = if awake then sin((phase + 45) * (pi / 180)) else 0
  let is_turn = sine > lead and nz(sine[1]) <= nz(lead[1]) or sine < lead and nz(sine[1]) >= nz(lead[1])
  let bars = if awake then (if is_turn then 1 else bars[1] + 1) else 0 start 0
  let period = smooth_period(price, 34)
  let move = phase - nz(phase[1])
  let is_cycle = is_turn or bars < 0.5 * period or move > 0.67 * 360 / max(period, 1e-9) and move < 1.5 * 360 / max(period, 1e-9)
  let line = cycle_trendline(price)
  let leaves = line != 0 and abs(four_bars(price) - line) >= 0.015 * abs(line)
  return if not is_whole(price, 64) then na else leaves or not is_cycle
}

## Fisher transform (.line): half the logarithm of (1 + x) / (1 - x), which makes turns sharp, plus half of its value before; x is where the source is in the range of
## its window, -1 to 1, a third of it and two thirds of x before; 0.999 where it goes beyond 0.99. .signal is the line of the bar before. A window without range counts as the
## middle.
## Seed: 0.
## Unit: number.
## na: while its window holds one.
## Source: Ehlers, Stocks & Commodities 20:11, 2002; the window as TradingView and Tulip.
export def fisher_transform(source = hl2, length: length = 9) {
  let bottom = window_lowest(source, length)
  let top = window_highest(source, length)
  let part = if top == bottom then 0 else (source - bottom) / (top - bottom) - 0.5
  let x = if part is na then x[1] else kept_within(0.66 * part + 0.67 * x[1]) start 0
  let line = if part is na then line[1] else 0.5 * log((1 + x) / (1 - x)) + 0.5 * line[1] start 0
  let known = if part is na then na else line
  return group(line: known, signal: known[1])
}

def kept_within(x) = if x > 0.99 then 0.999 else if x < -0.99 then -0.999 else x

## Super smoother: an average of two poles that takes away what is shorter than length bars, with less lag than others as smooth:
## c * (source + source[1]) / 2 + b * y[1] - a^2 * y[2], a = exp(-root of 2 * pi / length), b = 2 * a * cos(root of 2 * pi / length), c = 1 - b + a^2.
## Seed: the source, for two bars.
## Unit: as source.
## na: where the source is.
## Source: Ehlers, Cycle Analytics for Traders, 2013.
export def super_smoother(source = close, length: length = 10) {
  let a = exp(-sqrt(2) * pi / length)
  let b = 2 * a * cos(sqrt(2) * pi / length)
  let pair = (source + source[1]) / 2
  let line = if line[2] is na or pair is na then (if source is na then line[1] else source)
    else (1 - b + a * a) * pair + b * line[1] - a * a * line[2] start source
  return if source is na then na else line
}

## Decycler: the source less its cycles shorter than length bars, a trendline with next to no lag: a / 2 * (source + source[1]) + (1 - a) * y[1],
## a = (cos(w) + sin(w) - 1) / cos(w), w = 2 * pi / length; of lengths below 5 the source.
## Seed: the source.
## Unit: as source.
## na: where the source is.
## Source: Ehlers, Stocks & Commodities 33:9, 2015.
export def decycler(source = close, length: length = 60) {
  let w = 2 * pi / max(length, 5)
  let a = (cos(w) + sin(w) - 1) / cos(w)
  let pair = (source + source[1]) / 2
  let line = if pair is na then (if source is na then line[1] else source) else line[1] + a * (pair - line[1]) start source
  return if source is na then na else line
}
`,
  ranges: { 'ht_sine.sine': [-1, 1], 'ht_sine.lead': [-1, 1] },
};
