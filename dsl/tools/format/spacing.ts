import type { IToken } from '#dsl/grammar/cst.ts';
import * as T from '#dsl/grammar/tokens.ts';
import type { LayoutFacts } from './layout-facts.ts';

const TIGHT_AFTER = new Set([T.LParen, T.LBracket, T.Dot, T.DotDot]);
const TIGHT_BEFORE = new Set([T.RParen, T.RBracket, T.Comma, T.Colon, T.Dot, T.DotDot]);

/** Whether two words of one line have a space between them. */
export function isSpaced(left: IToken, right: IToken, { callees, indexes, signs }: LayoutFacts): boolean {
  if (TIGHT_AFTER.has(left.tokenType) || TIGHT_BEFORE.has(right.tokenType)) return false;
  if (signs.has(left.startOffset) || indexes.has(right.startOffset)) return false;
  if (left.tokenType === T.LCurly && right.tokenType === T.RCurly) return false;
  return !(right.tokenType === T.LParen && callees.has(left.startOffset + left.image.length));
}
