import type { PreludeModule } from './prelude-module.ts';

/** Arithmetic that is made of other arithmetic. */
export const ARITHMETIC: PreludeModule = {
  source: `
strat 1
module "arithmetic"

## A value kept between two others: min(max(x, low), high).
## Unit: as x.
## na: where the source is, or one of the bounds.
## Source: arithmetic.
export def clamp(x, low, high) = min(max(x, low), high)

## The value, or something else where it is na.
## Unit: as x.
## na: of the source does not count.
## Source: Pine (nz).
export def nz(x, otherwise = 0) = if x is na then otherwise else x

## What is left of x after dividing by y into whole parts: x - y * floor(x / y). It has the sign of y; na for y = 0.
## Unit: as x.
## na: where the source is, or y, and where y is 0.
## Source: Knuth, The Art of Computer Programming 1, 1.2.4.
export def mod(x, y) = x - y * floor(x / y)
`,
  ranges: {},
};
