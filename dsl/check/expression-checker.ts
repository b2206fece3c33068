import type { Expression, IndexExpression, MemberExpression, NameExpression, Timeframe, UnitAmount, Word } from '../ast/expression.ts';
import type { DiagnosticCode } from '../diagnostics/codes.ts';
import type { Span } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import { ANY_NAME } from '../grammar/words.ts';
import type { Operand } from './algebra.ts';
import { heldType } from './account-units.ts';
import type { ValueMaker } from './account-values.ts';
import { CallChecker } from './call-checker.ts';
import type { CheckContext, ValueWatch } from './context.ts';
import { OperatorChecker } from './operator-checker.ts';
import { isLength } from './length-check.ts';
import { LongerViewChecker } from './longer-view-checker.ts';
import type { Definition, Scope, ValueBinding } from './scope.ts';
import type { MarketUnit, NodeId } from '../graph/node.ts';
import { isScalar, scalarType, typeWords } from './type.ts';
import { isNumeric, isPoison, type Value } from './value.ts';

/**
 * Elaborates expressions: one pass gives each its kind and its graph node. Functions of the language are written out where
 * they are called, so units flow through them without being declared; equal parts become one node again in the graph.
 */
export class ExpressionChecker {
  readonly context: CheckContext;
  readonly #operators: OperatorChecker;
  readonly #calls: CallChecker;
  readonly #views: LongerViewChecker;
  /** The confidence of the entry whose size is being checked. */
  #confidence: Value | null = null;
  #usesConfidence = false;
  #conditionDepth = 0;

  constructor(context: CheckContext) {
    this.context = context;
    this.#operators = new OperatorChecker(this);
    this.#calls = new CallChecker(this);
    this.#views = new LongerViewChecker(this);
  }

  check(e: Expression, scope: Scope): Value {
    const value = this.#valueOf(e, scope);
    if (this.isWritingOut) return value;
    const { watch, watchedValues, charts } = this.context;
    watch?.expression(e, value);
    if (watchedValues !== null && charts.current === 0) this.#keep(e, value, watchedValues);
    return value;
  }

