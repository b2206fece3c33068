import type { Expression } from '../ast/expression.ts';
import type { UseStatement } from '../ast/nodes.ts';
import type { ModelColumn } from '#core/model/chart-column.ts';
import type { ModelUse } from '../program.ts';
import type { DefinitionChecker } from './definition-checker.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import { isAllowedPath } from './import-checker.ts';
import type { ModelSource } from './model-source.ts';
import type { Scope } from './scope.ts';
import { scalarType, type Type, typeWords } from './type.ts';
import { isNumeric, isPoison, type Value } from './value.ts';

const KINDS: Readonly<Record<ModelColumn, Type>> = {
  up: scalarType('percent'),
  down: scalarType('percent'),
  value: scalarType('number'),
  age: scalarType('duration'),
};

/** `use model m from "./models/m" with { f1 = ... }`: predictions as series; the features are what the model was trained on. */
export class ModelChecker {
  readonly #checker: ExpressionChecker;
  readonly #definitions: DefinitionChecker;
  readonly #source: ModelSource | null;

  constructor(checker: ExpressionChecker, definitions: DefinitionChecker, source: ModelSource | null) {
    this.#checker = checker;
    this.#definitions = definitions;
    this.#source = source;
  }

  check({ imports, from, bindings, word }: UseStatement, scope: Scope): void {
    const { charts, findings, models, module } = this.#checker.context;
    const features = this.#features(bindings, scope);
    const outputs = this.#outputs(from);
    const [first, second] = imports;
    if (second !== undefined) findings.add('E0207', second.span, 'one line names one model', 'write a line for each');
    if (first === undefined) return;
    const name = first.alias ?? first.name;
    if (outputs === null || features === null) return this.#definitions.define(name, scope, { kind: 'poison' });
    if (features.length === 0) findings.add('E0103', word, 'a model needs features', 'add: with { r1 = roc(close, 1) }');
    const model = models.push({ name: name.text, path: from.value, from: module?.id ?? null, features }) - 1;
    this.#definitions.defineSeries(name, scope, () => (charts.current === 0 ? this.#value(model, outputs) : this.#elsewhere()));
  }

  #features(bindings: UseStatement['bindings'], scope: Scope): ModelUse['features'] | null {
    const { builder, findings } = this.#checker.context;
    const errors = findings.errors;
    const seen = new Set<string>();
    const features: { name: string; value: number }[] = [];
    for (const { name, value: e } of bindings) {
      const value = this.#feature(e, scope);
      if (seen.has(name.text)) findings.add('E0202', name.span, `the feature ${name.text} is given twice`, 'keep one of the two');
      seen.add(name.text);
      if (isPoison(value)) continue;
      if (builder.node(value.node).usesAccount)
        findings.add('E0405', e.span, 'features do not depend on the account', 'a model is asked before anything is traded');
      features.push({ name: name.text, value: value.node });
    }
    return findings.errors > errors ? null : features;
  }

  #feature(e: Expression, scope: Scope): Value {
    const checker = this.#checker;
    const value = checker.check(e, scope);
    if (isNumeric(value) || isPoison(value)) return value;
    return checker.error('E0301', e.span, `a feature is a number, found ${typeWords(value.type)}`, checker.memberHint(value));
  }

  #outputs({ value: path, span }: UseStatement['from']): readonly ModelColumn[] | null {
    const { findings, module } = this.#checker.context;
    if (!isAllowedPath(path)) {
      findings.add('E0701', span, 'an import starts with ./ and stays in the folder of the strategy', 'move the file into the folder');
      return null;
    }
    const found = this.#source?.(path, module?.id ?? null) ?? { ok: false, code: 'E0702', reason: 'there is no folder to read it from' };
    if (found.ok) return found.outputs;
    findings.add(found.code, span, `the model ${path} has no predictions: ${found.reason}`, `put its predictions beside it: ${path}.csv`);
    return null;
  }

  #value(model: number, outputs: readonly ModelColumn[]): Value {
    const { builder } = this.#checker.context;
    const columns: readonly ModelColumn[] = [...new Set([...outputs, 'age' as const])];
    const members = new Map(columns.map((name) => [name, { type: KINDS[name], node: builder.columnOf({ kind: 'model', model, name }) }]));
    return { type: { kind: 'group', members }, node: builder.constant(Number.NaN) };
  }

  #elsewhere(): Value {
    const { charts } = this.#checker.context;
    return this.#checker.error('E0405', charts.place ?? { start: 0, end: 0 }, 'a model predicts on the chart that is traded only');
  }
}
