import type { PluginHost } from '#core/indicators/indicator-shelf.ts';
import { fail, ok, type Result } from '#core/model/result.ts';
import { runSeries } from '#core/sandbox/series-isolate.ts';
import { type Compiler, createCompiler } from '#dsl/compile.ts';
import { PLUGIN_STATUS } from '#dsl/plugin/plugin-instance.ts';
import type { StudyCompilation, StudyResult } from '#dsl/study.ts';
import { modelFolder } from '../model-folder.ts';
import { moduleFolder } from '../module-source.ts';
import { NO_SOURCES, type PreparedExpression, type PreparedSeries, prepareSeries, type SeriesRequest } from './prepare-series.ts';
import { type SeriesBars, seriesInput } from './series-input.ts';

/** A result with its values. */
export interface Series extends StudyResult {
  /** One a bar, NaN = na. */
  readonly values: Float64Array;
}

export interface ComputedExpression extends PreparedExpression {
  readonly results: readonly Series[];
}

export interface ComputedSeries {
  readonly expressions: readonly ComputedExpression[];
  /** What went wrong with indicators in JavaScript, a sentence each. */
  readonly faults: readonly string[];
}

export interface ComputeOptions extends Partial<SeriesRequest> {
  /** Where the file lies, for its modules and models. */
  readonly path?: string;
  /** Where indicator plugins come from; left out: there are none. */
  readonly indicators?: PluginHost;
  /** A compiler that is there already. */
  readonly compiler?: Compiler;
}

/** As for backtests (core/runtime/backtest.ts). */
const LIMITS = { memoryMb: 256, timeoutMs: 60_000 };
/** Units need a market: the quote of prices is the one of no other. */
const ANY_MARKET = 'MARKET';

/** Compiles expressions with the modules, models and plugins that are on the disk. @throws StratError as `prepareSeries` */
export function prepareSeriesOnDisk(
  compiler: Compiler,
  { path, indicators, ...request }: ComputeOptions & SeriesRequest,
): Result<PreparedSeries, StudyCompilation> {
  const plugins = indicators?.open();
  const sources = path === undefined ? NO_SOURCES : { modules: moduleFolder(path), models: modelFolder(path) };
  return prepareSeries(compiler, request, { ...sources, ...(plugins === undefined ? {} : { plugins }) }, path);
}

/** Values of what is prepared, in an isolate. @throws StratError as `seriesInput` and `runSeries` */
export async function computePrepared(prepared: PreparedSeries, bars: SeriesBars): Promise<ComputedSeries> {
  const { results, statuses } = await runSeries(prepared.compiled, seriesInput(prepared, bars), LIMITS);
  const faults = prepared.compiled.plugins.flatMap(({ name }, place) => {
    if (statuses[place] === PLUGIN_STATUS.disabled) return [`${name} took too long on a bar: it is na from there on`];
    return statuses[place] === PLUGIN_STATUS.flagged ? [`${name} gave an infinite value, which is na`] : [];
  });
  return {
    expressions: prepared.expressions.map((expression) => ({
      ...expression,
      results: expression.results.map((result) => ({ ...result, values: results[result.plot]! })),
    })),
    faults: [...new Set(faults)],
  };
}

/**
 * The values of expressions of the language at every bar, through the compiler that strategies go through: several at once share what they have in common.
 * What is wrong with an expression is a value.
 * @throws StratError as `prepareSeries` and `computePrepared`
 */
export async function computeSeries(
  expressions: string | readonly string[],
  bars: SeriesBars & { readonly market?: string },
  options: ComputeOptions = {},
): Promise<Result<ComputedSeries, StudyCompilation>> {
  const { compiler = createCompiler(), ...request } = options;
  const prepared = prepareSeriesOnDisk(compiler, {
    market: bars.market ?? ANY_MARKET,
    timeframe: bars.timeframe.name,
    ...request,
    expressions: typeof expressions === 'string' ? [expressions] : expressions,
  });
  return prepared.ok ? ok(await computePrepared(prepared.value, bars)) : fail(prepared.error);
}
