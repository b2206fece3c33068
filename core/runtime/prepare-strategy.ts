import type { Predictions } from '#core/data/columns/predictions.ts';
import type { SimulationSettings } from '#core/engine/simulation-settings.ts';
import type { PluginHost, UsedPlugin } from '#core/indicators/indicator-shelf.ts';
import type { Result } from '#core/model/result.ts';
import type { CompiledStrategy } from '#core/model/strategy-abi.ts';
import type { Expression } from '#dsl/ast/expression.ts';
import type { Compiler } from '#dsl/compile.ts';
import type { ParamBounds } from '#dsl/check/param-checker.ts';
import type { ParamValues } from '#dsl/check/static-values.ts';
import type { Diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import type { Program } from '#dsl/program.ts';
import { modelFolder } from './model-folder.ts';
import { moduleFolder, type UsedModule } from './module-source.ts';
import { prepareText } from './prepare-text.ts';
import type { FileSettings, SettingsRequest } from './resolve-settings.ts';

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
  /** What holds at other values of its params. */
  readonly values: ParamValues;
  /** What it was prepared for: another text can be prepared for the same. */
  readonly request: PrepareRequest;
}

export interface PrepareOptions extends PrepareRequest {
  /** Where indicator plugins come from; without it there are none. */
  readonly indicators?: PluginHost;
}

/** What a strategy is prepared for, wherever its files come from. */
export interface PrepareRequest extends SettingsRequest {
  /** Where the file lies, for its modules; left out: at `file`. */
  readonly path?: string;
  /** Params by name, as the user typed them. */
  readonly set?: ReadonlyMap<string, string>;
  /** Between what values params are set later that the file gives no range, by name; left out: they keep theirs. */
  readonly ranges?: ReadonlyMap<string, ParamBounds>;
  /** What is said of the account and its costs, of which the file itself may say a part; left out: what the file says. */
  readonly shared?: FileSettings;
  /** Finer bars will tell what happened inside of bars; left out: false. */
  readonly isDetailed?: boolean;
  /** Which expressions of a file's text the program is to hold the values of besides; left out: none. */
  readonly watchValues?: (text: string) => (e: Expression) => boolean;
}

/**
 * Prepares a strategy with the modules, models and plugins that are on the disk.
 * @throws StratError as `prepareText`
 */
export function prepareStrategy(
  compiler: Compiler,
  text: string,
  file: string,
  { indicators, ...request }: PrepareOptions,
): Result<PreparedStrategy, readonly Diagnostic[]> {
  const { path = file } = request;
  const plugins = indicators?.open();
  const sources = { modules: moduleFolder(path), models: modelFolder(path), ...(plugins === undefined ? {} : { plugins }) };
  return prepareText(compiler, text, file, sources, request);
}
