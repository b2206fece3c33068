import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Columns, sharedColumns } from '#core/model/columns.ts';
import { LOG_KIND } from '#core/model/strategy-abi.ts';
import { ledgerOf } from '../ledger.ts';
import { fillsOf } from '../log-rows.ts';
import { tradesOf } from '../trades.ts';
import { benchmarkFigures } from './benchmark.ts';
import { dailyDrawdowns } from './daily-drawdowns.ts';
import { dailyEquity, simpleReturns } from './daily-equity.ts';
import { omegaRatio } from './distribution.ts';
import { stability } from './growth.ts';
import { metricsOf } from './metrics.ts';
import { periodReturns } from './period-returns.ts';
import { positionStatistics } from './positions.ts';
import { rollingSharpe } from './rolling-sharpe.ts';
import { meanTest, probabilisticSharpe } from './significance-tests.ts';
import { annualVolatility, meanOf, sampleDeviation, sharpeRatio, sortinoRatio } from './risk-adjusted.ts';

/** Against the numbers of other programs: empyrical, quantstats, ffn, backtesting.py, freqtrade. */
const DATA = new URL('../../../../shared/data/', import.meta.url);
const hasData = existsSync(DATA);

function text(path: string): string {
  const bytes = readFileSync(new URL(path, DATA));
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

function candles(path: string): Columns {
  const rows = text(path)
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));
  const columns = sharedColumns(rows.length);
  for (const [i, row] of rows.entries()) {
    [columns.time[i], columns.open[i], columns.high[i], columns.low[i], columns.close[i], columns.volume[i]] = row as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
  }
  return columns;
}

/** First and last index of the rows of a reference, by their days. */
function rangeOf(time: Float64Array, { first, last, closes }: RatioValues['input']): readonly [from: number, to: number] {
  const from = time.findIndex((at) => at >= Date.parse(first));
  const to = time.findLastIndex((at) => at < Date.parse(last) + 86_400_000) + 1;
  expect(to - from).toBe(closes);
  return [from, to];
}

/** ffn counts a drawdown from its first day below the peak, we as backtesting.py from the last day at the peak: mean days between the two. */
function firstDayBelow({ time, close }: { readonly time: Float64Array; readonly close: Float64Array }): number {
  const gaps: number[] = [];
  let peak = -Infinity;
  for (const [i, value] of close.entries()) {
    if (value < peak && close[i - 1] === peak) gaps.push((time[i]! - time[i - 1]!) / 86_400_000);
    peak = Math.max(peak, value);
  }
  return meanOf(Float64Array.from(gaps));
}

interface RatioValues {
  readonly input: { readonly file: string; readonly first: string; readonly last: string; readonly closes: number };
  readonly benchmark: string | null;
  readonly periods_per_year: number;
  readonly empyrical: Readonly<Record<string, number>>;
  readonly quantstats: Readonly<Record<string, number>>;
  readonly ffn: Readonly<Record<string, number>>;
}

