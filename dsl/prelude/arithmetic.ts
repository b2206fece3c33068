/** Arithmetic that is made of other arithmetic. */
export const ARITHMETIC = `
strat 1
module "arithmetic"

## A value kept between two others.
export def clamp(x, low, high) = min(max(x, low), high)

## The value, or something else where it is na.
export def nz(x, otherwise = 0) = if x is na then otherwise else x

## What is left of x after dividing by y into whole parts; has the sign of y.
export def mod(x, y) = x - y * floor(x / y)
`;
