import type { UseStatement } from '../ast/nodes.ts';
import type { Word } from '../ast/expression.ts';
import type { Diagnostic, Span } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import type { DefinitionChecker } from './definition-checker.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import { isAllowedPath } from './import-checker.ts';
import type { CheckContext } from './context.ts';
import type { ModuleFile, ModuleLoader } from './module-loader.ts';
import type { ModelSource } from './model-source.ts';
import type { Scope } from './scope.ts';
import { isPoison, type Value } from './value.ts';

/** A value that a strategy's param gets from the strategy that uses it. */
export interface GivenParam {
  readonly name: Word;
  readonly value: Value;
  readonly span: Span;
}

export interface CheckedInput {
  /** Of kind strategy. */
  readonly position: Value;
  readonly paramNames: readonly string[];
}

/** Where imports of a file come from, and what makes a series of a strategy's file. */
export interface ImportSources {
  readonly loader: ModuleLoader;
  /** null: there are no models. */
  readonly models: ModelSource | null;
  /** @param taken gets the names of the params that exist */
  readonly checkStrategy: (
    user: CheckContext,
    sources: ImportSources,
    file: ModuleFile,
    given: ReadonlyMap<string, GivenParam>,
    taken: Set<string>,
  ) => { readonly diagnostics: readonly Diagnostic[]; readonly value: CheckedInput };
}

const INSTALLED = /^strategy:[a-z0-9][a-z0-9-]{0,63}$/;

/** `use strategy trend from "./trend.strat" with { fast = 20 }`: what another strategy would hold, as series. */
export class StrategyInputChecker {
  readonly #checker: ExpressionChecker;
  readonly #definitions: DefinitionChecker;
  readonly #sources: ImportSources;

  constructor(checker: ExpressionChecker, definitions: DefinitionChecker, sources: ImportSources) {
    this.#checker = checker;
    this.#definitions = definitions;
    this.#sources = sources;
  }

  check({ imports, from, bindings }: UseStatement, scope: Scope): void {
    const { findings } = this.#checker.context;
    const [first, second] = imports;
    if (second !== undefined) findings.add('E0207', second.span, 'one line names one strategy', 'write a line for each');
    if (first === undefined) return;
    const name = first.alias ?? first.name;
    const params = this.#params(bindings, scope);
    if (!isAllowedPath(from.value) && !INSTALLED.test(from.value)) {
      findings.add('E0701', from.span, 'an import starts with ./ and stays in the folder of the strategy', 'move the file into the folder');
      return this.#definitions.define(name, scope, { kind: 'poison' });
    }
    if (params === null) return this.#definitions.define(name, scope, { kind: 'poison' });
    this.#definitions.defineSeries(name, scope, () => {
      const position = this.#value(from, params);
      if (!isPoison(position)) this.#checker.context.keptStarts.noteLoop(name.text, position.node);
      return position;
    });
  }

  #value({ value: path, span }: UseStatement['from'], params: ReadonlyMap<string, GivenParam>): Value {
    const { findings, module } = this.#checker.context;
    const taken = new Set<string>();
    const result = this.#sources.loader.strategy(path, module, (file) => {
      return this.#sources.checkStrategy(this.#checker.context, this.#sources, file, params, taken);
    });
    if (!result.ok) {
      const { code, message, hint } = result.fault;
      return this.#checker.error(code, span, message, hint);
    }
    for (const { name } of params.values()) {
      if (taken.has(name.text)) continue;
      const { paramNames } = result.value;
      const known = paramNames.length === 0 ? 'it has no params' : `its params are: ${paramNames.join(', ')}`;
      findings.add('E0205', name.span, `${path} has no param "${name.text}"`, didYouMean(name.text, paramNames) ?? known);
    }
    return result.value.position;
  }

  /** The values behind `with`, fixed before the run; null after an error. */
  #params(bindings: UseStatement['bindings'], scope: Scope): ReadonlyMap<string, GivenParam> | null {
    const checker = this.#checker;
    const { statics } = checker.context;
    const params = new Map<string, GivenParam>();
    let isGood = true;
    for (const { name, value: e } of bindings) {
      const value = checker.check(e, scope);
      if (isPoison(value)) isGood = false;
      else if (params.has(name.text)) {
        checker.error('E0202', name.span, `the param ${name.text} is given twice`, 'keep one of the two');
        isGood = false;
      } else if (!statics.isStatic(value.node)) {
        checker.error('E0303', e.span, 'a param is fixed before the run, found a series', 'use a number or a param');
        isGood = false;
      } else params.set(name.text, { name, value, span: e.span });
    }
    return isGood ? params : null;
  }
}
