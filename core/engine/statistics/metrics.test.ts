import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LOG_KIND } from '#core/model/strategy-abi.ts';
import { ledgerOf } from '../ledger.ts';
import { fillsOf } from '../log-rows.ts';
import { tradesOf } from '../trades.ts';
import { dailyEquity, periodsPerYear, simpleReturns } from './daily-equity.ts';
import { drawdownOf } from './drawdown.ts';
import { type Metrics, metricsOf, type RunRecord } from './metrics.ts';
import { positionStatistics } from './positions.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** A Monday. */
const START = Date.UTC(2024, 0, 1);

function record(equity: readonly number[], stepMs: number, over: Partial<RunRecord> = {}): RunRecord {
  return {
    columns: { time: Float64Array.from(equity, (_, i) => START + i * stepMs), close: Float64Array.from(equity, () => 100) },
    equity: Float64Array.from(equity),
    from: 0,
    to: equity.length,
    capital: equity[0] ?? 1000,
    fills: [],
    trades: [],
    ...over,
  };
}

describe('metrics', () => {
  it('have the names that docs/metrics.md defines, each once', () => {
    const page = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
    const defined = [...page.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1] ?? '');
    expect(defined.toSorted()).toEqual(Object.keys(metricsOf(record([1, 2], DAY))).toSorted());
  });

  it('are null, not zero, where they have no value', () => {
    const empty = metricsOf(record([1000, 1000, 1000], HOUR));
    const nulls = Object.entries(empty)
      .filter(([, value]) => value === null)
      .map(([name]) => name);
    const trades =
      'averageBars averageLoss averageTradePct averageWin bestTrade bestTradePct expectancy payoffRatio profitFactor winRatePct worstTrade worstTradePct';
    const alsoTrades = 'averageMaePct averageMfePct breakEvenCostPct kellyPct tradePValue tradeTStatistic';
    const days =
      'bestDayPct conditionalValueAtRiskPct kurtosis omega probabilisticSharpePct skew stability tailRatio valueAtRiskPct worstDayPct';
    const others = 'averageDrawdownDays averageDrawdownPct cagrPct calmar recoveryFactor sharpe sortino volatilityPct';
    const compared = 'alphaPct beta correlation informationRatio';
    expect(nulls.toSorted()).toEqual(`${trades} ${alsoTrades} ${days} ${others} ${compared}`.split(' ').toSorted());
    expect(Object.values(empty).every((value) => value === null || Number.isFinite(value))).toBe(true);
    expect(metricsOf(record([], HOUR))).toMatchObject({
      finalEquity: 1000,
      netProfit: 0,
      maxDrawdownPct: 0,
      exposurePct: null,
      buyAndHoldPct: null,
    });
  });

  it('that are annualised start with the tenth day', () => {
    const zigzag = (days: number): Metrics =>
      metricsOf(
        record(
          Array.from({ length: days }, (_, i) => 100 + (i % 2)),
          DAY,
        ),
      );
    const annualised = ({ sharpe, sortino, volatilityPct, cagrPct }: Metrics): boolean[] =>
      [sharpe, sortino, volatilityPct, cagrPct].map((value) => value !== null);
    expect(annualised(zigzag(9))).toEqual([false, false, false, false]);
    expect(annualised(zigzag(10))).toEqual([true, true, true, true]);
  });

  it('of daily returns start with the tenth day too, and end with an equity of nothing', () => {
    const of = (equity: readonly number[]): Metrics => metricsOf(record(equity, DAY));
    const nine = Array.from({ length: 9 }, (_, i) => 100 + (i % 2));
    const names = ['omega', 'tailRatio', 'valueAtRiskPct', 'skew', 'kurtosis', 'bestDayPct', 'probabilisticSharpePct'] as const;
    const known = (metrics: Metrics): boolean[] => names.map((name) => metrics[name] !== null);
    expect(known(of(nine))).toEqual(names.map(() => false));
    expect(known(of([...nine, 102]))).toEqual(names.map(() => true));
    const broke = of([...nine, 0, 5]);
    expect(known(broke)).toEqual(names.map(() => false));
    expect(Object.values(broke).every((value) => value === null || Number.isFinite(value))).toBe(true);
  });

  it('count the time under water, the streaks and what a fill may cost more', () => {
    const equity = [1000, 990, 1000, 1010, 1005, 1010];
    expect(metricsOf(record(equity, DAY)).timeUnderWaterPct).toBeCloseTo(200 / 6, 10);
    const profits = [5, 5, -1, 0, -1, -1, -1, 5];
    const trades = profits.map((profit, i) => ({ side: 'long' as const, profit, profitPct: profit / 10, positionId: i + 1 }));
    const statistics = positionStatistics(trades);
    expect([statistics.consecutiveWins, statistics.consecutiveLosses]).toEqual([2, 3]);
    // 3 of 8 win 5, the losses are 1: 3/8 - (5/8) / 5.
    expect(statistics.kellyPct).toBeCloseTo(25, 10);
    // An entry for 500 and an exit for 510 and 10 profit: costs of 10 in 1010 more, and nothing is left.
    const log = Float64Array.from(
      [
        [LOG_KIND.entry, 1, 5, 100, 100, 0, 0],
        [LOG_KIND.exit, 3, -5, 102, 102, 0, 0],
      ].flat(),
    );
    expect(metricsOf(record(equity, DAY, { fills: fillsOf(log) })).breakEvenCostPct).toBeCloseTo((100 * 10) / 1010, 10);
  });

  it('have no Sharpe ratio when equity grows evenly, however it rounds', () => {
    const even = Array.from({ length: 40 }, (_, i) => 1000 * 1.001 ** i);
    expect(metricsOf(record(even, DAY)).sharpe).toBeNull();
    expect(metricsOf(record(even, DAY)).sortino).toBeNull();
  });

  it('count only the bars of the range', () => {
    const equity = [1, 5, 1000, 1100, 990, 1050, 9];
    const metrics = metricsOf(record(equity, DAY, { from: 2, to: 6, capital: 1000 }));
    expect(metrics.finalEquity).toBe(1050);
    expect(metrics.maxDrawdownPct).toBeCloseTo(10, 10);
    expect(metrics.maxDrawdown).toBe(110);
    expect(metrics.maxDrawdownDays).toBe(2);
    expect(metrics.recoveryFactor).toBeCloseTo(50 / 110, 12);
  });

  it('sum costs of the fills, take money from the books and leave open positions out of the trades', () => {
    const log = Float64Array.from(
      [
        [LOG_KIND.entry, 1, 2, 101, 100, 0.1, 0],
        [LOG_KIND.exit, 3, -1, 98, 100, 0.2, 0],
        [LOG_KIND.stop, 4, -1, 111, 112, 0.3, -1],
        [LOG_KIND.entry, 5, -3, 99, 100, 0.4, 0],
      ].flat(),
    );
    const base = record([1000, 1000, 1000, 1000, 1000, 1000, 1000, 1006], DAY);
    const columns = {
      ...base.columns,
      open: base.columns.close,
      high: base.columns.close,
      low: base.columns.close,
      volume: base.columns.close,
    };
    const fills = fillsOf(log);
    const trades = tradesOf(log, columns, { market: 'X', setups: [null], reasonOf: () => null });
    const metrics = metricsOf({ ...base, fills, trades, books: ledgerOf([fills], 1000) });
    expect(metrics.fees).toBe(1);
    // 2 * 1 + 1 * 2 + 1 * 1 + 3 * 1.
    expect(metrics.slippage).toBe(8);
    expect(metrics).toMatchObject({ tradeCount: 1, longCount: 1, shortCount: 0, winRatePct: 100, averageBars: 3, profitFactor: null });
    // -3 - 0.2 - 0.05 and 10 - 0.3 - 0.05.
    expect(metrics.expectancy).toBeCloseTo(6.4, 10);
    // Bars 1 to 4 and 5 to 7 of 8.
    expect(metrics.exposurePct).toBe(87.5);
    // 1000 - 202.1 + 97.8 + 110.7 + 296.6 - 300.
    expect(metrics.finalEquity).toBe(1003);
    expect(metrics.netProfit).toBe(3);
    expect(metrics.turnover).toBeCloseTo((202 + 98 + 111 + 297) / (8006 / 8), 10);
  });
});

