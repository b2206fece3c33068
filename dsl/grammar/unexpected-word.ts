import type { IToken } from 'chevrotain';
import { nearest } from '#core/model/nearest-word.ts';
import type { Proposal } from '#core/model/nearest-word.ts';
import { diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import type { Diagnostic, Span } from '#dsl/diagnostics/diagnostic.ts';
import { touchingUnit } from './literals.ts';
import { startsLine, startsStatement } from './statement-start.ts';
import * as T from './tokens.ts';
import { CLAUSES_OF, EXPRESSION_WORDS, UNIT_WORDS } from './words.ts';

/** Where the grammar could not go on. */
export interface Failure {
  readonly source: string;
  readonly tokens: readonly IToken[];
  /** Index of the word that did not fit; `tokens.length` at the end of the file. */
  readonly at: number;
  /** Index of the first word of its statement. */
  readonly statement: number;
  /** The grammar rule that failed, or null when a complete statement is followed by something that starts none. */
  readonly rule: string | null;
  /** Name of the kind of token that had to come, when there was one. */
  readonly expected: string;
  /** A comparison ended just before the word. */
  readonly behindComparison: boolean;
  /** A `{` of the statement has no `}`. */
  readonly openBrace: boolean;
  /** Words that may start a statement here. */
  readonly statements: readonly string[];
}

export function spanOf(token: IToken): Span {
  return { start: token.startOffset, end: token.startOffset + token.image.length };
}

export function quoted(token: IToken): string {
  if (token.tokenType === T.TextToken) return 'this text';
  return `"${token.image.length > 30 ? `${token.image.slice(0, 30)}...` : token.image}"`;
}

export function isName(token: IToken): boolean {
  return token.tokenType === T.Identifier || token.tokenType.CATEGORIES?.includes(T.Name) === true;
}

function isWord(token: IToken): boolean {
  return isName(token) || T.isReserved(token.image) || token.tokenType === T.Upper || token.tokenType === T.OddWord;
}

/** What the word may have been meant to be. */
interface Guesses {
  readonly clause: Proposal | null;
  readonly statement: Proposal | null;
  readonly unit: Proposal | null;
}

function clausesOf({ tokens, statement }: Failure): readonly string[] {
  const first = tokens[statement]?.image ?? '';
  return CLAUSES_OF.get(first === 'export' ? 'def' : first) ?? [];
}

/** A misspelt clause word that was taken for a name, as in: exit long whne close < open. */
function slipBefore(failure: Failure): (Proposal & { readonly written: string }) | null {
  const before = failure.tokens[failure.at - 1];
  if (before === undefined || failure.at - 1 <= failure.statement || !isName(before) || before.image.length < 4) return null;
  const slip = nearest(before.image, clausesOf(failure));
  return slip === null || slip.distance === 0 ? null : { ...slip, written: before.image };
}

function guess(failure: Failure, found: IToken): Guesses {
  const clauses = clausesOf(failure);
  if (!isName(found)) {
    const word = found.tokenType === T.Upper || found.tokenType === T.OddWord ? found.image.toLowerCase() : '';
    const inSmallLetters = (words: readonly string[]): Proposal | null => (words.includes(word) ? { word, distance: 0 } : null);
    return { clause: inSmallLetters([...clauses, ...EXPRESSION_WORDS]), statement: inSmallLetters(failure.statements), unit: null };
  }
  const word = found.image;
  const clause = nearest(word, clauses);
  // and, for, or: three letters are near to anything; and a word that leads its line is part of the expression above for a good reason only
  const part = word.length < 4 ? null : nearest(word, EXPRESSION_WORDS);
  const isNear = part !== null && part.distance <= (startsLine(failure.source, found) || word.length < 6 ? 1 : 3);
  return {
    clause: isNear && part.distance < (clause?.distance ?? Infinity) ? part : clause,
    statement: nearest(word, failure.statements),
    unit: nearest(word, UNIT_WORDS),
  };
}

/**
 * A word that the grammar has no place for: a misspelt unit (E0105), something that starts no statement (E0107), or a word in the wrong place (E0103). Line breaks
 * mean nothing to the grammar, but they tell what the author meant: a word that leads its line was meant to start a statement.
 */
export function unexpectedWord(failure: Failure, found: IToken, hint: string | undefined): Diagnostic {
  const { tokens, at, source, rule } = failure;
  const word = found.image;
  const guesses = guess(failure, found);
  const clauseAt = guesses.clause?.distance ?? Infinity;
  const statementAt = guesses.statement?.distance ?? Infinity;
  const leads = startsLine(source, found);

  if (tokens[at - 1]?.tokenType === T.NumberToken && found.tokenType === T.Identifier && !leads) {
    const { unit } = guesses;
    if ((unit?.distance ?? 3) <= Math.min(clauseAt, statementAt)) {
      const help = unit === null ? unitHint(tokens[at - 1]!, found) : `did you mean ${unit.word}?`;
      return diagnostic('E0105', spanOf(found), `${quoted(found)} is not a unit`, help);
    }
  }
  if (rule === null && T.isStatementWord(word) && word !== 'long' && word !== 'short') {
    return diagnostic('E0107', spanOf(found), `${quoted(found)} cannot stand here`, placeHint(failure, word));
  }
  if (rule === null || rule === 'heading') {
    const clauseWord = CLAUSES_OF.get(tokens[failure.statement]?.image ?? '')?.includes(word) === true || isExpressionWord(word);
    if (leads && isName(found) && tokens[at + 1]?.tokenType === T.Equals && rule === null)
      return diagnostic('E0107', spanOf(found), `${quoted(found)} does not start a statement`, startHint(failure, found));
    const startable = isWord(found) && !clauseWord && !T.isStatementWord(word);
    const meant = leads ? guesses.clause === null || statementAt <= clauseAt : guesses.statement !== null && statementAt <= clauseAt;
    if (startable && meant) {
      const help = guesses.statement !== null ? `did you mean ${guesses.statement.word}?` : startHint(failure, found);
      return diagnostic('E0107', spanOf(found), `${quoted(found)} does not start a statement`, help);
    }
  }
  if (rule === 'heading') {
    return diagnostic(
      'E0103',
      spanOf(found),
      'a program starts with its edition and its name',
      'the first lines are: strat 1, and: strategy "its name"',
    );
  }
  if (startsStatement(tokens, at)) {
    const message = leads
      ? `the statement before ${quoted(found)} is not finished`
      : `${quoted(found)} starts a statement and cannot stand here`;
    return diagnostic('E0103', spanOf(found), message, hint);
  }
  const clause = guesses.clause?.word === word ? null : guesses.clause;
  const slip = slipBefore(failure);
  if (slip !== null && slip.distance < (clause?.distance ?? Infinity))
    return diagnostic('E0103', spanOf(found), `${quoted(found)} is not expected here`, `write ${slip.word} instead of ${slip.written}`);
  const help = clause !== null ? `did you mean ${clause.word}?` : (hint ?? signHint(failure, found));
  return diagnostic('E0103', spanOf(found), `${quoted(found)} is not expected here`, help);
}

function unitHint(number: IToken, { image }: IToken): string {
  const touching = touchingUnit(image);
  return touching === null
    ? `units are ${UNIT_WORDS.join(', ')} and currencies in capitals`
    : `did you mean ${number.image.slice(0, 20)}${touching}?`;
}

function isExpressionWord(word: string): boolean {
  return EXPRESSION_WORDS.some((known) => known === word);
}

function placeHint({ statements }: Failure, word: string): string {
  if (statements.length <= 12) return `here stand: ${statements.join(', ')}`;
  return word === 'return' ? 'return ends a def' : 'it stands in the first lines of the file only';
}

function startHint({ tokens, at, statements }: Failure, found: IToken): string {
  const next = tokens[at + 1]?.tokenType;
  if (next === T.Equals && statements.includes('let')) return `write: let ${found.image.slice(0, 30)} = ...`;
  const shown = statements.length > 12 ? 'let, enter, exit, size, stop, take or another statement word' : statements.join(', ');
  return `a statement starts with ${shown}`;
}

/** Signs of other languages, as they stand together in the source -> what to write. */
const SIGN_HINTS: ReadonlyMap<string, string> = new Map([
  ['=>', 'did you mean >=?'],
  ['=<', 'did you mean <=?'],
  ['<>', 'did you mean !=?'],
  ['===', 'write =='],
  ['!==', 'write !='],
  ['**', 'write: pow(x, y)'],
  ['//', 'a comment starts with #'],
  ['}', 'there is no { for it'],
]);

/** What others say for `crosses above` and `crosses below`. */
const CROSSED: ReadonlyMap<string, string> = new Map([
  ['over', 'did you mean crosses above?'],
  ['up', 'did you mean crosses above?'],
  ['under', 'did you mean crosses below?'],
  ['down', 'did you mean crosses below?'],
]);

function signHint({ tokens, at }: Failure, found: IToken): string | undefined {
  const touches = (left: IToken | undefined, right: IToken | undefined): boolean =>
    left !== undefined && right !== undefined && left.startOffset + left.image.length === right.startOffset;
  const [before, after] = [tokens[at - 1], tokens[at + 1]];
  const pairs = [
    touches(before, found) ? `${before?.image}${found.image}` : '',
    touches(found, after) ? `${found.image}${after?.image}` : '',
    found.image,
  ];
  for (const pair of pairs) {
    const help = SIGN_HINTS.get(pair);
    if (help !== undefined) return help;
  }
  if (before?.tokenType === T.PercentToken && ['equity', 'cash', 'position'].includes(found.image))
    return `did you mean ${before.image} of ${found.image}?`;
  if (found.tokenType === T.Comma && before?.tokenType === T.NumberToken && touches(before, found) && touches(found, after))
    return `did you mean ${before.image}_${after?.image}?`;
  return tokens[at - 2]?.image === 'crosses' ? CROSSED.get(before?.image ?? '') : undefined;
}
