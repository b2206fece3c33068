import { ARITHMETIC } from './arithmetic.ts';
import { AVERAGES } from './averages.ts';
import { CANDLES } from './candles.ts';
import { CONDITIONS } from './conditions.ts';
import { CYCLES } from './cycles.ts';
import { MARKET } from './market.ts';
import { MOMENTUM } from './momentum.ts';
import { OSCILLATORS } from './oscillators.ts';
import { PAIRS } from './pairs.ts';
import { PIVOTS } from './pivots.ts';
import type { PreludeModule } from './prelude-module.ts';
import { REGRESSION } from './regression.ts';
import { STATISTICS } from './statistics.ts';
import { STOPS } from './stops.ts';
import { STRUCTURE } from './structure.ts';
import { TREND } from './trend.ts';
import { VOLATILITY } from './volatility.ts';
import { VOLUME } from './volume.ts';
import { WINDOWS } from './windows.ts';

/** The prelude: the functions of the language that are written in the language, in any order. */
export const PRELUDE_MODULES: readonly PreludeModule[] = [
  ARITHMETIC,
  AVERAGES,
  WINDOWS,
  STATISTICS,
  REGRESSION,
  CONDITIONS,
  VOLATILITY,
  MOMENTUM,
  OSCILLATORS,
  CYCLES,
  TREND,
  PIVOTS,
  STRUCTURE,
  STOPS,
  MARKET,
  PAIRS,
  CANDLES,
  VOLUME,
];
