import { settingsArray } from '#core/engine/simulation-settings.ts';
import { isStratError } from '#core/errors/strat-error.ts';
import { isLateParam } from '#dsl/emit/signal-cut.ts';
import { tradingRoots } from '#dsl/emit/usage.ts';
import { components } from '#dsl/graph/components.ts';
import { runConstants } from '#dsl/graph/run-constants.ts';
import { warmUpBars } from '#dsl/graph/warm-up.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';
import { checkLengths } from '../prepare-text.ts';

/** What is known of a trial before it runs. */
export type TrialStart =
  | { readonly kind: 'runs'; readonly firstBar: number }
  /** It breaks a `require` of the strategy, so it is no set of it. */
  | { readonly kind: 'leftOut'; readonly reason: string }
  /** Its values make something that cannot run. */
  | { readonly kind: 'invalid'; readonly reason: string };

/** Looks at the values of each trial, as the compiler does when they are set. */
export interface TrialStarts {
  /** @param constants as `constantsOf` gives them, where they are known */
  readonly startOf: (params: Float64Array, constants?: Float64Array) => TrialStart;
  readonly isLeftOut: (params: Float64Array) => boolean;
  /** Values of the nodes that do not change within a run. */
  readonly constantsOf: (params: Float64Array) => Float64Array;
}

export function trialStarts({ program, values, settings, source }: PreparedStrategy, fromIndex: number): TrialStarts {
  const { graph } = program;
  const units = settingsArray(settings, 0, Infinity);
  const roots = tradingRoots(program);
  const parts = components(graph);
  const brokenBy = (params: Float64Array): string | undefined => values.requirements.find(({ holds }) => !holds(params))?.text;
  // Params that change nothing with a memory change no length and no warm-up: sets that follow each other are often alike in all others.
  const isLate = program.params.map((_, index) => isLateParam(program, index));
  let last: { readonly params: Float64Array; readonly start: TrialStart } | null = null;
  const startOf = (params: Float64Array, constants?: Float64Array): TrialStart => {
    const broken = brokenBy(params);
    if (broken !== undefined) return { kind: 'leftOut', reason: broken };
    if (last?.params.every((value, index) => isLate[index] || value === params[index]) !== true)
      last = { params: params.slice(), start: startAnew(constants ?? constantsOf(params)) };
    return last.start;
  };
  const constantsOf = (params: Float64Array): Float64Array => runConstants(graph, params, units);
  const startAnew = (constants: Float64Array): TrialStart => {
    try {
      checkLengths(program, constants, source.file);
    } catch (error) {
      if (!isStratError(error)) throw error;
      return { kind: 'invalid', reason: error.message };
    }
    return { kind: 'runs', firstBar: Math.max(fromIndex, warmUpBars(graph, constants, roots, settings.conventions.warmup, parts)) };
  };
  return { startOf, isLeftOut: (params) => brokenBy(params) !== undefined, constantsOf };
}
