/**
 * Averages. Sources: sma, ema and rma (Wilder's smoothing, New Concepts in Technical Trading Systems, 1978) as TA-Lib and
 * TradingView define them; ema and rma start from the mean of the first `length` values.
 */
export const AVERAGES = `
strat 1
module "averages"

## The sum of the last values.
export def sum(source = close, length: length) = window_sum(source, length)

## The mean of the last values.
export def sma(source = close, length: length) = window_sum(source, length) / length

## Another name of sma.
export def avg(source = close, length: length) = sma(source, length)

## Exponential average with the factor 2 / (length + 1).
export def ema(source = close, length: length) = recursive_mean(source, 2 / (length + 1), length)

## Wilder's average: exponential with the factor 1 / length.
export def rma(source = close, length: length) = recursive_mean(source, 1 / length, length)
`;
