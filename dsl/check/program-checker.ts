import type {
  BlockItem,
  DefStatement,
  LetStatement,
  PlotStatement,
  RequireStatement,
  Side,
  SourceFile,
  Statement,
  UseStatement,
} from '../ast/nodes.ts';
import type { Word } from '../ast/expression.ts';
import type { Diagnostic, Span } from '../diagnostics/diagnostic.ts';
import { FORBIDDEN_NAMES } from '../grammar/words.ts';
import { GraphBuilder } from '../graph/graph-builder.ts';
import type { PlotRule, Program } from '../program.ts';
import { annotated } from './annotation.ts';
import { assembleProgram } from './assemble-program.ts';
import type { Builtins } from './builtins.ts';
import type { CheckContext } from './context.ts';
import { ExpressionChecker } from './expression-checker.ts';
import { blockNames, definedNames } from './file-names.ts';
import { Findings } from './findings.ts';
import { LaterStatementChecker } from './later-statements.ts';
import { type OverrideError } from './param-override.ts';
import { onePerStatement } from './one-per-statement.ts';
import { ParamChecker } from './param-checker.ts';
import { type Cost, costOf, MAX_DEPTH, MAX_PARTS } from './parts.ts';
import { definitionCost } from './prelude-builtins.ts';
import { isTradeRule, RuleChecker, type RulePlace } from './rule-checker.ts';
import { emptyRuleSet } from './rule-set.ts';
import { type Binding, type Declared, type Definition, Scope } from './scope.ts';
import { checkHeading, checkTrade, marketUnits, SettingsChecker } from './settings-checker.ts';
import { StaticValues } from './static-values.ts';
import { statementExpressions } from './statement-expressions.ts';
import { isPoison } from './value.ts';

export interface CheckedProgram {
  readonly program: Program | null;
  /** In the order of the text; those of the parser are not repeated. */
  readonly diagnostics: readonly Diagnostic[];
  readonly overrideErrors: readonly OverrideError[];
}

export interface CheckInput {
  readonly source: string;
  readonly file: SourceFile;
  /** What the parser found: statements with such an error may be missing, or only in part there. */
  readonly syntaxErrors: readonly Diagnostic[];
  readonly builtins: Builtins;
  readonly overrides: ReadonlyMap<string, string>;
}

/** Checks a parsed file and builds its program; total for every file that the parser can give. */
export function checkProgram(input: CheckInput): CheckedProgram {
  return new ProgramChecker(input).run();
}

/** One pass over the statements in the order of the text: names are declared before they are used. */
class ProgramChecker {
  readonly #input: CheckInput;
  readonly #context: CheckContext;
  readonly #definedNames: Set<string>;
  readonly #checker: ExpressionChecker;
  readonly #params: ParamChecker;
  readonly #settings: SettingsChecker;
  readonly #rules: RuleChecker;
  readonly #laterStatements: LaterStatementChecker;
  readonly #scopes: Scope[] = [];
  readonly #root = new Scope(null);
  readonly #topRules = emptyRuleSet(true);
  readonly #plots: (PlotRule & { readonly span: Span })[] = [];
  #parts = 0;
  /** Functions beyond the limit: whatever calls them is silent. */
  readonly #oversized = new Set<string>();
  #hasTrade = false;

