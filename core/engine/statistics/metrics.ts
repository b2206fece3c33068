import type { Columns } from '#core/model/columns.ts';
import type { Books } from '../ledger.ts';
import type { Fill, LogRow } from '../log-rows.ts';
import type { TradeRow } from '../trades.ts';
import { LINEAR, type Valuation } from '../valuation.ts';
import { activityOf } from './activity.ts';
import { ambiguityOf } from './ambiguity.ts';
import { benchmarkFigures } from './benchmark.ts';
import { dailyDrawdowns } from './daily-drawdowns.ts';
import { dailyEquity, MIN_DAYS, type NamedCalendar, periodsPerYear, simpleReturns } from './daily-equity.ts';
import { type DayShape, dayShapeOf } from './day-shape.ts';
import { drawdownOf } from './drawdown.ts';
import { compoundAnnualGrowth } from './growth.ts';
import { closedPositions, meanExcursions, positionStatistics, type PositionStatistics } from './positions.ts';
import { annualVolatility, meanOf, sharpeRatio, sortinoRatio } from './risk-adjusted.ts';

const DAY_MS = 86_400_000;
const NO_RETURNS = new Float64Array(0);

const percentOf = (share: number | null): number | null => (share === null ? null : share * 100);

/** What a finished run left behind. Bars [from, to) count; rows before are warm-up. */
export interface RunRecord {
  readonly columns: Pick<Columns, 'time' | 'close'>;
  /** Indexed like the columns: cash + qty * close after each bar. */
  readonly equity: Float64Array;
  readonly from: number;
  readonly to: number;
  readonly capital: number;
  readonly fills: readonly Fill[];
  /** Of several markets on one account: fills and last close of each. Left out: all are of the market of `columns`. */
  readonly markets?: readonly { readonly fills: readonly Fill[]; readonly lastClose: number }[];
  /** The log, in the order in which it happened; left out: nothing but the fills. */
  readonly rows?: readonly LogRow[];
  readonly trades: readonly TradeRow[];
  /** Left out: by whether weekend bars are present. */
  readonly calendar?: NamedCalendar;
  /** How quantities are valued; left out: quantity times price. */
  readonly valuation?: Valuation;
  /** The exact books: money comes from there when given, else from the doubles. */
  readonly books?: Books;
}

/** Null = na: the figure has no value for this run. docs/metrics.md defines each; `...Pct` are percent points. */
export interface Metrics extends PositionStatistics, DayShape {
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
  readonly ulcerIndexPct: number | null;
  readonly averageDrawdownPct: number | null;
  readonly averageDrawdownDays: number | null;
  readonly timeUnderWaterPct: number | null;
  readonly alphaPct: number | null;
  readonly beta: number | null;
  readonly correlation: number | null;
  readonly informationRatio: number | null;
  readonly averageMaePct: number | null;
  readonly averageMfePct: number | null;
  readonly exposurePct: number | null;
  readonly averageBars: number | null;
  readonly turnover: number | null;
  readonly fees: number;
  readonly slippage: number;
  readonly funding: number;
  readonly borrow: number;
  readonly swap: number;
  readonly dividends: number;
  readonly liquidations: number;
  readonly breakEvenCostPct: number | null;
  readonly ambiguousBars: number;
  readonly ambiguousProfit: number;
}

