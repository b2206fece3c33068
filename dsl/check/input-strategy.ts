import type { BlockItem, EnterStatement, ExitStatement, ParamStatement, Side, Statement } from '../ast/nodes.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { CheckContext } from './context.ts';
import { DefinitionChecker } from './definition-checker.ts';
import { ExpressionChecker } from './expression-checker.ts';
import { definedNames } from './file-names.ts';
import { Findings } from './findings.ts';
import type { ModuleFile } from './module-loader.ts';
import { NameStatements } from './name-statements.ts';
import { Scope } from './scope.ts';
import type { CheckedInput, GivenParam, ImportSources } from './strategy-input-checker.ts';
import { scalarType } from './type.ts';
import { isPoison, type Value } from './value.ts';
import { type VirtualRule, virtualPosition } from './virtual-position.ts';

/**
 * A strategy as a series of another one: its names, entries and exits, in the graph, on the market and on the current chart of the one that uses it. Its trade
 * line, account, costs, sizes, levels and risk rules play no part.
 */
export const checkStrategyInput: ImportSources['checkStrategy'] = (user, sources, file, given, taken) =>
  new InputStrategy(user, sources, file, given, taken).check();

class InputStrategy {
  readonly #file: ModuleFile;
  readonly #given: ReadonlyMap<string, GivenParam>;
  readonly #taken: Set<string>;
  readonly #findings = new Findings();
  readonly #root = new Scope(null);
  readonly #checker: ExpressionChecker;
  readonly #definitions: DefinitionChecker;
  readonly #names: NameStatements;
  readonly #entries: VirtualRule[] = [];
  readonly #exits: VirtualRule[] = [];

  constructor(user: CheckContext, sources: ImportSources, file: ModuleFile, given: ReadonlyMap<string, GivenParam>, taken: Set<string>) {
    this.#file = file;
    this.#given = given;
    this.#taken = taken;
    const context: CheckContext = {
      ...user,
      findings: this.#findings,
      spend: (e) => user.spend(e),
      isInput: true,
      watchedValues: null,
      definedNames: definedNames(file.file),
      failedNames: new Set(file.file.brokenNames),
      module: file.place,
      watch: null,
    };
    this.#checker = new ExpressionChecker(context);
    this.#definitions = new DefinitionChecker(this.#checker, this.#root, 0);
    this.#names = new NameStatements(this.#checker, this.#definitions, this.#root, sources);
  }

  check(): { readonly diagnostics: readonly Diagnostic[]; readonly value: CheckedInput } {
    const { statements, heading } = this.#file.file;
    for (const statement of statements) {
      if (!this.#definitions.isWithinLimits(statement)) break;
      this.#statement(statement);
    }
    if (this.#entries.length === 0 && !this.#findings.hasErrors)
      this.#findings.add('E0504', heading.word, 'the strategy never enters', 'add: enter long when ...');
    const position = this.#findings.hasErrors ? this.#checker.poison() : virtualPosition(this.#checker, this.#entries, this.#exits);
    const paramNames = statements.flatMap((statement) => (statement.kind === 'Param' ? [statement.name.text] : []));
    return { diagnostics: this.#findings.all, value: { position, paramNames } };
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case 'Param':
        return this.#param(statement);
      case 'Let':
        return this.#definitions.let(statement, this.#root);
      case 'Def':
        return this.#definitions.def(statement);
      case 'Use':
      case 'Chart':
      case 'Session':
      case 'Regime':
        return this.#names.check(statement);
      case 'Require':
        return this.#requirement(statement.condition.span, this.#checker.condition(statement.condition, this.#root));
      case 'Side':
        return this.#block(statement.body, statement.side);
      case 'Setup':
        return this.#block(statement.body, statement.side.side);
      case 'Oco':
        for (const entry of statement.entries) this.#enter(entry, null, this.#root);
        return;
      case 'Enter':
        return this.#enter(statement, null, this.#root);
      case 'Exit':
        return this.#exit(statement, null, this.#root);
      default:
    }
  }

  #block(body: readonly BlockItem[], side: Side): void {
    const scope = new Scope(this.#root);
    for (const item of body) {
      if (item.kind === 'Let') this.#definitions.let(item, scope);
      else if (item.kind === 'Enter') this.#enter(item, side, scope);
      else if (item.kind === 'Exit') this.#exit(item, side, scope);
    }
  }

  #enter(rule: EnterStatement, blockSide: Side | null, scope: Scope): void {
    const when = this.#checker.condition(rule.condition, scope);
    const one: Value = { type: scalarType('number'), node: this.#checker.context.builder.constant(1) };
    const strength = rule.confidence === null ? one : this.#checker.numeric(rule.confidence, scope);
    const side = rule.side?.side ?? blockSide;
    if (side === null)
      this.#findings.add('E0507', rule.word, 'it is not said whether to enter long or short', 'write: enter long when ...');
    else if (!isPoison(when) && !isPoison(strength))
      this.#entries.push({ side: side === 'long' ? 1 : -1, when: when.node, strength: strength.node });
  }

  /** An exit of a part leaves the position open. */
  #exit(rule: ExitStatement, blockSide: Side | null, scope: Scope): void {
    const when = this.#checker.condition(rule.condition, scope);
    const side = rule.side?.side ?? blockSide;
    if (side === null) this.#findings.add('E0507', rule.word, 'it is not said whether to exit long or short', 'write: exit long when ...');
    else if (!isPoison(when) && (rule.part === null || rule.part.value >= 1))
      this.#exits.push({ side: side === 'long' ? 1 : -1, when: when.node, strength: when.node });
  }

  /** The value given from outside, or the default: in the strategy that uses it a param is no param. */
  #param(statement: ParamStatement): void {
    const { findings } = this.#checker.context;
    const declared = this.#definitions.declare(statement.name, 'param', this.#root, { kind: 'self' });
    const initial = this.#checker.check(statement.value, this.#root);
    const given = this.#given.get(statement.name.text);
    this.#taken.add(statement.name.text);
    if (isPoison(initial)) return this.#definitions.bind(declared, { kind: 'poison' });
    if (given === undefined) return this.#definitions.bind(declared, { kind: 'value', value: initial });
    const isSameKind = given.value.type.kind === initial.type.kind || this.#checker.operand(given.value).bare;
    if (!isSameKind)
      findings.add('E0604', statement.value.span, `the value given to ${statement.name.text} is of another kind than its default`);
    else if (!this.#isInRange(statement, given.value))
      findings.add('E0601', statement.value.span, `the value given to ${statement.name.text} is outside of its range`);
    this.#definitions.bind(declared, { kind: 'value', value: { ...given.value, type: initial.type } });
  }

  #isInRange({ domain }: ParamStatement, { node }: Value): boolean {
    if (domain?.kind !== 'Range') return true;
    const { statics } = this.#checker.context;
    const ends = [domain.low, domain.high].map((end) => this.#checker.check(end, this.#root));
    const [low = Number.NaN, high = Number.NaN] = ends.map((end) => this.#checker.constantOf(end) ?? Number.NaN);
    const value = statics.intervalOf(node);
    return !(value.low < low || value.high > high);
  }

  #requirement(span: ParamStatement['span'], condition: Value): void {
    const { statics, findings } = this.#checker.context;
    if (isPoison(condition) || !statics.isStatic(condition.node)) return;
    statics.addRequirement(condition.node, 'a requirement of a strategy that it reads');
    if (statics.valueOf(condition.node) === 1) return;
    findings.add('E0605', span, 'the values given break this requirement', 'change the values behind "with"');
  }
}
