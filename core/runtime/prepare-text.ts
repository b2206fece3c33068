import { sha256 } from '#sha256';
import { needEngine, settingsOn, settingsArray } from '#core/engine/simulation-settings.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { PluginHost } from '#core/indicators/indicator-shelf.ts';
import { fileName } from '#core/model/file-name.ts';
import { isInverse } from '#core/model/market.ts';
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
import { inverseAccount } from './inverse-account.ts';
import { KNOWN_CALENDARS } from './known-calendars.ts';
import type { ModelFolder } from './model-folder.ts';
import type { ModuleFolder } from './module-source.ts';
import type { PreparedStrategy, PrepareRequest } from './prepare-strategy.ts';
import { type FileSettings, resolveSettings, type SettingsRequest, withGeneral } from './resolve-settings.ts';

/** Where the files besides the strategy's own come from. */
export interface StrategySources {
  readonly modules: ModuleFolder;
  readonly models: ModelFolder;
  /** Left out: there are no plugins. */
  readonly plugins?: ReturnType<PluginHost['open']>;
}

/**
 * Checks and compiles the text of a strategy file. Findings of the checker are values, and so is what this version does not run yet (E0801).
 * @throws StratError PARAM_VALUE when a `set` value is not one the param allows, PARAM_LENGTH when it makes a window of no whole length.
 */
export function prepareText(
  compiler: Compiler,
  text: string,
  file: string,
  { modules, models, plugins }: StrategySources,
  options: PrepareRequest,
): Result<PreparedStrategy, readonly Diagnostic[]> {
  const {
    program: written,
    diagnostics,
    overrideErrors,
    values,
  } = compiler.compile(text, {
    modules: modules.source,
    models: models.source,
    calendars: KNOWN_CALENDARS,
    ...(plugins === undefined ? {} : { plugins: plugins.source }),
    ...(options.set === undefined ? {} : { set: options.set }),
    ...(options.ranges === undefined ? {} : { ranges: options.ranges }),
    ...(options.watchValues === undefined ? {} : { watchValues: options.watchValues(text) }),
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
      // When someone asks: Node's cryptography takes longer to load than a short program to compile.
      get sha256() {
        return sha256(text);
      },
      text,
      modules: modules.used(),
      models: models.used(),
      plugins: plugins?.used() ?? [],
    },
    warnings: diagnostics.map((finding) => located(finding, text, file)),
    values,
    request: options,
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
  return { ...finding, message: `${fileName(file)}:${new LineMap(text).position(finding.span.start).line}: ${finding.message}` };
}

/** @throws StratError PARAM_LENGTH when a value set makes a window of no whole length */
export function checkLengths(program: Program, constants: Float64Array, file: string): void {
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
