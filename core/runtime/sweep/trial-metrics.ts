import type { Metrics } from '#core/engine/statistics/metrics.ts';
import { dailyEquity, MIN_DAYS, type NamedCalendar, periodsPerYear } from '#core/engine/statistics/daily-equity.ts';
import { compoundAnnualGrowth } from '#core/engine/statistics/growth.ts';
import { TRIAL, TRIAL_FIELDS } from '#core/sandbox/sweep-driver.ts';

const DAY_MS = 86_400_000;
/** As in core/engine/statistics/risk-adjusted.ts. */
const ROUNDING = 1e-15;

/** The figures of each trial, as `strat backtest` defines them; null = na. */
export const TRIAL_METRICS = [
  'finalEquity',
  'netProfit',
  'netProfitPct',
  'cagrPct',
  'sharpe',
  'sortino',
  'calmar',
  'maxDrawdown',
  'maxDrawdownPct',
  'tradeCount',
  'winRatePct',
  'profitFactor',
  'expectancy',
  'exposurePct',
  'averageBars',
  'fees',
  'slippage',
] as const satisfies readonly (keyof Metrics)[];
export type TrialMetricName = (typeof TRIAL_METRICS)[number];
export type TrialMetrics = Readonly<Record<TrialMetricName, number | null>>;

/** Of these, less is better. */
const LESS_IS_BETTER: ReadonlySet<TrialMetricName> = new Set(['maxDrawdown', 'maxDrawdownPct', 'fees', 'slippage']);

/** Below zero when the first is better; a figure without a value is worse than all others. */
export function compareBy(by: TrialMetricName, a: TrialMetrics, b: TrialMetrics): number {
  const sign = LESS_IS_BETTER.has(by) ? 1 : -1;
  const of = (metrics: TrialMetrics): number => (metrics[by] === null ? Infinity : sign * metrics[by]);
  const [x, y] = [of(a), of(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** The same figures of a whole result. */
export function metricsOfResult(metrics: Metrics): TrialMetrics {
  return Object.fromEntries(TRIAL_METRICS.map((name) => [name, metrics[name]])) as TrialMetrics;
}

/** What the bars of a sweep say of its figures. */
export interface TrialScale {
  readonly capital: number;
  /** Bars that count. */
  readonly bars: number;
  readonly spanMs: number;
  /** Index of the last bar of each day. */
  readonly dayEnds: Float64Array;
  readonly perYear: number;
}

/** @param calendar as for `dailyEquity` */
export function trialScale(time: Float64Array, from: number, capital: number, calendar: NamedCalendar | null): TrialScale {
  const to = time.length;
  const index = new Float64Array(to);
  for (let bar = 0; bar < to; bar++) index[bar] = bar;
  const daily = dailyEquity(time, index, from, to, calendar);
  return {
    capital,
    bars: to - from,
    spanMs: to > from ? time[to - 1]! - time[from]! : 0,
    dayEnds: daily.equity,
    perYear: periodsPerYear(daily, time, from, to, calendar),
  };
}

/** The figures of the trial at a place among the results of its block. */
export function trialMetrics(results: Float64Array, place: number, { capital, bars, spanMs, dayEnds, perYear }: TrialScale): TrialMetrics {
  const of = (field: keyof typeof TRIAL): number => results[place * TRIAL_FIELDS + TRIAL[field]]!;
  const finalEquity = of('finalEquity');
  const netProfit = finalEquity - capital;
  const growth = spanMs >= (MIN_DAYS - 1) * DAY_MS ? compoundAnnualGrowth(capital, finalEquity, spanMs) : null;
  const cagrPct = growth === null ? null : growth * 100;
  const maxDrawdownPct = of('maxDrawdownShare') * 100;
  const mean = of('dayMean');
  const ratio = (deviation: number): number | null => (deviation <= ROUNDING ? null : (mean / deviation) * Math.sqrt(perYear));
  const isLong = dayEnds.length >= MIN_DAYS && Number.isFinite(mean);
  const closed = of('closed');
  const ifAny = (value: number): number | null => (closed > 0 ? value : null);
  return {
    finalEquity,
    netProfit,
    netProfitPct: (netProfit / capital) * 100,
    cagrPct,
    sharpe: isLong ? ratio(of('dayDeviation')) : null,
    sortino: isLong ? ratio(of('dayDownside')) : null,
    calmar: cagrPct !== null && maxDrawdownPct > 0 ? cagrPct / maxDrawdownPct : null,
    maxDrawdown: of('maxDrawdownMoney'),
    maxDrawdownPct,
    tradeCount: closed,
    winRatePct: ifAny((of('wins') / closed) * 100),
    profitFactor: of('lost') > 0 ? of('won') / of('lost') : null,
    expectancy: ifAny((of('won') - of('lost')) / closed),
    exposurePct: bars > 0 ? (of('barsHeld') / bars) * 100 : null,
    averageBars: ifAny(of('closedBars') / closed),
    fees: of('fees'),
    slippage: of('slippage'),
  };
}
