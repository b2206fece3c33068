import type { Mutant } from '#dsl/tools/mutate/mutants.ts';
import { mutantsOf } from '#dsl/tools/mutate/mutants.ts';
import { DEFAULT_LIMITS } from '../backtest.ts';
import { dataNeeds } from '../data-needs.ts';
import type { MarketData } from '../market-data.ts';
import { type PreparedStrategy, prepareStrategy } from '../prepare-strategy.ts';
import { syntheticMarkets } from '../synthetic-market-data.ts';
import { fillText, type TracedFill } from './fill-line.ts';
import { runTest, type TestSubject } from './run-test.ts';
import { type RunTrace, traceRun } from './run-trace.ts';
import { isoTime } from '../backtest-document.ts';
import type { StrategyTest } from './test-file.ts';

/** How much of a strategy its tests hold fast: of all small changes of its rules, how many they notice. */
export interface MutationScore {
  readonly killed: number;
  /** Those that change what the strategy does as far as anybody knows. */
  readonly total: number;
  /** Changes that compile to the very same strategy: nothing can notice them, they count nowhere. */
  readonly same: number;
  /** Changes that are no strategy. */
  readonly invalid: number;
  readonly survivors: readonly Survivor[];
}

/** A change that the tests do not notice. */
export interface Survivor {
  readonly line: number;
  readonly column: number;
  readonly was: string;
  readonly now: string;
  readonly what: string;
  /** Bars on which it does something else; null = none were found on the generated markets. */
  readonly apart: Apart | null;
}

/** The first fills that differ between the strategy and its mutant, on a generated market. */
export interface Apart {
  readonly seed: number;
  readonly market: string;
  /** From 1. */
  readonly bar: number;
  readonly time: string;
  /** What each does there, in words. */
  readonly strategy: string;
  readonly mutant: string;
}

export interface MutationOptions {
  readonly signal?: AbortSignal;
  readonly onDone?: (done: number, total: number) => void;
}

/** Markets on which survivors are looked at: enough that what is left is rare. */
const SEEDS = [1, 2, 3, 4, 5, 6];
const BARS = 1500;

/**
 * Runs the tests of a strategy on each of its mutants. The tests are to pass on the strategy itself.
 * @throws StratError as `runTest`
 */
export async function mutationScore(
  subject: TestSubject,
  tests: readonly StrategyTest[],
  { signal, onDone }: MutationOptions = {},
): Promise<MutationScore> {
  const original = prepared(subject, subject.text);
  const mutants = mutantsOf(subject.text);
  // Tables decide fast, and most of all.
  const sorted = tests.toSorted((a, b) => costOf(a) - costOf(b));
  const explorer = original === null ? null : new Explorer(original, signal);
  const survivors: Survivor[] = [];
  let [killed, same, invalid] = [0, 0, 0];
  for (const [place, mutant] of mutants.entries()) {
    onDone?.(place, mutants.length);
    const changed = prepared(subject, mutant.text);
    if (changed === null) invalid += 1;
    else if (original !== null && isSame(original, changed)) same += 1;
    else if (await isKilled({ ...subject, text: mutant.text }, sorted, signal)) killed += 1;
    else survivors.push(survivor(mutant, (await explorer?.apart(changed)) ?? null));
  }
  onDone?.(mutants.length, mutants.length);
  return { killed, total: killed + survivors.length, same, invalid, survivors };
}

function prepared({ file, compiler, indicators }: TestSubject, text: string): PreparedStrategy | null {
  const made = prepareStrategy(compiler, text, file, indicators === undefined ? {} : { indicators });
  return made.ok ? made.value : null;
}

const costOf = ({ markets }: StrategyTest): number => (markets.kind === 'table' ? 0 : markets.kind === 'data' ? 1 : 2);

/** The same code, the same plan and the same numbers do the same. */
function isSame(a: PreparedStrategy, b: PreparedStrategy): boolean {
  const told = ({ compiled, params, warmUpBars }: PreparedStrategy): string =>
    JSON.stringify([compiled.text, compiled.plan, compiled.columns, [...params], warmUpBars]);
  return told(a) === told(b);
}

async function isKilled(mutant: TestSubject, tests: readonly StrategyTest[], signal: AbortSignal | undefined): Promise<boolean> {
  for (const test of tests) {
    const { ok: isPassed } = await runTest(mutant, test, { isQuick: true, ...(signal === undefined ? {} : { signal }) });
    if (!isPassed) return true;
  }
  return false;
}

function survivor({ line, column, was, now, what }: Mutant, apart: Apart | null): Survivor {
  return { line, column, was, now, what, apart };
}

/** What the strategy does on generated markets, kept for all mutants. */
class Explorer {
  readonly #original: PreparedStrategy;
  readonly #signal: AbortSignal | undefined;
  readonly #known = new Map<number, Promise<RunTrace>>();

  constructor(original: PreparedStrategy, signal: AbortSignal | undefined) {
    this.#original = original;
    this.#signal = signal;
  }

  async apart(mutant: PreparedStrategy): Promise<Apart | null> {
    for (const seed of SEEDS) {
      const strategy = this.#known.get(seed) ?? this.#run(this.#original, seed);
      this.#known.set(seed, strategy);
      const found = firstApart(await strategy, await this.#run(mutant, seed), seed);
      if (found !== null) return found;
    }
    return null;
  }

  async #run(strategy: PreparedStrategy, seed: number): Promise<RunTrace> {
    const limits = { ...DEFAULT_LIMITS, ...(this.#signal === undefined ? {} : { signal: this.#signal }) };
    return traceRun(strategy, this.#markets(seed), limits, false);
  }

  #markets(seed: number): readonly MarketData[] {
    return syntheticMarkets(dataNeeds(this.#original), { seed, bars: BARS, timeframe: null });
  }
}

function firstApart(strategy: RunTrace, mutant: RunTrace, seed: number): Apart | null {
  const isOneOfMany = strategy.markets.length > 1;
  for (const [place, own] of strategy.markets.entries()) {
    const other = mutant.markets[place]!;
    const count = Math.max(own.fills.length, other.fills.length);
    for (let i = 0; i < count; i++) {
      const [a, b] = [own.fills[i], other.fills[i]];
      if (a !== undefined && b !== undefined && isEqual(a, b)) continue;
      const bar = Math.min(a?.bar ?? Infinity, b?.bar ?? Infinity);
      const told = (fill: TracedFill | undefined): string => (fill?.bar === bar ? fillText(fill, isOneOfMany) : 'nothing');
      return { seed, market: own.market, bar: bar + 1, time: isoTime(own.data.columns.time[bar]!), strategy: told(a), mutant: told(b) };
    }
  }
  return null;
}

const isEqual = (a: TracedFill, b: TracedFill): boolean => a.bar === b.bar && a.qty === b.qty && a.price === b.price && a.kind === b.kind;
