import { describe, expect, it } from 'vitest';
import { parseSlippage } from '#core/model/slippage-text.ts';
import type { RiskRulePort } from '#core/ports/risk-rule.ts';
import { sharedSettings } from '#core/runtime/portfolio/shared-settings.ts';
import { type AccountRun, preparedFrom, runAccount } from './account-run.ts';
import { flat } from './candle-run.ts';

/** docs/engine.md, Several strategies. Worked out by hand: 10,000 in the account, no fee, no slippage. A at 100 and B at 50 unless told. */
const A = 'A/USDT';
const B = 'B/USDT';
const prices = (...all: readonly number[]): ReturnType<typeof flat>[] => all.map(flat);
const steady = { [A]: prices(100, 100, 100, 100), [B]: prices(50, 50, 50, 50) };

/** Flattens after the second bar. */
const enough: RiskRulePort = {
  afterBar: ({ time }) => (time === Date.UTC(2024, 0, 1, 2) ? { flatten: true, pauseUntil: null, reason: 'enough' } : null),
  review: ({ qty }) => ({ qty, reason: null }),
};

type Case = readonly [what: string, run: AccountRun, fills: readonly string[], events?: readonly string[]];

const cases: readonly Case[] = [
  [
    'sizes are shares of the equity of the account',
    {
      strategies: {
        one: [A, 'enter long when bar_index == 0 size 40% of equity'],
        two: [B, 'enter long when bar_index == 0 size 40% of equity'],
      },
      candles: steady,
    },
    ['1 one A entry 40 @100', '1 two B entry 80 @50'],
  ],
  [
    'strategies on one market have a position each, long and short beside each other',
    {
      strategies: {
        one: [A, 'enter long when bar_index == 0 size 10 A'],
        two: [A, 'enter short when bar_index == 0 size 10 A\nexit short when bar_index == 1'],
      },
      candles: { [A]: prices(100, 100, 110, 120) },
    },
    ['1 one A entry 10 @100', '1 two A entry -10 @100', '2 two A exit 10 @110'],
  ],
  [
    'exits of all come before entries of any: what one sells pays for the other at the same open',
    {
      strategies: {
        one: [A, 'enter long when bar_index == 1 size 100% of equity'],
        two: [B, 'enter long when bar_index == 0 size 100% of equity\nexit long when bar_index == 1'],
      },
      candles: steady,
    },
    ['1 two B entry 200 @50', '2 one A entry 100 @100', '2 two B exit -200 @50'],
  ],
  [
    'where the cash does not reach the surer entry is served first, of whichever strategy',
    {
      strategies: {
        one: [A, 'enter long when bar_index == 0 with confidence 0.5\nsize 70% of equity'],
        two: [B, 'enter long when bar_index == 0 with confidence 0.9\nsize 70% of equity'],
      },
      candles: steady,
    },
    ['1 one A entry 30 @100', '1 two B entry 140 @50'],
    ['1 one A cutToCash'],
  ],
  [
    'of equally sure ones that of the strategy that was named first',
    {
      strategies: {
        two: [B, 'enter long when bar_index == 0\nsize 70% of equity'],
        one: [A, 'enter long when bar_index == 0\nsize 70% of equity'],
      },
      candles: steady,
    },
    ['1 two B entry 140 @50', '1 one A entry 30 @100'],
    ['1 one A cutToCash'],
  ],
  [
    'max positions and exposure count what the strategy itself holds',
    {
      strategies: {
        one: [A, 'enter long when bar_index == 0 size 50% of equity'],
        two: [B, 'enter long when bar_index == 1 size 30% of equity risk { max positions 1 max exposure 30% of equity }'],
      },
      candles: steady,
    },
    ['1 one A entry 50 @100', '2 two B entry 60 @50'],
    [],
  ],
  [
    'a loss is measured on the equity of the account, and what a limit then does it does to its own strategy',
    {
      strategies: {
        one: [A, 'enter long when bar_index == 0 size 50% of equity'],
        two: [B, 'enter long when bar_index == 0 size 20% of equity risk { max loss 10% then flatten and halt }'],
      },
      // A falls by a fifth: the account by a tenth.
      candles: { [A]: prices(100, 100, 80, 80, 80), [B]: prices(50, 50, 50, 50, 50) },
    },
    ['1 one A entry 50 @100', '1 two B entry 40 @50', '3 two B flatten -40 @50'],
    ['2 two B limitActed'],
  ],
  [
    'streaks are of the strategy: what another loses does not stop it',
    {
      strategies: {
        one: [A, 'enter long when bar_index == 0 size 10 A\nexit long when bar_index == 1'],
        two: [B, 'enter long when bar_index == 3 and trades.losses == 0 size 20 B'],
      },
      candles: { [A]: prices(100, 100, 80, 80, 80), [B]: prices(50, 50, 50, 50, 50) },
    },
    ['1 one A entry 10 @100', '2 one A exit -10 @80', '4 two B entry 20 @50'],
  ],
  [
    // Half of 8 are 4: what the first takes the second has not.
    'what a bar trades is there once, whoever takes it',
    {
      strategies: {
        one: [A, 'enter long when bar_index == 0 size 3 A'],
        two: [A, 'enter short when bar_index == 0 size 3 A'],
      },
      candles: { [A]: [100, 100, 100, 100].map((price) => flat(price, 8)) },
      settings: { participation: 0.5 },
    },
    ['1 one A entry 3 @100', '1 two A entry -1 @100', '2 two A entry -2 @100'],
    ['1 two A partFilled'],
  ],
  [
    // 0.1 * (1 / 10)^2 of the price, then 0.1 * (5 / 10)^2.
    'and moves the price for all',
    {
      strategies: {
        one: [A, 'enter long when bar_index == 0 size 1 A'],
        two: [A, 'enter long when bar_index == 0 size 4 A'],
      },
      candles: { [A]: [100, 100, 100].map((price) => flat(price, 10)) },
      settings: { slippage: parseSlippage('volume-share:0.1')! },
    },
    ['1 one A entry 1 @100.1', '1 two A entry 4 @102.5'],
  ],
  [
    'risk rules of a config act on all strategies',
    {
      strategies: {
        one: [A, 'enter long when bar_index == 0 size 10 A'],
        two: [B, 'enter long when bar_index == 0 size 10 B'],
      },
      candles: steady,
      riskRules: [{ id: 'enough', rule: enough }],
    },
    ['1 one A entry 10 @100', '1 two B entry 10 @50', '2 one A flatten -10 @100', '2 two B flatten -10 @50'],
  ],
];