describe('the drawdown', () => {
  it('starts from the capital and lasts to the end when it is not made good', () => {
    expect(drawdownOf(Float64Array.of(0, DAY, 2 * DAY), Float64Array.of(90, 80, 85), 0, 3, 100)).toEqual({
      maxShare: 0.2,
      maxMoney: 20,
      longestDays: 2,
      barsBelow: 3,
    });
  });
});

describe('the longest drawdown', () => {
  it('counts from the last bar at the peak to the bar that reaches it again; staying at the peak is none', () => {
    const days = Float64Array.from({ length: 7 }, (_, i) => i * DAY);
    expect(drawdownOf(days, Float64Array.of(100, 100, 100, 90, 100, 100, 100), 0, 7, 100).longestDays).toBe(2);
    expect(drawdownOf(days, new Float64Array(7).fill(100), 0, 7, 100)).toEqual({ maxShare: 0, maxMoney: 0, longestDays: 0, barsBelow: 0 });
  });
});

describe('the calendar', () => {
  const times = (count: number, stepMs: number, keep: (date: Date) => boolean): Float64Array =>
    Float64Array.from(Array.from({ length: count }, (_, i) => START + i * stepMs).filter((time) => keep(new Date(time))));

  it('is round the clock with weekends, and sessions without, or with Sunday evenings only', () => {
    const all = times(24 * 28, HOUR, () => true);
    const stocks = times(24 * 28, HOUR, (date) => date.getUTCDay() % 6 !== 0);
    const currencies = times(24 * 28, HOUR, (date) => date.getUTCDay() % 6 !== 0 || (date.getUTCDay() === 0 && date.getUTCHours() >= 21));
    const perYear = (time: Float64Array): number =>
      periodsPerYear(dailyEquity(time, new Float64Array(time.length), 0, time.length), time, 0, time.length, null);
    expect([all, stocks, currencies].map(perYear)).toEqual([365, 252, 252]);
  });

  it('gives way to the distance of the points when bars are longer than a day', () => {
    const time = times(20, 7 * DAY, () => true);
    const weekly = dailyEquity(time, new Float64Array(20), 0, 20);
    expect(periodsPerYear(weekly, time, 0, 20, null)).toBeCloseTo(52.18, 2);
    expect(periodsPerYear(weekly, time, 0, 20, { name: 'xnys', daysOfYear: 252 })).toBeCloseTo(52.18, 2);
  });

  it('that was named gives its days of trading, and Sunday evening is a part of Monday', () => {
    const forex = { name: 'forex', daysOfYear: 260 };
    const time = times(24 * 28, HOUR, (date) => date.getUTCDay() % 6 !== 0 || (date.getUTCDay() === 0 && date.getUTCHours() >= 22));
    const equity = Float64Array.from(time, (_, bar) => 1000 + 10 * Math.sin(bar));
    const [byBars, named] = [null, forex].map((calendar) => dailyEquity(time, equity, 0, time.length, calendar));
    // Four weeks from a Monday: 20 days of trading, and four Sundays, the last of which begins a day more.
    expect([byBars!.day.length, named!.day.length]).toEqual([24, 21]);
    expect(Array.from(named!.day, (day) => new Date(day).getUTCDay()).every((day) => day >= 1 && day <= 5)).toBe(true);
    const returns = simpleReturns(named!.equity);
    const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
    const variance = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (returns.length - 1);
    const { sharpe } = metricsOf({
      ...record([...equity], HOUR),
      columns: { time, close: equity },
      calendar: forex,
    });
    expect(sharpe).toBeCloseTo((mean / Math.sqrt(variance)) * Math.sqrt(260), 10);
  });
});
