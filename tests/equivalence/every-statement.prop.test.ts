import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { generateMarket } from '#core/data/market-generator.ts';
import { fillsOf } from '#core/engine/log-rows.ts';
import { settingsArray } from '#core/engine/simulation-settings.ts';
import { PortfolioEngine } from '#core/engine/trading/portfolio-engine.ts';
import { barAt, columnList } from '#core/model/columns.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { backtest, DEFAULT_LIMITS, portfolioBacktest } from '#core/runtime/backtest.ts';
import { furtherColumns } from '#core/runtime/further-columns.ts';
import type { MarketData } from '#core/runtime/market-data.ts';
import { paperDocument } from '#core/runtime/paper/paper-bot.ts';
import { type PortfolioRun, portfolioRun } from '#core/runtime/portfolio/portfolio-run.ts';
import { portfolioSlots } from '#core/runtime/portfolio/portfolio-slots.ts';
import type { StrategyOnMarkets } from '#core/runtime/portfolio/strategy-on-markets.ts';
import { RowInterpreter } from '#dsl/graph/row-interpreter.ts';
import { STATEMENT_WORDS } from '#dsl/grammar/words.ts';
import { marketOf } from '../engine/candle-run.ts';
import { essence, gappyFile, marketData, onFile, onMarkets, prepared, runPaper, temporaryFolder } from '../integration/paper-runs.ts';
import { anyBotStatements, anyMarketStatements, anyStatements, MARKETS, USED_FILES } from './random-statements.ts';
import { runInterpreted } from './three-forms.ts';

/** `module` and `return` are in the file that is used, `grid` is of a later edition. */
const ELSEWHERE: ReadonlySet<string> = new Set(['module', 'export', 'return', 'grid']);
const OF_MARKETS: ReadonlySet<string> = new Set(['universe', 'basket']);
const HOUR = parseTimeframe('1h')!;

const wordsOf = (text: string): readonly string[] => [...text.matchAll(/^ *[a-z]+/gm)].map(([word]) => word.trim());

/** A folder with the files that the texts use. */
function usedFolder(): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(USED_FILES)) writeFileSync(join(folder, name), text);
  return folder;
}

test('random strategies of every statement: compiled, interpreted and on paper they trade the same, to the last bit', async () => {
  const folder = usedFolder();
  const file = gappyFile(folder, 250);
  const seen = new Set<string>();
  const kinds = new Set<string>();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(anyStatements, async (text) => {
      const strategy = prepared(text, join(folder, 'random.strat'));
      for (const word of wordsOf(text)) seen.add(word);
      const data = marketData(strategy, file);
      const { document, outcome } = await backtest(strategy, data, DEFAULT_LIMITS, {});
      const { program, params, settings, warmUpBars } = strategy;
      const oracle = runInterpreted(
        program,
        data.columns,
        params,
        settingsArray(settings, warmUpBars, data.columns.time.length),
        settings.conventions,
        settings.capital,
        { arrays: furtherColumns(strategy, data).columns, counts: [] },
      );
      expect(oracle.log).toEqual([...outcome.log]);
      expect(oracle.equity).toEqual([...outcome.equity]);
      const [paper] = await runPaper(join(folder, `home-${run++}`), [onFile(strategy, file)]);
      expect(essence(paperDocument(paper!, {}))).toEqual(essence(document));
      for (const { exitReason } of document.trades) kinds.add(exitReason);
    }),
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 25) },
  );
  expect(STATEMENT_WORDS.filter((word) => !ELSEWHERE.has(word) && !OF_MARKETS.has(word) && !seen.has(word))).toEqual([]);
  expect([...kinds]).toEqual(expect.arrayContaining(['exit', 'stop', 'take', 'trail']));
});

/** Candles of MARKETS; each lacks some bars of its own. */
function generatedMarkets(bars: number): readonly MarketData[] {
  return MARKETS.map((market, place) => {
    const [seed, startPrice] = [20 + place, 100 * (place + 1)];
    const walk = { stepMs: HOUR.stepMs, startTime: Date.UTC(2024, 0, 1), tick: 0.01, missingRate: 0.05 };
    return marketOf(market, generateMarket({ ...walk, seed, bars, startPrice }));
  });
}

