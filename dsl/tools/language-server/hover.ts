import type { Expression } from '#dsl/ast/expression.ts';
import type { Statement } from '#dsl/ast/nodes.ts';
import { childrenOf } from '#dsl/check/children.ts';
import { statementExpressions } from '#dsl/check/statement-expressions.ts';
import type { Value } from '#dsl/check/value.ts';
import type { Span } from '#dsl/diagnostics/diagnostic.ts';
import type { IToken } from '#dsl/grammar/cst.ts';
import * as T from '#dsl/grammar/tokens.ts';
import { docParts } from '#dsl/prelude/doc-parts.ts';
import { BUILTIN_DOCS } from '#dsl/reference/builtin-docs.ts';
import { STATEMENT_DOCS } from '#dsl/reference/statement-docs.ts';
import { isName, ownerAt } from './call-at.ts';
import type { CheckedFile } from './checked-file.ts';
import { countBefore, endOf, tokenAt } from './cursor.ts';
import type { FileSymbol } from './file-symbols.ts';
import { builtinFunction, functionOf, signatureText } from './function-shape.ts';
import { kindWords, membersOf, memoryWords } from './value-words.ts';

export interface Hover {
  readonly span: Span;
  /** A line of the language: a definition, a signature, the form of a statement. */
  readonly code: string;
  /** Kind, unit and look-back, then what the doc says; one paragraph each. */
  readonly lines: readonly string[];
}

/** What the word under an offset is. */
export function hover(checked: CheckedFile, offset: number): Hover | null {
  const token = tokenAt(checked.tokens, offset);
  if (token === null || checked.comments.some(({ span }) => offset > span.start && offset < span.end)) return null;
  const span = { start: token.startOffset, end: endOf(token) };
  const known = checked.symbols.at(offset);
  if (known !== null) return { span: known.place, ...symbolText(checked, known.symbol, known.place) };
  const index = countBefore(checked.tokens, span.start);
  if (isName(token) || checked.tokens[index - 1]?.tokenType === T.Dot) {
    const text = nameText(checked, token, index);
    if (text !== null) return { span, ...text };
  }
  const statement = STATEMENT_DOCS[token.image];
  if (statement !== undefined && T.isStatementWord(token.image)) return { span, code: statement.form, lines: [statement.text] };
  return null;
}

type Text = Omit<Hover, 'span'>;

function symbolText(checked: CheckedFile, symbol: FileSymbol, place: Span): Text {
  const shape = functionOf(checked, symbol);
  const value = valueAt(checked, symbol, place);
  const lines = value === null ? [] : valueLines(checked, value);
  const doc = symbol.doc ?? shape?.doc ?? null;
  const code =
    shape === null ? firstLine(checked.source.slice(symbol.definition.start, symbol.definition.end)) : `def ${signatureText(shape)}`;
  if (symbol.kind === 'state') return { code, lines: [`a state of the regime ${symbol.owner?.name ?? ''}`] };
  return { code, lines: [...lines, ...(doc === null ? [] : docParts(doc))] };
}

/** Of a function the value of the call at this place, otherwise that of the name. */
function valueAt(checked: CheckedFile, symbol: FileSymbol, place: Span): Value | null {
  const binding = checked.bindingOf(symbol.place.start);
  if (binding?.kind === 'value') return binding.value;
  return symbol.kind === 'function' || symbol.kind === 'import' ? callValue(checked, place.start) : null;
}

/** The value of the call, or of the name, that begins at an offset. */
function callValue(checked: CheckedFile, start: number): Value | null {
  for (const statement of checked.file?.statements ?? []) {
    if (start < statement.span.start || start >= statement.span.end) continue;
    for (const e of expressionsOf(statement)) {
      const begins = e.kind === 'Call' ? e.callee.span.start : e.kind === 'Member' ? e.member.span.start : e.span.start;
      if (begins === start && (e.kind === 'Call' || e.kind === 'Name' || e.kind === 'Member')) return checked.valueOf(e) ?? null;
    }
  }
  return null;
}

function expressionsOf(statement: Statement): readonly Expression[] {
  const all: Expression[] = [];
  const add = (e: Expression): void => {
    all.push(e);
    for (const child of childrenOf(e)) add(child);
  };
  for (const e of statementExpressions(statement)) add(e);
  return all;
}

function valueLines(checked: CheckedFile, value: Value): readonly string[] {
  const members = [...membersOf(value)].map(([name, member]) => `- \`.${name}\`: ${kindWords(member)}`);
  const memory = memoryWords(checked, value);
  return [memory === '' ? kindWords(value) : `${kindWords(value)}; ${memory}`, ...(members.length === 0 ? [] : [members.join('\n')])];
}

function nameText(checked: CheckedFile, token: IToken, index: number): Text | null {
  const { tokens } = checked;
  const value = callValue(checked, token.startOffset);
  const lines = value === null ? [] : valueLines(checked, value);
  if (tokens[index - 1]?.tokenType === T.Dot) {
    const owner = ownerAt(tokens, index - 1);
    const full = owner === null ? token.image : `${owner.name.image}${owner.isCall ? '(...)' : ''}.${token.image}`;
    const doc = BUILTIN_DOCS[full];
    return value === null && doc === undefined ? null : { code: full, lines: [...lines, ...(doc === undefined ? [] : [doc])] };
  }
  const shape = builtinFunction(checked, token.image);
  if (shape !== null) return { code: signatureText(shape), lines: [...lines, ...(shape.doc === null ? [] : docParts(shape.doc))] };
  if (!checked.builtins.names.has(token.image)) return value === null ? null : { code: token.image, lines };
  const doc = BUILTIN_DOCS[token.image];
  return { code: token.image, lines: [...lines, ...(doc === undefined ? [] : [doc])] };
}

const firstLine = (text: string): string => {
  const [line = '', ...more] = text.split(/\r\n|\r|\n/);
  return more.length === 0 ? line : `${line.trimEnd()} ...`;
};
