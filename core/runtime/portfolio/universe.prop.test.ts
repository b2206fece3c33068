import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CandleFile } from '#core/data/candle-text.ts';
import { POSITION as P } from '#core/engine/trading/registers.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { MarketColumn } from '#core/model/chart-column.ts';
import { COLUMN_NAMES, sharedColumns } from '#core/model/columns.ts';
import { parseMarket } from '#core/model/market.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { createCompiler } from '#dsl/compile.ts';
import { DEFAULT_LIMITS } from '../backtest.ts';
import { dataNeeds } from '../data-needs.ts';
import { candlesOfMarkets } from '../market-candles.ts';
import { type PreparedStrategy, prepareStrategy } from '../prepare-strategy.ts';
import { portfolioRun } from './portfolio-run.ts';

const DAY = 86_400_000;
const START = Date.UTC(2024, 0, 1);
const DAYS = 36;
const NAMES = ['AAA', 'BBB', 'CCC', 'DDD', 'EEE'];
const compiler = createCompiler();

/** A market from its first day on, until one behind its last: closes and volumes. */
interface Listed {
  readonly from: number;
  readonly closes: readonly number[];
  readonly volumes: readonly number[];
}

const anyListed: fc.Arbitrary<Listed> = fc
  .record({ from: fc.nat({ max: 12 }), days: fc.integer({ min: 4, max: DAYS }) })
  .chain(({ from, days }) => {
    const values = (max: number): fc.Arbitrary<number[]> => {
      const count = Math.min(days, DAYS - from);
      return fc.array(fc.integer({ min: 5, max }), { minLength: count, maxLength: count });
    };
    return fc.record({ from: fc.constant(from), closes: values(60), volumes: values(50) });
  });

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

/** Candles of a market as a reader gives them. @param leak the quote volume is made of what comes after: an offender */
function fileOf(name: string, { from, closes, volumes }: Listed, leak: boolean): CandleFile {
  const rows = closes.length;
  const columns = sharedColumns(rows);
  for (const column of COLUMN_NAMES)
    columns[column].set(column === 'time' ? closes.map((_, day) => START + (from + day) * DAY) : column === 'volume' ? volumes : closes);
  const further = new Map<MarketColumn, Float64Array>();
  if (leak)
    further.set(
      'quote_volume',
      Float64Array.from(closes, (close, day) => (closes[day + 1] ?? close) * 20),
    );
  const timeframe = parseTimeframe('1d')!;
  const market = parseMarket(`${name}/USDT`);
  return { path: name, columns, further, rows, market, venue: 'x', timeframe, stepMs: timeframe.stepMs, sha256: '', findings: [] };
}

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

type Change = (listed: Listed, known: number) => Listed;
/** What is not known yet on a day is not there, is other, or ends soon. */
const changes: Readonly<Record<string, Change>> = {
  cut: (one, known) => ({ ...one, closes: one.closes.slice(0, known), volumes: one.volumes.slice(0, known) }),
  other: (one, known) => ({
    ...one,
    closes: one.closes.map((close, day) => (day < known ? close : 66 - close)),
    volumes: one.volumes.map((volume, day) => (day < known ? volume : volume * 7)),
  }),
  ended: (one, known) => ({ ...one, closes: one.closes.slice(0, known + 1), volumes: one.volumes.slice(0, known + 1) }),
};

const property = (leak: boolean): fc.IAsyncPropertyWithHooks<[PreparedStrategy, Listed[], number, string[]]> =>
  fc.asyncProperty(
    anyUniverse,
    fc.array(anyListed, { minLength: 2, maxLength: NAMES.length }),
    fc.integer({ min: 4, max: DAYS - 1 }),
    fc.array(fc.constantFrom(...Object.keys(changes)), { minLength: NAMES.length, maxLength: NAMES.length }),
    async (prepared, listed, day, kinds) => {
      const whole = new Map(listed.map((one, at) => [NAMES[at]!, one]));
      const changed = new Map(
        [...whole]
          .map(([name, one], at) => [name, changes[kinds[at]!]!(one, Math.max(0, day + 1 - one.from))] as const)
          .filter(([, one]) => one.closes.length > 0),
      );
      const [known, then] = [await members(prepared, whole, leak), await members(prepared, changed, leak)];
      expect(then.slice(0, day + 1)).toEqual(known.slice(0, day + 1));
    },
  );

test('members, weights and ranks of a day do not change when what comes after it is cut off, changed, or ends', async () => {
  expect(fc.defaultReportMessage(await fc.check(property(false), { numRuns: 60 }))).toBeUndefined();
});

test('which is noticed where a column knows the next bar', async () => {
  expect((await fc.check(property(true), { numRuns: 200 })).failed).toBe(true);
});