describe.skipIf(!hasData)('metrics of buy and hold equal empyrical, quantstats and ffn', () => {
  const results: Readonly<Record<string, RatioValues>> = hasData
    ? JSON.parse(text('backtests/metrics/computed_on_candles.json')).results
    : {};

  it.each(Object.entries(results))('on %s', (_, { input, periods_per_year: perYear, empyrical, quantstats, ffn }) => {
    const columns = candles(input.file);
    const [from, to] = rangeOf(columns.time, input);
    const metrics = metricsOf({ columns, equity: columns.close, from, to, capital: columns.close[from]!, fills: [], trades: [] });
    expect(metrics.sharpe).toBeCloseTo(empyrical['sharpe_ratio']!, 9);
    expect(metrics.sharpe).toBeCloseTo(quantstats['sharpe']!, 9);
    expect(metrics.sharpe).toBeCloseTo(ffn['daily_sharpe']!, 9);
    expect(metrics.sortino).toBeCloseTo(empyrical['sortino_ratio']!, 9);
    expect(metrics.sortino).toBeCloseTo(quantstats['sortino']!, 9);
    expect(metrics.sortino).toBeCloseTo(ffn['daily_sortino']!, 9);
    expect(metrics.volatilityPct! / 100).toBeCloseTo(empyrical['annual_volatility']!, 9);
    expect(metrics.volatilityPct! / 100).toBeCloseTo(quantstats['volatility']!, 9);
    expect(metrics.volatilityPct! / 100).toBeCloseTo(ffn['daily_vol']!, 9);
    expect(metrics.maxDrawdownPct / 100).toBeCloseTo(-empyrical['max_drawdown']!, 9);
    expect(metrics.maxDrawdownPct / 100).toBeCloseTo(-quantstats['max_drawdown']!, 9);
    expect(metrics.maxDrawdownPct / 100).toBeCloseTo(-ffn['max_drawdown']!, 9);
    expect(metrics.cagrPct! / 100).toBeCloseTo(ffn['cagr']!, 9);
    expect(metrics.calmar).toBeCloseTo(ffn['calmar']!, 9);
    expect(metrics.netProfitPct / 100).toBeCloseTo(ffn['total_return']!, 9);
    expect(metrics.netProfitPct / 100).toBeCloseTo(empyrical['cum_returns_final']!, 9);
    expect(metrics.netProfitPct / 100).toBeCloseTo(quantstats['comp']!, 9);
    // Their years have as many days as there are returns a year; ours are those of the calendar, as ffn's.
    const years = (input.closes - 1) / perYear;
    expect((1 + metrics.netProfitPct / 100) ** (1 / years) - 1).toBeCloseTo(empyrical['annual_return']!, 9);
    expect((1 + metrics.netProfitPct / 100) ** (1 / years) - 1).toBeCloseTo(quantstats['cagr']!, 9);
    expect(metrics.buyAndHoldPct! / 100).toBeCloseTo(ffn['total_return']!, 9);
    expect(metrics.omega).toBeCloseTo(empyrical['omega_ratio']!, 9);
    expect(metrics.omega).toBeCloseTo(quantstats['omega']!, 9);
    expect(metrics.tailRatio).toBeCloseTo(empyrical['tail_ratio']!, 9);
    expect(metrics.tailRatio).toBeCloseTo(quantstats['tail_ratio']!, 9);
    expect(metrics.valueAtRiskPct! / 100).toBeCloseTo(-empyrical['value_at_risk']!, 11);
    expect(metrics.conditionalValueAtRiskPct! / 100).toBeCloseTo(-empyrical['conditional_value_at_risk']!, 11);
    expect(metrics.skew).toBeCloseTo(quantstats['skew']!, 9);
    expect(metrics.skew).toBeCloseTo(ffn['daily_skew']!, 9);
    expect(metrics.kurtosis).toBeCloseTo(quantstats['kurtosis']!, 9);
    expect(metrics.kurtosis).toBeCloseTo(ffn['daily_kurt']!, 9);
    for (const [best, worst] of [
      [ffn['best_day'], ffn['worst_day']],
      [quantstats['best'], quantstats['worst']],
    ]) {
      expect(metrics.bestDayPct! / 100).toBeCloseTo(best!, 11);
      expect(metrics.worstDayPct! / 100).toBeCloseTo(worst!, 11);
    }
    expect(metrics.stability).toBeCloseTo(empyrical['stability_of_timeseries']!, 9);
    expect(metrics.averageDrawdownPct! / 100).toBeCloseTo(-ffn['avg_drawdown']!, 11);
    // quantstats divides the squares of n returns by n - 1; we, as Martin, by the number of days, which are one more than the returns.
    expect((metrics.ulcerIndexPct! / 100) * Math.sqrt(input.closes / (input.closes - 2))).toBeCloseTo(quantstats['ulcer_index']!, 9);
    const whole = { time: columns.time.slice(from, to), close: columns.close.slice(from, to) };
    expect(metrics.averageDrawdownDays! - firstDayBelow(whole)).toBeCloseTo(ffn['avg_drawdown_days']!, 9);
    expect([metrics.alphaPct, metrics.beta, metrics.correlation].map((value) => Math.round(value! * 1e9) / 1e9)).toEqual([0, 1, 1]);
  });

  it.each(Object.entries(results))('in the probabilistic Sharpe ratio on %s, but for the kurtosis', (_, { input, quantstats }) => {
    const columns = candles(input.file);
    const [from, to] = rangeOf(columns.time, input);
    const returns = simpleReturns(columns.close.slice(from, to));
    const sharpe = meanOf(returns) / sampleDeviation(returns)!;
    const { skew, kurtosis, probabilistic_sharpe_ratio: expected } = quantstats;
    // quantstats takes 3 from a kurtosis that is the excess over 3 already; the paper takes it once.
    expect(probabilisticSharpe(sharpe, returns.length, skew!, kurtosis! - 3)).toBeCloseTo(expected!, 9);
    const metrics = metricsOf({ columns, equity: columns.close, from, to, capital: columns.close[from]!, fills: [], trades: [] });
    expect(metrics.probabilisticSharpePct! / 100).toBeCloseTo(expected!, 3);
  });

  it.each(Object.entries(results))('in the figures of trades, each day being one, on %s', (_, { input, quantstats }) => {
    const columns = candles(input.file);
    const [from, to] = rangeOf(columns.time, input);
    const days = [...simpleReturns(columns.close.slice(from, to))].map((value) => ({
      side: 'long' as const,
      profit: value,
      profitPct: value * 100,
    }));
    const all = positionStatistics(days);
    expect(all.profitFactor).toBeCloseTo(quantstats['profit_factor']!, 9);
    expect(all.payoffRatio).toBeCloseTo(quantstats['payoff_ratio']!, 9);
    expect(all.averageWin).toBeCloseTo(quantstats['avg_win']!, 11);
    expect(all.averageLoss).toBeCloseTo(quantstats['avg_loss']!, 11);
    expect(all.consecutiveWins).toBe(quantstats['consecutive_wins']);
    expect(all.consecutiveLosses).toBe(quantstats['consecutive_losses']);
    // quantstats leaves out the days without any change; ours count every trade.
    const moved = positionStatistics(days.filter(({ profit }) => profit !== 0));
    expect(moved.winRatePct! / 100).toBeCloseTo(quantstats['win_rate']!, 11);
    expect(moved.kellyPct! / 100).toBeCloseTo(quantstats['kelly_criterion']!, 9);
  });

  it.each(Object.entries(results))('in the months and years on %s', (_, { input, ffn }) => {
    const columns = candles(input.file);
    const [from, to] = rangeOf(columns.time, input);
    const { months, years } = periodReturns(dailyEquity(columns.time, columns.close, from, to), columns.close[from]!);
    // ffn has no return for the first month and year, which begin in the middle.
    const [monthly, yearly] = [months, years].map((rows) => rows.slice(1).map(({ returnPct }) => returnPct / 100)) as [number[], number[]];
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.max(...monthly)).toBeCloseTo(ffn['best_month']!, 11);
    expect(Math.min(...monthly)).toBeCloseTo(ffn['worst_month']!, 11);
    expect(mean(monthly.filter((value) => value > 0))).toBeCloseTo(ffn['avg_up_month']!, 11);
    expect(mean(monthly.filter((value) => value <= 0))).toBeCloseTo(ffn['avg_down_month']!, 11);
    expect(mean(monthly) * 12).toBeCloseTo(ffn['monthly_mean']!, 11);
    expect(Math.max(...yearly)).toBeCloseTo(ffn['best_year']!, 11);
    expect(Math.min(...yearly)).toBeCloseTo(ffn['worst_year']!, 11);
    expect(yearly.filter((value) => value > 0).length / yearly.length).toBeCloseTo(ffn['win_year_perc']!, 11);
  });

  const compared = Object.entries(results).filter(([, { benchmark }]) => benchmark !== null);

  it.each(compared)('in alpha, beta and the correlation of %s', (_, { input, benchmark, empyrical, periods_per_year: perYear }) => {
    const [columns, other] = [candles(input.file), candles(benchmark!)];
    const [from, to] = rangeOf(columns.time, input);
    const dayOf = (time: number): number => Math.floor(time / 86_400_000);
    const closes = new Map([...other.time].map((time, i) => [dayOf(time), other.close[i]!] as const));
    const held = Float64Array.from(columns.time.slice(from, to), (time) => closes.get(dayOf(time)) ?? NaN);
    expect(held.every(Number.isFinite)).toBe(true);
    const figures = benchmarkFigures(simpleReturns(columns.close.slice(from, to)), simpleReturns(held), perYear);
    expect(figures.alpha).toBeCloseTo(empyrical['alpha']!, 9);
    expect(figures.beta).toBeCloseTo(empyrical['beta']!, 9);
    expect(figures.correlation).toBeCloseTo(empyrical['tracking_correlation'] ?? NaN, 9);
    expect(figures.informationRatio! / Math.sqrt(perYear)).toBeCloseTo(empyrical['excess_sharpe']!, 9);
  });
});

