import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Columns, sharedColumns } from '#core/model/columns.ts';
import { LOG_KIND } from '#core/model/strategy-abi.ts';
import { ledgerOf } from '../ledger.ts';
import { fillsOf } from '../log-rows.ts';
import { tradesOf } from '../trades.ts';
import { simpleReturns } from './daily-equity.ts';
import { metricsOf } from './metrics.ts';
import { positionStatistics } from './positions.ts';
import { annualVolatility, sharpeRatio, sortinoRatio } from './risk-adjusted.ts';

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

interface RatioValues {
  readonly input: { readonly file: string; readonly first: string; readonly last: string; readonly closes: number };
  readonly periods_per_year: number;
  readonly empyrical: Readonly<Record<string, number>>;
  readonly quantstats: Readonly<Record<string, number>>;
  readonly ffn: Readonly<Record<string, number>>;
}

describe.skipIf(!hasData)('metrics of buy and hold equal empyrical, quantstats and ffn', () => {
  const results: Readonly<Record<string, RatioValues>> = hasData
    ? JSON.parse(text('backtests/metrics/computed_on_candles.json')).results
    : {};

  it.each(Object.entries(results))('on %s', (_, { input, empyrical, quantstats, ffn }) => {
    const columns = candles(input.file);
    const times = [...columns.time];
    const from = times.findIndex((time) => time >= Date.parse(input.first));
    const to = times.findLastIndex((time) => time < Date.parse(input.last) + 86_400_000) + 1;
    expect(to - from).toBe(input.closes);
    const metrics = metricsOf({ columns, equity: columns.close, from, to, capital: columns.close[from]!, fills: [], trades: [] });
    expect(metrics.sharpe).toBeCloseTo(empyrical['sharpe_ratio']!, 9);
    expect(metrics.sharpe).toBeCloseTo(quantstats['sharpe']!, 9);
    expect(metrics.sharpe).toBeCloseTo(ffn['daily_sharpe']!, 9);
    expect(metrics.sortino).toBeCloseTo(empyrical['sortino_ratio']!, 9);
    expect(metrics.sortino).toBeCloseTo(quantstats['sortino']!, 9);
    expect(metrics.sortino).toBeCloseTo(ffn['daily_sortino']!, 9);
    expect(metrics.volatilityPct! / 100).toBeCloseTo(empyrical['annual_volatility']!, 9);
    expect(metrics.maxDrawdownPct / 100).toBeCloseTo(-empyrical['max_drawdown']!, 9);
    expect(metrics.cagrPct! / 100).toBeCloseTo(ffn['cagr']!, 9);
    expect(metrics.calmar).toBeCloseTo(ffn['calmar']!, 9);
    expect(metrics.netProfitPct / 100).toBeCloseTo(ffn['total_return']!, 9);
    expect(metrics.buyAndHoldPct! / 100).toBeCloseTo(ffn['total_return']!, 9);
  });
});

interface EmpyricalCase {
  readonly function: string | null;
  readonly returns: string;
  readonly expected?: unknown;
  readonly period?: string;
  readonly risk_free?: string;
  readonly required_return?: string;
}

describe.skipIf(!hasData)('ratios equal the published cases of empyrical', () => {
  const file = hasData ? JSON.parse(text('backtests/metrics/empyrical_tests.json.gz')) : { cases: [], series: {} };
  const perYear: Readonly<Record<string, number>> = { daily: 252, weekly: 52, monthly: 12 };
  const functions: Readonly<Record<string, (returns: Float64Array, perYear: number) => number | null>> = {
    sharpe_ratio: sharpeRatio,
    sortino_ratio: sortinoRatio,
    annual_volatility: annualVolatility,
  };
  const cases: [string, EmpyricalCase][] = file.cases
    .filter((one: EmpyricalCase) => {
      const isPlain = typeof one.expected === 'number' && (one.risk_free ?? one.required_return ?? '0.0') === '0.0';
      return isPlain && one.function !== null && one.function in functions;
    })
    .map((one: EmpyricalCase) => [`${one.function} of ${one.returns}`, one]);

  it('are there', () => expect(cases.length).toBeGreaterThanOrEqual(10));

  it.each(cases)('%s', (_, one) => {
    const returns = Float64Array.from(file.series[one.returns].values.filter((value: number | null) => value !== null));
    expect(functions[one.function!]!(returns, perYear[one.period ?? 'daily']!)).toBeCloseTo(Number(one.expected), 8);
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
    const trades = tradesOf(log, columns, { market: 'X', setups: [null], reasons: [null] });
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
    // The statistic is there only for runs with a commission.
    expect(metrics.fees).toBeCloseTo(rate > 0 ? stat('Commissions [$]') : 0, 6);
    // All trades of these files are closed, so the exact books hold their profit in cash.
    const books = ledgerOf(fillsOf(log), run.backtest.cash);
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
