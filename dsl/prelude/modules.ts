import { ARITHMETIC } from './arithmetic.ts';
import { AVERAGES } from './averages.ts';
import { MOMENTUM } from './momentum.ts';
import { VOLATILITY } from './volatility.ts';

/** The prelude's modules in the order in which they build on each other; texts of the language. */
export const PRELUDE_MODULES: readonly string[] = [ARITHMETIC, AVERAGES, MOMENTUM, VOLATILITY];
