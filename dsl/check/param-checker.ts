import type { Expression } from '../ast/expression.ts';
import type { ParamStatement } from '../ast/nodes.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import type { ProgramParam } from '../program.ts';
import { annotated } from './annotation.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import { type OverrideError, readOverride } from './param-override.ts';
import type { Scope } from './scope.ts';
import { isScalar, type Type, typeWords } from './type.ts';
import { isPoison, type Value } from './value.ts';

interface ParamRange {
  readonly low: number;
  readonly high: number;
  readonly step: number | null;
}

/** Between what values a param without a domain is set, where one compilation serves several. */
export interface ParamBounds {
  readonly low: number;
  readonly high: number;
  /** All of them are whole numbers. */
  readonly whole: boolean;
}

/** Checks `param` statements and takes the values set from outside. */
export class ParamChecker {
  readonly #checker: ExpressionChecker;
  readonly #overrides: ReadonlyMap<string, string>;
  readonly #bounds: ReadonlyMap<string, ParamBounds>;
  readonly #params: { param: ProgramParam; hasStep: boolean; isRange: boolean }[] = [];
  readonly overrideErrors: OverrideError[] = [];
  readonly #taken = new Set<string>();

  constructor(checker: ExpressionChecker, overrides: ReadonlyMap<string, string>, bounds: ReadonlyMap<string, ParamBounds>) {
    this.#checker = checker;
    this.#bounds = bounds;
    this.#overrides = overrides;
  }

