import type { Expression } from '#dsl/ast/expression.ts';
import { childrenOf } from '#dsl/check/children.ts';
import { statementExpressions } from '#dsl/check/statement-expressions.ts';
import type { Span } from '#dsl/diagnostics/diagnostic.ts';
import * as T from '#dsl/grammar/tokens.ts';
import { isName } from './call-at.ts';
import type { CheckedFile } from './checked-file.ts';
import { endOf, isSign } from './cursor.ts';
import type { SymbolKind } from './file-symbols.ts';

/** Kinds of words as the protocol names them. */
export const WORD_KINDS = [
  'keyword',
  'comment',
  'string',
  'number',
  'function',
  'variable',
  'parameter',
  'property',
  'enumMember',
  'type',
] as const;
export type WordKind = (typeof WORD_KINDS)[number];

export const WORD_MARKS = ['declaration', 'readonly', 'defaultLibrary'] as const;

export interface SemanticWord {
  readonly span: Span;
  readonly kind: WordKind;
  readonly marks: readonly (typeof WORD_MARKS)[number][];
}

const KIND_OF: Readonly<Record<SymbolKind, WordKind>> = {
  let: 'variable',
  param: 'parameter',
  parameter: 'parameter',
  function: 'function',
  import: 'function',
  session: 'variable',
  regime: 'variable',
  basket: 'variable',
  setup: 'variable',
  state: 'enumMember',
};

/** What each word of a file is, in the order of the text: a soft word such as `max` is a name or a clause by where it stands. */
export function semanticWords(checked: CheckedFile): readonly SemanticWord[] {
  const names = new Map<number, SemanticWord>();
  for (const symbol of checked.symbols.all) {
    const kind = symbol.kind === 'import' && checked.bindingOf(symbol.place.start)?.kind === 'value' ? 'variable' : KIND_OF[symbol.kind];
    const marks = symbol.kind === 'param' ? (['readonly'] as const) : [];
    for (const span of symbol.uses) names.set(span.start, { span, kind, marks });
    names.set(symbol.place.start, { span: symbol.place, kind, marks: ['declaration', ...marks] });
  }
  const builtin = builtinPlaces(checked);
  const words = checked.tokens.flatMap((token, index): SemanticWord[] => {
    const span = { start: token.startOffset, end: endOf(token) };
    if (isSign(token)) return [];
    const named = names.get(span.start);
    if (named !== undefined) return [named];
    const of = (kind: WordKind, marks: SemanticWord['marks'] = []): SemanticWord[] => [{ span, kind, marks }];
    if (checked.tokens[index - 1]?.tokenType === T.Dot) return of('property');
    if (token.tokenType === T.TextToken) return of('string');
    if (token.tokenType === T.MarketToken || token.tokenType === T.Upper) return of('type');
    const kind = builtin.get(span.start);
    if (kind !== undefined) return of(kind, ['defaultLibrary']);
    if (T.WORD_TYPES.has(token.image)) return of('keyword');
    return isName(token) || token.tokenType === T.OddWord ? of('variable') : of('number');
  });
  const comments = checked.comments.map(({ span }): SemanticWord => ({ span, kind: 'comment', marks: [] }));
  return [...words, ...comments].toSorted((a, b) => a.span.start - b.span.start);
}

/** Built-in names where expressions read them. */
function builtinPlaces({ file, builtins }: CheckedFile): ReadonlyMap<number, WordKind> {
  const places = new Map<number, WordKind>();
  const visit = (e: Expression): void => {
    if (e.kind === 'Name' && builtins.names.has(e.text)) places.set(e.span.start, 'variable');
    if (e.kind === 'Call' && builtins.names.has(e.callee.text)) places.set(e.callee.span.start, 'function');
    for (const child of childrenOf(e)) visit(child);
  };
  for (const statement of file?.statements ?? []) for (const e of statementExpressions(statement)) visit(e);
  return places;
}
