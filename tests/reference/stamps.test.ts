import { describe, expect, test } from 'vitest';
import { readCandleFile } from '#core/data/candle-file.ts';
import { resampleColumns } from '#core/data/resample.ts';
import { stampShift, weekShift } from '#core/data/stamp-checks.ts';
import type { Columns } from '#core/model/columns.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { backtest, DEFAULT_LIMITS } from '#core/runtime/backtest.ts';
import { loadDetail } from '#core/runtime/detail-data.ts';
import { loadMarketData } from '#core/runtime/market-data.ts';
import { prepareStrategy } from '#core/runtime/prepare-strategy.ts';
import { createCompiler } from '#dsl/compile.ts';
import { hasSharedData, sharedPath } from './shared-data.ts';

const moved = (columns: Columns, ms: number): Columns => ({ ...columns, time: columns.time.map((time) => time + ms) });

/** Markets of one kind, and two that have little to do with each other. */
const TOGETHER = [
  ['binance_BTC-USDT_1d', 'binance_ETH-USDT_1d'],
  ['binance_SOL-USDT_1h', 'binance_XRP-USDT_1h'],
  ['us_SPY-USD_1d', 'us_IWM-USD_1d'],
  ['oanda_EUR-USD_1h', 'mt4_GBP-USD_1h'],
] as const;
const APART = ['us_SPY-USD_1d', 'binance_BTC-USDT_1d'] as const;

describe.skipIf(!hasSharedData)('a mis-stamped feed is detected (../shared/data)', () => {
  const read = (name: string): ReturnType<typeof readCandleFile> => readCandleFile(sharedPath(`candles/${name}.csv.gz`));

  test.for(TOGETHER)('%s and %s: nothing where the times are right, the bars by which they are wrong', ([one, other]) => {
    const [first, second] = [read(one), read(other)];
    const { timeframe } = first;
    expect(stampShift(first.columns, second.columns, timeframe)).toBe(0);
    for (const bars of [-1, 1, 3]) expect(stampShift(first.columns, moved(second.columns, bars * timeframe.stepMs), timeframe)).toBe(bars);
  });

  test('markets that do not move together say nothing', () => {
    const [first, second] = APART.map(read) as [ReturnType<typeof read>, ReturnType<typeof read>];
    for (const bars of [0, -1, 1]) expect(stampShift(first.columns, moved(second.columns, bars * first.stepMs), first.timeframe)).toBe(0);
  });

  test.for([
    [-1, 'before, so that a rule sees what has not happened yet'],
    [1, 'after, so that a rule sees it late'],
  ] as const)('a run that reads a market whose times are wrong by %s bar warns', async ([bars, what]) => {
    const source =
      'strat 1\nstrategy "follows"\ntrade BTC/USDT on 1d\nenter long when close of ETH/USDT > close[1] of ETH/USDT\nsize 10% of equity\nstop 5%\n';
    const prepared = prepareStrategy(createCompiler(), source, 'follows.strat', {});
    if (!prepared.ok) throw new Error('unreachable');
    const data = ['BTC', 'ETH'].map((base) => sharedPath(`candles/binance_${base}-USDT_1d.csv.gz`));
    const needs = { file: 'follows.strat', markets: ['BTC/USDT'], timeframe: '1d', reads: ['ETH/USDT'] };
    const loaded = loadMarketData(needs, { data, timeframe: null, from: null, to: null });
    const stampsOf = async (others: typeof loaded.others): Promise<readonly string[]> =>
      (await backtest(prepared.value, { ...loaded, others }, DEFAULT_LIMITS, {})).document.warnings.flatMap(({ code, message }) =>
        code === 'STAMPS' ? [message] : [],
      );
    expect(await stampsOf(loaded.others)).toEqual([]);
    const wrong = loaded.others.map((other) => ({ ...other, columns: moved(other.columns, bars * loaded.timeframe.stepMs) }));
    expect(await stampsOf(wrong)).toEqual([expect.stringContaining(`ETH/USDT moves with BTC/USDT 1 bar ${what}`)]);
  });

  test.for([
    ['longer bars with the times of their close', 3_600_000, 'the 1h bars of "hours.csv" are stamped with the times at which they close'],
    ['longer bars two hours late', 7_200_000, 'its times are 2 h before those of "hours.csv" for the same prices'],
    ['finer bars with the times of their close', -300_000, 'its 5m bars are stamped with the times at which they close'],
  ] as const)('--detail refuses %s', ([, ms, reason]) => {
    const path = sharedPath('candles/binance_BTC-USDT_5m.csv.gz');
    const fine = readCandleFile(path);
    const hour = parseTimeframe('1h')!;
    const { columns } = resampleColumns(fine.columns, fine.timeframe, hour);
    const traded = { market: 'BTC/USDT', timeframe: hour, further: new Map(), file: 'hours.csv', sha256: '', warnings: [] };
    expect(loadDetail(path, { ...traded, columns }).inner.ends.at(-1)).toBeGreaterThan(10_000);
    expect(() => loadDetail(path, { ...traded, columns: moved(columns, ms) })).toThrow(reason);
  });

  test('days of stocks that carry the time of their close are Tuesday to Saturday', () => {
    const { columns, timeframe, stepMs } = read('us_AAPL-USD_1d');
    expect([-stepMs, 0, stepMs].map((ms) => weekShift(moved(columns, ms), timeframe))).toEqual([-1, 0, 1]);
    for (const name of ['fxcm_GBP-USD_1d', 'binance_BTC-USDT_1d', 'eurex-bt2006_ESTX50-EUR_1d', 'coinbase_BTC-USD_1d']) {
      const file = read(name);
      expect(weekShift(file.columns, file.timeframe)).toBe(0);
    }
  });
});
