import { Big } from 'big.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CurrencyLedger } from '#core/engine/currency-ledger.ts';
import { bookingsOf, fillsOf } from '#core/engine/log-rows.ts';
import { tradesOf } from '#core/engine/trades.ts';
import { DEFAULT_LIMITS } from '#core/runtime/backtest.ts';
import { type PortfolioRun, portfolioRun } from '#core/runtime/portfolio/portfolio-run.ts';
import type { StrategyOnMarkets } from '#core/runtime/portfolio/strategy-on-markets.ts';
import type { SettingsRequest } from '#core/runtime/resolve-settings.ts';
import { type AccountRun, accountOf, hourlyData, preparedFrom } from '../engine/account-run.ts';
import { anyCandles } from '../engine/any-candles.ts';
import type { Candle } from '../engine/candle-run.ts';

/** docs/engine.md, Several currencies: what follows for any strategies. */
const runs = { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 25) };
const CAPITAL = 1_000_000;

const candles = anyCandles(0.05, 50);

const anyRules = fc
  .record({
    side: fc.constantFrom('long', 'short'),
    gap: fc.integer({ min: 2, max: 6 }),
    size: fc.constantFrom('30% of equity', '120% of cash', '5000 JPY', 'risk 1% of equity'),
    exit: fc.constantFrom('timeout 4 bars', 'take 50% at 1%, rest at 3%', 'trail 1%', 'timeout 9 bars'),
    order: fc.constantFrom('', ' at limit close * 0.99', ' at stop close * 1.005'),
    add: fc.constantFrom('', 'add 50% when close < close[1] max 3 times'),
    risk: fc.constantFrom(
      '',
      'risk { max loss 5% then flatten and pause 5 bars }',
      'risk { max drawdown 4% then flatten and pause 3 bars max exposure 90% of equity }',
    ),
  })
  .map(({ side, gap, size, exit, order, add, risk }) => {
    const at = side === 'long' ? order : order.replace('0.99', '1.01').replace('1.005', '0.995');
    return `enter ${side} when bar_index - ${gap} * floor(bar_index / ${gap}) == 0${at}\nsize ${size}\n${exit}\nstop 2%\n${add}\n${risk}`;
  });

const anySettings = fc.constantFrom<SettingsRequest>(
  {},
  { leverage: 3, margin: 'cross' },
  { leverage: 4, margin: 'isolated' },
  { conventions: { fillAt: 'close' } },
  { conventions: { opposite: 'reverse', sizeAt: 'fill' } },
);

type Wanted = readonly (readonly [markets: string, rules: string])[];
const anyWanted = fc.array(fc.tuple(fc.constantFrom('A/JPY', 'B/JPY', 'A/JPY, B/JPY'), anyRules), { minLength: 1, maxLength: 2 });

async function run(
  wanted: Wanted,
  candles: Readonly<Record<string, readonly Candle[]>>,
  settings: SettingsRequest,
  account?: NonNullable<AccountRun['account']>,
): Promise<PortfolioRun> {
  const all = wanted.map(([markets, rules], place): StrategyOnMarkets => ({
    label: String(place),
    prepared: preparedFrom(String(place), markets, rules, { capital: CAPITAL, feeRate: 0.001, slippageRate: 0.0005, ...settings }),
    markets: markets.split(', ').map((market) => hourlyData(market, candles[market]!)),
  }));
  return portfolioRun(all, [], DEFAULT_LIMITS, account === undefined ? undefined : accountOf(account, all));
}

const traded = ({ logs }: PortfolioRun): number => logs.reduce((sum, log) => sum + fillsOf(log).length, 0);

test('at a rate of a power of two that never moves the account is the run of its own in other units, to the last bit', async () => {
  let fills = 0;
  await fc.assert(
    fc.asyncProperty(anyWanted, candles, candles, anySettings, fc.integer({ min: -9, max: 6 }), async (wanted, a, b, settings, power) => {
      const candles = { 'A/JPY': a, 'B/JPY': b };
      const rate = 2 ** power;
      const own = await run(wanted, candles, settings);
      const converted = await run(
        wanted,
        candles,
        { ...settings, capital: CAPITAL * rate },
        { currency: 'USD', rates: { 'JPY/USD': rate } },
      );
      expect(converted.logs).toEqual(own.logs);
      expect([...converted.equity]).toEqual([...own.equity].map((equity) => equity * rate));
      fills += traded(own);
    }),
    runs,
  );
  expect(fills).toBeGreaterThan(runs.numRuns * 2);
});