  constructor(input: CheckInput) {
    this.#input = input;
    const { file, builtins } = input;
    const trade = file.statements.find((statement) => statement.kind === 'Trade');
    const builder = new GraphBuilder();
    this.#definedNames = definedNames(file);
    this.#context = {
      builder,
      findings: new Findings(),
      statics: new StaticValues(builder),
      builtins,
      market: marketUnits(trade),
      definedNames: this.#definedNames,
      failedNames: file.brokenNames,
    };
    this.#checker = new ExpressionChecker(this.#context);
    this.#params = new ParamChecker(this.#checker, input.overrides);
    this.#settings = new SettingsChecker(this.#checker);
    this.#rules = new RuleChecker(this.#checker, trade?.side?.value ?? null);
    this.#laterStatements = new LaterStatementChecker(this.#checker, this.#rules, (name, scope, binding) =>
      this.#define(name, scope, binding),
    );
    this.#scopes.push(this.#root);
  }

  run(): CheckedProgram {
    const { file, syntaxErrors } = this.#input;
    const { findings } = this.#context;
    if (file.edition !== null && file.edition.value !== 1)
      findings.add('E0103', file.edition.span, 'this version knows edition 1 only', 'write: strat 1');
    checkHeading(file.heading, findings);
    for (const statement of file.statements) {
      if (!this.#isWithinLimits(statement)) break;
      if (file.heading.what === 'module' && this.#isTrading(statement))
        findings.add('E0505', statement.word, 'a module cannot trade', 'start the file with: strategy "..."');
      else this.#statement(statement);
    }
    this.#params.finish(this.#context.statics.lengthParams);
    const program = assembleProgram({
      file,
      context: this.#context,
      rules: this.#rules,
      topRules: this.#topRules,
      plots: this.#plots,
      params: this.#params.programParams(this.#context.statics.lengthParams),
      settings: this.#settings.values,
      scopes: this.#scopes,
      hasSyntaxErrors: syntaxErrors.length > 0,
      isRefused: this.#params.overrideErrors.length > 0,
    });
    return {
      program,
      diagnostics: onePerStatement(file, this.#input.source, syntaxErrors, findings.all),
      overrideErrors: this.#params.overrideErrors,
    };
  }

  #isTrading({ kind }: Statement): boolean {
    return kind !== 'Use' && kind !== 'Let' && kind !== 'Def' && kind !== 'Param' && kind !== 'Require';
  }

  /** Parts are counted before anything is written out, so no program costs more than its limit to check. */
  #isWithinLimits(statement: Statement): boolean {
    if (statement.kind === 'Def') return true;
    for (const expression of statementExpressions(statement)) {
      const { parts, depth } = costOf(expression, (name) => this.#costOfCall(name));
      if (parts === Infinity) continue;
      this.#parts += parts;
      if (this.#parts <= MAX_PARTS && depth <= MAX_DEPTH) continue;
      this.#context.findings.add(
        'E0108',
        'name' in statement && statement.name !== null ? statement.name.span : statement.word,
        'with its functions written out the program has more than 20,000 parts',
        'use fewer or smaller functions',
      );
      return false;
    }
    return true;
  }

  #costOfCall(name: string): Cost | null {
    const declared = this.#root.find(name);
    if (this.#oversized.has(name)) return { parts: Infinity, depth: 0 };
    if (declared !== undefined) return declared.binding.kind === 'definition' ? declared.binding.definition : null;
    const builtin = this.#context.builtins.names.get(name);
    return builtin?.kind === 'definition' ? builtin.definition : null;
  }

  #statement(statement: Statement): void {
    const place: RulePlace = { scope: this.#root, side: null, rules: this.#topRules };
    switch (statement.kind) {
      case 'Trade':
        return this.#trade(statement);
      case 'Account':
      case 'Costs':
      case 'Grid':
        return this.#settings.check(statement, this.#root);
      case 'Param': {
        const declared = this.#declare(statement.name, 'param', this.#root, { kind: 'self' });
        const value = this.#params.check(statement, this.#root);
        this.#bind(declared, isPoison(value) ? { kind: 'poison' } : { kind: 'value', value });
        return;
      }
      case 'Require':
        return this.#requirement(statement);
      case 'Let':
        return this.#let(statement, this.#root);
      case 'Def':
        return this.#def(statement);
      case 'Plot':
        return this.#plot(statement);
      case 'Side':
        if (!this.#rules.isAllowed(statement.side, statement.word)) return;
        return this.#block(statement.body, statement.side);
      case 'Setup':
        this.#define(statement.name, this.#root, { kind: 'poison' });
        this.#rules.later.push({ construct: '"setup"', word: statement.word, statement: statement.span });
        return this.#block(statement.body, statement.side.side);
      case 'Enter':
      case 'Exit':
      case 'Add':
      case 'Size':
      case 'Stop':
      case 'Take':
      case 'Trail':
      case 'Breakeven':
      case 'Timeout':
      case 'Cooldown':
      case 'Cancel':
        return this.#rules.check(statement, place);
      case 'Use':
        return this.#use(statement);
      case 'Chart':
        for (const line of statement.lets) this.#let(line, this.#root, true);
        return this.#laterStatements.check(statement, place);
      default:
        return this.#laterStatements.check(statement, place);
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
    checkTrade(statement, findings);
    if (statement.universe !== null)
      this.#rules.later.push({ construct: '"trade universe"', word: statement.word, statement: statement.span });
    if (statement.timeframe.kind === 'Name') this.#checker.later(statement.timeframe.span, 'a chart length from a param');
  }

  #block(body: readonly BlockItem[], side: Side): void {
    const scope = new Scope(this.#root);
    this.#scopes.push(scope);
    const place: RulePlace = { scope, side, rules: emptyRuleSet(false) };
    const added = blockNames(body).filter((name) => !this.#definedNames.has(name));
    for (const name of added) this.#definedNames.add(name);
    for (const item of body) {
      if (isTradeRule(item)) this.#rules.check(item, place);
      else this.#let(item, scope);
    }
    for (const name of added) this.#definedNames.delete(name);
  }

  /** Declares a name; the reasons why it cannot have it are reported, and then its uses stay silent. */
  #declare(name: Word, what: Declared['what'], scope: Scope, binding: Binding): Declared {
    const { findings, builtins } = this.#context;
    const declared: Declared = { what, span: name.span, binding, uses: 0 };
    const known = scope.find(name.text);
    if (FORBIDDEN_NAMES.has(name.text)) {
      findings.add('E0209', name.span, `${name.text} cannot be a name`, 'choose another name');
      declared.binding = { kind: 'poison' };
    } else if (builtins.names.has(name.text)) {
      findings.add('E0204', name.span, `${name.text} is a built-in name`, `choose another name, for example my_${name.text}`);
      declared.binding = { kind: 'poison' };
    } else if (known !== undefined) {
      findings.add('E0202', name.span, `${name.text} has been defined before`, 'choose another name');
      known.binding = { kind: 'poison' };
      known.uses += 1;
      return { ...declared, binding: { kind: 'poison' } };
    }
    scope.declare(name.text, declared);
    return declared;
  }

  /** Gives a declared name its meaning, unless it failed. */
  #bind(declared: Declared, binding: Binding): void {
    if (declared.binding.kind !== 'poison') declared.binding = binding;
    declared.uses = 0;
  }

  #define(name: Word, scope: Scope, binding: Binding): void {
    this.#declare(name, 'other', scope, binding);
  }

  #let(statement: LetStatement, scope: Scope, isElsewhere = false): void {
    const declared = this.#declare(statement.name, 'let', scope, { kind: 'self' });
    if (statement.start !== null) {
      // Its own past is known inside its line, but not computed by this version.
      declared.binding = { kind: 'poison' };
      this.#checker.check(statement.start, scope);
      this.#checker.check(statement.value, scope);
      declared.uses = 1;
      this.#rules.later.push({ construct: '"start" (a series that reads its own past)', word: statement.word, statement: statement.span });
      return;
    }
    const value = this.#checker.check(statement.value, scope);
    const typed = statement.type === null ? value : annotated(this.#checker, value, statement.type.name, statement.value.span);
    this.#bind(declared, isPoison(typed) || isElsewhere ? { kind: 'poison' } : { kind: 'value', value: typed });
    if (isElsewhere || isPoison(typed)) declared.uses = 1;
  }

  #def(statement: DefStatement): void {
    const declared = this.#declare(statement.name, 'def', this.#root, { kind: 'self' });
    const cost = definitionCost(statement, (name) => this.#costOfCall(name));
    if (cost.parts > MAX_PARTS || cost.depth > MAX_DEPTH) {
      this.#oversized.add(statement.name.text);
      this.#bind(declared, { kind: 'poison' });
      if (cost.parts === Infinity) return;
      const what = cost.parts > MAX_PARTS ? 'has more than 20,000 parts' : 'nests too deep';
      this.#context.findings.add(
        'E0108',
        statement.name.span,
        `with its functions written out ${statement.name.text} ${what}`,
        'use fewer or smaller functions',
      );
      return;
    }
    const definition: Definition = { statement, scope: this.#root, ...cost, fromPrelude: false };
    const before = this.#context.findings.errors;
    this.#declareParameters(statement);
    this.#checker.draft(definition);
    this.#bind(declared, this.#context.findings.errors > before ? { kind: 'poison' } : { kind: 'definition', definition });
    if (statement.exported !== null) declared.uses = 1;
  }

  #declareParameters({ parameters, lets }: DefStatement): void {
    const scope = new Scope(this.#root);
    for (const { name } of [...parameters, ...lets]) this.#declare(name, 'other', scope, { kind: 'poison' });
  }

  #requirement({ condition, why }: RequireStatement): void {
    const { statics } = this.#context;
    // A param that only a requirement reads changes nothing in the result.
    const uses = [...this.#root.entries()].map(([, declared]) => [declared, declared.uses] as const);
    const value = this.#checker.condition(condition, this.#root);
    for (const [declared, count] of uses) if (declared.what === 'param') declared.uses = count;
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

  #plot({ value: expression, title, color, pane, style, span }: PlotStatement): void {
    const value = this.#checker.check(expression, this.#root);
    if (isPoison(value)) return;
    if (value.type.kind === 'group' || value.type.kind === 'list' || value.type.kind === 'regime') {
      this.#checker.error('E0301', expression.span, 'a plot draws one value, found a group', this.#checker.memberHint(value));
      return;
    }
    const label = title?.value ?? this.#text(expression.span);
    this.#plots.push({ label, value: value.node, color: color?.text ?? null, pane: pane?.value ?? null, style: style?.text ?? null, span });
  }

  #use(statement: UseStatement): void {
    for (const { name, alias } of statement.imports) this.#define(alias ?? name, this.#root, { kind: 'poison' });
    for (const { value } of statement.bindings) this.#checker.check(value, this.#root);
    this.#laterStatements.use(statement);
  }
}
