import { describe, expect, test } from 'vitest';
import { importedFixture } from './import-fixture.ts';
import { hasSharedData } from './shared-data.ts';
import { closedTrades, runTester, shownTrades, testerTrades, ticksOfSlippage } from './tradingview-lists.ts';

/** What a file cannot say: slippage in ticks, and that resting orders reverse a position. Capital, fees, sizes and other reversals come from the script. */
const LISTS = [
  { name: 'bollinger', hasMoney: false, candles: 'ohlcv', slippageTicks: 0, opposite: 'reverse' },
  { name: 'rsi', hasMoney: false, candles: 'ohlcv', slippageTicks: 0, opposite: 'ignore' },
  { name: 'supertrend', hasMoney: true, candles: 'ohlcv', slippageTicks: 0, opposite: 'ignore' },
  { name: 'barupdn', hasMoney: true, candles: 'ohlcv', slippageTicks: 0, opposite: 'ignore' },
  { name: 'slippage_basic', hasMoney: false, candles: 'slippage_basic_ohlcv', slippageTicks: 10, opposite: 'ignore' },
  { name: 'slippage_direction', hasMoney: false, candles: 'slippage_direction_ohlcv', slippageTicks: 15, opposite: 'ignore' },
] as const;

describe.skipIf(!hasSharedData)("imported strategies make every trade of TradingView's lists (../shared/data)", () => {
  test.for(LISTS)('$name', async ({ name, hasMoney, candles, slippageTicks, opposite }) => {
    const document = await runTester(importedFixture(name.replaceAll('_', '-'), 'EUR/USD', '1h'), candles, {
      slippage: ticksOfSlippage(slippageTicks),
      conventions: { opposite },
    });
    const theirs = testerTrades(name);
    expect(theirs.length).toBeGreaterThan(name === 'slippage_basic' ? 1 : 100);
    expect(shownTrades(document)).toEqual(theirs.map(({ text }) => text));
    if (!hasMoney) return;
    const wrong = closedTrades(document).filter(({ profit }, at) => Math.abs(profit! - theirs[at]!.profit) > 0.0051);
    expect(wrong).toEqual([]);
  });
});
