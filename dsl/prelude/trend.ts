import type { PreludeModule } from './prelude-module.ts';

/**
 * Trend.
 *
 * - supertrend: Seban, with atr and the bands as TradingView; it starts as falling.
 * - psar: Wilder, New Concepts in Technical Trading Systems, 1978, with the start of TA-Lib; step by step in dsl/graph/parabolic.ts. Skender starts as rising
 *   and gives nothing before the first turn.
 * - ichimoku: Hosoda, 1968; the spans are those of `kijun` bars ago, because they are drawn that many bars ahead (as Skender; TradingView shifts one less).
 * - donchian: this bar included (R TTR, TradingView; Skender leaves it out: donchian(n).upper[1]).
 */
export const TREND: PreludeModule = {
  source: `
strat 1
module "trend"

## Follows the price at factor average true ranges from hl2, without ever moving back: .line, and .up while it lies below the price. It starts above it, and
## turns when the close crosses it. Seban.
export def supertrend(factor: number = 3, length: length = 10) {
  let range = factor * atr(length)
  let lower = if hl2 - range > lower[1] or close[1] < lower[1] then hl2 - range else lower[1] start hl2 - range
  let upper = if hl2 + range < upper[1] or close[1] > upper[1] then hl2 + range else upper[1] start hl2 + range
  let up = if up[1] then close >= lower else close > upper start if range is na then na else false
  return group(line: if up then lower else upper, up: up)
}

## Wilder's parabolic stop and reverse: the level that holds for this bar. The factor starts with step and grows by it with each new extreme, up to max.
## Wilder, 1978.
export def psar(step: number = 0.02, max: number = 0.2) = parabolic(high, low, step, max)

## Middle of the highest high and the lowest low of 9 bars (.tenkan) and 26 bars (.kijun); the mean of both (.span_a) and the middle of 52 bars (.span_b) as
## drawn under this bar, which is those of kijun bars ago. Hosoda, 1968.
export def ichimoku(tenkan: length = 9, kijun: length = 26, senkou: length = 52) {
  let fast = middle(tenkan)
  let slow = middle(kijun)
  return group(tenkan: fast, kijun: slow, span_a: ((fast + slow) / 2)[kijun], span_b: middle(senkou)[kijun])
}

def middle(length: length) = (window_highest(high, length) + window_lowest(low, length)) / 2

## The highest high (.upper) and lowest low (.lower) of the last bars, this one included, and the middle between them (.mid). Donchian.
export def donchian(length: length = 20) {
  return group(upper: window_highest(high, length), mid: middle(length), lower: window_lowest(low, length))
}
`,
  ranges: {},
};