  /** Keeps what a tool wants to show of an expression, where it is one value. */
  #keep(e: Expression, { type, node }: Value, { wants, found }: ValueWatch): void {
    if (!wants(e)) return;
    const at = { span: e.span, of: e.kind };
    if (type.kind === 'strategy') found.push({ ...at, value: type.members.get('side')!.node, unit: 'side' });
    else if (type.kind === 'regime') found.push({ ...at, value: node, unit: 'regime', states: type.states });
    else if (!['group', 'list', 'basket', 'setup', 'poison'].includes(type.kind)) found.push({ ...at, value: node, unit: type.kind });
  }

  #valueOf(e: Expression, scope: Scope): Value {
    const { builder } = this.context;
    const number = (value: number, kind: 'number' | 'percent' | 'r' | 'duration'): Value => ({
      type: scalarType(kind),
      node: builder.constant(value),
    });
    switch (e.kind) {
      case 'Number':
        return number(e.value, 'number');
      case 'Percent':
        return number(e.value, 'percent');
      case 'RMultiple':
        return number(e.value, 'r');
      case 'Duration':
        return number(e.ms, 'duration');
      case 'CurrencyAmount':
        return this.#currencyAmount(e.number.value, e.currency);
      case 'UnitAmount':
        return this.#unitAmount(e, scope);
      case 'Date':
        return { type: { kind: 'time' }, node: builder.constant(e.ms) };
      case 'Time':
        return { type: { kind: 'timeOfDay' }, node: builder.constant(e.minutes) };
      case 'Na':
        return { type: { kind: 'na' }, node: builder.constant(Number.NaN) };
      case 'Boolean':
        return { type: { kind: 'condition' }, node: builder.truth(e.value ? 1 : 0) };
      case 'Name':
        return this.#name(e, scope);
      case 'Call':
        return this.#calls.check(e, scope);
      case 'Member':
        return this.#member(e, scope);
      case 'Index':
        return this.#past(e, scope);
      case 'List':
        return { type: { kind: 'list', items: e.items.map((item) => this.check(item, scope)) }, node: builder.constant(Number.NaN) };
      case 'OfMarket':
      case 'On':
        return this.#views.check(e, scope);
      default:
        return this.#operators.check(e, scope);
    }
  }

  /**
   * How to compute an expression on other charts, each once. `work` computes it; `e` tells what that costs: writing it out again counts as parts of the
   * program.
   */
  elsewhere(e: Expression, work: () => Value): (chart: number) => Value {
    const { charts } = this.context;
    const known = new Map<number, Value>();
    return (chart) => {
      const before = known.get(chart);
      if (before !== undefined) return before;
      const value = this.context.spend(e) ? charts.on(chart, charts.place, work) : this.poison();
      known.set(chart, value);
      return value;
    };
  }

  /** A value that must be true or false. */
  condition(e: Expression, scope: Scope): Value {
    const isRoot = this.#conditionDepth === 0;
    this.#conditionDepth += 1;
    const value = this.check(e, scope);
    this.#conditionDepth -= 1;
    if (value.type.kind === 'condition' && isRoot && !this.isWritingOut) this.#warnNever(e, value);
    return this.asCondition(value, e.span);
  }

  asCondition(value: Value, span: Span): Value {
    const { kind } = value.type;
    if (kind === 'condition' || kind === 'poison') return value;
    if (kind === 'na') return { type: { kind: 'condition' }, node: this.context.builder.truth(Number.NaN) };
    return this.error(
      'E0302',
      span,
      `a condition is needed here, found ${typeWords(value.type)}`,
      'compare it with something, for example: rsi(close, 14) < 30',
    );
  }

  /** A condition as a whole that nothing can make true; what one comparison shows is told at the comparison. */
  #warnNever(e: Expression, { node }: Value): void {
    const { statics, findings, exclusions } = this.context;
    const { start, end } = e.span;
    if (statics.isStatic(node) || findings.all.some(({ code, span }) => code === 'W0901' && span.start >= start && span.end <= end)) return;
    if (exclusions.isNeverTrue(node)) findings.add('W0901', e.span, 'this is never true', 'its parts exclude each other');
  }

  /** Whether the text at hand is that of a function, for one of its calls or for itself: what holds there may not hold elsewhere. */
  get isWritingOut(): boolean {
    return this.#calls.depth > 0;
  }

  /** A number of any unit, or na; poison when it is something else. */
  numeric(e: Expression, scope: Scope): Value {
    const value = this.check(e, scope);
    if (isNumeric(value) || isPoison(value)) return value;
    return this.error(
      'E0307',
      e.span,
      `a number is needed here, found ${typeWords(value.type)}`,
      value.type.kind === 'group' ? this.memberHint(value) : undefined,
    );
  }

  /** Reports and gives the value that keeps everything made of it silent. */
  error(code: DiagnosticCode, span: Span, message: string, hint?: string): Value {
    this.context.findings.add(code, span, message, hint);
    return this.poison();
  }

  poison(): Value {
    return { type: { kind: 'poison' }, node: this.context.builder.constant(Number.NaN) };
  }

  operand(value: Value): Operand {
    const constant = this.constantOf(value);
    const bare = value.type.kind === 'number' && constant !== null;
    return { type: value.type, bare, zero: bare && constant === 0 };
  }

  /** Its value when it is the same in every run, else null. */
  constantOf(value: Value): number | null {
    const node = this.context.builder.node(value.node);
    return node.op === 'const' ? node.value : null;
  }

  memberHint(value: Value): string | undefined {
    if (value.type.kind !== 'group') return undefined;
    return `pick one value: .${[...value.type.members.keys()].join(', .')}`;
  }

  /** Runs `work` with `confidence` bound; tells whether it was asked for. */
  withConfidence<T>(confidence: Value, work: () => T): { readonly result: T; readonly used: boolean } {
    this.#confidence = confidence;
    this.#usesConfidence = false;
    try {
      const result = work();
      return { result, used: this.#usesConfidence };
    } finally {
      this.#confidence = null;
    }
  }

  /** An unknown name, told apart from one that is defined further down. */
  unknown(name: Word, scope: Scope): Value {
    const { failedNames, definedNames } = this.context;
    if (failedNames.has(name.text) || failedNames.has(ANY_NAME) || this.context.findings.isFull) return this.poison();
    if (definedNames.has(name.text)) {
      return this.error('E0201', name.span, `${name.text} is used before its line`, 'move its definition above this line');
    }
    return this.error('E0201', name.span, `I do not know "${name.text}"`, didYouMean(name.text, this.#knownNames(scope)));
  }

  #knownNames(scope: Scope): readonly string[] {
    return [...scope.names(), ...this.context.builtins.names.keys()];
  }

  later(span: Span, construct: string): Value {
    return this.error(
      'E0801',
      span,
      `${construct} is part of edition 1, but this version does not run it yet`,
      'remove it, or wait for a later version',
    );
  }

  #make(maker: ValueMaker, span: Span): Value {
    const { builder, charts, isInput } = this.context;
    const value = maker(builder, charts.units, charts.current);
    if (!builder.node(value.node).usesAccount) return value;
    if (isInput) return this.error('E0405', span, 'a strategy that serves as an input has no account', 'leave the rule out of that file');
    if (charts.current === 0) return value;
    return this.error('E0405', charts.place ?? span, 'account values exist only on the chart that is traded');
  }

  /** The value of a name on the current chart. */
  #bound({ value, chart = 0, elsewhere }: ValueBinding, span: Span): Value {
    const { charts, findings } = this.context;
    if (elsewhere === undefined || chart === charts.current) return value;
    return findings.at(charts.place ?? span, () => elsewhere(charts.current));
  }

  #name(e: NameExpression, scope: Scope): Value {
    const declared = scope.find(e.text);
    if (declared !== undefined) {
      declared.uses += 1;
      const { binding } = declared;
      if (binding.kind === 'value') return this.#bound(binding, e.span);
      if (binding.kind === 'poison') return this.poison();
      if (binding.kind === 'self' || binding.kind === 'loop') {
        return this.error(
          'E0404',
          declared.span,
          `${e.text} uses its own value`,
          `read its past and say where it starts: ${e.text}[1] ... start close`,
        );
      }
      return this.error('E0207', e.span, `${e.text} is a function`, `write its arguments in brackets: ${e.text}(...)`);
    }
    const builtin = this.context.builtins.names.get(e.text);
    if (builtin === undefined) return this.unknown({ text: e.text, span: e.span }, scope);
    switch (builtin.kind) {
      case 'value':
        return this.#make(builtin.make, e.span);
      case 'confidence':
        if (this.#confidence === null)
          return this.error('E0207', e.span, 'confidence is known in size only', 'use it there: size 10% of equity times confidence');
        this.#usesConfidence = true;
        return this.#confidence;
      case 'members':
        return this.error(
          'E0301',
          e.span,
          `${e.text} is a group of values`,
          `pick one value: ${e.text}.${[...builtin.members.keys()].join(`, ${e.text}.`)}`,
        );
      case 'definition':
        // Only a name without parameters, and atr by tradition, may stand without brackets.
        if (e.text === 'atr' || builtin.definition.statement.parameters.length === 0)
          return this.context.keptStarts.note(e.text, this.#calls.bare({ text: e.text, span: e.span }, builtin.definition));
        return this.error('E0207', e.span, `${e.text} is a function`, `write its arguments in brackets: ${e.text}(...)`);
      case 'function':
      case 'form':
        return this.error('E0207', e.span, `${e.text} is a function`, `write its arguments in brackets: ${e.text}(...)`);
    }
  }

  #currencyAmount(value: number, currency: Word): Value {
    const { base, quote } = this.context.charts.units;
    const node = this.context.builder.constant(value);
    return currency.text === base && base !== quote
      ? { type: scalarType('quantity'), node }
      : { type: scalarType('money', currency.text), node };
  }

  #unitAmount(e: UnitAmount, scope: Scope): Value {
    const { builder } = this.context;
    const amount = builder.constant(e.number.value);
    if (e.unit === 'bar') return { type: scalarType('bars'), node: amount };
    if (e.unit !== 'atr') return this.#marketUnits(e, e.unit, amount);
    const range = this.#calls.call({ text: 'atr', span: e.word.span }, e.args ?? [], scope);
    return isPoison(range) ? range : { type: range.type, node: builder.numeric('mul', amount, range.node) };
  }

  /** Ticks and pips are distances, contracts are quantities: what they are worth, the host knows of the market that is traded. */
  #marketUnits({ word, args }: UnitAmount, unit: MarketUnit, amount: NodeId): Value {
    const { builder, charts } = this.context;
    if (args !== null)
      return this.error('E0205', word.span, `${word.text} takes no arguments`, `write the number in front: 2 ${word.text}`);
    if (builder.chartOf(charts.current).market !== null)
      return this.error('E0405', word.span, `how large ${word.text} of another market are is not known`, 'use a percent or an atr');
    const type = unit === 'contract' ? heldType(charts.units) : scalarType('price', charts.units.quote);
    return { type, node: builder.numeric('mul', amount, builder.unit(unit)) };
  }

  #member(e: MemberExpression, scope: Scope): Value {
    if (e.object.kind === 'Name' && scope.find(e.object.text) === undefined) {
      const builtin = this.context.builtins.names.get(e.object.text);
      if (builtin?.kind === 'members') {
        const make = builtin.members.get(e.member.text);
        if (make !== undefined) return this.#make(make, e.span);
        return this.#unknownMember(e.member, e.object.text, builtin.members.keys());
      }
    }
    const object = this.check(e.object, scope);
    if (isPoison(object)) return object;
    if (object.type.kind === 'regime')
      return e.member.text === 'bars' ? object.type.bars : this.#unknownMember(e.member, 'a regime', ['bars']);
    if (object.type.kind !== 'group' && object.type.kind !== 'strategy') {
      return this.error(
        'E0206',
        e.member.span,
        `${typeWords(object.type)} has no member "${e.member.text}"`,
        'only groups have members, for example macd(...).line',
      );
    }
    return object.type.members.get(e.member.text) ?? this.#unknownMember(e.member, 'this group', object.type.members.keys());
  }

  #unknownMember(member: Word, owner: string, known: Iterable<string>): Value {
    const names = [...known];
    return this.error(
      'E0206',
      member.span,
      `${owner} has no member "${member.text}"`,
      didYouMean(member.text, names) ?? `it has: ${names.join(', ')}`,
    );
  }

  #past(e: IndexExpression, scope: Scope): Value {
    const own = e.object.kind === 'Name' ? scope.find(e.object.text)?.binding : undefined;
    if (own?.kind === 'loop') return this.#ownPast(e, own.self, scope);
    const object = this.check(e.object, scope);
    const back = this.check(e.index, scope);
    if (['group', 'list', 'regime', 'strategy'].includes(object.type.kind)) {
      return this.error('E0301', e.wordSpan, `the past of ${typeWords(object.type)} cannot be read`, this.memberHint(object));
    }
    const allowed = isLength(this, back, e.index.span, 'history');
    if (isPoison(object) || !allowed) return this.poison();
    if (this.constantOf(object) !== null && !this.isWritingOut)
      return this.error('E0301', e.wordSpan, 'a constant has no past', 'read the past of a series: close[1]');
    return { type: object.type, node: this.context.builder.delay(object.node, back.node) };
  }

  /** `line[1]` in the line of `line` itself: the bar before is the latest there is. */
  #ownPast(e: IndexExpression, self: Value, scope: Scope): Value {
    const { builder, statics } = this.context;
    const back = this.check(e.index, scope);
    if (!isLength(this, back, e.index.span, 'history')) return this.poison();
    if (statics.intervalOf(back.node).low < 1) {
      return this.error('E0404', e.index.span, 'the value of this bar is not known in its own line', 'read the bar before: [1]');
    }
    return { type: self.type, node: builder.delay(self.node, builder.numeric('sub', back.node, builder.constant(1))) };
  }

  /** The chart with longer bars of the current market; null after an error. */
  longerChart(timeframe: Timeframe, scope: Scope): number | null {
    return this.#views.chart(timeframe, scope);
  }

  /** Checks a function of the file for itself, called or not. */
  draft(definition: Definition): void {
    this.#calls.draft(definition);
  }

  /** A product keeps being a share of an account value when one side is a plain number. */
  isPlainFactor(value: Value): boolean {
    return isScalar(value.type) && (value.type.kind === 'number' || value.type.kind === 'ratio');
  }
}