/** Computed by ffn on its own test data, three stocks over ten years. */
describe.skipIf(!hasData)('metrics equal those of ffn on its test data', () => {
  const stats: Readonly<Record<string, Readonly<Record<string, number>>>> = hasData
    ? JSON.parse(text('backtests/metrics/ffn_expected.json')).group_stats_computed
    : {};

  it('of three stocks', () => expect(Object.keys(stats)).toEqual(['AAPL', 'MSFT', 'C']));

  it.each(Object.entries(stats))('%s', (name, ffn) => {
    const [header, ...lines] = text('backtests/metrics/ffn_test_data.csv.gz').trim().split(/\r?\n/);
    const place = header!.split(',').indexOf(name);
    const rows = lines.map((line) => line.split(','));
    const time = Float64Array.from(rows, ([date]) => {
      const [month, day, year] = date!.split('/').map(Number) as [number, number, number];
      return Date.UTC(year, month - 1, day);
    });
    const close = Float64Array.from(rows, (row) => Number(row[place]));
    const to = close.length;
    const metrics = metricsOf({ columns: { time, close }, equity: close, from: 0, to, capital: close[0]!, fills: [], trades: [] });
    expect(metrics.netProfitPct / 100).toBeCloseTo(ffn['total_return']!, 9);
    expect(metrics.cagrPct! / 100).toBeCloseTo(ffn['cagr']!, 9);
    expect(metrics.calmar).toBeCloseTo(ffn['calmar']!, 9);
    expect(metrics.maxDrawdownPct / 100).toBeCloseTo(-ffn['max_drawdown']!, 9);
    expect(metrics.averageDrawdownPct! / 100).toBeCloseTo(-ffn['avg_drawdown']!, 9);
    expect(metrics.averageDrawdownDays! - firstDayBelow({ time, close })).toBeCloseTo(ffn['avg_drawdown_days']!, 9);
    expect(metrics.sharpe).toBeCloseTo(ffn['daily_sharpe']!, 9);
    expect(metrics.sortino).toBeCloseTo(ffn['daily_sortino']!, 9);
    expect(metrics.volatilityPct! / 100).toBeCloseTo(ffn['daily_vol']!, 9);
    expect(metrics.skew).toBeCloseTo(ffn['daily_skew']!, 9);
    expect(metrics.kurtosis).toBeCloseTo(ffn['daily_kurt']!, 9);
    expect(metrics.bestDayPct! / 100).toBeCloseTo(ffn['best_day']!, 9);
    expect(metrics.worstDayPct! / 100).toBeCloseTo(ffn['worst_day']!, 9);
  });
});