/** The metrics of a run, as `strat backtest` reports them. */
export function metricsOf(run: RunRecord): Metrics {
  const { columns, equity, from, to, capital, valuation = LINEAR, calendar = null } = run;
  const bars = to - from;
  const lastClose = bars > 0 ? columns.close[to - 1]! : Number.NaN;
  const markets = run.markets ?? [{ fills: run.fills, lastClose }];
  const closes = markets.map((market) => market.lastClose);
  const finalEquity = run.books === undefined ? (bars > 0 ? equity[to - 1]! : capital) : Number(run.books.equityAt(...closes));
  const netProfit = run.books === undefined ? finalEquity - capital : Number(run.books.netProfitAt(...closes));
  const activity = activityOf(
    markets.map(({ fills }) => fills),
    from,
    to,
    valuation,
  );
  const drawdown = drawdownOf(columns.time, equity, from, to, capital);
  const daily = dailyEquity(columns.time, equity, from, to, calendar);
  const returns = simpleReturns(daily.equity);
  // After a day that ends with nothing, returns have no value.
  const isLong = daily.day.length >= MIN_DAYS && returns.every(Number.isFinite);
  const falls = dailyDrawdowns(daily, capital);
  // On an account in the coin that is traded, to buy and hold it is to do nothing.
  const holding = valuation.sign > 0 ? columns.close : columns.close.map(() => 1);
  const held = simpleReturns(dailyEquity(columns.time, holding, from, to, calendar).equity);
  const perYear = periodsPerYear(daily, columns.time, from, to, calendar);
  const spanMs = bars > 0 ? columns.time[to - 1]! - columns.time[from]! : 0;
  const growth = spanMs >= (MIN_DAYS - 1) * DAY_MS ? compoundAnnualGrowth(capital, finalEquity, spanMs) : null;
  const cagrPct = percentOf(growth);
  const volatility = isLong ? annualVolatility(returns, perYear) : null;
  const maxDrawdownPct = drawdown.maxShare * 100;
  const benchmark = benchmarkFigures(isLong ? returns : NO_RETURNS, isLong ? held : NO_RETURNS, perYear);
  const ambiguity = ambiguityOf(run.rows ?? [], valuation);
  const excursions = meanExcursions(run.trades);
  const meanEquity = meanOf(equity.subarray(from, to));
  return {
    finalEquity,
    netProfit,
    netProfitPct: (netProfit / capital) * 100,
    buyAndHoldPct: bars > 0 ? (holding[to - 1]! / holding[from]! - 1) * 100 : null,
    cagrPct,
    volatilityPct: percentOf(volatility),
    sharpe: isLong ? sharpeRatio(returns, perYear) : null,
    sortino: isLong ? sortinoRatio(returns, perYear) : null,
    calmar: cagrPct !== null && maxDrawdownPct > 0 ? cagrPct / maxDrawdownPct : null,
    maxDrawdown: drawdown.maxMoney,
    maxDrawdownPct,
    maxDrawdownDays: drawdown.longestDays,
    recoveryFactor: drawdown.maxMoney > 0 ? netProfit / drawdown.maxMoney : null,
    ulcerIndexPct: percentOf(falls.ulcerIndex),
    averageDrawdownPct: percentOf(falls.averageShare),
    averageDrawdownDays: falls.averageDays,
    timeUnderWaterPct: bars > 0 ? (drawdown.barsBelow / bars) * 100 : null,
    ...dayShapeOf(isLong ? returns : NO_RETURNS),
    alphaPct: percentOf(benchmark.alpha),
    beta: benchmark.beta,
    correlation: benchmark.correlation,
    informationRatio: benchmark.informationRatio,
    exposurePct: bars > 0 ? (activity.barsHeld / bars) * 100 : null,
    averageBars: activity.averageBars,
    turnover: meanEquity > 0 ? activity.tradedValue / meanEquity : null,
    fees: run.books === undefined ? activity.fees : Number(run.books.fees),
    slippage: activity.slippage,
    funding: Number(run.books?.funding ?? 0),
    borrow: Number(run.books?.borrow ?? 0),
    swap: Number(run.books?.swap ?? 0),
    dividends: Number(run.books?.dividends ?? 0),
    liquidations: run.fills.filter(({ kind }) => kind === 'liquidation').length,
    breakEvenCostPct: activity.tradedValue > 0 ? (netProfit / activity.tradedValue) * 100 : null,
    ambiguousBars: ambiguity.bars.length,
    ambiguousProfit: ambiguity.profit,
    averageMaePct: excursions.mae,
    averageMfePct: excursions.mfe,
    ...positionStatistics(closedPositions(run.trades)),
  };
}
