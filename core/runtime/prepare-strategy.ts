import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { needEngine, settingsOn, type SimulationSettings, settingsArray } from '#core/engine/simulation-settings.ts';
import { KNOWN_CALENDARS } from './known-calendars.ts';
import type { Predictions } from '#core/data/columns/predictions.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { isInverse } from '#core/model/market.ts';
import type { CompiledStrategy } from '#core/model/strategy-abi.ts';
import { fail, ok, type Result } from '#core/model/result.ts';
import type { Compiler } from '#dsl/compile.ts';
import type { Diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import { emit } from '#dsl/emit/emit.ts';
import { MAX_LENGTH } from '#dsl/emit/length-bounds.ts';
import { notRunFindings } from '#dsl/emit/not-run-yet.ts';
import { tradingRoots } from '#dsl/emit/usage.ts';
import { columnsOf, FUNDING_COLUMN } from '#dsl/graph/columns.ts';
import { isStatefulOp, lengthPlaceOf } from '#dsl/graph/node.ts';
import { runConstants } from '#dsl/graph/run-constants.ts';
import { warmUpBars } from '#dsl/graph/warm-up.ts';
import type { Program } from '#dsl/program.ts';
import { modelFolder } from './model-folder.ts';
import type { PluginHost, UsedPlugin } from '#core/indicators/indicator-shelf.ts';
import { inverseAccount } from './inverse-account.ts';
import { moduleFolder, type UsedModule } from './module-source.ts';
import { type FileSettings, resolveSettings, type SettingsRequest, withGeneral } from './resolve-settings.ts';

/** A strategy ready to run: checked, compiled, its numbers fixed. */
export interface PreparedStrategy {
  readonly program: Program;
  readonly compiled: CompiledStrategy;
  /** What its models said, in the order of `program.models`. */
  readonly models: readonly Predictions[];
  /** Values in the order of `program.params`. */
  readonly params: Float64Array;
  readonly settings: SimulationSettings;
  /** Bars before the first on which an order may be decided, by `settings.conventions.warmup`. */
  readonly warmUpBars: number;
  readonly source: {
    readonly name: string;
    readonly file: string;
    /** Of the file itself; its modules have their own. */
    readonly sha256: string;
    readonly text: string;
    readonly modules: readonly UsedModule[];
    /** Files of predictions. */
    readonly models: readonly UsedModule[];
    /** Indicator plugins, by name. */
    readonly plugins: readonly UsedPlugin[];
  };
  readonly warnings: readonly Diagnostic[];
}

export interface PrepareOptions extends SettingsRequest {
  /** Params by name, as the user typed them. */
  readonly set?: ReadonlyMap<string, string>;
  /** What is said of the account and its costs, of which the file itself may say a part; left out: what the file says. */
  readonly shared?: FileSettings;
  /** Where the file lies, for its modules; left out: at `file`. */
  readonly path?: string;
  /** Finer bars will tell what happened inside of bars; left out: false. */
  readonly isDetailed?: boolean;
  /** Where indicator plugins come from; without it there are none. */
  readonly indicators?: PluginHost;
}

/**
 * Checks and compiles the text of a strategy file. Findings of the checker are values, and so is what this version does not run yet (E0801).
 * @throws StratError PARAM_VALUE when a `set` value is not one the param allows, PARAM_LENGTH when it makes a window of no whole length.
 */
export function prepareStrategy(
  compiler: Compiler,
  text: string,
  file: string,
  options: PrepareOptions,
): Result<PreparedStrategy, readonly Diagnostic[]> {
  const modules = moduleFolder(options.path ?? file);
  const models = modelFolder(options.path ?? file);
  const plugins = options.indicators?.open();
  const {
    program: written,
    diagnostics,
    overrideErrors,
  } = compiler.compile(text, {
    modules: modules.source,
    models: models.source,
    calendars: KNOWN_CALENDARS,
    ...(plugins === undefined ? {} : { plugins: plugins.source }),
    ...(options.set === undefined ? {} : { set: options.set }),
  });
  const [wrong] = overrideErrors;
  if (wrong !== undefined) {
    const prefix = `${wrong.name}: `;
    const reason = wrong.message.startsWith(prefix) ? wrong.message.slice(prefix.length) : wrong.message;
    throw new StratError('PARAM_VALUE', { file, name: wrong.name, reason });
  }
  if (written === null) return fail(diagnostics);
  const program = withGiven(withShared(written, options.shared), withGeneral(options));
  const notRun = notRunFindings(program);
  if (notRun.length > 0) return fail(notRun);
  const params = Float64Array.from(program.params, (param) => param.value);
  const market = program.markets[0] ?? program.universe?.list?.[0];
  const said = market !== undefined && isInverse(market) ? inverseAccount(market, options, program) : program;
  const settings = settingsOn(resolveSettings(options, said), market);
  const constants = runConstants(program.graph, params, settingsArray(settings, 0, Infinity));
  checkLengths(program, constants, file);
  const roots = tradingRoots(program);
  return ok({
    program,
    compiled: emit(program, settings.conventions, options.isDetailed === true || needEngine(settings)),
    models: program.models.map(models.predictionsOf),
    params,
    settings,
    warmUpBars: warmUpBars(program.graph, constants, roots, settings.conventions.warmup),
    source: {
      name: program.name,
      file,
      sha256: createHash('sha256').update(text).digest('hex'),
      text,
      modules: modules.used(),
      models: models.used(),
      plugins: plugins?.used() ?? [],
    },
    warnings: diagnostics.map((finding) => located(finding, text, file)),
  });
}

/** The program with what all strategies of its account say. */
function withShared(program: Program, shared: FileSettings | undefined): Program {
  if (shared === undefined) return program;
  const whole = { ...program, account: { ...program.account, ...shared.account }, costs: { ...program.costs, ...shared.costs } };
  const isNewlyFunded = whole.costs.funding === true && program.costs.funding !== true;
  return isNewlyFunded ? { ...whole, columns: columnsOf(program.graph, [FUNDING_COLUMN]) } : whole;
}

/** The program with what the user asked for in the place of its own words, where these decide how it is run. */
function withGiven(program: Program, { leverage, margin, fundingRate }: SettingsRequest): Program {
  const account = { ...program.account, ...(leverage === undefined ? {} : { leverage }), ...(margin === undefined ? {} : { margin }) };
  if (fundingRate === undefined) return { ...program, account };
  // At a given rate the data need have none.
  return { ...program, account, costs: { ...program.costs, funding: true }, columns: columnsOf(program.graph) };
}

/** A warning that says its place: it is read far from the source, beside the numbers of the run. */
function located(finding: Diagnostic, text: string, file: string): Diagnostic {
  return { ...finding, message: `${basename(file)}:${new LineMap(text).position(finding.span.start).line}: ${finding.message}` };
}

function checkLengths(program: Program, constants: Float64Array, file: string): void {
  for (const node of program.graph.nodes) {
    if (!isStatefulOp(node.op)) continue;
    const place = lengthPlaceOf(node.op);
    if (place === null) continue;
    const length = constants[node.args[place]!]!;
    const least = node.op === 'delay' ? 0 : 1;
    if (Number.isInteger(length) && length >= least && length <= MAX_LENGTH) continue;
    throw new StratError('PARAM_LENGTH', { file, length, least, most: MAX_LENGTH });
  }
}