interface EmpyricalCase {
  readonly test: string;
  readonly benchmark?: string;
  readonly window?: number;
  readonly function: string | null;
  readonly returns: string;
  readonly expected?: unknown;
  readonly period?: string;
  readonly risk_free?: string;
  readonly required_return?: string | number;
}

describe.skipIf(!hasData)('ratios equal the published cases of empyrical', () => {
  const file = hasData ? JSON.parse(text('backtests/metrics/empyrical_tests.json.gz')) : { cases: [], series: {} };
  const perYear: Readonly<Record<string, number>> = { daily: 252, weekly: 52, monthly: 12 };
  const functions: Readonly<Record<string, (returns: Float64Array, perYear: number) => number | null>> = {
    sharpe_ratio: sharpeRatio,
    sortino_ratio: sortinoRatio,
    annual_volatility: annualVolatility,
    stability_of_timeseries: stability,
  };
  const cases: [string, EmpyricalCase][] = file.cases
    .filter((one: EmpyricalCase) => {
      const isPlain = typeof one.expected === 'number' && Number(one.risk_free ?? 0) === 0 && Number(one.required_return ?? 0) === 0;
      return isPlain && one.function !== null && one.function in functions;
    })
    .map((one: EmpyricalCase) => [`${one.function} of ${one.returns}`, one]);

  it('are there', () => expect(cases.length).toBeGreaterThanOrEqual(10));

  it.each(cases)('%s', (_, one) => {
    const returns = Float64Array.from(file.series[one.returns].values.filter((value: number | null) => value !== null));
    expect(functions[one.function!]!(returns, perYear[one.period ?? 'daily']!)).toBeCloseTo(Number(one.expected), 8);
  });
});

