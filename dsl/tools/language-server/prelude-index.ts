import type { DefStatement } from '#dsl/ast/nodes.ts';
import { parse } from '#dsl/grammar/parse.ts';
import { PRELUDE_MODULES } from '#dsl/prelude/modules.ts';

/** A function of the prelude with its text. */
export interface PreludeFunction {
  /** Name of its module: `averages`. */
  readonly module: string;
  readonly source: string;
  readonly statement: DefStatement;
}

/** The functions of the prelude by name, with their comments. All are read when the first is asked for: some 10 ms. */
class PreludeIndex {
  #functions: ReadonlyMap<string, PreludeFunction> | null = null;

  get(name: string): PreludeFunction | undefined {
    this.#functions ??= new Map(PRELUDE_MODULES.flatMap(({ source }) => functionsIn(source)));
    return this.#functions.get(name);
  }
}

export const PRELUDE = new PreludeIndex();

function moduleOf(source: string): string {
  return /module "(\w+)"/.exec(source)?.[1] ?? '';
}

function functionsIn(source: string): [string, PreludeFunction][] {
  const module = moduleOf(source);
  return (parse(source).file?.statements ?? []).flatMap((statement): [string, PreludeFunction][] =>
    statement.kind === 'Def' ? [[statement.name.text, { module, source, statement }]] : [],
  );
}
