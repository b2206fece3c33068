import type { BacktestConfig } from '#core/kernel/backtest-config.ts';
import type { PluginHost } from '#core/indicators/indicator-shelf.ts';
import { type LabelledStrategy, prepareTogether, refuseOtherBars } from '#core/runtime/portfolio/prepare-together.ts';
import { type PrepareOptions, prepareStrategy } from '#core/runtime/prepare-strategy.ts';
import { createCompiler } from '#dsl/compile.ts';
import { toJson } from '#dsl/diagnostics/diagnostic-json.ts';
import type { Diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import { ok } from '#core/model/result.ts';
import type { Command, CommandInput, CommandIo } from './command.ts';
import { numberOption } from './option-values.ts';
import { painter } from './render/paint.ts';
import { conventionsRequest, costsRequest, marginRequest, simulationRequest } from './simulation-options.ts';
import { readStrategyFile } from './strategy-file.ts';
import { withPlugins } from './strategy-plugins.ts';

interface StrategyText {
  readonly file: string;
  readonly text: string;
}

/**
 * The strategies of a backtest, ready to run under its options; null when a file has errors, which are printed.
 * @param files one, or several that share an account
 * @param watchValues which expressions of a file's text are watched; left out: none
 * @throws StratError as `prepareStrategy` and `prepareTogether`
 */
export async function prepareStrategies(
  command: Command,
  input: CommandInput,
  io: CommandIo,
  files: readonly string[],
  config: BacktestConfig | null,
  watchValues?: PrepareOptions['watchValues'],
): Promise<readonly LabelledStrategy[] | null> {
  const texts = files.map((file) => ({ file, text: readStrategyFile(file) }));
  const [only, ...more] = texts;
  const asked = simulationRequest(command, input);
  const request: PrepareOptions = {
    set: asked.set ?? new Map(),
    capital: asked.capital ?? config?.capital,
    fee: asked.fee ?? config?.fee,
    slippage: asked.slippage ?? config?.slippage,
    leverage: config?.leverage,
    margin: config?.margin,
    general: config?.models,
    ...costsRequest(command, input),
    ...given(marginRequest(command, input)),
    contract: numberOption(command, input, 'contract'),
    conventions: conventionsRequest(command, input),
    isDetailed: input.value('detail') !== undefined,
    ...(watchValues === undefined ? {} : { watchValues }),
  };
  const compiler = createCompiler();
  const compile = (indicators: PluginHost): ReturnType<typeof prepareTogether> => {
    const prepare = ({ file, text }: StrategyText, own: PrepareOptions): ReturnType<typeof prepareStrategy> =>
      prepareStrategy(compiler, text, file, {
        ...request,
        ...own,
        set: new Map([...(config?.paramsOf(file) ?? []), ...own.set!]),
        indicators,
      });
    if (more.length > 0) return prepareTogether(texts, request, prepare);
    const prepared = prepare(only!, { set: request.set ?? new Map() });
    if (!prepared.ok) return { ok: false, error: { strategy: only!, findings: prepared.error } };
    return ok([{ label: prepared.value.source.name, prepared: prepared.value }]);
  };
  const prepared = config === null ? await withPlugins(compiler, io, compile) : compile(config.indicators);
  if (prepared.ok) {
    if (input.value('timeframe') === undefined && (config?.timeframe ?? null) === null) refuseOtherBars(prepared.value);
    return prepared.value;
  }
  const { strategy, findings } = prepared.error;
  await tellFindings(input, io, strategy, findings);
  return null;
}

/** What options say: those that were not given leave a config its word. */
function given(request: PrepareOptions): PrepareOptions {
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
}

async function tellFindings(
  input: CommandInput,
  io: CommandIo,
  { file, text }: StrategyText,
  findings: readonly Diagnostic[],
): Promise<void> {
  if (input.flag('json')) {
    const { jsonText } = await import('./render/json-text.ts');
    const lines = new LineMap(text);
    io.out(jsonText(findings.map((finding) => toJson(file, lines, finding))));
  }
  const { findingsText } = await import('./render/findings-text.ts');
  const found = { file, lines: new LineMap(text), diagnostics: findings };
  io.err(findingsText(found, io.isTerminal ? io.width : Infinity, painter(io.color && io.showsProgress)));
}
