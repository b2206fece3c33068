import { Xoshiro128 } from '#core/model/xoshiro128.ts';
import { dailyEquity, MIN_DAYS, periodsPerYear, simpleReturns } from './daily-equity.ts';
import { type DayBootstrap, dayBootstrap } from './day-bootstrap.ts';
import type { RunRecord } from './metrics.ts';
import { closedPositions } from './positions.ts';
import { resampleCount } from './resampling.ts';
import { growthFactors, type TradeOrder, tradeOrder, type TradeReturns, tradeReturns } from './trade-resampling.ts';

/** With fewer trades than this, drawing from them says nothing. */
const MIN_TRADES = 10;

/** How far the figures of a run may be chance: by resampling its days and its trades. docs/metrics.md defines each. Null: too few of them. */
export interface Significance {
  /** Of the random numbers; the same seed gives the same figures. */
  readonly seed: number;
  readonly days: DayBootstrap | null;
  readonly tradeOrder: TradeOrder | null;
  readonly tradeReturns: TradeReturns | null;
}

/** @param seed whole number of up to 9 digits */
export function significanceOf(run: RunRecord, seed: number): Significance {
  const { columns, from, to, capital, calendar = null } = run;
  const daily = dailyEquity(columns.time, run.equity, from, to, calendar);
  const returns = simpleReturns(daily.equity);
  const perYear = periodsPerYear(daily, columns.time, from, to, calendar);
  const isLong = daily.day.length >= MIN_DAYS && returns.every(Number.isFinite);
  const profits = closedPositions(run.trades).map(({ profit }) => profit);
  const factors = profits.length >= MIN_TRADES ? growthFactors(profits, capital) : null;
  // Each part has random numbers of its own: one of them more or less leaves the others as they are.
  const random = (part: 0 | 1 | 2): Xoshiro128 => Xoshiro128.fromSeed(seed * 3 + part);
  return {
    seed,
    days: isLong ? dayBootstrap(returns, perYear, resampleCount(returns.length), random(0)) : null,
    tradeOrder: factors === null ? null : tradeOrder(factors, resampleCount(factors.length), random(1)),
    tradeReturns: factors === null ? null : tradeReturns(factors, resampleCount(factors.length), random(2)),
  };
}
