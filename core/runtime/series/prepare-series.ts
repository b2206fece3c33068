import { settingsArray, settingsOn } from '#core/engine/simulation-settings.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { fail, ok, type Result } from '#core/model/result.ts';
import type { Predictions } from '#core/data/columns/predictions.ts';
import type { Compiler } from '#dsl/compile.ts';
import { type CompiledSeries, emitSeries } from '#dsl/emit/emit-series.ts';
import { runConstants } from '#dsl/graph/run-constants.ts';
import { warmUpBars } from '#dsl/graph/warm-up.ts';
import type { Program } from '#dsl/program.ts';
import type { StudiedExpression, StudyCompilation, StudyRequest } from '#dsl/study.ts';
import { KNOWN_CALENDARS } from '../known-calendars.ts';
import { checkLengths, type StrategySources } from '../prepare-text.ts';
import { resolveSettings } from '../resolve-settings.ts';

export interface SeriesRequest extends StudyRequest {
  /** Params of the file by name, as the user typed them. */
  readonly set?: ReadonlyMap<string, string>;
}

/** An expression and how much of the past its values need. */
export interface PreparedExpression extends StudiedExpression {
  /** Bars before the first on which all of its results are defined. */
  readonly lookBack: number;
  /** Bars before the first on which they may be acted on: where the data begin weighs less than a millionth then. */
  readonly warmUp: number;
}

/** Expressions ready to be computed. */
export interface PreparedSeries {
  readonly expressions: readonly PreparedExpression[];
  /** Its `plots` are the results. */
  readonly program: Program;
  readonly compiled: CompiledSeries;
  readonly models: readonly Predictions[];
  readonly params: Float64Array;
  /** In SETTING order. */
  readonly settings: Float64Array;
  /** Mistakes in lines of the file that no expression needs. */
  readonly unneeded: StudyCompilation['file'];
  /** Warnings about the expressions, as in `StudyCompilation`. */
  readonly warnings: StudyCompilation['expressions'];
}

/** What a study without a file may use: nothing but the language. */
export const NO_SOURCES: StrategySources = {
  modules: { source: () => ({ ok: false, code: 'E0702', reason: 'there is no file that it could stand beside' }), used: () => [] },
  models: {
    source: () => ({ ok: false, code: 'E0702', reason: 'there is no file that it could stand beside' }),
    predictionsOf: () => {
      throw new StratError('INTERNAL', { reason: 'a model without a file' });
    },
    used: () => [],
  },
};

/**
 * Compiles expressions. What is wrong with them is a value.
 * @param name of the file, for errors
 * @throws StratError PARAM_VALUE, PARAM_LENGTH as `prepareText`
 */
export function prepareSeries(
  compiler: Compiler,
  request: SeriesRequest,
  { modules, models, plugins }: StrategySources = NO_SOURCES,
  name = 'the expression',
): Result<PreparedSeries, StudyCompilation> {
  const compilation = compiler.study(request, {
    modules: modules.source,
    models: models.source,
    calendars: KNOWN_CALENDARS,
    ...(plugins === undefined ? {} : { plugins: plugins.source }),
    ...(request.set === undefined ? {} : { set: request.set }),
  });
  const [wrong] = compilation.overrideErrors;
  if (wrong !== undefined) {
    const prefix = `${wrong.name}: `;
    const reason = wrong.message.startsWith(prefix) ? wrong.message.slice(prefix.length) : wrong.message;
    throw new StratError('PARAM_VALUE', { file: name, name: wrong.name, reason });
  }
  if (compilation.study === null) return fail(compilation);
  const { program, expressions } = compilation.study;
  const params = Float64Array.from(program.params, (param) => param.value);
  const settings = settingsArray(settingsOn(resolveSettings({}, program), program.markets[0]), 0, Infinity);
  const constants = runConstants(program.graph, params, settings);
  checkLengths(program, constants, name);
  return ok({
    expressions: expressions.map((expression) => {
      const roots = expression.results.map(({ plot }) => program.plots[plot]!.value);
      return {
        ...expression,
        lookBack: warmUpBars(program.graph, constants, roots, 'first'),
        warmUp: warmUpBars(program.graph, constants, roots, 'settled'),
      };
    }),
    program,
    compiled: emitSeries(program),
    models: program.models.map(models.predictionsOf),
    params,
    settings,
    unneeded: compilation.file,
    warnings: compilation.expressions,
  });
}
