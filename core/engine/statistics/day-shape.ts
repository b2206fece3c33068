import {
  conditionalValueAtRisk,
  omegaRatio,
  sampleExcessKurtosis,
  sampleSkewness,
  sortedCopy,
  tailRatio,
  valueAtRisk,
} from './distribution.ts';
import { stability } from './growth.ts';
import { meanOf, sampleDeviation } from './risk-adjusted.ts';
import { probabilisticSharpe } from './significance-tests.ts';

/** How the daily returns of a run are spread; docs/metrics.md defines each. Null = na. */
export interface DayShape {
  readonly omega: number | null;
  readonly tailRatio: number | null;
  /** A loss, so positive. */
  readonly valueAtRiskPct: number | null;
  /** A loss, so positive. */
  readonly conditionalValueAtRiskPct: number | null;
  readonly skew: number | null;
  readonly kurtosis: number | null;
  readonly bestDayPct: number | null;
  readonly worstDayPct: number | null;
  readonly stability: number | null;
  readonly probabilisticSharpePct: number | null;
}

const NONE: DayShape = {
  omega: null,
  tailRatio: null,
  valueAtRiskPct: null,
  conditionalValueAtRiskPct: null,
  skew: null,
  kurtosis: null,
  bestDayPct: null,
  worstDayPct: null,
  stability: null,
  probabilisticSharpePct: null,
};

const percentOf = (share: number | null): number | null => (share === null ? null : share * 100);
/** A return as the loss that it is; no minus zero. */
const lossOf = (share: number | null): number | null => (share === null ? null : 0 - share * 100);

/** @param returns simple daily returns; fewer than two have no shape */
export function dayShapeOf(returns: Float64Array): DayShape {
  if (returns.length < 2) return NONE;
  const sorted = sortedCopy(returns);
  const skew = sampleSkewness(returns);
  const kurtosis = sampleExcessKurtosis(returns);
  const deviation = sampleDeviation(returns);
  const hasSharpe = deviation !== null && skew !== null && kurtosis !== null;
  return {
    omega: omegaRatio(returns),
    tailRatio: tailRatio(sorted),
    valueAtRiskPct: lossOf(valueAtRisk(sorted)),
    conditionalValueAtRiskPct: lossOf(conditionalValueAtRisk(sorted)),
    skew,
    kurtosis,
    bestDayPct: percentOf(sorted.at(-1)!),
    worstDayPct: percentOf(sorted[0]!),
    stability: stability(returns),
    probabilisticSharpePct: hasSharpe ? percentOf(probabilisticSharpe(meanOf(returns) / deviation, returns.length, skew, kurtosis)) : null,
  };
}
