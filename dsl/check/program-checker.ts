import { SETTING_FIELDS } from '#core/model/strategy-abi.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import type { Expression } from '../ast/expression.ts';
import type { RequireStatement, SourceFile, Statement } from '../ast/nodes.ts';
import type { Diagnostic, Span } from '../diagnostics/diagnostic.ts';
import { runConstants } from '../graph/run-constants.ts';
import type { Program, ProgramParam } from '../program.ts';
import { assembleProgram } from './assemble-program.ts';
import type { Builtins } from './builtins.ts';
import type { CalendarNames } from './calendar-names.ts';
import type { CheckWatch } from './check-watch.ts';
import type { CheckContext } from './context.ts';
import { DefinitionChecker } from './definition-checker.ts';
import { ExpressionChecker } from './expression-checker.ts';
import { confidentEntries, definedNames } from './file-names.ts';
import { checkHeading } from './heading.ts';
import { checkStrategyInput } from './input-strategy.ts';
import type { ModuleLoader } from './module-loader.ts';
import type { ModelSource } from './model-source.ts';
import type { ModulePlace } from './module-source.ts';
import { NameStatements } from './name-statements.ts';
import { onePerStatement } from './one-per-statement.ts';
import { openContext } from './open-context.ts';
import type { OverrideError } from './param-override.ts';
import { type ParamBounds, ParamChecker } from './param-checker.ts';
import { type Definition, Scope } from './scope.ts';
import { SettingsChecker } from './settings-checker.ts';
import type { ParamValues } from './static-values.ts';
import { checkTrade, tradedTimeframe } from './trade-line.ts';
import { TradingStatements } from './trading/trading-statements.ts';
import { isPoison } from './value.ts';

export interface CheckedProgram {
  readonly program: Program | null;
  /** In the order of the text; those of the parser are not repeated. */
  readonly diagnostics: readonly Diagnostic[];
  readonly overrideErrors: readonly OverrideError[];
  /** What holds of other values of the params. */
  readonly values: ParamValues;
  /** Functions behind `export` that have no error. */
  readonly exported: ReadonlyMap<string, Definition>;
}

export interface CheckInput {
  readonly source: string;
  readonly file: SourceFile;
  /** What the parser found: statements with such an error may be missing, or only in part there. */
  readonly syntaxErrors: readonly Diagnostic[];
  readonly builtins: Builtins;
  readonly overrides: ReadonlyMap<string, string>;
  /** Bounds of params that the file gives none, by name. */
  readonly ranges: ReadonlyMap<string, ParamBounds>;
  readonly loader: ModuleLoader;
  /** Where models come from; null: nowhere. */
  readonly models: ModelSource | null;
  /** Zones and holidays that there are; null: their names are not looked up. */
  readonly calendars: CalendarNames | null;
  /** Of the module that is checked for an importer; null for the file that is compiled. */
  readonly module: ModulePlace | null;
  readonly watch: CheckWatch | null;
  /** Expressions whose values are to be in the program (`Program.watched`); null: none. */
  readonly watchValues: ((e: Expression) => boolean) | null;
}

/** Checks a parsed file and builds its program; total for every file that the parser can give. */
export function checkProgram(input: CheckInput): CheckedProgram {
  return new ProgramChecker(input).run();
}

/** One pass over the statements in the order of the text: names are declared before they are used. */
class ProgramChecker {
  readonly #input: CheckInput;
  readonly #context: CheckContext;
  /** Of the bars that are traded. */
  readonly #timeframe: Timeframe | null;
  readonly #definedNames: Set<string>;
  readonly #checker: ExpressionChecker;
  readonly #params: ParamChecker;
  readonly #settings: SettingsChecker;
  readonly #trading: TradingStatements;
  readonly #names: NameStatements;
  readonly #definitions: DefinitionChecker;
  readonly #root = new Scope(null);
  /** Statements behind a limit were not looked at. */
  #isCutShort = false;
  #hasTrade = false;

