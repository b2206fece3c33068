import { describe, expect, it } from 'vitest';
import { type AccountRun, runAccount } from './account-run.ts';
import { flat } from './candle-run.ts';

/** docs/engine.md, Several currencies. Worked out by hand: an account of 10,000 USD, no fee, no slippage. */
const prices = (...all: readonly number[]): ReturnType<typeof flat>[] => all.map(flat);
const usd = (rates: NonNullable<AccountRun['account']>['rates']): NonNullable<AccountRun['account']> => ({ currency: 'USD', rates });
const X = 'X/JPY';

describe('an account in another currency than its markets', () => {
  it('converts what a position has made when it ends, at the rate of the last bar that has closed', async () => {
    const { document, outcome, fills } = await runAccount({
      strategies: { one: ['USD/JPY', 'enter long when bar_index == 0 size 100 USD\nexit long when bar_index == 2'] },
      candles: { 'USD/JPY': prices(150, 150, 160, 200, 100) },
      account: usd({}),
    });
    expect(fills).toEqual(['1 one USD entry 100 @150', '3 one USD exit -100 @200']);
    // 100 * 50 JPY. The bar that opened at 200 has not closed: one before was at 160.
    expect(document.trades[0]).toMatchObject({ entryPrice: 150, exitPrice: 200, profit: 5000 * (1 / 160), rate: 1 / 160 });
    // 100 * 10 JPY at 160 while it is open; then no rate moves what is dollars.
    expect([...outcome.equity]).toEqual([10_000, 10_000, 10_006.25, 10_031.25, 10_031.25]);
    expect(document.metrics).toMatchObject({ netProfit: 31.25, finalEquity: 10_031.25 });
    // A dollar held from 150 to 100 lost 50 JPY: half a dollar.
    expect(document.metrics.buyAndHoldPct).toBeCloseTo(-50, 10);
    expect(document.settings.currency).toBe('USD');
    expect(document.currencies).toEqual([{ currency: 'JPY', by: ['USD/JPY'], rate: 1 / 100 }]);
  });

  it('a position is owed in its currency: where only the rate moves, nothing is gained or lost', async () => {
    const { outcome } = await runAccount({
      strategies: { one: [X, 'enter long when bar_index == 0 size 50% of equity'] },
      candles: { [X]: prices(100, 100, 100, 100) },
      account: usd({ 'JPY/USD': prices(0.01, 0.02, 0.005, 0.01) }),
      settings: { leverage: 4 },
    });
    expect([...outcome.equity]).toEqual([10_000, 10_000, 10_000, 10_000]);
  });

  it('what parts of a position have made stays in its currency until all of it has ended', async () => {
    const { document, outcome } = await runAccount({
      strategies: {
        one: [X, 'enter long when bar_index == 1 size 10 X\nexit long 50% when bar_index == 2\nexit long when bar_index == 3'],
      },
      candles: { [X]: prices(100, 100, 100, 120, 120, 120) },
      account: usd({ 'JPY/USD': prices(0.01, 0.01, 0.01, 0.02, 0.04, 0.08) }),
    });
    // Both halves made 100 JPY: the first at bar 3, the second at bar 4 when the last closed rate is that of bar 3.
    expect(document.trades.map(({ profit }) => profit)).toEqual([2, 2]);
    expect([...outcome.equity].map((equity) => Number((equity - 10_000).toFixed(9)))).toEqual([0, 0, 0, 4, 4, 4]);
  });

  it('sizes, cash and limits go by the account as the market’s currency has it', async () => {
    const { fills, events } = await runAccount({
      strategies: {
        one: [X, 'enter long when bar_index == 0 and equity == 1000000 JPY size 10% of equity'],
        two: ['Y/USD', 'enter long when bar_index == 1 size 100% of equity'],
      },
      candles: { [X]: prices(100, 100, 100, 100), 'Y/USD': prices(10, 10, 10, 10) },
      account: usd({ 'USD/JPY': 100 }),
    });
    // 10 % of 1,000,000 JPY; of the 10,000 USD that leaves 9,000.
    expect(fills).toEqual(['1 one X entry 1000 @100', '2 two Y entry 900 @10']);
    expect(events).toEqual(['2 two Y cutToCash']);
  });

  it('loss and drawdown are measured in the account’s currency: a rate alone breaks no limit', async () => {
    const { fills } = await runAccount({
      strategies: {
        one: [
          X,
          'enter long when bar_index == 0 size 1 X\nrisk { max loss 10% then flatten and halt max drawdown 10% then flatten and halt }',
        ],
      },
      candles: { [X]: prices(100, 100, 100, 100, 100) },
      // The account is worth half as many yen, then four times as many.
      account: usd({ 'JPY/USD': prices(0.01, 0.02, 0.02, 0.005, 0.005) }),
    });
    expect(fills).toEqual(['1 one X entry 1 @100']);
  });

  it('fees and carry are converted with the position', async () => {
    const { document } = await runAccount({
      strategies: { one: [X, 'enter long when bar_index == 0 size 10 X\nexit long when bar_index == 1'] },
      candles: { [X]: prices(100, 100, 100, 100) },
      account: usd({ 'JPY/USD': prices(0.01, 0.03, 0.03, 0.03) }),
      settings: { feeRate: 0.01 },
    });
    // 10 JPY each way.
    expect(document.trades[0]!.fees).toBeCloseTo(20 * 0.03, 12);
    expect(document.metrics.fees).toBeCloseTo(0.6, 12);
    expect(document.metrics.netProfit).toBeCloseTo(-0.6, 12);
  });

  it('goes over as many markets as it needs, either way round, a given rate before that of a traded market', async () => {
    const run = async (rates: NonNullable<AccountRun['account']>['rates']): Promise<readonly number[]> => {
      const { outcome, document } = await runAccount({
        strategies: { one: ['EUR/JPY', 'enter long when bar_index == 0 size 10 EUR'] },
        candles: { 'EUR/JPY': prices(160, 160, 180, 180) },
        account: usd(rates),
      });
      return [outcome.equity.at(-1)! - 10_000, document.currencies!.length];
    };
    // 200 JPY; EUR/JPY itself leads from JPY to EUR, at 180.
    expect((await run({ 'EUR/USD': 1.25 }))[0]).toBeCloseTo((200 / 180) * 1.25, 9);
    expect((await run({ 'USD/EUR': 0.8 }))[0]).toBeCloseTo(200 / 180 / 0.8, 9);
    expect((await run({ 'EUR/USD': 1.25, 'JPY/USD': 0.01 }))[0]).toBeCloseTo(2, 9);
    await expect(run({ 'GBP/CHF': 1 })).rejects.toThrow(
      expect.objectContaining({
        data: expect.objectContaining({ reason: 'The account is in USD, and nothing tells what JPY is worth in it' }) as unknown,
      }),
    );
  });

  it('refuses a run whose rates begin too late, and warns of rates that are old', async () => {
    const strategies = { one: [X, 'enter long when bar_index == 0 size 1 X'] } as const;
    const candles = { [X]: Array.from({ length: 120 }, () => flat(100)) };
    const late = runAccount({ strategies, candles, account: usd({ 'JPY/USD': [null, flat(0.01)] }) });
    await expect(late).rejects.toThrow(expect.objectContaining({ code: 'DATA_MISSING' }));
    // The last of the rates closes after one hour: 120 hours are five days, of which the last 23 closes are more than four days later.
    const { document } = await runAccount({ strategies, candles, account: usd({ 'JPY/USD': [flat(0.01)] }) });
    expect(document.warnings.filter(({ code }) => code === 'RATE_STALE')).toEqual([
      { code: 'RATE_STALE', message: 'the rate of JPY (JPY/USD) was older than four days at 23 closes: the last known was taken' },
    ]);
  });
});
