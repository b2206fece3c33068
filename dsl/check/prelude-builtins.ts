import type { DefStatement, SourceFile } from '../ast/nodes.ts';
import { type Builtins, createBuiltins } from './builtins.ts';
import { type Cost, costOf } from './parts.ts';
import { type Definition, Scope } from './scope.ts';

/** The built-in names of the language, with the functions of the prelude's parsed modules. */
export function preludeBuiltins(modules: readonly SourceFile[]): Builtins {
  const definitions = new Map<string, Definition>();
  const scope = new Scope(null);
  const costOfCall = (name: string): Cost | null => definitions.get(name) ?? null;
  for (const statement of modules.flatMap(({ statements }) => statements)) {
    if (statement.kind !== 'Def') continue;
    definitions.set(statement.name.text, { statement, scope, ...definitionCost(statement, costOfCall), fromPrelude: true, module: null });
  }
  return createBuiltins(definitions);
}

/** Cost of writing out a function once, its arguments not counted. */
export function definitionCost({ lets, result }: DefStatement, costOfCall: (name: string) => Cost | null): Cost {
  const costs = [...lets.map((line) => line.value), result].map((expression) => costOf(expression, costOfCall));
  return { parts: costs.reduce((sum, { parts }) => sum + parts, 0), depth: 1 + Math.max(...costs.map(({ depth }) => depth)) };
}