/** Strategies on several markets by the interpreter. @param ranks by strategy, what `rank(x)` is, where it asks */
function interpretMarkets(
  strategies: readonly StrategyOnMarkets[],
  ranks: PortfolioRun['ranks'],
): { readonly logs: readonly (readonly number[])[]; readonly equity: readonly number[] } {
  const { slots, traded: count, baskets } = portfolioSlots(strategies);
  const plans = strategies.map(({ prepared: one }) => one.compiled.plan);
  const engine = new PortfolioEngine(
    plans,
    strategies[0]!.prepared.settings.conventions,
    slots.map((slot) => slot.engine),
    baskets,
  );
  const traded = slots.slice(0, count).map(({ strategy, at, data, engine: { settings } }) => {
    const { prepared: one } = strategies[strategy]!;
    return {
      columns: columnList(data.columns, furtherColumns(one, data, ranks[strategy]?.[at]).columns),
      interpreter: new RowInterpreter(one.program, one.params, settings),
    };
  });
  const logs = slots.map((): number[] => []);
  const equity: number[] = [];
  const next = slots.map(() => 0);
  const times = strategies.flatMap(({ markets }) => markets.flatMap(({ columns }) => [...columns.time]));
  for (const now of [...new Set(times)].toSorted((a, b) => a - b)) {
    const indexes = slots.map(({ data }, slot) => (data.columns.time[next[slot]!] === now ? next[slot]!++ : null));
    engine.open(
      indexes.map((index, slot) => (index === null ? null : { ...barAt(slots[slot]!.data.columns, index), fundingRate: Number.NaN })),
    );
    const decisions = traded.flatMap(({ columns, interpreter }, market) => {
      const index = indexes[market]!;
      return index === null ? [] : [{ market, row: interpreter.decide(index, columns, engine.row(market)) }];
    });
    engine.decide(decisions);
    for (const [slot, log] of logs.entries()) log.push(...engine.engines[slot]!.drainLog());
    for (const { market, log } of engine.drainBaskets()) logs[market]!.push(...log);
    equity.push(engine.equity);
  }
  return { logs, equity };
}

test('the same of several markets, universes and baskets, of one strategy or of two on one account', async () => {
  const folder = usedFolder();
  const markets = generatedMarkets(250);
  const seen = new Set<string>();
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(anyMarketStatements, { minLength: 1, maxLength: 2 }), async (texts) => {
      const strategies = texts.map((text, place): StrategyOnMarkets => {
        const strategy = prepared(text, join(folder, 'random.strat'));
        for (const word of wordsOf(text)) seen.add(word);
        const { universe, baskets, markets: names } = strategy.program;
        const excluded = universe?.exclude ?? [];
        const given = markets.filter(({ market }, at) =>
          universe === null ? (baskets.length === 0 ? names.includes(market) : at < 2) : !excluded.includes(market),
        );
        return { label: String(place), prepared: strategy, markets: given };
      });
      const run = await portfolioRun(strategies, [], DEFAULT_LIMITS);
      const oracle = interpretMarkets(strategies, run.ranks);
      expect(oracle.logs).toEqual(run.logs.map((log) => [...log]));
      expect(oracle.equity).toEqual([...run.equity]);
      for (const { kind } of run.logs.flatMap((log) => fillsOf(log))) kinds.add(kind);
    }),
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 30) },
  );
  expect([...OF_MARKETS].filter((word) => !seen.has(word))).toEqual([]);
  expect([...kinds]).toEqual(expect.arrayContaining(['entry', 'add', 'exit', 'stop', 'take', 'trail', 'rebalance']));
});

test('several markets, universes and baskets on paper are their backtest', async () => {
  const folder = usedFolder();
  const markets = generatedMarkets(120);
  let run = 0;
  let trades = 0;
  await fc.assert(
    fc.asyncProperty(anyBotStatements, async (text) => {
      const strategy = prepared(text, join(folder, 'random.strat'));
      const { universe, baskets } = strategy.program;
      const excluded = universe?.exclude ?? [];
      const given = markets.filter(({ market }, at) => !excluded.includes(market) && (baskets.length === 0 || at < 2));
      const { document } = await portfolioBacktest(strategy, given, DEFAULT_LIMITS, {});
      const [paper] = await runPaper(join(folder, `home-${run++}`), [onMarkets(strategy, given)]);
      expect(essence(paperDocument(paper!, {}))).toEqual(essence(document));
      trades += document.trades.length;
    }),
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 6) },
  );
  expect(trades).toBeGreaterThan(0);
});
