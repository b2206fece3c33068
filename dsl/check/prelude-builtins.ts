import type { DefStatement } from '../ast/nodes.ts';
import type { PreludeModule } from '../prelude/prelude-module.ts';
import { type Builtin, type Builtins, createBuiltins } from './builtins.ts';
import { type Cost, costOf } from './parts.ts';
import { rangesOf } from './result-ranges.ts';
import { type Definition, Scope } from './scope.ts';

/** Where a definition begins; its comment belongs to the one before, which does not matter here. */
const BEGINNING = /^(export )?def ([a-z]\w*)/gm;

/**
 * The built-in names of the language, with the functions of the prelude. A function is read when it is first used: a program uses few of them, and reading
 * all would cost more than checking it.
 *
 * @param read reads one definition
 */
export function preludeBuiltins(modules: readonly PreludeModule[], read: (text: string) => DefStatement): Builtins {
  const [exported, inner] = [new Map<string, Builtin>(), new Map<string, Builtin>()];
  const scope = new Scope(null);
  const costOfCall = (called: string): Cost | null => {
    const builtin = exported.get(called) ?? inner.get(called);
    return builtin?.kind === 'definition' ? builtin.definition : null;
  };
  for (const { source, ranges } of modules) {
    const beginnings = [...source.matchAll(BEGINNING)];
    for (const [place, { index, 1: exporting, 2: name = '' }] of beginnings.entries()) {
      const text = source.slice(index, beginnings[place + 1]?.index);
      const define = (): Definition => {
        const statement = read(text);
        return {
          statement,
          scope,
          ...definitionCost(statement, costOfCall),
          fromPrelude: true,
          ranges: rangesOf(name, ranges),
          module: null,
        };
      };
      (exporting === undefined ? inner : exported).set(name, new LazyDefinition(define));
    }
  }
  return createBuiltins(exported, inner);
}

class LazyDefinition {
  readonly kind = 'definition';
  readonly #define: () => Definition;
  #definition: Definition | null = null;

  constructor(define: () => Definition) {
    this.#define = define;
  }

  get definition(): Definition {
    this.#definition ??= this.#define();
    return this.#definition;
  }
}

/** Cost of writing out a function once, its arguments not counted. */
export function definitionCost({ lets, result }: DefStatement, costOfCall: (name: string) => Cost | null): Cost {
  const expressions = lets.flatMap(({ value, start }) => (start === null ? [value] : [value, start]));
  const costs = [...expressions, result].map((expression) => costOf(expression, costOfCall));
  return { parts: costs.reduce((sum, { parts }) => sum + parts, 0), depth: 1 + Math.max(...costs.map(({ depth }) => depth)) };
}
