import type { DefStatement } from '../../ast/nodes.ts';
import { parse } from '../../grammar/parse.ts';
import { PRELUDE_MODULES } from '../modules.ts';

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
  /** The `##` lines above it; null without any. */
  readonly doc: string | null;
  /** The definition in the language, without `export`. */
  readonly definition: string;
}

export interface PreludeFamily {
  readonly name: string;
  readonly functions: readonly PreludeFunction[];
}

/** A module and the functions that programs can call, in its order. */
export function familyOf(source: string): PreludeFamily {
  return {
    name: /module "(\w+)"/.exec(source)![1]!,
    functions: (parse(source).file?.statements ?? [])
      .filter((statement): statement is DefStatement => statement.kind === 'Def' && statement.exported !== null)
      .map((statement) => functionOf(statement, source)),
  };
}

/** The families of the prelude, in its order. */
export const FAMILIES: readonly PreludeFamily[] = PRELUDE_MODULES.map(({ source }) => familyOf(source));

function functionOf({ name, doc, word, span, parameters }: DefStatement, source: string): PreludeFunction {
  return {
    name: name.text,
    doc,
    definition: source.slice(word.start, span.end),
    parameters: parameters.map((parameter) => ({
      name: parameter.name.text,
      type: parameter.type?.name ?? null,
      otherwise: parameter.value === null ? null : source.slice(parameter.value.span.start, parameter.value.span.end),
    })),
  };
}