describe.skipIf(!hasData)('rolling and compared figures equal the published cases of empyrical', () => {
  const file = hasData ? JSON.parse(text('backtests/metrics/empyrical_tests.json.gz')) : { cases: [], series: {} };
  const series = (name: string): readonly (number | null)[] => {
    const [, minus, key, from] = /^(-?)(\w+?)(?:\[(\d+):\])?$/.exec(name)!;
    const values: (number | null)[] = file.series[key!].values.slice(Number(from ?? 0));
    return values.map((value) => (value === null || minus === '' ? value : -value));
  };
  const omegas: [string, EmpyricalCase][] = file.cases
    .filter((one: EmpyricalCase) => one.test === 'test_omega' && typeof one.expected === 'number' && Number.isFinite(Number(one.risk_free)))
    .map((one: EmpyricalCase) => [`${one.returns} over ${one.risk_free} and ${one.required_return}`, one]);

  it.each(omegas)('omega ratio of %s', (_, { returns, expected, risk_free: riskFree, required_return: required }) => {
    // Ours has the threshold zero: what theirs is compared with is taken off first. A required return is that of a year.
    const threshold = Number(riskFree) + Math.pow(1 + Number(required), 1 / 252) - 1;
    const values = series(returns).filter((value) => value !== null);
    expect(omegaRatio(Float64Array.from(values, (value) => value - threshold))).toBeCloseTo(Number(expected), 8);
  });

  const cases = (test: string): [string, EmpyricalCase][] =>
    file.cases
      .filter((one: EmpyricalCase) => one.test === test && Array.isArray(one.expected) && typeof one.expected.at(-1) === 'number')
      .map((one: EmpyricalCase) => [`${one.returns} ${one.benchmark ?? ''}`, one]);

  it('are there', () =>
    expect([cases('test_alpha_beta').length, cases('test_roll_sharpe_ratio').length, omegas.length]).toEqual([3, 2, 4]));

  it.each(cases('test_alpha_beta'))('alpha and beta of %s', (_, { returns, benchmark, expected }) => {
    // Values stand at the same days; days that one of them lacks do not count.
    const other = series(benchmark!);
    const own = series(returns).slice(-other.length);
    const both = own.flatMap((value, i) => (value === null || other[i] === null ? [] : [[value, other[i]!] as const]));
    const figures = benchmarkFigures(
      Float64Array.from(both, ([value]) => value),
      Float64Array.from(both, ([, value]) => value),
      252,
    );
    const [alpha, beta] = expected as [number, number];
    expect(figures.alpha).toBeCloseTo(alpha, 8);
    expect(figures.beta).toBeCloseTo(beta, 8);
  });

  it.each(cases('test_roll_sharpe_ratio'))('rolling Sharpe ratio of %s', (_, { returns, expected, window }) => {
    const values = Float64Array.from(series(returns), (value) => value ?? 0);
    const rolled = rollingSharpe(values, window!, 252).slice(window! - 1);
    // The first window of one series has a missing day, which empyrical leaves out and we do not have.
    const isWhole = (i: number): boolean =>
      !series(returns)
        .slice(i, i + window!)
        .includes(null);
    const whole = (list: Iterable<number>): number[] =>
      [...list].filter((_value, i) => isWhole(i)).map((value) => Math.round(value * 1e7) / 1e7);
    expect(whole(rolled)).toEqual(whole(expected as number[]));
  });
});

