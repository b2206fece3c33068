import type { Argument, CallExpression, Expression, Word } from '../ast/expression.ts';
import type { DefParameter, TypeName } from '../ast/nodes.ts';
import type { Span } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import { annotated } from './annotation.ts';
import { CallMemo } from './call-memo.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import type { BoundArgument, BuiltinFunction, FunctionContext } from './functions.ts';
import { letValue } from './let-value.ts';
import { hasUsualInput, pluginCall } from './plugin-call.ts';
import type { ScriptPlugin } from './plugin-source.ts';
import { rank } from './rank.ts';
import { boundResult } from './result-ranges.ts';
import { type Definition, Scope } from './scope.ts';
import { typeWords } from './type.ts';
import { isNumeric, isPoison, type Value } from './value.ts';
import { vote } from './vote.ts';

interface CheckedArgument {
  readonly name: Word | null;
  readonly span: Span;
  readonly value: Value;
  /** The same argument on another chart. */
  readonly elsewhere: (chart: number) => Value;
}

/** What a parameter stands for in a call. */
interface BoundParameter {
  readonly value: Value;
  readonly elsewhere: (chart: number) => Value;
}

/** Calls: arguments by place and by name, and functions of the language written out with the arguments' values. */
export class CallChecker {
  readonly #checker: ExpressionChecker;
  readonly #functionContext: FunctionContext;
  readonly #calls = new CallMemo();
  /** Inside the prelude its primitives are known, and findings stand at the user's call. */
  #isPrelude = false;
  /** While a definition is checked for itself, calls of other definitions are not written out (each has been checked). */
  #isDraft = false;
  /** Functions that are being written out, one inside the other. */
  depth = 0;

