import type { IToken } from 'chevrotain';
import { diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import type { Diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import { startsStatement } from './statement-start.ts';
import * as T from './tokens.ts';

const MAX_STATEMENT_WORDS = 1000;
const MAX_NESTING = 64;

/**
 * Words of a statement and nesting, counted before anything recursive sees the tokens (E0108). The rest of a statement that is too long or too deep is left out,
 * except for a brace that closes the block around it. A name of the statement's limit is given once a statement.
 */
export function checkLimits(tokens: readonly IToken[]): { readonly tokens: IToken[]; readonly diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const kept: IToken[] = [];
  let words = 0;
  let dropping = false;
  let openBraces = 0;
  // `if` nests like a bracket, except behind `else`: open brackets, each with the number of `if` that were written inside it
  let ifs: number[] = [0];

  const depth = (): number => ifs.length - 1 + ifs.reduce((sum, count) => sum + count, 0);
  const refuse = (token: IToken, message: string, hint: string): void => {
    diagnostics.push(diagnostic('E0108', { start: token.startOffset, end: token.startOffset + token.image.length }, message, hint));
    dropping = true;
    openBraces = 0;
  };

  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === undefined) break;
    if (startsStatement(tokens, i)) {
      words = 0;
      ifs = [0];
      dropping = false;
    }
    if (dropping) {
      if (token.tokenType === T.LCurly) openBraces++;
      else if (token.tokenType === T.RCurly && openBraces > 0) openBraces--;
      else if (token.tokenType === T.RCurly) kept.push(token);
      continue;
    }
    words++;
    if (words > MAX_STATEMENT_WORDS) {
      refuse(token, 'a statement has at most 1,000 words', 'give parts of it a name with let');
      continue;
    }
    const type = token.tokenType;
    if (type === T.LParen || type === T.LBracket || type === T.LCurly) ifs.push(0);
    else if (type === T.RParen || type === T.RBracket || type === T.RCurly) {
      if (ifs.length > 1) ifs.pop();
    } else if (type === T.Comma) ifs[ifs.length - 1] = 0;
    else if (type === T.W.if && tokens[i - 1]?.tokenType !== T.W.else) ifs[ifs.length - 1] = (ifs.at(-1) ?? 0) + 1;
    else {
      kept.push(token);
      continue;
    }
    if (depth() > MAX_NESTING) refuse(token, 'brackets are nested more than 64 deep', 'give parts of it a name with let');
    else kept.push(token);
  }
  return { tokens: kept, diagnostics };
}

/** Indexes of the `{` that have their `}`. */
export function matchedBraces(tokens: readonly IToken[]): ReadonlyMap<number, number> {
  const open: number[] = [];
  const matched = new Map<number, number>();
  tokens.forEach((token, index) => {
    if (token.tokenType === T.LCurly) open.push(index);
    else if (token.tokenType === T.RCurly) {
      const start = open.pop();
      if (start !== undefined) matched.set(start, index);
    }
  });
  return matched;
}