test('where all markets are in the account’s currency rates change no bit', async () => {
  await fc.assert(
    fc.asyncProperty(anyWanted, candles, candles, anySettings, async (wanted, a, b, settings) => {
      const candles = { 'A/JPY': a, 'B/JPY': b };
      const own = await run(wanted, candles, settings);
      const rated = await run(wanted, candles, settings, { currency: 'JPY', rates: {} });
      expect(rated.logs).toEqual(own.logs);
      expect(rated.equity).toEqual(own.equity);
    }),
    runs,
  );
});

/** Rates that wander: a tenth each bar. */
const anyRates = fc.array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), { minLength: 50, maxLength: 50 }).map((moves) => {
  let rate = 0.01;
  return moves.map((move): Candle => {
    rate *= 1 + move;
    return [rate, rate, rate, rate];
  });
});

test('the books are exact in every currency whatever the rates do, and the engine’s doubles stay within the bound', async () => {
  let conversions = 0;
  await fc.assert(
    fc.asyncProperty(anyWanted, candles, candles, anyRates, anySettings, async (wanted, a, b, rates, settings) => {
      const candles = { 'A/JPY': a, 'B/JPY': b };
      const capital = CAPITAL / 100;
      const result = await run(wanted, candles, { ...settings, capital }, { currency: 'USD', rates: { 'JPY/USD': rates } });
      const { slots, logs, equity, time } = result;
      const { run: all, logs: logRates } = result.rates!;
      const last = slots.map((_, slot) => all.steps.at(-1)!.close[slot]!);
      const ledger = new CurrencyLedger(capital, last);
      const sums = new Map<string, Big>();
      for (const [slot, log] of logs.entries())
        for (const booking of bookingsOf(log, logRates[slot]))
          for (const { market, account, amount } of ledger.book(booking, slot))
            for (const key of [market === null ? 'USD' : `JPY ${market}`, ...(account === 'conversion' ? [`conversion ${market}`] : [])]) {
              sums.set(key, (sums.get(key) ?? Big(0)).plus(amount));
              if (account === 'conversion') conversions += 1;
            }
      for (const [key, sum] of sums) expect([key, sum.toFixed()]).toEqual([key, '0']);
      const closes = slots.map(({ data }) => data.columns.close.at(-1)!);
      const values = slots.flatMap(({ data }, slot) =>
        fillsOf(logs[slot]!).map(({ qty }) => Math.abs(qty) * Math.max(...data.columns.high) * Math.max(...rates.map(([rate]) => rate))),
      );
      const largest = 4 * (Math.max(...equity) + values.reduce((sum, value) => sum + value, 0));
      expect(Math.abs(Number(ledger.equityAt(...closes)) - equity.at(-1)!)).toBeLessThanOrEqual(
        ledger.driftBound(2 * time.length, largest),
      );
      // Profits of what was closed, and what is open at its last price, are the change of the equity.
      const profits = slots.map(({ data }, slot) => {
        const names = { market: '', setups: [], reasonOf: () => null, rates: { log: logRates[slot]!, last: last[slot]! } };
        const trades = tradesOf(logs[slot]!, data.columns, names);
        const isOpen = trades.some(({ exitTime }) => exitTime === null);
        return { isOpen, profit: trades.reduce((sum, { profit }) => sum + (profit ?? 0), 0) };
      });
      const sum = profits.reduce((total, { profit }) => total + profit, capital);
      expect(profits.some(({ isOpen }) => isOpen) || Math.abs(sum - equity.at(-1)!) < 1e-7 * capital).toBe(true);
    }),
    runs,
  );
  expect(conversions).toBeGreaterThan(runs.numRuns * 2);
});

test('a strategy knows no rate of bars that follow', async () => {
  await fc.assert(
    fc.asyncProperty(anyWanted, candles, anyRates, fc.integer({ min: 5, max: 18 }), async (wanted, a, rates, kept) => {
      const account = (given: readonly Candle[]): NonNullable<AccountRun['account']> => ({ currency: 'USD', rates: { 'JPY/USD': given } });
      const candles = { 'A/JPY': a, 'B/JPY': a };
      const later = rates.map((candle, hour): Candle => (hour < kept ? candle : [1, 1, 1, 1]));
      const [one, other] = [await run(wanted, candles, {}, account(rates)), await run(wanted, candles, {}, account(later))];
      expect(other.equity.slice(0, kept)).toEqual(one.equity.slice(0, kept));
    }),
    runs,
  );
});