describe('several strategies on one account', () => {
  it.each(cases.map(([what, run, fills, events]) => ({ what, run, fills, events })))('$what', async ({ run, fills, events }) => {
    const outcome = await runAccount(run);
    expect(outcome.fills).toEqual(fills);
    expect(outcome.events).toEqual(events ?? outcome.events);
  });

  it('tells each trade its strategy, and what each strategy and market earned', async () => {
    const { document } = await runAccount({
      strategies: {
        one: [A, 'enter long when bar_index == 0 size 10 A\nexit long when bar_index == 1'],
        two: [A, 'enter short when bar_index == 0 size 5 A\nexit short when bar_index == 1'],
      },
      candles: { [A]: prices(100, 100, 110, 110) },
    });
    expect(document.trades.map(({ strategy, market, profit }) => [strategy, market, profit])).toEqual([
      ['one', A, 100],
      ['two', A, -50],
    ]);
    expect(document.attribution.strategy!.map(({ name, exits, profit }) => [name, exits, profit])).toEqual([
      ['one', 1, 100],
      ['two', 1, -50],
    ]);
    expect(document.attribution.market.map(({ name, exits, profit }) => [name, exits, profit])).toEqual([[A, 2, 50]]);
    expect(document.metrics.netProfit).toBe(50);
    expect(document.strategies!.map(({ label, markets }) => [label, markets])).toEqual([
      ['one', [A]],
      ['two', [A]],
    ]);
    // A market that two strategies trade is bought and held once.
    expect(document.metrics.buyAndHoldPct).toBeCloseTo(10, 10);
  });

  it('margin is the account’s: a long and a short of two strategies stand behind each other on cross margin', async () => {
    // 10 times the equity each way: at 80 the long alone has lost twice the account, with the short nothing.
    const strategies = {
      one: [A, 'enter long when bar_index == 0 size 500 A'],
      two: [A, 'enter short when bar_index == 0 size 500 A'],
    } as const;
    const candles = { [A]: prices(100, 100, 80, 80) };
    const settings = { leverage: 20, margin: 'cross' as const };
    const { fills, document } = await runAccount({ strategies, candles, settings });
    expect(fills).toEqual(['1 one A entry 500 @100', '1 two A entry -500 @100']);
    expect(document.metrics.finalEquity).toBe(10_000);
    const alone = await runAccount({ strategies: { one: strategies.one }, candles, settings });
    expect(alone.fills[1]).toContain('liquidation');
  });
});

describe('what strategies of one account say of it', () => {
  const asking = (label: string, blocks: string): Parameters<typeof sharedSettings>[0][number] => ({
    label,
    program: preparedFrom(label, A, `${blocks}\nenter long when close > open size 1 A`, {}).program,
  });

  it('holds for all where one says it', () => {
    const shared = sharedSettings([asking('one', 'account { leverage 3 }'), asking('two', 'costs { taker 0.2% funding true }')], {});
    expect(shared.account).toMatchObject({ leverage: 3, capital: null });
    expect(shared.costs).toMatchObject({ taker: 0.002, funding: true, borrow: null });
  });

  it('is refused where two differ, unless an option goes before', () => {
    const both = [asking('one', 'account { capital 5000 USDT }'), asking('two', 'account { capital 9000 USDT }')];
    expect(() => sharedSettings(both, {})).toThrow(
      expect.objectContaining({
        data: expect.objectContaining({
          reason: '"one" and "two" share an account and its costs, and their account blocks differ in capital: 5000 and 9000',
          hint: 'Write the same in both files, or give --capital',
        }) as unknown,
      }),
    );
    expect(() => sharedSettings(both, { capital: 100 })).not.toThrow();
    const fees = [asking('one', 'costs { taker 0.1% }'), asking('two', 'costs { taker 0.2% }')];
    expect(() => sharedSettings(fees, {})).toThrow(expect.objectContaining({ code: 'USAGE' }));
    expect(() => sharedSettings(fees, { feeRate: 0.001 })).not.toThrow();
  });
});
