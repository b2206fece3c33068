import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ledgerOf } from '#core/engine/ledger.ts';
import { bookingsOf, fillsOf } from '#core/engine/log-rows.ts';
import { DEFAULT_LIMITS } from '#core/runtime/backtest.ts';
import { portfolioRun } from '#core/runtime/portfolio/portfolio-run.ts';
import type { StrategyOnMarkets } from '#core/runtime/portfolio/strategy-on-markets.ts';
import { hourlyData, preparedFrom } from '../engine/account-run.ts';
import { anyCandles } from '../engine/any-candles.ts';
import type { Candle } from '../engine/candle-run.ts';

/** docs/engine.md, Several strategies: what follows for any strategies whose sizes do not depend on the account. */
const runs = { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 25) };
/** More than any of these strategies can spend. */
const AMPLE = 1e9;
const MARKETS = ['A/USDT', 'B/USDT'] as const;

const candles = anyCandles(0.04, 60);

/** Rules of fixed sizes, with limits that count what the strategy does. */
const anyRules = fc
  .record({
    side: fc.constantFrom('long', 'short'),
    gap: fc.integer({ min: 2, max: 7 }),
    qty: fc.integer({ min: 100, max: 20_000 }),
    exit: fc.constantFrom('timeout 4 bars', 'take at 2%', 'take 50% at 1%, rest at 3%', 'trail 1%'),
    order: fc.constantFrom('', ' at limit close * 0.99', ' at stop close * 1.005'),
    more: fc.constantFrom('', 'add 50% when close < close[1] max 3 times', 'add 100% every 1% against max 2 times'),
    risk: fc.constantFrom(
      '',
      'risk { max positions 1 }',
      'risk { max losing_streak 2 then pause 5 bars }',
      'risk { max trades 2 per day }',
    ),
  })
  .map(({ side, gap, qty, exit, order, more, risk }) => {
    const at = side === 'long' ? order : order.replace('0.99', '1.01').replace('1.005', '0.995');
    return `enter ${side} when bar_index - ${gap} * floor(bar_index / ${gap}) == 0${at}\nsize ${qty} USDT\n${exit}\nstop 2%\n${more}\n${risk}`;
  });

const anyStrategy = fc.tuple(fc.constantFrom('A/USDT', 'B/USDT', 'A/USDT, B/USDT'), anyRules);
const costs = { capital: AMPLE, feeRate: 0.001, slippageRate: 0.0005 };

test('with money enough strategies trade as each would alone, to the last bit, and earn the sum of what they earn alone', async () => {
  let traded = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(anyStrategy, { minLength: 2, maxLength: 3 }), candles, candles, async (wanted, a, b) => {
      const candles: Record<string, readonly Candle[]> = { [MARKETS[0]]: a, [MARKETS[1]]: b };
      const all = wanted.map(([markets, rules], place): StrategyOnMarkets => ({
        label: String(place),
        prepared: preparedFrom(String(place), markets, rules, costs),
        markets: markets.split(', ').map((market) => hourlyData(market, candles[market]!)),
      }));
      const together = await portfolioRun(all, [], DEFAULT_LIMITS);
      const alone = [];
      for (const one of all) alone.push(await portfolioRun([one], [], DEFAULT_LIMITS));
      expect(together.logs).toEqual(alone.flatMap(({ logs }) => logs));
      const gains = alone.map(({ equity }) => equity.at(-1)! - AMPLE);
      // Cash of 1e9 in doubles moves by up to 1e-7 a fill.
      expect(together.equity.at(-1)! - AMPLE).toBeCloseTo(
        gains.reduce((sum, gain) => sum + gain, 0),
        3,
      );
      const bookings = together.logs.map((log) => bookingsOf(log));
      const ledger = ledgerOf(bookings, AMPLE);
      const closes = together.slots.map(({ data }) => data.columns.close.at(-1)!);
      expect(Math.abs(Number(ledger.equityAt(...closes)) - together.equity.at(-1)!)).toBeLessThan(ledger.driftBound + 1e-6);
      if (together.logs.filter((log) => fillsOf(log).length > 2).length > 1) traded += 1;
    }),
    runs,
  );
  expect(traded).toBeGreaterThan(runs.numRuns / 8);
});

test('the order of strategies changes nothing where none is in the way of another', async () => {
  await fc.assert(
    fc.asyncProperty(anyStrategy, anyStrategy, candles, candles, async (first, second, a, b) => {
      const candles: Record<string, readonly Candle[]> = { [MARKETS[0]]: a, [MARKETS[1]]: b };
      const of = ([markets, rules]: readonly [string, string], label: string): StrategyOnMarkets => ({
        label,
        prepared: preparedFrom(label, markets, rules, costs),
        markets: markets.split(', ').map((market) => hourlyData(market, candles[market]!)),
      });
      const [one, two] = [of(first, 'one'), of(second, 'two')];
      const [there, back] = [await portfolioRun([one, two], [], DEFAULT_LIMITS), await portfolioRun([two, one], [], DEFAULT_LIMITS)];
      const count = one.markets.length;
      expect([...back.logs.slice(-count), ...back.logs.slice(0, -count)]).toEqual(there.logs);
    }),
    runs,
  );
});
