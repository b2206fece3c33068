import { describe, expect, it } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';
import { breakEvenOf } from './break-even.ts';
import { prepareStrategy, type PreparedStrategy } from './prepare-strategy.ts';

const text = 'strat 1\nstrategy "one"\ntrade BTC/USDT on 1h\nenter long when close > close[1]\nsize 1 BTC\n';

function prepared(): PreparedStrategy {
  const result = prepareStrategy(createCompiler(), text, 'one.strat', {});
  if (!result.ok) throw new Error('the strategy has mistakes');
  return result.value;
}

/** A profit that falls by given amounts for each share of fee and slippage and each bar. */
const falling =
  (fee: number, slippage: number, bar: number) =>
  async ({ settings }: PreparedStrategy): Promise<number> =>
    100 - fee * (settings.feeRate + (settings.makerRate ?? 0)) - slippage * settings.slippageRate - bar * (settings.latency?.bars ?? 0);

describe('break-even costs', () => {
  it('are where the profit is gone, each by itself', async () => {
    const run = prepared();
    // 100 - 20,000 * 2 * 0.001 - 30,000 * 0.0005 = 45: fees may take 85 of 100, slippage 60, and 9 bars are left.
    const profitOf = falling(20_000, 30_000, 5);
    const { fee, slippage, delayBars, runs } = await breakEvenOf(run, 45, async (one) => {
      const { feeRate } = one.settings;
      return profitOf({ ...one, settings: { ...one.settings, makerRate: feeRate } });
    });
    expect(fee).toBeGreaterThanOrEqual(85 / 40_000);
    expect(fee).toBeLessThan((85 / 40_000) * 1.02);
    expect(slippage).toBeGreaterThanOrEqual(60 / 30_000);
    expect(slippage).toBeLessThan((60 / 30_000) * 1.02);
    expect(delayBars).toBe(9);
    expect(runs).toBeLessThan(40);
  });

  it('are unknown where costs do not take it', async () => {
    const found = await breakEvenOf(prepared(), 100, async () => 1);
    expect(found).toMatchObject({ fee: null, slippage: null, delayBars: null });
    expect(found.runs).toBeLessThan(40);
  });

  it('need a profit', async () => {
    const found = await breakEvenOf(prepared(), 0, () => Promise.reject(new Error('ran')));
    expect(found).toEqual({ fee: null, slippage: null, delayBars: null, runs: 0 });
  });
});
