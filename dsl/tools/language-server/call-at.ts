import type { IToken } from '#dsl/grammar/cst.ts';
import { startsStatement } from '#dsl/grammar/statement-start.ts';
import * as T from '#dsl/grammar/tokens.ts';

/** The brackets of a call that are open behind some tokens. */
export interface OpenCall {
  readonly callee: IToken;
  /** Place of the argument that is being written, from 0. */
  readonly argument: number;
  /** Its name, when it has one. */
  readonly named: string | null;
}

/** The innermost call whose `(` is open behind the first `count` tokens, or null. */
export function callAt(tokens: readonly IToken[], count: number): OpenCall | null {
  let depth = 0;
  let argument = 0;
  let begins = count;
  for (let index = count - 1; index > 0; index--) {
    const { tokenType } = tokens[index]!;
    if (tokenType === T.RParen || tokenType === T.RBracket) depth += 1;
    else if (tokenType === T.LParen || tokenType === T.LBracket) {
      if (depth === 0) {
        const callee = tokens[index - 1]!;
        if (tokenType === T.LParen && isName(callee))
          return { callee, argument, named: nameOf(tokens, argument === 0 ? index + 1 : begins, count) };
        // Brackets of another kind inside a call: it goes on outside of them.
        argument = 0;
        begins = count;
      } else depth -= 1;
    } else if (depth === 0 && tokenType === T.Comma) {
      if (argument === 0) begins = index + 1;
      argument += 1;
    } else if (startsStatement(tokens, index) || tokenType === T.LCurly || tokenType === T.RCurly) return null;
  }
  return null;
}

/** What stands before the last word that `.` is written behind: for `macd(close).` the word `macd`, and whether it is called. */
export function ownerAt(
  tokens: readonly IToken[],
  dot: number,
): { readonly name: IToken; readonly isCall: boolean; readonly isAlone: boolean } | null {
  let index = dot - 1;
  const isCall = tokens[index]?.tokenType === T.RParen;
  if (isCall) {
    let depth = 0;
    for (; index >= 0; index--) {
      const { tokenType } = tokens[index]!;
      if (tokenType === T.RParen) depth += 1;
      else if (tokenType === T.LParen && --depth === 0) break;
    }
    index -= 1;
  }
  const name = tokens[index];
  return name === undefined || !isName(name) ? null : { name, isCall, isAlone: tokens[index - 1]?.tokenType !== T.Dot };
}

export function isName({ tokenType }: IToken): boolean {
  return tokenType === T.Identifier || tokenType.CATEGORIES?.includes(T.Name) === true;
}

function nameOf(tokens: readonly IToken[], begins: number, count: number): string | null {
  const [name, colon] = [tokens[begins], tokens[begins + 1]];
  return name !== undefined && begins + 1 < count && colon?.tokenType === T.Colon ? name.image : null;
}
