import { createToken, Lexer } from 'chevrotain';
import type { TokenType } from 'chevrotain';
import { CLAUSE_WORDS, SOFT_WORDS, STATEMENT_WORDS, TYPE_WORDS, UNIT_WORDS } from './words.ts';

/**
 * The kinds of tokens. They carry no patterns: `scan.ts` makes the tokens, because it has to answer bad text with one exact error and go on.
 *
 * `AnyWord` is a category of all words (behind a dot every word is a member), `Name` one of all words that may be names.
 */
const plain = (name: string, categories: TokenType[] = []): TokenType => createToken({ name, pattern: Lexer.NA, categories });

export const AnyWord = plain('AnyWord');
export const Name = plain('Name', [AnyWord]);
export const Identifier = plain('Identifier', [Name]);
/** A word that starts with a capital and is neither a currency nor a ticker: `Fast`, `MAX_N`. No rule takes it. */
export const OddWord = plain('OddWord');
export const Upper = plain('Upper');
export const MarketToken = plain('MarketToken');
export const NumberToken = plain('NumberToken');
export const PercentToken = plain('PercentToken');
export const BasisPoints = plain('BasisPoints');
export const RMultiple = plain('RMultiple');
export const DurationToken = plain('DurationToken');
export const DateToken = plain('DateToken');
export const TimeToken = plain('TimeToken');
export const TextToken = plain('TextToken');

export const LParen = plain('LParen');
export const RParen = plain('RParen');
export const LBracket = plain('LBracket');
export const RBracket = plain('RBracket');
export const LCurly = plain('LCurly');
export const RCurly = plain('RCurly');
export const Comma = plain('Comma');
export const Colon = plain('Colon');
export const Dot = plain('Dot');
export const DotDot = plain('DotDot');
export const Arrow = plain('Arrow');
export const Equals = plain('Equals');
export const Plus = plain('Plus');
export const Minus = plain('Minus');
export const Star = plain('Star');
export const Slash = plain('Slash');
/** Category of the six comparison signs. */
export const Comparison = plain('Comparison');
const comparison = (name: string): TokenType => plain(name, [Comparison]);

/** Sign -> kind, for the scanner; the two-character ones are tried first. */
export const SIGNS: ReadonlyMap<string, TokenType> = new Map([
  ['(', LParen],
  [')', RParen],
  ['[', LBracket],
  [']', RBracket],
  ['{', LCurly],
  ['}', RCurly],
  [',', Comma],
  [':', Colon],
  ['.', Dot],
  ['..', DotDot],
  ['->', Arrow],
  ['=', Equals],
  ['+', Plus],
  ['-', Minus],
  ['*', Star],
  ['/', Slash],
  ['<', comparison('Less')],
  ['<=', comparison('LessEqual')],
  ['>', comparison('Greater')],
  ['>=', comparison('GreaterEqual')],
  ['==', comparison('Equal')],
  ['!=', comparison('NotEqual')],
]);

/** Categories for alternatives that only the tree builder has to tell apart. */
export const UnitWord = plain('UnitWord');
export const TypeWord = plain('TypeWord');

function table<const W extends string>(words: readonly W[], categories: (word: W) => TokenType[]): Readonly<Record<W, TokenType>> {
  const entries = words.map((word) => [word, plain(`Word_${word}`, categories(word))] as const);
  // fromEntries forgets the keys; they are the words given, so the assertion cannot be wrong
  return Object.freeze(Object.fromEntries(entries)) as Readonly<Record<W, TokenType>>;
}

const NAMES_TOO = [...new Set([...SOFT_WORDS, ...UNIT_WORDS, ...TYPE_WORDS])];
const UNITS: ReadonlySet<string> = new Set(UNIT_WORDS);
const TYPES: ReadonlySet<string> = new Set([...TYPE_WORDS, 'bars']);

/** One kind for each word of the language: `W.enter`, `W.when`, `W.max`. */
export const W = {
  ...table(STATEMENT_WORDS, () => [AnyWord]),
  ...table(CLAUSE_WORDS, () => [AnyWord]),
  ...table(NAMES_TOO, (word) => [Name, ...(UNITS.has(word) ? [UnitWord] : []), ...(TYPES.has(word) ? [TypeWord] : [])]),
};

/** Word -> kind; every other word is an `Identifier`. */
export const WORD_TYPES: ReadonlyMap<string, TokenType> = new Map(Object.entries(W));

const STATEMENTS: ReadonlySet<string> = new Set(STATEMENT_WORDS);
const RESERVED: ReadonlySet<string> = new Set([...STATEMENT_WORDS, ...CLAUSE_WORDS]);

/** True for the 39 words that start statements. */
export function isStatementWord(word: string): boolean {
  return STATEMENTS.has(word);
}

/** True for every word that cannot be a name. */
export function isReserved(word: string): boolean {
  return RESERVED.has(word);
}

/** All kinds, for the parser. */
export const VOCABULARY: TokenType[] = [
  ...new Set([
    AnyWord,
    Name,
    Identifier,
    OddWord,
    Upper,
    MarketToken,
    NumberToken,
    PercentToken,
    BasisPoints,
    RMultiple,
    DurationToken,
    DateToken,
    TimeToken,
    TextToken,
    Comparison,
    UnitWord,
    TypeWord,
    ...SIGNS.values(),
    ...WORD_TYPES.values(),
  ]),
];
