import type { IToken } from 'chevrotain';
import { isStatementWord } from './tokens.ts';

/** Words before which a statement word is part of a clause: `at stop`, `after exit`, `size risk`, `trade universe`, `then notify`. */
const CLAUSE_BEFORE: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['stop', new Set(['at', 'after'])],
  ['exit', new Set(['after'])],
  ['risk', new Set(['size'])],
  ['universe', new Set(['trade'])],
  ['notify', new Set(['then', 'and'])],
]);

/** Whether a word is both: the start of a statement and a part of others. */
export function isClauseWord(token: IToken | undefined): boolean {
  return token !== undefined && CLAUSE_BEFORE.has(token.image);
}

/**
 * Does a statement start at this token? Statements are keyword-first, so this needs no parser: it tells the limits where a statement begins, and the recovery
 * where to go on. `long` and `short` start one only before `{`; behind a dot no word does. The words of the first two lines do not count: they stand at the top only.
 */
export function startsStatement(tokens: readonly IToken[], index: number): boolean {
  const token = tokens[index];
  if (token === undefined || !isStatementWord(token.image)) return false;
  const before = tokens[index - 1]?.image;
  if (before === '.') return false;
  const word = token.image;
  switch (word) {
    case 'strat':
    case 'strategy':
    case 'module':
      return false;
    case 'long':
    case 'short':
      return tokens[index + 1]?.image === '{' && tokens[index - 2]?.image !== 'setup';
    case 'def':
      return before !== 'export';
    default:
      return before === undefined || CLAUSE_BEFORE.get(word)?.has(before) !== true;
  }
}

/** True when only blanks stand before a token on its line. */
export function startsLine(source: string, token: IToken): boolean {
  let at = token.startOffset - 1;
  while (at >= 0 && (source[at] === ' ' || source[at] === '\t')) at--;
  return at < 0 || source[at] === '\n' || source[at] === '\r';
}
