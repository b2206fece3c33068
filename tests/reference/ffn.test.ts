import { describe, expect, test } from 'vitest';
import { dailyEquity } from '#core/engine/statistics/daily-equity.ts';
import { metricsOf } from '#core/engine/statistics/metrics.ts';
import { periodReturns } from '#core/engine/statistics/period-returns.ts';
import { type Columns, sharedColumns } from '#core/model/columns.ts';
import { hasSharedData, sharedJson, sharedText } from './shared-data.ts';

interface Expected {
  readonly published: readonly {
    readonly test: string;
    readonly expression: string;
    readonly expected: number;
    readonly decimals: number;
  }[];
  readonly group_stats_computed: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Closes of one stock; ffn knows nothing but closes. */
function closesOf(stock: string): Columns {
  const [header = '', ...lines] = sharedText('backtests/metrics/ffn_test_data.csv.gz').trim().split(/\r?\n/);
  const place = header.split(',').indexOf(stock);
  const columns = sharedColumns(lines.length);
  for (const [bar, line] of lines.entries()) {
    const fields = line.split(',');
    const [month, day, year] = fields[0]!.split('/').map(Number) as [number, number, number];
    columns.time[bar] = Date.UTC(year, month - 1, day);
    const close = Number(fields[place]);
    for (const name of ['open', 'high', 'low', 'close'] as const) columns[name][bar] = close;
  }
  return columns;
}

describe.skipIf(!hasSharedData)('ffn on three stocks over ten years (../shared/data)', () => {
  test.for(['AAPL', 'MSFT', 'C'])('%s, held', (stock) => {
    const expected = (sharedJson('backtests/metrics/ffn_expected.json') as Expected).group_stats_computed[stock]!;
    const columns = closesOf(stock);
    const rows = columns.close.length;
    const capital = columns.close[0]!;
    const metrics = metricsOf({ columns, equity: columns.close, from: 0, to: rows, capital, fills: [], trades: [] });
    const { months, years } = periodReturns(dailyEquity(columns.time, columns.close, 0, rows), capital);
    // ffn has no return for the first month and year, which begin in the middle.
    const [monthly, yearly] = [months, years].map((periods) => periods.slice(1).map(({ returnPct }) => returnPct / 100)) as [
      number[],
      number[],
    ];
    const found = {
      total_return: metrics.netProfitPct / 100,
      cagr: metrics.cagrPct! / 100,
      max_drawdown: -metrics.maxDrawdownPct / 100,
      calmar: metrics.calmar!,
      daily_sharpe: metrics.sharpe!,
      daily_sortino: metrics.sortino!,
      daily_vol: metrics.volatilityPct! / 100,
      daily_skew: metrics.skew!,
      daily_kurt: metrics.kurtosis!,
      best_day: metrics.bestDayPct! / 100,
      worst_day: metrics.worstDayPct! / 100,
      avg_drawdown: -metrics.averageDrawdownPct! / 100,
      best_month: Math.max(...monthly),
      worst_month: Math.min(...monthly),
      best_year: Math.max(...yearly),
      worst_year: Math.min(...yearly),
      win_year_perc: yearly.filter((value) => value > 0).length / yearly.length,
    };
    for (const [name, value] of Object.entries(found)) expect([name, value]).toEqual([name, expect.closeTo(expected[name]!, 9)]);
  });

  test.for(['AAPL', 'MSFT', 'C'])('%s: its published figures of growth, and of the first ten days', (stock) => {
    const { published } = sharedJson('backtests/metrics/ffn_expected.json') as Expected;
    const of = (name: string, place = ''): number =>
      published.find(({ test: from, expression }) => from === name && expression === `actual['${stock}']${place}`)!.expected;
    const columns = closesOf(stock);
    const over = (to: number): ReturnType<typeof metricsOf> =>
      metricsOf({ columns, equity: columns.close, from: 0, to, capital: columns.close[0]!, fills: [], trades: [] });
    expect(over(columns.close.length).cagrPct! / 100).toBeCloseTo(of('test_cagr_df'), 2);
    expect(100 + over(10).netProfitPct).toBeCloseTo(of('test_rebase', '.iloc[9]'), 2);
    expect(-over(10).maxDrawdownPct / 100).toBeCloseTo(of('test_max_drawdown_df'), 2);
  });
});
