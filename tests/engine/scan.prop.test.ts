import fc from 'fast-check';
import { expect, test } from 'vitest';
import { POSITION as P } from '#core/engine/trading/registers.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { createCompiler } from '#dsl/compile.ts';
import { DEFAULT_LIMITS } from '#core/runtime/backtest.ts';
import { dataNeeds } from '#core/runtime/data-needs.ts';
import { candlesOfMarkets } from '#core/runtime/market-candles.ts';
import { portfolioRun } from '#core/runtime/portfolio/portfolio-run.ts';
import { anyDay, anyKinds, anyMarkets, changedAfter, DAY, fileOf, type Listed, NAMES, START } from './listed-markets.ts';
import { prepareStrategy } from '#core/runtime/prepare-strategy.ts';
import { prepareSeriesOnDisk } from '#core/runtime/series/compute-series.ts';
import { type ScanDocument, scanDocument } from '#core/runtime/scan/scan-document.ts';
import { scanMarkets } from '#core/runtime/scan/scan-markets.ts';
import { expressionsOf, type ScanRequest } from '#core/runtime/scan/scan-request.ts';

const compiler = createCompiler();
const timeframe = parseTimeframe('1d')!;

type Question = Pick<ScanRequest, 'filters' | 'rank' | 'top'>;

const anyQuestion: fc.Arbitrary<Question> = fc.record({
  filters: fc.constantFrom([], ['quote_volume > 700'], ['sma(close, 3) > 20'], ['age >= 5d', 'close > 15']),
  rank: fc.constantFrom(
    null,
    ...['roc(close, 3)', 'quote_volume', 'stdev(close, 4)'].flatMap((by) => [true, false].map((isAscending) => ({ by, isAscending }))),
  ),
  top: fc.constantFrom(null, 1, 2),
});

/** What a scan finds at the close of a day. @param staleBars how many bars may be missing */
async function found(
  question: Question,
  listed: ReadonlyMap<string, Listed>,
  day: number,
  { leak = false, staleBars = 3, shown = ['corr(close, close of AAA/USDT, 3)'] } = {},
): Promise<ScanDocument> {
  const request: ScanRequest = { ...question, shown, timeframe, at: START + (day + 1) * DAY, staleMs: staleBars * DAY };
  const candidates = [...listed].map(([name, one]) => ({
    venue: 'x',
    market: `${name}/USDT`,
    load: async () => fileOf(name, one, leak),
    loadOther: async (market: string) => {
      const other = listed.get(market.slice(0, 3));
      if (other === undefined) throw new StratError('DATA_MISSING', { market, reason: 'none', hint: '' });
      return fileOf(market, other, leak);
    },
  }));
  const scan = await scanMarkets(candidates, request, {
    prepare: async (market) => prepareSeriesOnDisk(compiler, { expressions: expressionsOf(request), market, timeframe: '1d' }),
  });
  if (!scan.ok) throw new Error(JSON.stringify(scan.error));
  return scanDocument(request, scan.value);
}

/** All that was computed; what had no bar by then may not be there at all. */
const known = ({ markets, others }: ScanDocument): object => ({
  markets: markets.map(({ market, rank, bar, values }) => ({ market, rank, bar, values })),
  others: others.filter(({ state }) => state !== 'leftOut'),
});

const property = (leak: boolean): fc.IAsyncPropertyWithHooks<[Question, Listed[], number, string[]]> =>
  fc.asyncProperty(anyQuestion, anyMarkets, anyDay, anyKinds, async (question, listed, day, kinds) => {
    const { whole, changed } = changedAfter(listed, day, kinds);
    // Whoever is read beside is there, or is not, in both.
    fc.pre(whole.has('AAA') === changed.has('AAA'));
    expect(known(await found(question, changed, day, { leak }))).toEqual(known(await found(question, whole, day, { leak })));
  });

test('what is found at a moment does not change when what comes after it is cut off, changed, or ends', async () => {
  expect(fc.defaultReportMessage(await fc.check(property(false), { numRuns: 60 }))).toBeUndefined();
});

test('which is noticed where a column knows the next bar', async () => {
  expect((await fc.check(property(true), { numRuns: 200 })).failed).toBe(true);
});

/** The members of a universe that asks the same, at the close of a day. */
async function members({ filters, rank, top }: Question, listed: ReadonlyMap<string, Listed>, day: number): Promise<readonly string[]> {
  const by = rank === null ? '' : `rank by ${rank.by} ${rank.isAscending ? 'ascending' : ''} ${top === null ? '' : `hold top ${top}`}`;
  const universe = `universe { quote USDT ${filters.map((filter) => `filter ${filter}`).join(' ')} ${by} }`;
  const text = `strat 1\nstrategy "u"\n${universe}\ntrade universe on 1d\nenter long when true\nsize 90% of equity\nstop 60%\n`;
  const prepared = prepareStrategy(compiler, text, 'u.strat', {});
  if (!prepared.ok) throw new Error(prepared.error.map(({ message }) => message).join('\n'));
  const request = { data: [...listed.keys()], timeframe: null, from: null, to: null };
  const needs = { ...dataNeeds(prepared.value), isOneOfMany: true };
  const markets = candlesOfMarkets(needs, request, (path) => fileOf(path, listed.get(path)!, false));
  const chosen: string[] = [];
  await portfolioRun([{ label: 'u', prepared: prepared.value, markets }], [], {
    ...DEFAULT_LIMITS,
    watch: {
      after: ({ indexes, engine, slots }) => {
        for (const [slot, { data }] of slots.entries())
          if (data.columns.time[indexes[slot]!] === START + day * DAY && engine.registers(slot)[P.isMember] === 1) chosen.push(data.market);
      },
    },
  });
  return chosen;
}

test('a scan finds what a universe that asks the same has for members at that close', async () => {
  const agreement = fc.asyncProperty(anyQuestion, anyMarkets, anyDay, async (question, listed, day) => {
    const whole = new Map(listed.map((one, at) => [NAMES[at]!, one]));
    // A universe without a rank has no top.
    const asked = question.rank === null ? { ...question, top: null } : question;
    const { markets } = await found(asked, whole, day, { staleBars: 0, shown: [] });
    expect(markets.map(({ market }) => market).toSorted()).toEqual((await members(asked, whole, day)).toSorted());
  });
  expect(fc.defaultReportMessage(await fc.check(agreement, { numRuns: 60 }))).toBeUndefined();
});
