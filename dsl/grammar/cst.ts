import type { CstElement, CstNode, IToken } from 'chevrotain';
import { StratError } from '#core/errors/strat-error.ts';
import type { Span } from '#dsl/diagnostics/diagnostic.ts';

export type { CstNode, IToken } from 'chevrotain';

/** Typed reading of the concrete syntax tree. What the grammar makes certain is read by `node` and `token`; a miss there is a fault of ours. */

function isNode(element: CstElement): element is CstNode {
  return 'children' in element;
}

/** The child nodes under a label, in the order of the source. */
export function nodes(parent: CstNode, label: string): CstNode[] {
  const elements = parent.children[label];
  return elements === undefined ? [] : elements.filter(isNode);
}

export function maybeNode(parent: CstNode, label: string, index = 0): CstNode | null {
  const element = parent.children[label]?.[index];
  return element !== undefined && isNode(element) ? element : null;
}

export function node(parent: CstNode, label: string, index = 0): CstNode {
  const found = maybeNode(parent, label, index);
  if (found === null) throw new StratError('INTERNAL', { reason: `the tree of ${parent.name} has no ${label}` });
  return found;
}

/** The tokens under a label, in the order of the source. */
export function tokens(parent: CstNode, label: string): IToken[] {
  const elements = parent.children[label];
  return elements === undefined ? [] : elements.filter((element): element is IToken => !isNode(element));
}

export function maybeToken(parent: CstNode, label: string, index = 0): IToken | null {
  const element = parent.children[label]?.[index];
  return element !== undefined && !isNode(element) ? element : null;
}

export function token(parent: CstNode, label: string, index = 0): IToken {
  const found = maybeToken(parent, label, index);
  if (found === null) throw new StratError('INTERNAL', { reason: `the tree of ${parent.name} has no ${label}` });
  return found;
}

export function tokenSpan(of: IToken): Span {
  return { start: of.startOffset, end: of.startOffset + of.image.length };
}

export function nodeSpan(of: CstNode): Span {
  const { location } = of;
  if (location === undefined) return { start: 0, end: 0 };
  return { start: location.startOffset, end: (location.endOffset ?? location.startOffset - 1) + 1 };
}

/** From the start of one span to the end of another. */
export function join(first: Span, last: Span): Span {
  return { start: first.start, end: last.end };
}
