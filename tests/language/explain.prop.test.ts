import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '#core/runtime/backtest.ts';
import type { Cause, MarketExplanation, RuleExplanation } from '#core/runtime/explain/explain-document.ts';
import { explain } from '#core/runtime/explain/explain.ts';
import type { MarketData } from '#core/runtime/market-data.ts';
import type { PreparedStrategy } from '#core/runtime/prepare-strategy.ts';
import { explainedExpressions } from '#dsl/tools/explain/rule-conditions.ts';
import { corpusPrograms, shippedPrograms } from './corpus.ts';
import { forcedAt, marketsOf, NEVER, prepared, removalOf, runTo, stateOf } from './explained-bars.ts';

/** 1,000 bars: STRAT_FC_RUNS=1000 npx vitest run tests/language/explain.prop.test.ts (some twenty minutes) */
const runs = { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 8), endOnFailure: true };

/** Its indicator is JavaScript, which runs in a process of its own. */
const LEFT_OUT = ['28_plugin_indicator.strat'];
const programs = [...corpusPrograms(), ...shippedPrograms()].filter(({ name }) => !LEFT_OUT.includes(name));

/** A bar of one of the markets. */
interface Bar {
  readonly source: string;
  readonly own: PreparedStrategy;
  readonly markets: readonly MarketData[];
  readonly at: number;
  readonly market: number;
}

/** What a rule has waiting after the bar when causes are taken away from it. */
function outcome({ source, own, markets, at, market }: Bar, rule: RuleExplanation, causes: readonly Cause[], isSupport: boolean): string {
  const { edits, changes } = removalOf(source, own, causes, rule, at, isSupport);
  // An edit must not change when rules begin to act.
  const edited = (bar: number): PreparedStrategy => ({ ...prepared(forcedAt(source, edits, bar)), warmUpBars: own.warmUpBars });
  if (edits.length === 0) return stateOf(runTo(own, markets, at, market, changes), own.program, rule);
  const forced = edited(at);
  const others = markets.length === 1 ? forced : edited(NEVER);
  return stateOf(runTo(forced, markets, at, market, changes, others), own.program, rule);
}

