import { expect, test } from 'vitest';
import { backtest, DEFAULT_LIMITS } from '#core/runtime/backtest.ts';
import type { BacktestDocument } from '#core/runtime/backtest-document.ts';
import { loadDetail } from '#core/runtime/detail-data.ts';
import { loadMarketData } from '#core/runtime/market-data.ts';
import { prepareStrategy } from '#core/runtime/prepare-strategy.ts';
import { createCompiler } from '#dsl/compile.ts';
import { importedFixture } from './import-fixture.ts';
import { hasSharedData, sharedPath, sharedText } from './shared-data.ts';

/** TradingView's tester with its bar magnifier: days, inside of which the hours decide. Levels stay where the signal put them. */
const SOURCE = `strat 1
strategy "magnifier"
trade BTC/USDT on 1d side both
let up = sma(close, 3) crosses above sma(close, 10)
let down = sma(close, 3) crosses below sma(close, 10)
size 0.01 BTC
long {
  enter when up
  stop at close - 1000
  take at value_when(up, close + 1500)
}
short {
  enter when down
  stop at close + 1000
  take at value_when(down, close - 1500)
}`;
const CANDLES = sharedPath('backtests/tradingview/bar_magnifier_btcusdt_60m.csv.gz');

async function run(source: string, isDetailed: boolean): Promise<BacktestDocument> {
  const conventions = { warmup: 'first', opposite: 'reverse', limitFill: 'touch' } as const;
  const prepared = prepareStrategy(createCompiler(), source, 'magnifier.strat', { feeRate: 0, slippageRate: 0, conventions, isDetailed });
  if (!prepared.ok) throw new Error(prepared.error.map(({ code, message }) => `${code} ${message}`).join('\n'));
  const { markets, timeframe } = prepared.value.program;
  const request = { data: [`BTC/USDT=${CANDLES}`], timeframe: null, from: null, to: null };
  const days = loadMarketData({ file: 'magnifier.strat', markets, timeframe }, request);
  return (await backtest(prepared.value, isDetailed ? { ...days, detail: loadDetail(CANDLES, days) } : days, DEFAULT_LIMITS, {})).document;
}

const shown = (side: string, entry: string, entryPrice: number, exit: string, exitPrice: number): string =>
  `${side} ${entry.slice(0, 10)} ${entryPrice.toFixed(2)} ${exit.slice(0, 10)} ${exitPrice.toFixed(2)}`;
const shownOurs = ({ trades }: BacktestDocument): readonly string[] =>
  trades.map((trade) => shown(trade.side, trade.entryTime, trade.entryPrice, trade.exitTime ?? '', trade.exitPrice ?? 0));

/** Two rows a trade: entry, exit. */
function shownTheirs(): readonly string[] {
  const rows = sharedText('backtests/tradingview/bar_magnifier_trades.csv.gz').trim().split(/\r?\n/).slice(1);
  const fields = rows.map((row) => row.split(','));
  return Array.from({ length: fields.length / 2 }, (_, at) => {
    const [entry, exit] = [fields[2 * at]!, fields[2 * at + 1]!];
    return shown(entry[1]!.replace('Entry ', ''), entry[2]!, Number(entry[4]), exit[2]!, Number(exit[4]));
  });
}

test.skipIf(!hasSharedData)("every trade of TradingView's bar magnifier is reproduced to the cent (../shared/data)", async () => {
  const theirs = shownTheirs();
  expect(theirs).toHaveLength(56);
  const [magnified, alone] = [await run(SOURCE, true), await run(SOURCE, false)];
  expect(shownOurs(magnified)).toEqual(theirs);
  expect(magnified.data[0]!.detail).toMatchObject({ timeframe: '1h', barsDecided: 458, barsWithout: 0 });
  expect(magnified.metrics.ambiguousBars).toBe(0);
  // Days alone take the stop where both were reached.
  const other = shownOurs(alone).filter((trade) => !theirs.includes(trade));
  expect([other.length, alone.metrics.ambiguousBars]).toEqual([2, 8]);
});

test.skipIf(!hasSharedData)('the same strategy imported from Pine makes the same trades (../shared/data)', async () => {
  expect(shownOurs(await run(importedFixture('bar-magnifier', 'BTC/USDT', '1d'), true))).toEqual(shownTheirs());
});
