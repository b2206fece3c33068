import type { PreludeModule } from './prelude-module.ts';

/**
 * What can be said of conditions over time. count, any and all are three-valued as everything is; the others take an unknown condition for one that is not
 * true, because what starts with an event starts when it is known.
 */
export const CONDITIONS: PreludeModule = {
  source: `
strat 1
module "conditions"

## On how many of the last bars the condition was true; na while one of them is unknown.
## Unit: number, 0 to length.
## na: while its window holds an unknown condition.
## Source: arithmetic.
export def count(condition: condition, length: length): number = window_sum(condition, length)

## Whether the condition was true on one of the last bars at least.
## Unit: condition.
## na: an unknown condition leaves it unknown until a known one in the window is true.
## Source: Kleene.
export def any(condition: condition, length: length) = any_of(condition, length)

## Whether the condition was true on all of the last bars.
## Unit: condition.
## na: an unknown condition leaves it unknown until a known one in the window is false.
## Source: Kleene.
export def all(condition: condition, length: length) = all_of(condition, length)

## Bars since the condition was last true, 0 on such a bar; na before the first.
## Seed: nothing before the condition is first true.
## Unit: number, 0 or more.
## na: until the condition is first true; an unknown condition counts as false.
## Source: TradingView (ta.barssince).
export def since(condition: condition): number {
  let bars = if surely(condition) then 0 else bars[1] + 1 start if surely(condition) then 0 else na
  return bars
}

## The value of source when the condition was last true; na before the first time.
## Seed: nothing before the condition is first true.
## Unit: as source.
## na: until the condition is first true, and after one on which the source is; an unknown condition counts as false.
## Source: TradingView (ta.valuewhen).
export def value_when(condition: condition, source) {
  let value = if surely(condition) then source else value[1] start if surely(condition) then source else na
  return value
}

## True from a bar on which set is true until one on which reset is; reset wins. False at the start.
## Seed: false.
## Unit: condition.
## na: an unknown condition counts as false.
## Source: any textbook of circuits (SR latch).
export def latch(set: condition, reset: condition) {
  let held = if surely(reset) then false else if surely(set) then true else held[1] start surely(set) and not surely(reset)
  return held
}

## The highest value since the condition was last true, that bar included; na before the first time. Values that are na do not count.
## Seed: nothing before the condition is first true.
## Unit: as source.
## na: until the condition is first true; values that are na and unknown conditions do not count.
## Source: arithmetic.
export def highest_since(since: condition, source) {
  let top = if surely(since) then source else if source is na then top[1] else max(top[1], source)
    start if surely(since) then source else na
  return top
}

## The lowest value since the condition was last true, that bar included; na before the first time. Values that are na do not count.
## Seed: nothing before the condition is first true.
## Unit: as source.
## na: until the condition is first true; values that are na and unknown conditions do not count.
## Source: arithmetic.
export def lowest_since(since: condition, source) {
  let bottom = if surely(since) then source else if source is na then bottom[1] else min(bottom[1], source)
    start if surely(since) then source else na
  return bottom
}

## The sum of the values since the condition was last true, that bar included; na before the first time. Values that are na do not count.
## Seed: nothing before the condition is first true.
## Unit: as source.
## na: until the condition is first true; values that are na and unknown conditions do not count.
## Source: arithmetic.
export def sum_since(since: condition, source) {
  let total = if surely(since) then source else total[1] + nz(source) start if surely(since) then source else na
  return total
}

def surely(condition: condition) = if condition is na then false else condition
`,
  ranges: { count: [0, Infinity], since: [0, Infinity] },
};
