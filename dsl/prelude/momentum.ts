/** Momentum. rsi: Wilder 1978; macd: Appel. */
export const MOMENTUM = `
strat 1
module "momentum"

## Difference to the value some bars ago.
export def change(source = close, length: length = 1) = source - source[length]

## Difference to the value some bars ago.
export def mom(source = close, length: length = 1) = change(source, length)

## Relative change against the value some bars ago.
export def roc(source = close, length: length = 1): percent = source / source[length] - 1

## Relative strength index, 0 to 100; 50 when nothing moved.
export def rsi(source = close, length: length = 14): number {
  let step = change(source, 1)
  let up = rma(max(step, 0), length)
  let down = rma(max(-step, 0), length)
  return if up + down == 0 then 50 else 100 * (up / (up + down))
}

## Difference of two exponential averages, its own average and what is between them.
export def macd(source = close, fast: length = 12, slow: length = 26, signal: length = 9) {
  let line = ema(source, fast) - ema(source, slow)
  let smooth = ema(line, signal)
  return group(line: line, signal: smooth, hist: line - smooth)
}
`;
