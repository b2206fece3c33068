import type { Columns } from '#core/model/columns.ts';
import type { Books } from '../ledger.ts';
import type { Fill } from '../log-rows.ts';
import type { TradeRow } from '../trades.ts';
import { activityOf } from './activity.ts';
import { calendarOf, dailyEquity, periodsPerYear, simpleReturns, type TradingCalendar } from './daily-equity.ts';
import { drawdownOf } from './drawdown.ts';
import { compoundAnnualGrowth } from './growth.ts';
import { closedPositions, positionStatistics, type PositionStatistics } from './positions.ts';
import { annualVolatility, meanOf, sharpeRatio, sortinoRatio } from './risk-adjusted.ts';

/** Below so many days an annualised figure says nothing: null. */
const MIN_DAYS = 10;
const DAY_MS = 86_400_000;

/** What a finished run left behind. Bars [from, to) count; rows before are warm-up. */
export interface RunRecord {
  readonly columns: Pick<Columns, 'time' | 'close'>;
  /** Indexed like the columns: cash + qty * close after each bar. */
  readonly equity: Float64Array;
  readonly from: number;
  readonly to: number;
  readonly capital: number;
  readonly fills: readonly Fill[];
  readonly trades: readonly TradeRow[];
  /** Default: by whether weekend bars are present. */
  readonly calendar?: TradingCalendar;
  /** The exact books: money comes from there when given, else from the doubles. */
  readonly books?: Books;
}

/** Null = na: the figure has no value for this run. docs/metrics.md defines each; `...Pct` are percent points. */
export interface Metrics extends PositionStatistics {
  readonly finalEquity: number;
  readonly netProfit: number;
  readonly netProfitPct: number;
  readonly buyAndHoldPct: number | null;
  readonly cagrPct: number | null;
  readonly volatilityPct: number | null;
  readonly sharpe: number | null;
  readonly sortino: number | null;
  readonly calmar: number | null;
  readonly maxDrawdown: number;
  readonly maxDrawdownPct: number;
  readonly maxDrawdownDays: number;
  readonly recoveryFactor: number | null;
  readonly exposurePct: number | null;
  readonly averageBars: number | null;
  readonly turnover: number | null;
  readonly fees: number;
  readonly slippage: number;
}

/** The metrics of a run, as `strat backtest` reports them. */
export function metricsOf(run: RunRecord): Metrics {
  const { columns, equity, from, to, capital } = run;
  const bars = to - from;
  const lastClose = bars > 0 ? columns.close[to - 1]! : Number.NaN;
  const finalEquity = run.books === undefined ? (bars > 0 ? equity[to - 1]! : capital) : Number(run.books.equityAt(lastClose));
  const netProfit = run.books === undefined ? finalEquity - capital : Number(run.books.netProfitAt(lastClose));
  const activity = activityOf(run.fills, from, to);
  const drawdown = drawdownOf(columns.time, equity, from, to, capital);
  const daily = dailyEquity(columns.time, equity, from, to);
  const isLong = daily.day.length >= MIN_DAYS;
  const returns = simpleReturns(daily.equity);
  const perYear = periodsPerYear(daily, run.calendar ?? calendarOf(columns.time, from, to));
  const spanMs = bars > 0 ? columns.time[to - 1]! - columns.time[from]! : 0;
  const growth = spanMs >= (MIN_DAYS - 1) * DAY_MS ? compoundAnnualGrowth(capital, finalEquity, spanMs) : null;
  const cagrPct = growth === null ? null : growth * 100;
  const volatility = isLong ? annualVolatility(returns, perYear) : null;
  const maxDrawdownPct = drawdown.maxShare * 100;
  const meanEquity = meanOf(equity.subarray(from, to));
  return {
    finalEquity,
    netProfit,
    netProfitPct: (netProfit / capital) * 100,
    buyAndHoldPct: bars > 0 ? (lastClose / columns.close[from]! - 1) * 100 : null,
    cagrPct,
    volatilityPct: volatility === null ? null : volatility * 100,
    sharpe: isLong ? sharpeRatio(returns, perYear) : null,
    sortino: isLong ? sortinoRatio(returns, perYear) : null,
    calmar: cagrPct !== null && maxDrawdownPct > 0 ? cagrPct / maxDrawdownPct : null,
    maxDrawdown: drawdown.maxMoney,
    maxDrawdownPct,
    maxDrawdownDays: drawdown.longestDays,
    recoveryFactor: drawdown.maxMoney > 0 ? netProfit / drawdown.maxMoney : null,
    exposurePct: bars > 0 ? (activity.barsHeld / bars) * 100 : null,
    averageBars: activity.averageBars,
    turnover: meanEquity > 0 ? activity.tradedValue / meanEquity : null,
    fees: run.books === undefined ? activity.fees : Number(run.books.fees),
    slippage: activity.slippage,
    ...positionStatistics(closedPositions(run.trades)),
  };
}