  constructor(checker: ExpressionChecker) {
    this.#checker = checker;
    this.#functionContext = {
      builder: checker.context.builder,
      operand: (value) => checker.operand(value),
      get chart() {
        return checker.context.charts.current;
      },
      constantOf: (value) => checker.constantOf(value),
      fixedRange: (node) => (checker.context.statics.isStatic(node) ? checker.context.statics.intervalOf(node) : null),
      poison: () => checker.poison(),
      refuse: (span, message, hint, code = 'E0307') => checker.error(code, span, message, hint),
    };
  }

  check(e: CallExpression, scope: Scope): Value {
    return this.call(e.callee, e.args, scope);
  }

  /** A name without brackets that stands for a call without arguments. */
  bare(name: Word, definition: Definition): Value {
    return this.#expand(name, definition, []);
  }

  call(callee: Word, args: readonly Argument[], scope: Scope): Value {
    const checker = this.#checker;
    if (this.#isPrelude && callee.text === 'group') return this.#group(args, scope);
    if (callee.text === 'vote') return vote(checker, callee, args, scope);
    if (callee.text === 'rank') return rank(checker, callee, args, scope);
    const checked = args.map((arg): CheckedArgument => this.#checked(arg, scope));
    const declared = scope.find(callee.text);
    if (declared !== undefined) {
      declared.uses += 1;
      const { binding } = declared;
      if (binding.kind === 'definition') return this.#expand(callee, binding.definition, checked);
      if (binding.kind === 'plugin') return this.#plugin(callee, binding.plugin, checked);
      if (binding.kind === 'poison') return checker.poison();
      if (binding.kind === 'self' && declared.what === 'def') {
        return checker.error(
          'E0210',
          callee.span,
          `${callee.text} calls itself`,
          'use the past of a series instead: let x = x[1] + ... start close',
        );
      }
      return checker.error(
        'E0207',
        callee.span,
        `${callee.text} is not a function`,
        `write it without brackets, or with [1] for the bar before`,
      );
    }
    const { names, primitives } = checker.context.builtins;
    const builtin = (this.#isPrelude ? primitives.get(callee.text) : undefined) ?? names.get(callee.text);
    if (builtin === undefined) return checker.unknown(callee, scope);
    const { keptStarts } = checker.context;
    if (builtin.kind === 'definition') return keptStarts.note(callee.text, this.#expand(callee, builtin.definition, checked));
    if (builtin.kind === 'function') return keptStarts.note(callee.text, this.#apply(callee, builtin.function, checked));
    return checker.error('E0207', callee.span, `${callee.text} is not a function`, 'write it without brackets');
  }

  #checked({ name, value: e }: Argument, scope: Scope): CheckedArgument {
    const checker = this.#checker;
    const isPrelude = this.#isPrelude;
    const elsewhere = checker.elsewhere(e, () => this.#asIn(isPrelude, () => checker.check(e, scope)));
    return { name, span: e.span, value: checker.check(e, scope), elsewhere };
  }

  /** Checks a function of the file for itself: its parameters may be anything. */
  draft(definition: Definition): void {
    const { statement } = definition;
    const scope = new Scope(definition.scope);
    for (const parameter of statement.parameters) {
      if (parameter.value !== null) this.#checker.check(parameter.value, definition.scope);
      scope.declare(parameter.name.text, { what: 'other', span: parameter.name.span, binding: { kind: 'poison' }, uses: 0 });
    }
    this.#isDraft = true;
    this.depth += 1;
    try {
      this.#body(definition, scope);
    } finally {
      this.#isDraft = false;
      this.depth -= 1;
    }
  }

  #group(args: readonly Argument[], scope: Scope): Value {
    const members = new Map<string, Value>();
    for (const { name, value } of args) if (name !== null) members.set(name.text, this.#checker.check(value, scope));
    return { type: { kind: 'group', members }, node: this.#checker.context.builder.constant(Number.NaN) };
  }

  #apply(callee: Word, fn: BuiltinFunction, args: readonly CheckedArgument[]): Value {
    const bound = this.#bind(callee, fn.parameters, args);
    if (bound === null) return this.#checker.poison();
    const given: BoundArgument[] = [];
    for (const [index, argument] of bound.entries()) {
      if (argument === null) {
        return this.#checker.error(
          'E0205',
          callee.span,
          `${callee.text} needs ${fn.parameters[index]}`,
          `write ${callee.text}(${fn.parameters.join(', ')})`,
        );
      }
      if (isPoison(argument.value)) return argument.value;
      if (!isNumeric(argument.value) && !(fn.takesConditions === true && argument.value.type.kind === 'condition')) {
        return this.#checker.error(
          'E0307',
          argument.span,
          `${callee.text} takes numbers, found ${typeWords(argument.value.type)}`,
          this.#checker.memberHint(argument.value),
        );
      }
      given.push(argument);
    }
    return fn.apply(this.#functionContext, given);
  }

  /**
   * Sorts arguments into the order of the parameters; null in a place that was not given, null at all after an error.
   * @param leftOut parameters at the beginning that arguments without names do not stand for
   */
  #bind(callee: Word, parameters: readonly string[], args: readonly CheckedArgument[], leftOut = 0): (CheckedArgument | null)[] | null {
    const bound: (CheckedArgument | null)[] = parameters.map(() => null);
    const signature = `${callee.text}(${parameters.join(', ')})`;
    const refuse = (span: Span, message: string, hint: string): null => {
      this.#checker.error('E0205', span, message, hint);
      return null;
    };
    let hasNamed = false;
    for (const [index, argument] of args.entries()) {
      const place = index + leftOut;
      if (argument.name === null) {
        if (hasNamed) return refuse(argument.span, 'an argument without a name stands before those with names', signature);
        if (place >= parameters.length) return refuse(argument.span, `${callee.text} takes ${countWords(parameters.length)}`, signature);
        bound[place] = argument;
        continue;
      }
      hasNamed = true;
      const named = parameters.indexOf(argument.name.text);
      if (named < 0)
        return refuse(
          argument.name.span,
          `${callee.text} has no argument "${argument.name.text}"`,
          didYouMean(argument.name.text, parameters) ?? signature,
        );
      if (bound[named] !== null) return refuse(argument.name.span, `"${argument.name.text}" is given twice`, signature);
      bound[named] = argument;
    }
    return bound;
  }

  /** `fisher(10)` is short for `fisher(high, low, 10)`: where a number stands first, inputs that can be left out are. */
  #plugin(callee: Word, plugin: ScriptPlugin, args: readonly CheckedArgument[]): Value {
    const checker = this.#checker;
    const { inputs, params } = plugin.manifest;
    const [first] = args;
    const isShort =
      first?.name === null &&
      isNumeric(first.value) &&
      checker.context.statics.isStatic(first.value.node) &&
      inputs.every((input) => hasUsualInput(checker, input));
    const names = (isShort ? [...params, ...inputs] : [...inputs, ...params]).map(({ name }) => name);
    const bound = this.#bind(callee, names, args);
    if (bound === null) return checker.poison();
    return pluginCall(
      checker,
      callee,
      plugin,
      new Map(bound.flatMap((argument, place) => (argument === null ? [] : [[names[place]!, argument]]))),
    );
  }

  #expand(callee: Word, definition: Definition, args: readonly CheckedArgument[]): Value {
    const checker = this.#checker;
    const { parameters } = definition.statement;
    const names = parameters.map((parameter) => parameter.name.text);
    const bound = this.#bind(callee, names, args, this.#leavesSourceOut(definition, args) ? 1 : 0);
    if (bound === null) return checker.poison();
    const missing = parameters.findIndex((parameter, index) => bound[index] === null && parameter.value === null);
    if (missing >= 0)
      return checker.error('E0205', callee.span, `${callee.text} needs ${names[missing]}`, `write ${callee.text}(${names.join(', ')})`);
    if (this.#isDraft && !definition.fromPrelude) return checker.poison();
    const scope = new Scope(definition.scope);
    const chart = checker.context.charts.current;
    const values: Value[] = [];
    for (const [index, parameter] of parameters.entries()) {
      const argument = this.#argument(callee, definition, parameter, bound[index] ?? null);
      const binding = { kind: 'value', value: argument.value, chart, elsewhere: argument.elsewhere } as const;
      values.push(argument.value);
      scope.declare(parameter.name.text, { what: 'other', span: parameter.name.span, binding, uses: 0 });
    }
    if (values.some(isPoison)) return checker.poison();
    const make = (): Value => this.#inside(callee, definition, () => this.#body(definition, scope));
    // A function of a file may read its arguments on other charts, where equal arguments need not stay equal.
    const result = definition.fromPrelude ? this.#calls.value(definition, chart, values, make) : make();
    boundResult(checker.context.statics, result, definition.ranges);
    return result;
  }

  /** `rsi(14)` is short for `rsi(close, 14)`, `vwap(1d)` for `vwap(hlc3, 1d)`: what stands in the place of the source is the next argument. */
  #leavesSourceOut({ fromPrelude, statement: { parameters } }: Definition, args: readonly CheckedArgument[]): boolean {
    // The prelude itself names its sources.
    if (!fromPrelude || this.#isPrelude || parameters[0]?.name.text !== 'source') return false;
    const first = args[0];
    if (first === undefined || first.name !== null || isPoison(first.value)) return false;
    if (args.some((arg) => arg.name?.text === 'source')) return false;
    if (first.value.type.kind === 'condition') return takesAnchor(parameters[1]);
    return isNumeric(first.value) && this.#checker.context.statics.isStatic(first.value.node);
  }

  /** The value of a parameter in its kind, here and on other charts. */
  #argument(callee: Word, definition: Definition, parameter: DefParameter, given: CheckedArgument | null): BoundParameter {
    const checker = this.#checker;
    const initial = (): Value => this.#inside(callee, definition, () => checker.check(parameter.value!, definition.scope));
    const fit = (value: Value): Value => this.#fitted(callee, definition, parameter, given?.span ?? callee.span, value);
    const elsewhere =
      given?.elsewhere ?? ((chart: number): Value => checker.context.charts.on(chart, checker.context.charts.place, initial));
    return { value: fit(given?.value ?? initial()), elsewhere: (chart) => fit(elsewhere(chart)) };
  }

  #fitted(callee: Word, definition: Definition, parameter: DefParameter, span: Span, value: Value): Value {
    const checker = this.#checker;
    if (isPoison(value)) return value;
    if (parameter.type?.name === 'length') return annotated(checker, value, 'length', span);
    if (definition.fromPrelude && parameter.type?.name === 'condition') return checker.asCondition(value, span);
    if (definition.fromPrelude && !isNumeric(value) && !(value.type.kind === 'condition' && takesAnchor(parameter))) {
      return checker.error('E0307', span, `${callee.text} takes numbers, found ${typeWords(value.type)}`, checker.memberHint(value));
    }
    return parameter.type === null ? value : annotated(checker, value, parameter.type.name, span);
  }

  #body(definition: Definition, scope: Scope): Value {
    const checker = this.#checker;
    const { statement, fromPrelude } = definition;
    for (const line of statement.lets) {
      const isPrelude = this.#isPrelude;
      const elsewhere = checker.elsewhere(line.value, () => this.#asIn(isPrelude, () => letValue(checker, line, scope, fromPrelude)));
      const binding = {
        kind: 'value',
        value: letValue(checker, line, scope, fromPrelude),
        chart: checker.context.charts.current,
        elsewhere,
      } as const;
      scope.declare(line.name.text, { what: 'let', span: line.name.span, binding, uses: 0 });
    }
    const result = checker.check(statement.result, scope);
    return this.#typed(result, statement.type?.name ?? null, statement.result, definition);
  }

  #typed(value: Value, type: TypeName | null, e: Expression, definition: Definition): Value {
    if (type === null || isPoison(value)) return value;
    return annotated(this.#checker, value, type, e.span, definition.fromPrelude);
  }

  #inside<T>(callee: Word, definition: Definition, work: () => T): T {
    this.depth += 1;
    try {
      return this.#insideOf(callee, definition, work);
    } finally {
      this.depth -= 1;
    }
  }

  #insideOf<T>(callee: Word, definition: Definition, work: () => T): T {
    if (!definition.fromPrelude) {
      const { module } = definition;
      const { findings } = this.#checker.context;
      return this.#asIn(false, module === null ? work : () => findings.at(callee.span, work, module));
    }
    return this.#asIn(true, () => this.#checker.context.findings.at(callee.span, work));
  }

  /** Runs `work` with the names that a text of the prelude, or any other, sees. */
  #asIn<T>(isPrelude: boolean, work: () => T): T {
    const before = this.#isPrelude;
    this.#isPrelude = isPrelude;
    try {
      return work();
    } finally {
      this.#isPrelude = before;
    }
  }
}

/** vwap starts anew with a duration or a condition. */
function takesAnchor(parameter: DefParameter | undefined): boolean {
  return parameter?.name.text === 'anchor';
}

function countWords(count: number): string {
  return count === 0 ? 'no arguments' : count === 1 ? 'one argument' : `${count} arguments`;
}