  constructor(input: CheckInput) {
    this.#input = input;
    const { file } = input;
    this.#timeframe = tradedTimeframe(file, input.overrides);
    this.#definedNames = definedNames(file);
    this.#context = openContext(input, this.#timeframe, this.#definedNames, (e) => this.#definitions.spend(e));
    this.#checker = new ExpressionChecker(this.#context);
    this.#params = new ParamChecker(this.#checker, input.overrides, input.ranges);
    this.#settings = new SettingsChecker(this.#checker);
    this.#definitions = new DefinitionChecker(this.#checker, this.#root, confidentEntries(file));
    const traded = { source: input.source, file, definedNames: this.#definedNames };
    this.#trading = new TradingStatements(this.#checker, this.#definitions, this.#root, traded);
    this.#names = new NameStatements(this.#checker, this.#definitions, this.#root, {
      loader: input.loader,
      models: input.models,
      checkStrategy: checkStrategyInput,
    });
  }

  run(): CheckedProgram {
    const { file, syntaxErrors } = this.#input;
    const { findings } = this.#context;
    if (file.edition !== null && file.edition.value !== 1)
      findings.add('E0103', file.edition.span, 'this version knows edition 1 only', 'write: strat 1');
    const heading = checkHeading(file.heading, findings);
    for (const statement of file.statements) {
      if (!this.#definitions.isWithinLimits(statement)) {
        this.#isCutShort = true;
        break;
      }
      if (file.heading.what === 'module' && statement.kind !== 'Use' && statement.kind !== 'Def') this.#notInModule(statement);
      else this.#statement(statement);
    }
    this.#params.finish(this.#context.statics.lengthParams);
    const params = this.#params.programParams(this.#context.statics.lengthParams);
    const program = assembleProgram({
      file,
      timeframe: this.#timeframe,
      context: this.#context,
      heading,
      settings: this.#settings,
      params,
      trading: this.#trading,
      scopes: [this.#root, ...this.#trading.scopes],
      isIncomplete: syntaxErrors.length > 0 || this.#isCutShort,
      isRefused: this.#params.overrideErrors.length > 0,
    });
    this.#tellGraph(params);
    return {
      program,
      diagnostics: onePerStatement(file, this.#input.source, syntaxErrors, findings.all),
      overrideErrors: this.#params.overrideErrors,
      values: { chartParams: this.#context.statics.chartParams, requirements: this.#context.statics.requirements },
      exported: this.#exported(),
    };
  }

  #tellGraph(params: readonly ProgramParam[]): void {
    const { watch, builder } = this.#context;
    if (watch === null) return;
    const graph = builder.finish();
    const defaults = Float64Array.from(params, (param) => param.default);
    watch.graph(graph, runConstants(graph, defaults, new Float64Array(SETTING_FIELDS)));
  }

  #notInModule({ kind, word }: Statement): void {
    const { findings } = this.#context;
    if (kind === 'Let' || kind === 'Param' || kind === 'Require')
      findings.add('E0505', word, 'a module has only use and def', 'give its functions what they need as arguments');
    else findings.add('E0505', word, 'a module cannot trade', 'start the file with: strategy "..."');
  }

  #exported(): ReadonlyMap<string, Definition> {
    const exported = new Map<string, Definition>();
    for (const statement of this.#input.file.statements) {
      if (statement.kind !== 'Def' || statement.exported === null) continue;
      const binding = this.#root.find(statement.name.text)?.binding;
      if (binding?.kind === 'definition') exported.set(statement.name.text, binding.definition);
    }
    return exported;
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case 'Trade':
        return this.#trade(statement);
      case 'Account':
      case 'Costs':
      case 'Grid':
        return this.#settings.check(statement, this.#root);
      case 'Param': {
        const declared = this.#definitions.declare(statement.name, 'param', this.#root, { kind: 'self' });
        const value = this.#params.check(statement, this.#root);
        this.#definitions.bind(declared, isPoison(value) ? { kind: 'poison' } : { kind: 'value', value });
        return;
      }
      case 'Require':
        return this.#requirement(statement);
      case 'Let':
        return this.#definitions.let(statement, this.#root);
      case 'Def':
        return this.#definitions.def(statement);
      case 'Use':
      case 'Chart':
      case 'Session':
      case 'Regime':
        return this.#names.check(statement);
      default:
        return this.#trading.check(statement);
    }
  }

  #trade(statement: Extract<Statement, { kind: 'Trade' }>): void {
    const { findings } = this.#context;
    if (this.#hasTrade) {
      findings.add(
        'E0509',
        statement.word,
        'the trade line is given twice',
        'name all markets on one line: trade BTC/USDT, ETH/USDT on 1h',
      );
      return;
    }
    this.#hasTrade = true;
    checkTrade(this.#checker, statement, this.#timeframe, this.#root);
  }

  #requirement({ condition, why }: RequireStatement): void {
    const { statics } = this.#context;
    const value = this.#checker.condition(condition, this.#root);
    this.#definitions.forgetUses(condition);
    if (isPoison(value)) return;
    if (!statics.isStatic(value.node)) {
      this.#checker.error(
        'E0303',
        condition.span,
        'a requirement is about constants and params, found a series',
        'put it into the entry: enter long when ...',
      );
      return;
    }
    const reason = why === null ? '' : `: ${why.value}`;
    statics.addRequirement(value.node, `${this.#text(condition.span)}${reason}`);
    if (statics.defaultOf(value.node) !== 1)
      this.#checker.error(
        'E0605',
        condition.span,
        `the defaults break this requirement${reason}`,
        'change the defaults or the requirement',
      );
    else if (statics.valueOf(value.node) !== 1) this.#params.refuse(`the values set break "${this.#text(condition.span)}"${reason}`);
  }

  #text({ start, end }: Span): string {
    return this.#input.source.slice(start, end);
  }
}
