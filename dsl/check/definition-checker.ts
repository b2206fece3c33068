import type { Expression, Word } from '../ast/expression.ts';
import type { DefStatement, LetStatement, Statement } from '../ast/nodes.ts';
import type { Span } from '../diagnostics/diagnostic.ts';
import { FORBIDDEN_NAMES } from '../grammar/words.ts';
import { childrenOf } from './children.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import { type Cost, costOf, MAX_DEPTH, MAX_PARTS } from './parts.ts';
import { definitionCost } from './prelude-builtins.ts';
import { letValue } from './let-value.ts';
import { sampled } from './longer-view-checker.ts';
import { type Binding, type Declared, type Definition, Scope } from './scope.ts';
import { statementExpressions } from './statement-expressions.ts';
import { isPoison, type Value } from './value.ts';

/** Names and what they stand for: `let`, `def`, and the limit on what functions write out. */
export class DefinitionChecker {
  readonly #checker: ExpressionChecker;
  readonly #root: Scope;
  readonly #confidences: number;
  #parts = 0;
  /** Functions beyond the limit: whatever calls them is silent. */
  readonly #oversized = new Set<string>();

  /** `confidences`: entries that have one of their own, for which a size that reads it is checked again. */
  constructor(checker: ExpressionChecker, root: Scope, confidences: number) {
    this.#checker = checker;
    this.#root = root;
    this.#confidences = confidences;
  }

  /** Parts are counted before anything is written out, so no program costs more than its limit to check. */
  isWithinLimits(statement: Statement): boolean {
    if (statement.kind === 'Def') return true;
    for (const expression of statementExpressions(statement)) {
      const { parts, depth } = costOf(expression, (name) => this.#costOfCall(name));
      if (parts === Infinity) continue;
      const times = mentions(expression, 'confidence') ? 1 + this.#confidences : 1;
      const place = 'name' in statement && statement.name !== null ? statement.name.span : statement.word;
      if (depth <= MAX_DEPTH && this.#count(parts * times, place)) continue;
      if (depth > MAX_DEPTH) this.#tooMany(place);
      return false;
    }
    return true;
  }

  /** An expression that is written out once more, on another chart. */
  spend(e: Expression): boolean {
    const { parts } = costOf(e, (name) => this.#costOfCall(name));
    return parts !== Infinity && this.#count(parts, e.span);
  }

  #count(parts: number, place: Span): boolean {
    this.#parts += parts;
    if (this.#parts > MAX_PARTS) this.#tooMany(place);
    return this.#parts <= MAX_PARTS;
  }

  #tooMany(place: Span): void {
    const message = 'with its functions written out the program has more than 20,000 parts';
    this.#checker.context.findings.add('E0108', place, message, 'use fewer or smaller functions');
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
    const { findings, builtins, failedNames } = this.#checker.context;
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
    } else if (failedNames.has(name.text)) {
      // Its line was read only in part.
      declared.binding = { kind: 'poison' };
    }
    scope.declare(name.text, declared);
    return declared;
  }

  /** Gives a declared name its meaning, unless it failed. */
  bind(declared: Declared, binding: Binding): void {
    if (declared.binding.kind !== 'poison') declared.binding = binding;
    declared.uses = 0;
    this.#tell(declared);
  }

  /** Declares a name whose meaning is known at once. */
  define(name: Word, scope: Scope, binding: Binding): void {
    this.#tell(this.declare(name, 'other', scope, binding));
  }

  #tell({ span, binding }: Declared): void {
    this.#checker.context.watch?.binding(span, binding);
  }

  /** Declares a name for what `make` gives on whatever chart is current. */
  defineSeries(name: Word, scope: Scope, make: () => Value): void {
    const { charts } = this.#checker.context;
    const known = new Map<number, Value>();
    const on = (chart: number): Value => {
      const value = known.get(chart) ?? charts.on(chart, charts.place, make);
      known.set(chart, value);
      return value;
    };
    const value = on(charts.current);
    this.define(name, scope, isPoison(value) ? { kind: 'poison' } : { kind: 'value', value, chart: charts.current, elsewhere: on });
  }

  let(statement: LetStatement, scope: Scope): void {
    const checker = this.#checker;
    const { charts } = checker.context;
    const declared = this.declare(statement.name, 'let', scope, { kind: 'self' });
    const before = checker.context.findings.errors;
    const value = letValue(checker, statement, scope);
    // The same line on another chart; what is wrong with it there is told where it is asked for.
    const elsewhere = checker.elsewhere(statement.value, () => letValue(checker, statement, scope));
    this.bind(declared, isPoison(value) ? { kind: 'poison' } : { kind: 'value', value, chart: charts.current, elsewhere });
    if (isPoison(value) || checker.context.findings.errors > before) declared.uses = 1;
  }

  /**
   * A line of a `chart` block: computed on the chart of the block and read everywhere as of its last closed bar.
   * @param chartOf the block's chart as seen from the current one; null after an error
   */
  chartLet(statement: LetStatement, scope: Scope, chartOf: () => number | null): void {
    const checker = this.#checker;
    const { charts } = checker.context;
    const declared = this.declare(statement.name, 'let', scope, { kind: 'self' });
    const inside = checker.elsewhere(statement.value, () => letValue(checker, statement, scope));
    const view = (): Value => {
      const chart = chartOf();
      return chart === null ? checker.poison() : sampled(checker, inside(chart), chart);
    };
    const value = view();
    const isGood = !isPoison(value);
    const elsewhere = (chart: number): Value => charts.on(chart, charts.place, view);
    this.bind(declared, isGood ? { kind: 'value', value, chart: charts.current, elsewhere } : { kind: 'poison' });
    if (!isGood) declared.uses = 1;
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
    const definition: Definition = {
      statement,
      scope: this.#root,
      ...cost,
      fromPrelude: false,
      ranges: null,
      module: this.#checker.context.module,
    };
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
