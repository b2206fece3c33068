import type { PreludeModule } from './prelude-module.ts';

/**
 * What can be said of the last values. A window gives its first value when it is full, and is na while it holds an na.
 *
 * percentile is linear between neighbours (R type 7); percentile_nearest and percentile_rank are TradingView's.
 */
export const WINDOWS: PreludeModule = {
  source: `
strat 1
module "windows"

## The sum of the last values.
## Unit: as source.
## na: while its window holds one.
## Source: arithmetic.
export def sum(source = close, length: length) = window_sum(source, length)

## The mean of the last values; another name of sma.
## Unit: as source.
## na: while its window holds one.
## Source: arithmetic.
export def avg(source = close, length: length) = sma(source, length)

## The highest of the last values, this bar included.
## Unit: as source.
## na: while its window holds one.
## Source: arithmetic.
export def highest(source = close, length: length) = window_highest(source, length)

## The lowest of the last values, this bar included.
## Unit: as source.
## na: while its window holds one.
## Source: arithmetic.
export def lowest(source = close, length: length) = window_lowest(source, length)

## The middle of the sorted last values; of an even number the mean of the two in the middle.
## Unit: as source.
## na: while its window holds one.
## Source: Hyndman and Fan, The American Statistician 50:4, 1996 (R type 7).
export def median(source = close, length: length) = window_percentile(source, length, 50)

## The value below which the given percent (0 to 100) of the sorted last values lie, linear between neighbours.
## Unit: as source.
## na: while its window holds one.
## Source: Hyndman and Fan, The American Statistician 50:4, 1996 (R type 7).
export def percentile(source = close, length: length, percent: number) = window_percentile(source, length, percent)

## The lowest of the last values that the given percent (0 to 100) of them do not exceed: always one of them, never between two. The nearest rank: place
## max(ceil(length * percent / 100), 1) of the sorted values.
## Unit: as source.
## na: while its window holds one.
## Source: TradingView (ta.percentile_nearest_rank).
export def percentile_nearest(source = close, length: length, percent: number) = window_nearest_rank(source, length, percent)

## How many of the last length values before this one are below or equal to it, in percent.
## Unit: number, 0 to 100.
## na: while its window holds one.
## Source: TradingView (ta.percentrank).
export def percentile_rank(source = close, length: length): number {
  let window: length = length + 1
  return window_percent_rank(source, window)
}

## Distance from the mean in standard deviations (ddof 0); 0 when nothing moved.
## Unit: number.
## na: while its window holds one.
## Source: any textbook of statistics.
export def zscore(source = close, length: length): number {
  let deviation: number = window_deviation(source, length)
  return if moves(source, length) and deviation > 0 then (source - sma(source, length)) / deviation else 0
}

## The middle between the highest and the lowest of the last values.
## Unit: as source.
## na: while its window holds one.
## Source: TA-Lib (MIDPOINT).
export def midpoint(source = close, length: length) = (window_highest(source, length) + window_lowest(source, length)) / 2

## How many bars ago the highest of the last values was: 0 to length - 1, of equal ones the latest, or the earliest where that is true.
## Unit: number, 0 to length - 1.
## na: while its window holds one.
## Source: TA-Lib (MAXINDEX), of equal values the latest; TradingView takes the earliest, and counts below 0.
export def highest_bars(source = high, length: length, earliest: condition = false): number = window_highest_age(source, length, earliest)

## How many bars ago the lowest of the last values was: 0 to length - 1, of equal ones the latest, or the earliest where that is true.
## Unit: number, 0 to length - 1.
## na: while its window holds one.
## Source: TA-Lib (MININDEX), of equal values the latest; TradingView takes the earliest, and counts below 0.
export def lowest_bars(source = low, length: length, earliest: condition = false): number = window_lowest_age(source, length, earliest)

## Mean distance of the last values from their mean.
## Unit: as source.
## na: while its window holds one.
## Source: Tulip (md), TradingView (ta.dev).
export def avgdev(source = close, length: length) = mean_deviation(source, length)

## The sum of all values from the first bar on. Values that are na do not count.
## Seed: 0.
## Unit: as source.
## na: of the source does not count.
## Source: arithmetic.
export def cum(source) {
  let total = total[1] + nz(source) start nz(source)
  return total
}

## Whether the last values differ: what a sum that is added to and taken from cannot say for sure, because it keeps rounding errors.
def moves(source, length: length) = any_of(source != source[1], max(length - 1, 1))
`,
  ranges: {
    percentile_rank: [0, 100],
    highest_bars: [0, Infinity],
    lowest_bars: [0, Infinity],
    avgdev: [0, Infinity],
  },
};
