import type { PreludeModule } from './prelude-module.ts';

/**
 * Volume.
 *
 * Sources: Granville, 1963 (obv; starts with the first bar's volume, as TA-Lib and R TTR; Skender and Tulip start at 0); Chaikin (adl, cmf; a bar without
 * range counts as 0, as TA-Lib); Berkowitz, Logue and Noser, 1988 (vwap).
 */
export const VOLUME: PreludeModule = {
  source: `
strat 1
module "volume"

## On-balance volume: the volume of bars that closed higher less that of bars that closed lower, from the first bar's volume on. Granville, 1963.
export def obv() {
  let step = if close rises then volume else if close falls then -volume else 0
  let total = total[1] + nz(step) start volume
  return total
}

## Accumulation and distribution: the sum from the first bar on of volume times where the close is in the bar's range (-1 at the low to 1 at the
## high; 0 without a range). Chaikin.
export def adl() {
  let total = total[1] + nz(accumulated()) start accumulated()
  return total
}

## Chaikin's money flow, -1 to 1: the volume accumulated over the window / all of its volume; 0 when nothing was traded. Chaikin.
export def cmf(length: length = 20): number {
  let traded = window_sum(volume, length)
  return if any_of(volume > 0, length) and traded > 0 then clamp(window_sum(accumulated(), length) / traded, -1, 1) else 0
}

def accumulated() = if high == low then 0 else ((close - low) - (high - close)) / (high - low) * volume

## Volume-weighted average price since the anchor: the start of every period of a duration (a day is that of the session's zone, else UTC; a week starts on
## Monday), or a condition that starts it anew. Before the condition was true for the first time it counts from the first bar. na until something was traded.
## Berkowitz, Logue and Noser, 1988.
export def vwap(source = hlc3, anchor = 1d) {
  let anew = surely(starts_anew(anchor))
  let value = nz(source * volume)
  let traded = if source is na then 0 else nz(volume)
  let money = if anew then value else money[1] + value start value
  let sum = if anew then traded else sum[1] + traded start traded
  return if sum > 0 then money / sum else na
}
`,
  ranges: { cmf: [-1, 1] },
};