/** Whole numbers below a bound, all alike likely: numbers near each other give bars that have nothing in common. */
function mulberry(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const told = (causes: readonly Cause[]): string => causes.map(({ kind, text }) => `${kind} ${text}`).join(' + ');

/** What is wrong with the causes of a rule that was kept back: taken away together they change what it does, and none is superfluous. */
function wrongOfBlocked(bar: Bar, rule: RuleExplanation, was: string, pick: number): readonly string[] {
  const { blocking } = rule;
  if (blocking.length === 0) return [`nothing is named that keeps back ${rule.text}`];
  const found = outcome(bar, rule, blocking, false) === was ? [`${rule.text}: without ${told(blocking)} it is the same`] : [];
  if (blocking.length < 2) return found;
  const fewer = blocking.filter((_, place) => place !== pick % blocking.length);
  return outcome(bar, rule, fewer, false) === was ? found : [...found, `${rule.text}: without ${told(fewer)} alone it is not the same`];
}

/** The same of what supports a rule that acted: each alone, taken away, stops it. */
function wrongOfFired(bar: Bar, rule: RuleExplanation, was: string): readonly string[] {
  // A ladder of adds, or a timeout without a condition, has nothing that could be another way.
  if (rule.supporting.length === 0) return rule.condition === null ? [] : [`nothing is named that supports ${rule.text}`];
  return rule.supporting.flatMap((cause) =>
    outcome(bar, rule, [cause], true) === was ? [`${rule.text}: without ${told([cause])} it acts the same`] : [],
  );
}

/** The rules that a bar is checked by: the one that its verdict is about and one more, or all that acted. */
function checkedRules({ isOrdered, causes, rules }: MarketExplanation, pick: number): readonly RuleExplanation[] {
  if (isOrdered) return rules.filter(({ status }) => status === 'fired');
  const blocked = rules.filter(({ status }) => status === 'blocked');
  const named = blocked.filter(({ blocking }) => blocking === causes);
  return [...new Set([...named, ...blocked.slice(pick % blocked.length).slice(0, 1)])];
}

test('a cause taken away changes what the rule does, and no part of a set does so alone; a support taken away stops it', async () => {
  const tally = new Map<string, number>();
  const count = (what: string): void => void tally.set(what, (tally.get(what) ?? 0) + 1);
  await fc.assert(
    fc.asyncProperty(fc.nat(1e6), async (number) => {
      const random = mulberry(number);
      const { name, source } = programs[random(programs.length)]!;
      const [seed, pick] = [random(1000), random(100)];
      const own = prepared(source, { watchValues: explainedExpressions });
      const at = pick < 6 ? random(own.warmUpBars + 1) : own.warmUpBars + random(300);
      const markets = marketsOf(own.program, at + 3, seed);
      const strategies = [{ label: 'x', prepared: own, markets }];
      const document = await explain({ strategies, at: markets[0]!.columns.time[at]!, only: null, rules: [], limits: DEFAULT_LIMITS });
      const market = pick % document.markets.length;
      const explained = document.markets[market]!;
      const bar = { source, own, markets, at, market };
      const unchanged = runTo(own, markets, at, market, []);
      const checked = checkedRules(explained, pick);
      const wrong = checked.flatMap((rule) => {
        const was = stateOf(unchanged, own.program, rule);
        return rule.status === 'fired' ? wrongOfFired(bar, rule, was) : wrongOfBlocked(bar, rule, was, pick);
      });
      count(explained.isOrdered ? 'bars with an order' : 'bars without one');
      for (const { status, kind, blocking, supporting } of checked) {
        count(`${status} ${kind}`);
        for (const cause of blocking) count(`kept back by ${cause.kind}`);
        for (const cause of supporting) count(`supported by ${cause.kind}`);
      }
      const where = `${name} seed ${seed} bar ${at} ${explained.market}`;
      expect(checked, where).not.toEqual([]);
      expect(wrong, where).toEqual([]);
    }),
    runs,
  );
  if (runs.numRuns >= 100) process.stdout.write(`${JSON.stringify(Object.fromEntries(tally), null, 2)}\n`);
}, 3_600_000);

test('a cause that is none is noticed', async () => {
  const source = 'strat 1 strategy "x" trade BTC/USDT on 1h enter long when close < 0 and open < 0 size 1 BTC stop 5%';
  const own = prepared(source, { watchValues: explainedExpressions });
  const markets = marketsOf(own.program, 53, 1);
  const strategies = [{ label: 'x', prepared: own, markets }];
  const { markets: explained } = await explain({
    strategies,
    at: markets[0]!.columns.time[50]!,
    only: null,
    rules: [],
    limits: DEFAULT_LIMITS,
  });
  const bar = { source, own, markets, at: 50, market: 0 };
  const [rule] = explained[0]!.rules;
  const was = stateOf(runTo(own, markets, 50, 0, []), own.program, rule!);
  expect(rule!.blocking.map(({ text }) => text)).toEqual(['close < 0', 'open < 0']);
  expect(wrongOfBlocked(bar, rule!, was, 0)).toEqual([]);
  // One of two, and one too many.
  expect(wrongOfBlocked(bar, { ...rule!, blocking: rule!.blocking.slice(0, 1) }, was, 0)).toEqual([
    expect.stringContaining('it is the same'),
  ]);
  const cooldown = { kind: 'cooldown', text: 'none', line: 1, span: null } as const;
  expect(wrongOfBlocked(bar, { ...rule!, blocking: [...rule!.blocking, cooldown] }, was, 2)).toEqual([
    expect.stringContaining('is not the same'),
  ]);
});
