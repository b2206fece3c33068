import { createCompiler } from '#dsl/compile.ts';
import type { Study, StudyResult } from '#dsl/study.ts';
import type { FunctionParameter, PreludeFunction } from './prelude-functions.ts';

/**
 * Calls of functions, made of their parameters: X is where the source goes, C the condition, and lengths are ones that 60 bars can fill. So a new function is
 * called by all tests of the prelude without being named in any.
 */

/** Lengths by the order of the parameters, and by names that stand for an order of their own. */
const LENGTHS = [5, 3, 2, 4];
const NAMED_LENGTHS: Readonly<Record<string, number>> = { fast: 3, medium: 5, slow: 6, signal: 4 };
/** What further series are. */
const SERIES = ['open', 'high'];

/** Calls of functions whose parameters do not tell what could be given to them. */
const OWN_CALLS: Readonly<Record<string, string>> = {
  percentile: 'percentile(X, 5, 30)',
  percentile_nearest: 'percentile_nearest(X, 5, 30)',
  clamp: 'clamp(X, low, high)',
  // Below 16 changes there are no halves.
  hurst: 'hurst(X, 16)',
  hurst_corrected: 'hurst_corrected(X, 17)',
  // Of one size in all markets, and small enough for 60 bars.
  renko: 'renko(X, atr(3))',
  range_bar: 'range_bar(X, atr(3))',
  zigzag: 'zigzag(2%)',
  zigzag_atr: 'zigzag_atr(1, 3)',
  support_resistance: 'support_resistance(2, 2, 1, 3, 1)',
};

/** Forms of a call that its parameters do not show. */
const FURTHER_CALLS: readonly string[] = ['vwap(X, C)', 'nz(X)'];

/** The call of a function by its parameters. */
export function callOf({ name, parameters }: PreludeFunction): string {
  const own = OWN_CALLS[name];
  if (own !== undefined) return own;
  if (parameters.length === 0) return name;
  const seen = { lengths: 0, conditions: 0, series: 0 };
  return `${name}(${parameters.map((parameter) => argumentOf(parameter, seen)).join(', ')})`;
}

/** All calls of a function. */
export const callTextsOf = (one: PreludeFunction): readonly string[] => [
  callOf(one),
  ...FURTHER_CALLS.filter((call) => call.startsWith(`${one.name}(`)),
];

function argumentOf({ name, type, otherwise }: FunctionParameter, seen: { lengths: number; conditions: number; series: number }): string {
  if (type === 'length') return String(NAMED_LENGTHS[name] ?? LENGTHS[seen.lengths++ % LENGTHS.length]);
  // A switch, which is known before the run.
  if (otherwise === 'false') return otherwise;
  if (type === 'condition') return seen.conditions++ === 0 ? 'C' : 'close < open';
  if (/^\d+[a-z]+$/.test(otherwise ?? '')) return '8h';
  if (type !== null) return otherwise ?? '2';
  if (name === 'source' || seen.series === 0) {
    seen.series += 1;
    return 'X';
  }
  return SERIES[(seen.series++ - 1) % SERIES.length]!;
}

/** One value of a call: the call itself, or a member of its group. */
export interface CalledValue {
  /** The function. */
  readonly name: string;
  /** A number of the language, with X and C: a condition is written as 1 and 0. */
  readonly text: string;
  readonly result: StudyResult;
}

export const BARE_SOURCE = 'close';
export const BARE_CONDITION = 'close > open';

/** A call with this source and condition. */
export const withInputs = (text: string, source: string, condition: string): string =>
  text.replace(/\bX\b/g, source).replace(/\bC\b/g, condition);

const compiler = createCompiler();
/** A program has at most 20,000 parts, its functions written out. */
const TOGETHER = 60;

/** @param file the text of a module whose functions may be called */
export function studyOf(expressions: readonly string[], file?: string): Study {
  const request = { expressions, market: 'BTC/USDT', timeframe: '1h', ...(file === undefined ? {} : { file }) };
  const { study, expressions: findings } = compiler.study(request);
  if (study !== null) return study;
  const said = findings.flatMap((one, place) => one.map(({ code, message }) => `${expressions[place]}: ${code} ${message}`));
  throw new Error(said.join('\n'));
}

/** The values of each function, in order. @throws Error for a function that its parameters do not tell how to call */
export function calledValues(functions: readonly PreludeFunction[]): readonly CalledValue[] {
  const calls = functions.flatMap((one) => callTextsOf(one).map((text) => ({ name: one.name, text })));
  const parts = Array.from({ length: Math.ceil(calls.length / TOGETHER) }, (_, part) =>
    calls.slice(TOGETHER * part, TOGETHER * (part + 1)),
  );
  return parts.flatMap((part) => {
    const { expressions } = studyOf(part.map(({ text }) => withInputs(text, BARE_SOURCE, BARE_CONDITION)));
    return part.flatMap(({ name, text }, place) =>
      expressions[place]!.results.map((result) => {
        const value = result.member === null ? text : `${text.endsWith(')') ? text : `${text}()`}.${result.member}`;
        return { name, text: result.kind === 'condition' ? `if ${value} then 1 else 0` : value, result };
      }),
    );
  });
}
