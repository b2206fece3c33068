import { diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import type { Diagnostic, Span } from '#dsl/diagnostics/diagnostic.ts';
import { maybeNode, maybeToken, nodeSpan, token, tokens, tokenSpan } from '#dsl/grammar/cst.ts';
import type { CstNode, IToken } from '#dsl/grammar/cst.ts';
import { FORBIDDEN_NAMES } from '#dsl/grammar/words.ts';
import { buildAdditive, buildExpression, wordOf } from './build-expression.ts';
import { buildText } from './build-text.ts';
import type { Expression, Word } from './expression.ts';
import type { SideWord, Text, TypeName, TypeWord } from './nodes.ts';

/** What the builders of all statements share: where findings go, and the doc comments by the offset of the word below them. */
export interface BuildContext {
  readonly report: (finding: Diagnostic) => void;
  readonly docs: ReadonlyMap<number, string>;
}

/** The spans every statement has. */
export function place(cst: CstNode): { readonly span: Span; readonly word: Span } {
  return { span: nodeSpan(cst), word: tokenSpan(token(cst, 'word')) };
}

export function docOf(cst: CstNode, context: BuildContext): string | null {
  return context.docs.get(nodeSpan(cst).start) ?? null;
}

/** A name that is being defined; the ones of JavaScript's objects are refused (E0209). */
export function definedName(cst: CstNode, context: BuildContext): Word {
  const name = wordOf(token(cst, 'Name'));
  if (FORBIDDEN_NAMES.has(name.text)) {
    context.report(
      diagnostic('E0209', name.span, `"${name.text}" cannot be a name`, 'it has a meaning outside of the language; choose another name'),
    );
  }
  return name;
}

/** Reports every clause word after the first of its kind (E0109). */
export function refuseRepeats(words: readonly IToken[], context: BuildContext, allowed: ReadonlySet<string> = NONE): void {
  const seen = new Set<string>();
  for (const word of words) {
    if (seen.has(word.image) && !allowed.has(word.image)) {
      context.report(diagnostic('E0109', tokenSpan(word), `"${word.image}" is said twice`, 'keep one of the two'));
    }
    seen.add(word.image);
  }
}

const NONE: ReadonlySet<string> = new Set();

/** The clause words of a statement under the label `clause`, checked for repeats. */
export function clauseWords(cst: CstNode, context: BuildContext): IToken[] {
  const words = tokens(cst, 'clause');
  refuseRepeats(words, context);
  return words;
}

/** The place of a clause without a value, such as `moving`; null when it is not there. */
export function flag(words: readonly IToken[], image: string): Span | null {
  const found = words.find((word) => word.image === image);
  return found === undefined ? null : tokenSpan(found);
}

export function maybeAdditive(cst: CstNode, label: string): Expression | null {
  const found = maybeNode(cst, label);
  return found === null ? null : buildAdditive(found);
}

export function maybeExpression(cst: CstNode, label: string): Expression | null {
  const found = maybeNode(cst, label);
  return found === null ? null : buildExpression(found);
}

export function maybeWord(cst: CstNode, label: string): Word | null {
  const found = maybeToken(cst, label);
  return found === null ? null : wordOf(found);
}

export function maybeText(cst: CstNode, label: string, context: BuildContext): Text | null {
  const found = maybeToken(cst, label);
  return found === null ? null : buildText(found, context.report);
}

export function sideOf(cst: CstNode | null): SideWord | null {
  if (cst === null) return null;
  const word = token(cst, 'side');
  return { side: word.image === 'short' ? 'short' : 'long', span: tokenSpan(word) };
}

const TYPE_NAMES: ReadonlyMap<string, TypeName> = new Map([
  ['number', 'number'],
  ['percent', 'percent'],
  ['price', 'price'],
  ['quantity', 'quantity'],
  ['money', 'money'],
  ['duration', 'duration'],
  ['bars', 'bars'],
  ['condition', 'condition'],
  ['length', 'length'],
]);

export function maybeType(cst: CstNode): TypeWord | null {
  const clause = maybeNode(cst, 'typeClause');
  if (clause === null) return null;
  const word = token(clause, 'TypeWord');
  const name = TYPE_NAMES.get(word.image);
  return name === undefined ? null : { name, span: tokenSpan(word) };
}