interface BacktestingRun {
  readonly input: { readonly file: string; readonly first_row: number; readonly rows: number };
  readonly backtest: { readonly cash: number; readonly commission?: number };
  readonly stats: Readonly<Record<string, number | { readonly ms: number }>>;
  readonly trades: readonly {
    Size: number;
    EntryBar: number;
    ExitBar: number;
    EntryPrice: number;
    ExitPrice: number;
    PnL: number;
    Commission: number;
    ReturnPct: number;
  }[];
  readonly equity: readonly number[];
}

describe.skipIf(!hasData)('trades and metrics equal runs of backtesting.py', () => {
  const folder = 'backtests/backtesting.py/';
  const files = hasData ? readdirSync(new URL(folder, DATA)).filter((name) => name.endsWith('.json.gz')) : [];

  it('of which there are eight', () => expect(files).toHaveLength(8));

  it.each(files)('%s', (name) => {
    const run: BacktestingRun = JSON.parse(text(folder + name));
    const stat = (key: string): number => {
      const value = run.stats[key];
      return typeof value === 'number' ? value : (value?.ms ?? Number.NaN) / 86_400_000;
    };
    const columns = candles(run.input.file);
    const { first_row: from, rows } = run.input;
    const rate = run.backtest.commission ?? 0;
    const fills = run.trades.toSorted((a, b) => a.ExitBar - b.ExitBar || a.EntryBar - b.EntryBar);
    const log = Float64Array.from(
      fills.flatMap(({ Size: size, EntryBar, EntryPrice, ExitBar, ExitPrice }) => {
        const fee = (price: number): number => Math.abs(size) * price * rate;
        const entry = [LOG_KIND.entry, EntryBar, size, EntryPrice, EntryPrice, fee(EntryPrice), 0];
        return entry.concat([LOG_KIND.exit, ExitBar, -size, ExitPrice, ExitPrice, fee(ExitPrice), 0]);
      }),
    );
    const trades = tradesOf(log, columns, { market: 'X', setups: [null], reasonOf: () => null });
    expect(trades).toHaveLength(fills.length);
    for (const [i, trade] of fills.entries()) {
      expect(trades[i]!.qty).toBe(Math.abs(trade.Size));
      expect(trades[i]!.profit).toBeCloseTo(trade.PnL, 6);
      expect(trades[i]!.fees).toBeCloseTo(trade.Commission, 6);
      expect(trades[i]!.profitPct! / 100).toBeCloseTo(trade.ReturnPct, 10);
      expect(trades[i]!.bars).toBe(trade.ExitBar - trade.EntryBar);
    }
    const equity = Float64Array.from(run.equity);
    const metrics = metricsOf({ columns, equity, from, to: from + rows, capital: run.backtest.cash, fills: fillsOf(log), trades });
    expect(metrics.finalEquity).toBeCloseTo(stat('Equity Final [$]'), 6);
    expect(metrics.netProfitPct).toBeCloseTo(stat('Return [%]'), 8);
    expect(metrics.cagrPct).toBeCloseTo(stat('CAGR [%]'), 7);
    expect(metrics.maxDrawdownPct).toBeCloseTo(-stat('Max. Drawdown [%]'), 7);
    expect(metrics.maxDrawdownDays).toBeCloseTo(stat('Max. Drawdown Duration'), 8);
    expect(metrics.exposurePct).toBeCloseTo(stat('Exposure Time [%]'), 8);
    expect(metrics.tradeCount).toBe(stat('# Trades'));
    expect(metrics.winRatePct).toBeCloseTo(stat('Win Rate [%]'), 8);
    expect(metrics.bestTradePct).toBeCloseTo(stat('Best Trade [%]'), 8);
    expect(metrics.worstTradePct).toBeCloseTo(stat('Worst Trade [%]'), 8);
    expect(metrics.averageTradePct).toBeCloseTo(stat('Expectancy [%]'), 8);
    // The drawdowns of bars there, of days here: the same function of both.
    const falls = dailyDrawdowns({ day: columns.time.slice(from, from + rows), equity }, run.backtest.cash);
    expect(falls.averageShare! * 100).toBeCloseTo(-stat('Avg. Drawdown [%]'), 8);
    // Rounded up to whole bars.
    const barDays = name.startsWith('eurusd') ? 1 / 24 : 1;
    expect(Math.ceil(falls.averageDays! / barDays - 1e-9)).toBe(Math.round(stat('Avg. Drawdown Duration') / barDays));
    const ofDays = [metrics.averageDrawdownPct, metrics.averageDrawdownDays];
    expect(barDays === 1 ? ofDays : []).toEqual(barDays === 1 ? [falls.averageShare! * 100, falls.averageDays] : []);
    expect(metrics.kellyPct! / 100).toBeCloseTo(stat('Kelly Criterion'), 8);
    expect(meanTest(Float64Array.from(run.trades, (trade) => trade.PnL))!.t).toBeCloseTo(stat('SQN'), 8);
    // The statistic is there only for runs with a commission.
    expect(metrics.fees).toBeCloseTo(rate > 0 ? stat('Commissions [$]') : 0, 6);
    // All trades of these files are closed, so the exact books hold their profit in cash.
    const books = ledgerOf([fillsOf(log)], run.backtest.cash);
    expect(books.position).toBe('0');
    expect(Number(books.netProfitAt(1))).toBeCloseTo(
      run.trades.reduce((sum, trade) => sum + trade.PnL, 0),
      6,
    );
  });
});

