import type { PreludeModule } from './prelude-module.ts';

/**
 * What kind of market it is. Every rule is written down with its numbers, and the numbers are given beside the answer.
 *
 * Sources: Kaufman, Trading Systems and Methods (efficiency_ratio); Wilder, 1978 (adx, natr). The limits of market_condition are common ones, not fitted to anything.
 */
export const MARKET: PreludeModule = {
  source: `
strat 1
module "market"

## Kaufman's efficiency ratio: the change over the window / the sum of the changes from bar to bar, 0 (back and forth) to 1 (a straight way); 0 when nothing moved.
## Unit: number, 0 to 1.
## na: while its window holds one.
## Source: Kaufman, Trading Systems and Methods.
export def efficiency_ratio(source = close, length: length = 10): number {
  let path: number = window_sum(abs(source - source[1]), length)
  let way: number = abs(source - source[length])
  return if any_of(source != source[1], length) and path > 0 then clamp(way / path, 0, 1) else if path is na then na else 0
}

## What the market is doing: exactly one of .up, .down, .volatile and .range is true once there are enough bars, unknown before. It trends when .efficiency, the
## efficiency ratio of length bars, is efficient or more and .strength, the adx of 14 bars, is strong or more: .up when the close is above that of length bars ago, else
## .down. Else it is .volatile when .volatility, the percentile rank of natr(14) among those of the last history bars, is wild or more, and a .range when it is not.
## Seed: that of adx(14), and of natr(14).
## Unit: .up, .down, .volatile, .range: condition; .efficiency: number, 0 to 1; .strength, .volatility: number, 0 to 100.
## na: only before the first value.
## Source: ours; the numbers are Kaufman's and Wilder's, the limits common ones that nothing was fitted to.
export def market_condition(length: length = 20, history: length = 100, efficient: number = 0.3, strong: number = 20, wild: number = 80) {
  let efficiency = efficiency_ratio(close, length)
  let strength = adx(14)
  let volatility = percentile_rank(natr(14), history)
  let trends = if efficiency + strength + volatility is na then na else efficiency >= efficient and strength >= strong
  let higher = close > close[length]
  return group(
    up: if trends is na then na else trends and higher,
    down: if trends is na then na else trends and not higher,
    volatile: if trends is na then na else not trends and volatility >= wild,
    range: if trends is na then na else not trends and volatility < wild,
    efficiency: efficiency,
    strength: strength,
    volatility: volatility
  )
}

## Whether volatility rises or falls: .ratio = natr(length) / its simple average over span bars (1 when nothing moved); .rising when it is above 1 + band, .falling
## when it is below 1 - band, else .steady.
## Seed: that of natr.
## Unit: .rising, .falling, .steady: condition; .ratio: number, 0 or more.
## na: only before the first value.
## Source: ours.
export def volatility_trend(length: length = 14, span: length = 50, band: number = 0.1) {
  let now: number = natr(length)
  let usual = sma(now, span)
  let ratio: number = if usual > 0 then now / usual else if usual is na then na else 1
  return group(
    rising: ratio > 1 + band,
    falling: ratio < 1 - band,
    steady: ratio <= 1 + band and ratio >= 1 - band,
    ratio: ratio
  )
}
`,
  ranges: {
    efficiency_ratio: [0, 1],
    'market_condition.efficiency': [0, 1],
    'market_condition.strength': [0, 100],
    'market_condition.volatility': [0, 100],
    'volatility_trend.ratio': [0, Infinity],
  },
};
