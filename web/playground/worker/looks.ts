import type { Comment } from '#dsl/ast/nodes.ts';
import type { IToken } from '#dsl/grammar/cst.ts';
import * as T from '#dsl/grammar/tokens.ts';
import type { LookSpan, WordLook } from '../messages.ts';

const NUMBERS: ReadonlySet<unknown> = new Set([
  T.NumberToken,
  T.PercentToken,
  T.BasisPoints,
  T.RMultiple,
  T.DurationToken,
  T.DateToken,
  T.TimeToken,
]);
const MARKETS: ReadonlySet<unknown> = new Set([T.MarketToken, T.Upper, T.OddWord]);

/** How each word of a text is coloured, as the scanner of the compiler cut it, in the order of the text. */
export function looksOf(tokens: readonly IToken[], comments: readonly Comment[]): readonly LookSpan[] {
  const words = tokens.map((token, at): LookSpan => {
    const from = token.startOffset;
    return [from, from + token.image.length, lookOf(token, tokens[at + 1])];
  });
  const notes = comments.map(({ span }): LookSpan => [span.start, span.end, 'comment']);
  return [...words, ...notes].toSorted((a, b) => a[0] - b[0]);
}

function lookOf({ tokenType, image }: IToken, next: IToken | undefined): WordLook {
  if (NUMBERS.has(tokenType)) return 'number';
  if (tokenType === T.TextToken) return 'text';
  if (MARKETS.has(tokenType)) return 'market';
  if (T.isReserved(image)) return 'keyword';
  if (!/^[a-z]/.test(image)) return 'sign';
  return next?.image === '(' ? 'function' : 'word';
}