describe.skipIf(!hasData)('position statistics equal the summary of a stored freqtrade result', () => {
  it('in counts, win rate, profit factor and expectancy', () => {
    const result = JSON.parse(text('backtests/freqtrade/backtest-result.json.gz'));
    const [strategy] = Object.values<{
      trades: { profit_abs: number; profit_ratio: number; is_short: boolean }[];
      [key: string]: unknown;
    }>(result.strategy);
    const statistics = positionStatistics(
      strategy!.trades.map((trade) => ({
        side: trade.is_short ? 'short' : 'long',
        profit: trade.profit_abs,
        profitPct: trade.profit_ratio * 100,
      })),
    );
    const stored = (key: string): number => Number(strategy![key]);
    expect(statistics.tradeCount).toBe(stored('total_trades'));
    expect(statistics.longCount).toBe(stored('trade_count_long'));
    expect(statistics.profitFactor).toBeCloseTo(stored('profit_factor'), 9);
    expect(statistics.expectancy).toBeCloseTo(stored('profit_total_abs') / stored('total_trades'), 12);
    expect(statistics.averageTradePct).toBeCloseTo(stored('profit_mean') * 100, 9);
    expect(statistics.winRatePct).toBeCloseTo((Number(result.strategy_comparison[0].wins) / stored('total_trades')) * 100, 9);
  });
});

describe('simple returns', () => {
  it('are one fewer than values', () => {
    expect([...simpleReturns(Float64Array.of(100, 110, 99))]).toEqual([110 / 100 - 1, 99 / 110 - 1]);
    expect(simpleReturns(new Float64Array(0))).toHaveLength(0);
  });
});
