import { isStratError } from '#core/errors/strat-error.ts';
import { fail, ok, type Result } from '#core/model/result.ts';
import type { Compiler } from '#dsl/compile.ts';
import type { Diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import type { PluginHost } from '#core/indicators/indicator-shelf.ts';
import { type BacktestLimits, DEFAULT_LIMITS } from '../backtest.ts';
import { type PrepareOptions, prepareStrategy, type PreparedStrategy } from '../prepare-strategy.ts';
import { checkFills } from './check-fills.ts';
import { breachOf } from './check-never.ts';
import { checkValues, type ValuesOf } from './check-values.ts';
import { expressionValues, type PreparedExpressions, prepareExpressions } from './expression-values.ts';
import { fillText } from './fill-line.ts';
import { type MarketTrace, type RunTrace, traceRun } from './run-trace.ts';
import type { StrategyTest } from './test-file.ts';
import { placeOf, type TestFailure } from './test-failure.ts';
import { runsOf, TablesInvalid } from './test-markets.ts';

/** A strategy under test. */
export interface TestSubject {
  readonly file: string;
  readonly text: string;
  readonly compiler: Compiler;
  readonly indicators?: PluginHost;
}

export interface TestRunOptions {
  readonly signal?: AbortSignal;
  /** Nothing is told but that it failed: stops at the first failure. */
  readonly isQuick?: boolean;
}

/** What became of a test. */
export interface TestResult {
  readonly name: string;
  /** In the file of tests, from 1. */
  readonly line: number;
  readonly ok: boolean;
  /** Markets that it ran on (seeds), their bars together, and what filled there. */
  readonly runs: number;
  readonly bars: number;
  readonly fills: number;
  readonly failures: readonly TestFailure[];
}

/** Told of a test: the rest reads the same. */
const MOST_FAILURES = 10;

/**
 * Runs one test.
 * @throws StratError SANDBOX_CANCELLED and faults of strat; what is wrong with strategy, data or test is a failure
 */
export async function runTest(subject: TestSubject, test: StrategyTest, options: TestRunOptions = {}): Promise<TestResult> {
  const told = { name: test.name, line: test.line, runs: 0, bars: 0, fills: 0 };
  const failed = (...failures: readonly TestFailure[]): TestResult => ({ ...told, ok: false, failures });
  try {
    const readied = prepared(subject, test);
    return readied.ok ? await runAll(readied.value, test, options) : failed(readied.error);
  } catch (error) {
    if (error instanceof TablesInvalid)
      return failed(
        ...error.faults.map(({ line, message, hint }) => ({ line, expected: 'a table of bars', found: message, hint, at: null })),
      );
    if (!isStratError(error) || error.code === 'INTERNAL' || error.code.startsWith('SANDBOX')) throw error;
    return failed({ line: test.line, expected: 'the test runs', found: error.message, hint: null, at: null });
  }
}

interface Readied {
  readonly strategy: PreparedStrategy;
  readonly expressions: PreparedExpressions | null;
}

function prepared({ file, text, compiler, indicators }: TestSubject, test: StrategyTest): Result<Readied, TestFailure> {
  const { set, capital, fee, slippage } = test.settings;
  const options: PrepareOptions = { set, capital, fee, slippage, ...(indicators === undefined ? {} : { indicators }) };
  const strategy = prepareStrategy(compiler, text, file, options);
  if (!strategy.ok) return fail(strategyFailure(test.line, strategy.error));
  const sources = sourcesOf(test);
  if (sources.length === 0) return ok({ strategy: strategy.value, expressions: null });
  const expressions = prepareExpressions(
    compiler,
    text,
    file,
    options,
    sources.map(({ source }) => source),
  );
  if (expressions.ok) return ok({ strategy: strategy.value, expressions: expressions.value });
  const { source, finding } = expressions.error;
  const { line } = sources.find((one) => one.source === source)!;
  const hint = finding.hint ?? 'names that a block of the strategy declares are known inside of that block only';
  return fail({ line, expected: `"${source}" is an expression of the language`, found: finding.message, hint, at: null });
}

function strategyFailure(line: number, findings: readonly Diagnostic[]): TestFailure {
  const first = findings.find(({ severity }) => severity === 'error') ?? findings[0];
  return { line, expected: 'the strategy compiles', found: first?.message ?? 'it does not', hint: first?.hint ?? null, at: null };
}

/** The expressions that a test names, each once. */
function sourcesOf({ values, never }: StrategyTest): readonly { readonly source: string; readonly line: number }[] {
  const found = new Map<string, number>();
  for (const { line, asks } of values) if (asks.check.kind === 'expression') found.set(asks.check.source, line);
  for (const { line, asks } of never) if ('source' in asks) found.set(asks.source, line);
  return [...found].map(([source, line]) => ({ source, line }));
}

async function runAll(
  { strategy, expressions }: Readied,
  test: StrategyTest,
  { signal, isQuick = false }: TestRunOptions,
): Promise<TestResult> {
  const limits: BacktestLimits = { ...DEFAULT_LIMITS, ...(signal === undefined ? {} : { signal }) };
  const isWithOrders = test.values.some(({ asks }) => asks.check.kind === 'order' || asks.check.kind === 'none');
  const runs = runsOf(test.markets, strategy, test.settings.timeframe);
  const failures: TestFailure[] = [];
  const broken = new Map<string, number>();
  let [bars, fills, opened] = [0, 0, 0];
  for (const { source, load } of runs) {
    const trace = await traceRun(strategy, load(), limits, isWithOrders);
    bars += trace.time.length;
    fills += trace.markets.reduce((sum, market) => sum + market.fills.length, 0);
    opened += openedIn(trace);
    for (const failure of failuresOf(trace, test, memoised(expressions))) {
      const key = `${failure.line} ${failure.expected}`;
      const seen = broken.get(key) ?? 0;
      broken.set(key, seen + 1);
      // Of many markets the first tells how; the others are counted.
      if (runs.length === 1 || seen === 0) failures.push(from(failure, source));
    }
    if (isQuick && failures.length > 0) break;
  }
  if (failures.length === 0) failures.push(...countFailures(test, opened, fills));
  const counted = runs.length === 1 ? failures : failures.map((failure) => withCount(failure, broken, runs.length));
  return {
    name: test.name,
    line: test.line,
    ok: failures.length === 0,
    runs: runs.length,
    bars,
    fills,
    failures: counted.slice(0, MOST_FAILURES),
  };
}

function failuresOf(trace: RunTrace, test: StrategyTest, valuesOf: ValuesOf): readonly TestFailure[] {
  const broken = test.never.flatMap(({ line, asks }) => {
    const breach = breachOf(trace, asks, valuesOf);
    if (breach === null) return [];
    const at = placeOf(breach.trace, breach.index, (fill) => fillText(fill, trace.markets.length > 1));
    return [{ line, expected: `never ${asks.text}`, found: breach.found, hint: null, at }];
  });
  return [...(test.fills === null ? [] : checkFills(trace, test.fills)), ...checkValues(trace, test.values, valuesOf), ...broken];
}

/** Positions opened. */
function openedIn({ markets }: RunTrace): number {
  return markets.reduce((sum, { fills }) => sum + fills.filter(({ kind }) => kind === 'entry').length, 0);
}

/** What is about the test as a whole. */
function countFailures(test: StrategyTest, opened: number, fills: number): readonly TestFailure[] {
  const { trades, never } = test;
  if (trades !== null && trades.asks !== opened)
    return [{ line: trades.line, expected: `trades: ${trades.asks}`, found: `${opened} positions were opened`, hint: null, at: null }];
  const isIdle = fills === 0 && never.length > 0 && test.fills === null && trades === null;
  if (!isIdle) return [];
  const hint = 'give more bars or other markets; if that is right, say so: trades: 0';
  return [{ line: test.line, expected: 'the strategy trades', found: 'it never did, so "never:" has shown nothing', hint, at: null }];
}

function from(failure: TestFailure, source: string | null): TestFailure {
  return failure.at === null ? failure : { ...failure, at: { ...failure.at, source } };
}

function withCount(failure: TestFailure, broken: ReadonlyMap<string, number>, runs: number): TestFailure {
  const times = broken.get(`${failure.line} ${failure.expected}`);
  return times === undefined ? failure : { ...failure, found: `${failure.found} (on ${times} of ${runs} markets)` };
}

/** Values are computed once a market, and only where something asks for them. */
function memoised(expressions: PreparedExpressions | null): ValuesOf {
  const known = new Map<MarketTrace, ReadonlyMap<string, Float64Array>>();
  return (trace) => {
    const values = known.get(trace) ?? (expressions === null ? new Map<string, Float64Array>() : expressionValues(expressions, trace));
    known.set(trace, values);
    return values;
  };
}
