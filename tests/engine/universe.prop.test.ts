import fc from 'fast-check';
import { expect, test } from 'vitest';
import { POSITION as P } from '#core/engine/trading/registers.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { createCompiler } from '#dsl/compile.ts';
import { DEFAULT_LIMITS } from '#core/runtime/backtest.ts';
import { dataNeeds } from '#core/runtime/data-needs.ts';
import { candlesOfMarkets } from '#core/runtime/market-candles.ts';
import { type PreparedStrategy, prepareStrategy } from '#core/runtime/prepare-strategy.ts';
import { portfolioRun } from '#core/runtime/portfolio/portfolio-run.ts';
import { anyDay, anyKinds, anyMarkets, changedAfter, DAY, DAYS, fileOf, type Listed, START } from './listed-markets.ts';

const compiler = createCompiler();

const anyUniverse = fc
  .record({
    filter: fc.constantFrom('', 'filter quote_volume > 700', 'filter sma(close, 3) > 20', 'filter age >= 5d filter close > 15'),
    rank: fc.constantFrom('', 'rank by roc(close, 3) hold top 2', 'rank by quote_volume ascending hold top 1', 'rank by stdev(close, 4)'),
    weight: fc.constantFrom('', 'weight by volume', 'weight inverse atr(3)'),
    every: fc.constantFrom('', 'rebalance every 3d', 'rebalance every 3d refresh every 6d'),
    when: fc.constantFrom('true', 'rank(roc(close, 2)) <= 2', 'rank(volume) == 1 and close > close[1]'),
  })
  .map(({ filter, rank, weight, every, when }) => {
    const universe = `universe { quote USDT ${filter} ${rank} ${weight} ${every} }`;
    const text = `strat 1\nstrategy "u"\n${universe}\ntrade universe on 1d\nenter long when ${when}\nsize 90% of equity\nstop 60%\n`;
    const prepared = prepareStrategy(compiler, text, 'u.strat', { feeRate: 0, slippageRate: 0 });
    if (!prepared.ok) throw new Error(prepared.error.map(({ message }) => message).join('\n'));
    return prepared.value;
  });

/** Of each day, by market: member or not, its weight, its ranks; of markets that have a bar on it. */
async function members(prepared: PreparedStrategy, listed: ReadonlyMap<string, Listed>, leak: boolean): Promise<readonly string[][]> {
  const seen = Array.from({ length: DAYS }, (): string[] => []);
  const needs = dataNeeds(prepared);
  const request = { data: [...listed.keys()], timeframe: null, from: null, to: null };
  let markets;
  try {
    markets = candlesOfMarkets(needs, request, (path) => fileOf(path, listed.get(path)!, leak));
  } catch (error) {
    if (error instanceof StratError) return seen;
    throw error;
  }
  const run = await portfolioRun([{ label: 'u', prepared, markets }], [], {
    ...DEFAULT_LIMITS,
    watch: {
      after: ({ indexes, engine, slots }) => {
        for (const [slot, { data }] of slots.entries()) {
          if (indexes[slot]! < 0) continue;
          const registers = engine.registers(slot);
          const day = (data.columns.time[indexes[slot]!]! - START) / DAY;
          seen[day]!.push(`${data.market} ${registers[P.isMember]} ${registers[P.weight]}`);
        }
      },
    },
  });
  for (const [market, ranks] of (run.ranks[0] ?? []).entries())
    for (const [rank, values] of ranks.entries())
      for (const [bar, value] of values.entries()) {
        const { data } = run.slots[market]!;
        seen[(data.columns.time[bar]! - START) / DAY]!.push(`${data.market} rank ${rank}: ${value}`);
      }
  return seen;
}

const property = (leak: boolean): fc.IAsyncPropertyWithHooks<[PreparedStrategy, Listed[], number, string[]]> =>
  fc.asyncProperty(anyUniverse, anyMarkets, anyDay, anyKinds, async (prepared, listed, day, kinds) => {
    const { whole, changed } = changedAfter(listed, day, kinds);
    const [known, then] = [await members(prepared, whole, leak), await members(prepared, changed, leak)];
    expect(then.slice(0, day + 1)).toEqual(known.slice(0, day + 1));
  });

test('members, weights and ranks of a day do not change when what comes after it is cut off, changed, or ends', async () => {
  expect(fc.defaultReportMessage(await fc.check(property(false), { numRuns: 60 }))).toBeUndefined();
});

test('which is noticed where a column knows the next bar', async () => {
  expect((await fc.check(property(true), { numRuns: 200 })).failed).toBe(true);
});
