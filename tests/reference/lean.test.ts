import { describe, expect, test } from 'vitest';
import { parseFactors } from '#core/data/stocks/factor-file.ts';
import { type Columns, sharedColumns, sliceColumns } from '#core/model/columns.ts';
import { backtest, DEFAULT_LIMITS } from '#core/runtime/backtest.ts';
import type { BacktestDocument } from '#core/runtime/backtest-document.ts';
import { loadMarketData, type MarketData } from '#core/runtime/market-data.ts';
import { prepareStrategy } from '#core/runtime/prepare-strategy.ts';
import { loadStockActions } from '#core/runtime/stocks/stock-actions.ts';
import { createCompiler } from '#dsl/compile.ts';
import { hasSharedData, sharedJson, sharedPath, sharedText } from './shared-data.ts';

interface LeanRun {
  readonly timeframe: '1d' | '1h';
  readonly rules: string;
  readonly fillAt?: 'nextOpen' | 'close';
  /** First day and the first after the last, ms. */
  readonly from: number;
  readonly to: number;
  /** `adjusted`: fills and quantities are on prices that know all later dividends, as in LEAN. `real`: at the prices of the day, dividends as cash. */
  readonly shares: 'adjusted' | 'real';
}

interface LeanStatistics {
  readonly 'Compounding Annual Return': string;
  readonly Drawdown: string;
  readonly 'End Equity': string;
  readonly 'Win Rate': string;
  readonly 'Total Fees': string;
}

const FACTORS = sharedPath('candles/factor_files/spy.csv');
const DAY_MS = 86_400_000;
/** Interactive Brokers: half a cent a share, at least a dollar. */
const FEE = { maker: 0, taker: 0, models: { perUnit: 0.005, least: 1 } } as const;

/** Prices times what the factor file has for their day. */
function adjusted(columns: Columns): Columns {
  const read = parseFactors(sharedText('candles/factor_files/spy.csv'));
  if (!read.ok) throw new Error(read.error);
  const out = sharedColumns(columns.time.length);
  out.time.set(columns.time);
  out.volume.set(columns.volume);
  for (const [bar, time] of columns.time.entries()) {
    const factor = read.value.reduce(
      (product, { day, priceFactor }) => (Math.floor(time / DAY_MS) <= day ? product * priceFactor : product),
      1,
    );
    for (const name of ['open', 'high', 'low', 'close'] as const) out[name][bar] = columns[name][bar]! * factor;
  }
  return out;
}

/** LEAN's indicators begin with its start: what traded before serves no warm-up. */
async function run({ timeframe, rules, fillAt = 'nextOpen', from, to, shares }: LeanRun): Promise<BacktestDocument> {
  const source = `strat 1\nstrategy "LEAN"\ntrade SPY/USD on ${timeframe} side long\n${rules}`;
  const settings = { capital: 100_000, fee: FEE, slippageRate: 0, conventions: { warmup: 'first', lot: 1, fillAt } } as const;
  const prepared = prepareStrategy(createCompiler(), source, 'lean.strat', settings);
  if (!prepared.ok) throw new Error(prepared.error.map(({ code, message }) => `${code} ${message}`).join('\n'));
  const request = { data: [sharedPath(`candles/us_SPY-USD_${timeframe}.csv.gz`)], timeframe: null, from, to };
  const loaded = loadMarketData({ file: 'lean.strat', markets: ['SPY/USD'], timeframe }, request);
  const columns = sliceColumns(loaded.columns, loaded.fromIndex, loaded.columns.time.length);
  const data: MarketData =
    shares === 'adjusted'
      ? { ...loaded, columns: adjusted(columns), fromIndex: 0 }
      : { ...loaded, columns, fromIndex: 0, stock: loadStockActions(FACTORS, { ...loaded, columns }, prepared.value.program.sessions) };
  return (await backtest(prepared.value, data, DEFAULT_LIMITS, {})).document;
}

const statisticsOf = (name: string): LeanStatistics =>
  (
    sharedJson('backtests/lean/expected_statistics.json') as {
      readonly algorithms: Readonly<Record<string, { readonly expected: LeanStatistics }>>;
    }
  ).algorithms[name]!.expected;
const numberOf = (text: string): number => Number(text.replace(/[$%]/g, ''));

/** `SetHoldings` leaves 0.25 % of the equity free. */
const HOLD = 'enter long when bar_index >= 0\nsize 99.75% of equity';
const MACD = {
  timeframe: '1d',
  // A stock account of LEAN has a leverage of two: an order of which the price went up overnight is not cut to the cash.
  rules: `account { leverage 2 }
let fast = ema(close, 12)
let line = fast - ema(close, 26)
let delta = (line - ema(line, 9)) / fast
enter long when delta > 0.0025
exit long when delta < -0.0025
size 99.75% of equity`,
  from: Date.UTC(2004, 0, 1),
  to: Date.UTC(2015, 0, 2),
} as const;

describe.skipIf(!hasSharedData)('algorithms of LEAN (../shared/data)', () => {
  test('MACDTrendAlgorithm: growth, drawdown, fees, share won, on adjusted prices as LEAN', async () => {
    const expected = statisticsOf('MACDTrendAlgorithm');
    const { metrics } = await run({ ...MACD, shares: 'adjusted' });
    expect(Math.abs(metrics.finalEquity / numberOf(expected['End Equity']) - 1)).toBeLessThan(0.0001);
    expect(Math.abs(metrics.cagrPct! - numberOf(expected['Compounding Annual Return']))).toBeLessThan(0.01);
    expect(Math.abs(metrics.maxDrawdownPct - numberOf(expected.Drawdown))).toBeLessThan(0.05);
    expect(Math.round(metrics.winRatePct!)).toBe(numberOf(expected['Win Rate']));
    expect(Math.abs(metrics.fees - numberOf(expected['Total Fees']))).toBeLessThan(0.05);
  });

  test('MACDTrendAlgorithm in real shares trades on the same days, and differs by what dividends are worth as cash', async () => {
    const [inReal, inAdjusted] = [await run({ ...MACD, shares: 'real' }), await run({ ...MACD, shares: 'adjusted' })];
    const days = ({ trades }: BacktestDocument): readonly string[] => trades.map(({ entryTime, exitTime }) => `${entryTime} ${exitTime}`);
    expect(inReal.trades).toHaveLength(42);
    expect(days(inReal)).toEqual(days(inAdjusted));
    expect(inReal.data[0]!.stock).toMatchObject({ splits: 0, dividends: 45 });
    expect(inReal.metrics.dividends).toBeGreaterThan(10_000);
    expect(Math.abs(inReal.metrics.netProfitPct - inAdjusted.metrics.netProfitPct)).toBeLessThan(1.5);
  });

  test.for([
    ['BasicTemplateDailyAlgorithm', '1d', 'nextOpen', Date.UTC(2013, 9, 8), Date.UTC(2013, 9, 18)],
    ['BasicTemplateHourlyAlgorithm', '1h', 'close', Date.UTC(2013, 9, 7), Date.UTC(2013, 9, 12)],
  ] as const)('%s ends with the same money', async ([name, timeframe, fillAt, from, to]) => {
    const expected = statisticsOf(name);
    const { metrics, trades } = await run({ timeframe, rules: HOLD, fillAt, from, to, shares: 'adjusted' });
    expect(trades).toHaveLength(1);
    const difference = metrics.finalEquity - numberOf(expected['End Equity']);
    // LEAN counts in cents.
    expect(Math.abs(difference)).toBeLessThan(0.01);
  });
});
