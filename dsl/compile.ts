import type { Expression } from './ast/expression.ts';
import type { DefStatement, SourceFile } from './ast/nodes.ts';
import type { Builtins } from './check/builtins.ts';
import type { CalendarNames } from './check/calendar-names.ts';
import type { CheckWatch } from './check/check-watch.ts';
import type { ParamBounds } from './check/param-checker.ts';
import type { ParamValues } from './check/static-values.ts';
import type { OverrideError } from './check/param-override.ts';
import { ModuleLoader } from './check/module-loader.ts';
import type { ModelSource } from './check/model-source.ts';
import type { ModuleSource } from './check/module-source.ts';
import type { PluginSource } from './check/plugin-source.ts';
import { preludeBuiltins } from './check/prelude-builtins.ts';
import { type CheckInput, checkProgram } from './check/program-checker.ts';
import { checkStudy } from './check/study-checker.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import { tidy } from './diagnostics/tidy.ts';
import { parse } from './grammar/parse.ts';
import { PRELUDE_MODULES } from './prelude/modules.ts';
import type { Program } from './program.ts';
import { type StudyCompilation, type StudyRequest, studyText } from './study.ts';

export interface CompileOptions {
  /** Values of params as a user types them, by name: `fast` -> `20`, `risk` -> `3%`, `hold` -> `30m`. */
  readonly set?: ReadonlyMap<string, string>;
  /** Bounds of params that the file gives none, by name: one program then serves all values within. Left out: what is set is all there is. */
  readonly ranges?: ReadonlyMap<string, ParamBounds>;
  /** Where modules come from; without it nothing can be imported (E0702). */
  readonly modules?: ModuleSource;
  /** Where models come from; without it there are none (E0702). */
  readonly models?: ModelSource;
  /** Where indicator plugins come from; without it none can be used (E0703). */
  readonly plugins?: PluginSource;
  /** Expressions of the source whose values the program is to hold besides (`Program.watched`), for tools that show them. */
  readonly watchValues?: (e: Expression) => boolean;
  /** Zones and holidays that sessions may name; without it their names are not looked up. */
  readonly calendars?: CalendarNames;
  /** Told what the parts of the file are, for editors. */
  readonly watch?: CheckWatch;
}

export interface Compilation {
  /** null when the source has an error, a value of `set` was refused, or the file is a module. */
  readonly program: Program | null;
  /** Errors and warnings about the source, in the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  /** Why values of `set` were refused; they are no fault of the source. */
  readonly overrideErrors: readonly OverrideError[];
  readonly values: ParamValues;
}

export interface Compiler {
  /** Names that every file knows. */
  readonly builtins: Builtins;
  /** Checks a source and builds its program. Never throws on what a user can write. */
  compile(source: string, options?: CompileOptions): Compilation;
  /** Checks expressions among the names of a file, or of none, and makes them series. Never throws on what a user can write. */
  study(request: StudyRequest, options?: CompileOptions): StudyCompilation;
}

const NO_VALUES: ParamValues = { chartParams: new Set(), requirements: [] };

/** A compiler of the language. It reads a function of the prelude once, when a program first calls it. */
export function createCompiler(): Compiler {
  const builtins = preludeBuiltins(PRELUDE_MODULES, readDefinition);
  const inputOf = (source: string, file: SourceFile, diagnostics: readonly Diagnostic[], options: CompileOptions): CheckInput => {
    const { models = null, calendars = null, watchValues = null } = options;
    const loader = new ModuleLoader(options.modules ?? null, options.plugins ?? null, ({ place, ...module }, inner) =>
      checkProgram({
        ...module,
        builtins,
        overrides: new Map(),
        ranges: new Map(),
        loader: inner,
        models,
        calendars,
        module: place,
        watch: null,
        watchValues: null,
      }),
    );
    const syntaxErrors = diagnostics.filter(({ severity }) => severity === 'error');
    const overrides = options.set ?? new Map<string, string>();
    return {
      source,
      file,
      syntaxErrors,
      builtins,
      overrides,
      ranges: options.ranges ?? new Map(),
      loader,
      models,
      calendars,
      module: null,
      watch: options.watch ?? null,
      watchValues,
    };
  };
  return {
    builtins,
    compile(source, options = {}) {
      const { file, diagnostics } = parse(source);
      if (file === null) return { program: null, diagnostics, overrideErrors: [], values: NO_VALUES };
      options.watch?.file(file);
      const { program, diagnostics: found, overrideErrors, values } = checkProgram(inputOf(source, file, diagnostics, options));
      return { program, diagnostics: merged(diagnostics, found), overrideErrors, values };
    },
    study(request, options = {}) {
      const text = studyText(request);
      const { file, diagnostics } = parse(text.source);
      if (file === null) return text.compilation(diagnostics, null);
      const checked = checkStudy(inputOf(text.source, file, diagnostics, options), text.expressions);
      return text.compilation(merged(diagnostics, checked.diagnostics), checked);
    },
  };
}

function readDefinition(text: string): DefStatement {
  const statement = parse(`strat 1 module "prelude" ${text}`).file?.statements[0];
  if (statement?.kind !== 'Def') throw new RangeError(`the prelude has a definition that cannot be read: ${text}`);
  return statement;
}

/** Both stages in the order of the text; what the parser says about a place is enough. */
function merged(syntax: readonly Diagnostic[], checked: readonly Diagnostic[]): readonly Diagnostic[] {
  const places = new Set(syntax.map(({ span }) => span.start));
  return tidy([...syntax, ...checked.filter(({ span }) => !places.has(span.start))]);
}
