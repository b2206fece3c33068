import type { Expression, Word } from '../ast/expression.ts';
import type { DefStatement, LetStatement, Statement } from '../ast/nodes.ts';
import { FORBIDDEN_NAMES } from '../grammar/words.ts';
import { annotated } from './annotation.ts';
import { childrenOf } from './children.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import { type Cost, costOf, MAX_DEPTH, MAX_PARTS } from './parts.ts';
import { definitionCost } from './prelude-builtins.ts';
import type { LaterConstruct } from './rule-checker.ts';
import { type Binding, type Declared, type Definition, Scope } from './scope.ts';
import { statementExpressions } from './statement-expressions.ts';
import { isPoison } from './value.ts';

/** Names and what they stand for: `let`, `def`, and the limit on what functions write out. */
export class DefinitionChecker {
  readonly #checker: ExpressionChecker;
  readonly #root: Scope;
  readonly #later: LaterConstruct[];
  readonly #confidences: number;
  #parts = 0;
  /** Functions beyond the limit: whatever calls them is silent. */
  readonly #oversized = new Set<string>();

  /** `confidences`: entries that have one of their own, for which a size that reads it is checked again. */
  constructor(checker: ExpressionChecker, root: Scope, later: LaterConstruct[], confidences: number) {
    this.#checker = checker;
    this.#root = root;
    this.#later = later;
    this.#confidences = confidences;
  }

  /** Parts are counted before anything is written out, so no program costs more than its limit to check. */
  isWithinLimits(statement: Statement): boolean {
    if (statement.kind === 'Def') return true;
    for (const expression of statementExpressions(statement)) {
      const { parts, depth } = costOf(expression, (name) => this.#costOfCall(name));
      if (parts === Infinity) continue;
      this.#parts += parts * (mentions(expression, 'confidence') ? 1 + this.#confidences : 1);
      if (this.#parts <= MAX_PARTS && depth <= MAX_DEPTH) continue;
      this.#checker.context.findings.add(
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
    const builtin = this.#checker.context.builtins.names.get(name);
    return builtin?.kind === 'definition' ? builtin.definition : null;
  }

  /** Declares a name; the reasons why it cannot have it are reported, and then its uses stay silent. */
  declare(name: Word, what: Declared['what'], scope: Scope, binding: Binding): Declared {
    const { findings, builtins } = this.#checker.context;
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
  bind(declared: Declared, binding: Binding): void {
    if (declared.binding.kind !== 'poison') declared.binding = binding;
    declared.uses = 0;
  }

  /** Declares a name whose meaning is known at once. */
  define(name: Word, scope: Scope, binding: Binding): void {
    this.declare(name, 'other', scope, binding);
  }

  /** `isElsewhere`: on a chart that this version does not compute. */
  let(statement: LetStatement, scope: Scope, isElsewhere = false): void {
    const declared = this.declare(statement.name, 'let', scope, { kind: 'self' });
    if (statement.start !== null) {
      // Its own past is known inside its line, but not computed by this version.
      declared.binding = { kind: 'poison' };
      this.#checker.check(statement.start, scope);
      this.#checker.check(statement.value, scope);
      declared.uses = 1;
      this.#later.push({ construct: '"start" (a series that reads its own past)', word: statement.word, statement: statement.span });
      return;
    }
    const value = this.#checker.check(statement.value, scope);
    const typed = statement.type === null ? value : annotated(this.#checker, value, statement.type.name, statement.value.span);
    this.bind(declared, isPoison(typed) || isElsewhere ? { kind: 'poison' } : { kind: 'value', value: typed });
    if (isElsewhere || isPoison(typed)) declared.uses = 1;
  }

  /** Checks a function for itself; calls write it out. */
  def(statement: DefStatement): void {
    const declared = this.declare(statement.name, 'def', this.#root, { kind: 'self' });
    const cost = definitionCost(statement, (name) => this.#costOfCall(name));
    if (cost.parts > MAX_PARTS || cost.depth > MAX_DEPTH) {
      this.#oversized.add(statement.name.text);
      this.bind(declared, { kind: 'poison' });
      if (cost.parts === Infinity) return;
      const what = cost.parts > MAX_PARTS ? 'has more than 20,000 parts' : 'nests too deep';
      this.#checker.context.findings.add(
        'E0108',
        statement.name.span,
        `with its functions written out ${statement.name.text} ${what}`,
        'use fewer or smaller functions',
      );
      return;
    }
    const definition: Definition = { statement, scope: this.#root, ...cost, fromPrelude: false, module: this.#checker.context.module };
    const before = this.#checker.context.findings.errors;
    this.#declareParameters(statement);
    this.#checker.draft(definition);
    this.bind(declared, this.#checker.context.findings.errors > before ? { kind: 'poison' } : { kind: 'definition', definition });
    if (statement.exported !== null) declared.uses = 1;
  }

  #declareParameters({ parameters, lets }: DefStatement): void {
    const scope = new Scope(this.#root);
    for (const { name } of [...parameters, ...lets]) this.declare(name, 'other', scope, { kind: 'poison' });
  }

  /** A requirement changes nothing in the result, so a param that only requirements read counts as not used. */
  forgetUses(expression: Expression): void {
    const declared = expression.kind === 'Name' ? this.#root.find(expression.text) : undefined;
    if (declared?.what === 'param' && declared.uses > 0) declared.uses -= 1;
    for (const child of childrenOf(expression)) this.forgetUses(child);
  }
}

function mentions(expression: Expression, name: string): boolean {
  return expression.kind === 'Name' ? expression.text === name : childrenOf(expression).some((child) => mentions(child, name));
}
