import type { DefStatement } from '../../dsl/ast/nodes.ts';
import { parse } from '../../dsl/grammar/parse.ts';
import { PRELUDE_MODULES } from '../../dsl/prelude/modules.ts';

/** A parameter of a function, as it is written. */
export interface FunctionParameter {
  readonly name: string;
  /** `length`, `condition`, ...; null = any value. */
  readonly type: string | null;
  readonly otherwise: string | null;
}

/** A function of the prelude: what its definition says. */
export interface PreludeFunction {
  readonly name: string;
  readonly parameters: readonly FunctionParameter[];
  /** The `##` lines above it, as one text. */
  readonly doc: string;
  /** The definition in the language, without `export`. */
  readonly definition: string;
}

export interface PreludeFamily {
  readonly name: string;
  readonly functions: readonly PreludeFunction[];
}

/** The families of the prelude with the functions that programs can call, in its order. @throws Error for a function without a text */
export const FAMILIES: readonly PreludeFamily[] = PRELUDE_MODULES.map(({ source }) => ({
  name: /module "(\w+)"/.exec(source)![1]!,
  functions: (parse(source).file?.statements ?? [])
    .filter((statement): statement is DefStatement => statement.kind === 'Def' && statement.exported !== null)
    .map((statement) => functionOf(statement, source)),
}));

function functionOf({ name, doc, word, span, parameters }: DefStatement, source: string): PreludeFunction {
  if (doc === null) throw new Error(`${name.text} has no text`);
  return {
    name: name.text,
    doc: doc.replaceAll('\n', ' '),
    definition: source.slice(word.start, span.end),
    parameters: parameters.map((parameter) => ({
      name: parameter.name.text,
      type: parameter.type?.name ?? null,
      otherwise: parameter.value === null ? null : source.slice(parameter.value.span.start, parameter.value.span.end),
    })),
  };
}