  /** The params in file order; one that serves as a length has whole values only. */
  programParams(lengthParams: ReadonlySet<number>): readonly ProgramParam[] {
    return this.#params.map(({ param, hasStep, isRange }, index) =>
      lengthParams.has(index) && isRange && !hasStep ? { ...param, step: 1 } : param,
    );
  }

  /** Values that nobody asked for, or that are no lengths; call it when all params are known. */
  finish(lengthParams: ReadonlySet<number>): void {
    const names = this.#params.map(({ param }) => param.name);
    for (const [name, text] of this.#overrides) {
      if (this.#taken.has(name)) continue;
      const known = names.length === 0 ? 'the strategy has no params' : (didYouMean(name, names) ?? `the params are: ${names.join(', ')}`);
      this.overrideErrors.push({ name, text, message: `there is no param "${name}"; ${known}` });
    }
    for (const index of lengthParams) {
      const param = this.#params[index]?.param;
      if (param === undefined || Number.isInteger(param.value) || !Number.isInteger(param.default)) continue;
      this.overrideErrors.push({
        name: param.name,
        text: this.#overrides.get(param.name) ?? '',
        message: `${param.name} is a length: a whole number`,
      });
    }
  }

  /** The values set, together, are not allowed. */
  refuse(message: string): void {
    const names = [...this.#overrides.keys()];
    this.overrideErrors.push({ name: names.join(', '), text: [...this.#overrides.values()].join(', '), message });
  }

  /** The value that the name of the param stands for. */
  check(statement: ParamStatement, scope: Scope): Value {
    this.#taken.add(statement.name.text);
    const initial = this.#typedConstant(statement.value, statement, scope, null);
    if (initial === null) {
      this.#partsInSilence(statement, scope);
      return this.#checker.poison();
    }
    const range = this.#range(statement, scope, initial);
    const choices = this.#choices(statement, scope, initial);
    if (range === undefined || choices === undefined) return this.#checker.poison();
    return this.#declare(statement, initial, range, choices);
  }

  #partsInSilence({ domain, step }: ParamStatement, scope: Scope): void {
    const parts = [
      ...(domain === null ? [] : domain.kind === 'Range' ? [domain.low, domain.high] : [domain.list]),
      ...(step === null ? [] : [step]),
    ];
    this.#checker.context.findings.muted(() => {
      for (const part of parts) this.#checker.check(part, scope);
    });
  }

  #declare(statement: ParamStatement, initial: Value, range: ParamRange | null, choices: readonly number[] | null): Value {
    const { builder, statics } = this.#checker.context;
    const { type } = initial;
    const name = statement.name.text;
    const initialValue = this.#numberOf(initial);
    const value = this.#override(name, { type, range, choices }, initialValue);
    const bounds = range === null && choices === null ? this.#bounds.get(name) : undefined;
    const min = range?.low ?? (choices === null ? Math.min(value, bounds?.low ?? value) : Math.min(...choices));
    const max = range?.high ?? (choices === null ? Math.max(value, bounds?.high ?? value) : Math.max(...choices));
    const grid = [initialValue, min, max, ...(range?.step === null || range === null ? [] : [range.step]), ...(choices ?? [])];
    const index = this.#params.length;
    const param: ProgramParam = {
      name,
      value,
      default: initialValue,
      min,
      max,
      step: range?.step ?? null,
      kind: type.kind,
      ...(choices === null ? {} : { choices }),
      ...(statement.log === null ? {} : { log: true }),
      ...(statement.label === null ? {} : { label: statement.label.value }),
    };
    this.#params.push({ param, hasStep: range?.step !== null && range !== null, isRange: range !== null });
    statics.addParam({ low: min, high: max, whole: grid.every(Number.isInteger) && (bounds?.whole ?? true) }, initialValue, value);
    const node = builder.param(index);
    return type.kind === 'condition' ? { type, node: builder.compare('ne', node, builder.constant(0)) } : { type, node };
  }

  #override(name: string, domain: { type: Type; range: ParamRange | null; choices: readonly number[] | null }, initial: number): number {
    const text = this.#overrides.get(name);
    if (text === undefined) return initial;
    const read = readOverride(text, domain);
    if (read.ok) return read.value;
    this.overrideErrors.push({ name, text, message: `${name}: ${read.error}` });
    return initial;
  }

  #numberOf(value: Value): number {
    return this.#checker.constantOf(value) ?? Number.NaN;
  }

  /** A constant in the param's kind; null after an error. */
  #typedConstant(e: Expression, statement: ParamStatement, scope: Scope, like: Value | null): Value | null {
    const checker = this.#checker;
    const value = checker.check(e, scope);
    if (isPoison(value)) return null;
    const isParamKind = isScalar(value.type) ? value.type.kind !== 'compound' : value.type.kind === 'condition';
    if (!isParamKind) return this.#refuse('E0604', e, `a param cannot be ${typeWords(value.type)}`);
    if (checker.constantOf(value) === null)
      return this.#refuse('E0303', e, 'a param is made of constants, found a value that changes', 'write a number');
    if (like !== null) {
      const isBare =
        checker.operand(value).bare && statement.type !== null && like.type.kind !== 'percent' && like.type.kind !== 'duration';
      if (value.type.kind === like.type.kind || isBare) return { ...value, type: like.type };
      return this.#refuse(
        'E0604',
        e,
        `the default is ${typeWords(like.type)}, this is ${typeWords(value.type)}`,
        'write the same unit everywhere',
      );
    }
    if (statement.type === null) return value;
    const typed = annotated(checker, value, statement.type.name, e.span);
    return isPoison(typed) ? null : typed;
  }

  #refuse(code: 'E0303' | 'E0601' | 'E0602' | 'E0603' | 'E0604', { span }: Expression, message: string, hint?: string): null {
    this.#checker.error(code, span, message, hint);
    return null;
  }

  /** null: no range is given; undefined: it is wrong. */
  #range(statement: ParamStatement, scope: Scope, initial: Value): ParamRange | null | undefined {
    const { domain, step } = statement;
    if (domain?.kind !== 'Range') {
      if (step === null) return null;
      this.#refuse('E0602', step, 'a step needs a range', 'write: in 5..50 step 5');
      return undefined;
    }
    const low = this.#typedConstant(domain.low, statement, scope, initial);
    const high = this.#typedConstant(domain.high, statement, scope, initial);
    const width = step === null ? null : this.#typedConstant(step, statement, scope, initial);
    if (low === null || high === null || (step !== null && width === null)) return undefined;
    const [from, to] = [this.#numberOf(low), this.#numberOf(high)];
    if (from > to)
      return void this.#refuse('E0603', domain.low, 'the range is empty: its lower end is above the upper one', 'swap the two');
    const by = width === null ? null : this.#numberOf(width);
    if (step !== null && by !== null && (by <= 0 || by > to - from)) {
      return void this.#refuse(
        'E0602',
        step,
        by > 0 ? 'the step is larger than the range' : 'the step is not above zero',
        'write a step such as 1',
      );
    }
    if (statement.log !== null && from <= 0)
      return void this.#refuse('E0603', domain.low, 'a log range is above zero', 'start it above zero');
    return this.#contains(statement, initial, from, to) ? { low: from, high: to, step: by } : undefined;
  }

  #contains(statement: ParamStatement, initial: Value, from: number, to: number): boolean {
    const value = this.#numberOf(initial);
    if (value >= from && value <= to) return true;
    this.#refuse('E0601', statement.value, 'the default is outside of its range', 'change the default or the range');
    return false;
  }

  #choices(statement: ParamStatement, scope: Scope, initial: Value): readonly number[] | null | undefined {
    if (statement.domain?.kind !== 'Choice') return null;
    const { list } = statement.domain;
    if (list.kind !== 'List')
      return void this.#refuse('E0604', list, 'a list of values is needed here', 'write [15m, 30m, 60m], or a range: 5..50');
    if (list.items.length === 0) return void this.#refuse('E0603', list, 'the list is empty');
    const items = list.items.map((item) => this.#typedConstant(item, statement, scope, initial));
    const values: number[] = [];
    for (const item of items) {
      if (item === null) return undefined;
      values.push(this.#numberOf(item));
    }
    if (values.includes(this.#numberOf(initial))) return values;
    return void this.#refuse('E0601', statement.value, 'the default is not in its list', 'change the default or the list');
  }
}
