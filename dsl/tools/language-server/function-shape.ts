import type { Expression } from '#dsl/ast/expression.ts';
import type { DefStatement } from '#dsl/ast/nodes.ts';
import { BUILTIN_DOCS } from '#dsl/reference/builtin-docs.ts';
import type { CheckedFile } from './checked-file.ts';
import type { FileSymbol } from './file-symbols.ts';
import { PRELUDE } from './prelude-index.ts';

export interface ParameterShape {
  readonly name: string;
  /** As written: `length`; null when any kind will do. */
  readonly type: string | null;
  /** As written; null when it has to be given. */
  readonly initial: string | null;
}

/** A function as a caller sees it. */
export interface FunctionShape {
  readonly name: string;
  readonly parameters: readonly ParameterShape[];
  /** Names behind a dot, of functions that give several values. */
  readonly members: readonly string[];
  readonly doc: string | null;
}

/** What a name that is called at an offset stands for; null when it is no function. */
export function functionAt(checked: CheckedFile, name: string, offset: number): FunctionShape | null {
  const symbol = checked.symbols.find(name, offset);
  return symbol === null ? builtinFunction(checked, name) : functionOf(checked, symbol);
}

/** A function that the file defines or imports. */
export function functionOf(checked: CheckedFile, symbol: FileSymbol): FunctionShape | null {
  if (symbol.def !== null) return shapeOf(symbol.name, symbol.def, checked.source, symbol.doc);
  const binding = checked.bindingOf(symbol.place.start);
  if (binding?.kind === 'definition') {
    const { statement, module } = binding.definition;
    return shapeOf(symbol.name, statement, module?.lines.source ?? '', statement.doc);
  }
  if (binding?.kind !== 'plugin') return null;
  const { inputs, params, outputs } = binding.plugin.manifest;
  return {
    name: symbol.name,
    parameters: [
      ...inputs.map(({ name, kind }) => ({ name, type: kind, initial: null })),
      ...params.map((param) => ({ name: param.name, type: param.kind, initial: String(param.default) })),
    ],
    members: outputs.length > 1 ? outputs.map(({ name }) => name) : [],
    doc: null,
  };
}

export function builtinFunction({ builtins }: CheckedFile, name: string): FunctionShape | null {
  const builtin = builtins.names.get(name);
  const doc = BUILTIN_DOCS[name] ?? null;
  if (builtin?.kind === 'function') {
    const parameters = builtin.function.parameters.map((parameter) => ({ name: parameter, type: null, initial: null }));
    return { name, parameters, members: [], doc };
  }
  if (builtin?.kind === 'form') {
    const parameter = name === 'rank' ? 'x' : 'strategy: weight, ...';
    return { name, parameters: [{ name: parameter, type: null, initial: null }], members: [], doc };
  }
  if (builtin?.kind !== 'definition') return null;
  const known = PRELUDE.get(name);
  return known === undefined ? null : shapeOf(name, known.statement, known.source, known.statement.doc);
}

function shapeOf(name: string, { parameters, result }: DefStatement, source: string, doc: string | null): FunctionShape {
  return {
    name,
    parameters: parameters.map((parameter) => ({
      name: parameter.name.text,
      type: parameter.type?.name ?? null,
      initial: parameter.value === null ? null : source.slice(parameter.value.span.start, parameter.value.span.end),
    })),
    members: groupMembers(result),
    doc,
  };
}

/** A function of the prelude gives several values by `group(line: ..., signal: ...)`. */
function groupMembers(result: Expression): readonly string[] {
  if (result.kind !== 'Call' || result.callee.text !== 'group') return [];
  return result.args.flatMap(({ name }) => (name === null ? [] : [name.text]));
}

export function parameterText({ name, type, initial }: ParameterShape): string {
  return `${name}${type === null ? '' : `: ${type}`}${initial === null ? '' : ` = ${initial}`}`;
}

/** `macd(source = close, fast: length = 12) .line .signal`. */
export function signatureText({ name, parameters, members }: FunctionShape): string {
  return `${name}(${parameters.map(parameterText).join(', ')})${members.map((member) => ` .${member}`).join('')}`;
}
