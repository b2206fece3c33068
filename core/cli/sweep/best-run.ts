import { StratError } from '#core/errors/strat-error.ts';
import { deflatedSharpe, expectedBestSharpe } from '#core/engine/statistics/deflated-sharpe.ts';
import { metricsOfResult, TRIAL_METRICS, trialScale } from '#core/runtime/sweep/trial-metrics.ts';
import type { SweepBook } from '#core/runtime/sweep/sweep-book.ts';
import type { Simulation } from '../simulation-input.ts';
import type { SetRunner } from './set-runner.ts';

/** A sum of doubles differs from the exact books by less. */
const TOLERANCE = 1e-6;

/** What luck has to do with the best set. */
export interface BestRun {
  /** The Sharpe ratio, a year, that the best of so many sets without any skill is expected to have; null where it has no value. */
  readonly luckySharpe: number | null;
  /** The probability that the true Sharpe ratio of the best set is above that. */
  readonly deflatedSharpePct: number | null;
}

/**
 * Runs the best set again as `strat backtest` would, holds the figures of the sweep against it, and tells how much of its Sharpe ratio so many tries give by luck.
 * null without any set.
 * @throws StratError INTERNAL when a figure differs
 */
export async function bestRun(runner: SetRunner, simulation: Simulation, book: SweepBook): Promise<BestRun | null> {
  const [best] = book.best;
  if (best?.metrics === undefined) return null;
  const result = await runner.metrics(best.params);
  if ('error' in result) throw new StratError('INTERNAL', { reason: `set ${best.set} of the sweep cannot be run again: ${result.error}` });
  const again = metricsOfResult(result.metrics);
  for (const name of TRIAL_METRICS) {
    const [a, b] = [best.metrics[name], again[name]];
    const size = Math.max(Math.abs(a ?? 0), Math.abs(b ?? 0), name === 'netProfit' || name === 'expectancy' ? (again.finalEquity ?? 0) : 0);
    if ((a === null) !== (b === null) || Math.abs((a ?? 0) - (b ?? 0)) > TOLERANCE * size)
      throw new StratError('INTERNAL', { reason: `${name} of set ${best.set} is ${a} in the sweep and ${b} in a backtest` });
  }
  const [{ markets, prepared }] = simulation.strategies as readonly [Simulation['strategies'][number]];
  const variance = book.sharpeVariance;
  const { sharpe, skew, kurtosis } = result.metrics;
  const nothing = { luckySharpe: null, deflatedSharpePct: null };
  if (markets.length !== 1 || variance === null || sharpe === null || skew === null || kurtosis === null) return nothing;
  const { capital, conventions } = prepared.settings;
  const { columns, fromIndex } = markets[0]!;
  const { dayEnds, perYear } = trialScale(columns.time, fromIndex, capital, conventions.calendar ?? null);
  const luck = expectedBestSharpe(book.ran, variance / perYear);
  const chance = deflatedSharpe(
    { sharpe: sharpe / Math.sqrt(perYear), count: dayEnds.length - 1, skewness: skew, excessKurtosis: kurtosis },
    luck,
  );
  return { luckySharpe: luck * Math.sqrt(perYear), deflatedSharpePct: chance === null ? null : chance * 100 };
}
