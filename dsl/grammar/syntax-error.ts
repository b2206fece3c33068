import type { IToken } from 'chevrotain';
import { didYouMean, nearest } from '#dsl/diagnostics/did-you-mean.ts';
import { diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import type { Diagnostic, Span } from '#dsl/diagnostics/diagnostic.ts';
import { startsStatement } from './statement-start.ts';
import * as T from './tokens.ts';
import { CLAUSES_OF, EXPRESSION_WORDS, STATEMENT_WORDS, TYPE_WORDS, UNIT_WORDS } from './words.ts';

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

const EXPECTED: ReadonlyMap<string, string> = new Map([
  ['Name', 'a name'],
  ['AnyWord', 'a name'],
  ['NumberToken', 'a number'],
  ['TextToken', 'a text in double quotes'],
  ['DurationToken', 'a duration such as 4h'],
  ['TimeToken', 'a time such as 15:30'],
  ['Upper', 'a currency such as USDT'],
  ['TypeWord', `one of ${TYPE_WORDS.join(', ')}, bars`],
  ['LParen', '('],
  ['RParen', ')'],
  ['LBracket', '['],
  ['RBracket', ']'],
  ['LCurly', '{'],
  ['RCurly', '}'],
  ['Equals', '='],
  ['Arrow', '->'],
  ['Colon', ':'],
  ['Comma', ','],
  ['Dot', '.'],
  ['DotDot', '..'],
]);

const EXPECTED_IN: ReadonlyMap<string, string> = new Map([
  ['primary', 'a value'],
  ['timeframe', 'a chart length such as 4h'],
  ['market', 'a market such as BTC/USDT'],
  ['suffix', 'a market such as BTC/USDT, or a name'],
  ['setting', 'a value or a text'],
  ['sideWord', 'long or short'],
  ['tradeStatement', 'a market such as BTC/USDT'],
  ['heading', 'strategy "its name"'],
  ['useStatement', 'the name to import'],
  ['relation', 'na, long, short or the name of a state'],
  ['addTrigger', 'when or every'],
  ['order', 'market, limit or stop'],
  ['orderOption', 'for or until'],
  ['takeStatement', 'a target such as: 50% at 2R'],
  ['markStatement', 'above or below'],
  ['objectiveStatement', 'maximize or minimize'],
  ['cooldownStatement', 'loss, win, stop or exit'],
  ['riskAction', 'pause, flatten, halt or notify'],
  ['universeClause', 'equal, by or inverse'],
  ['defStatement', '= or {'],
  ['chartStatement', 'a chart length such as 4h, or a market'],
]);

const RELATIONS: ReadonlySet<string> = new Set(['crosses', 'between', 'in', 'is', 'rises', 'falls']);
const VALUE_ENDS: ReadonlySet<unknown> = new Set([
  T.NumberToken,
  T.PercentToken,
  T.BasisPoints,
  T.RMultiple,
  T.DurationToken,
  T.DateToken,
  T.TimeToken,
  T.Upper,
  T.RParen,
  T.RBracket,
  T.Identifier,
]);

function spanOf(token: IToken): Span {
  return { start: token.startOffset, end: token.startOffset + token.image.length };
}

function quoted(token: IToken): string {
  if (token.tokenType === T.TextToken) return 'this text';
  return `"${token.image.length > 30 ? `${token.image.slice(0, 30)}...` : token.image}"`;
}

function isName(token: IToken): boolean {
  return token.tokenType === T.Identifier || token.tokenType.CATEGORIES?.includes(T.Name) === true;
}

function isWord(token: IToken): boolean {
  return isName(token) || T.isReserved(token.image) || token.tokenType === T.Upper || token.tokenType === T.OddWord;
}

/** The place just behind a token, without width. */
function behind(token: IToken | undefined): Span {
  const end = token === undefined ? 0 : token.startOffset + token.image.length;
  return { start: end, end };
}

/** E0104, just behind the last word of the block. */
export function missingBrace(last: IToken | undefined): Diagnostic {
  return diagnostic('E0104', behind(last), 'a } is missing here', 'every { needs its }');
}

/** The one diagnostic for a place where the grammar could not go on. */
export function explain(failure: Failure): Diagnostic {
  const { tokens, at } = failure;
  const found = tokens[at];
  const before = tokens[at - 1];
  if (failure.openBrace && (found === undefined || startsStatement(tokens, at))) return missingBrace(before);
  const wanted = wantedHere(failure);
  const hint = wanted === undefined ? undefined : `here comes ${wanted}`;
  if (found === undefined) return diagnostic('E0103', behind(before), 'the program ends in the middle of a statement', hint);
  if (failure.behindComparison && (found.tokenType.CATEGORIES?.includes(T.Comparison) === true || RELATIONS.has(found.image))) {
    return diagnostic('E0110', spanOf(found), 'comparisons cannot be chained', 'write: a < b and b < c, or: b between a and c');
  }
  if (found.tokenType === T.Equals && endsValue(before) && failure.expected !== 'Equals') {
    return diagnostic('E0111', spanOf(found), '= gives a name its value and does not compare', 'did you mean ==?');
  }
  if (namesSomething(failure, found)) {
    if (T.isReserved(found.image)) {
      return diagnostic(
        'E0203',
        spanOf(found),
        `${quoted(found)} is a word of the language and cannot be a name`,
        `choose another name, for example ${found.image}_1`,
      );
    }
    if (found.tokenType === T.Upper || found.tokenType === T.OddWord) {
      return diagnostic(
        'E0103',
        spanOf(found),
        `${quoted(found)} cannot be a name`,
        `names start with a small letter: ${found.image.toLowerCase().slice(0, 30)}`,
      );
    }
  }
  return unexpectedWord(failure, found, hint);
}

function endsValue(token: IToken | undefined): boolean {
  return token !== undefined && (VALUE_ENDS.has(token.tokenType) || isName(token));
}

function namesSomething({ rule, expected, tokens, at }: Failure, found: IToken): boolean {
  if (rule === 'definedName') return true;
  const before = tokens[at - 1]?.tokenType;
  if (rule === 'defStatement') return expected === 'RParen' && before === T.LParen;
  if (rule === 'useStatement') return expected === '' && before === T.W.use;
  if (rule === 'regimeStatement') return tokens[at + 1]?.tokenType === T.Arrow && T.isReserved(found.image);
  return false;
}

function wantedHere({ rule, expected }: Failure): string | undefined {
  if (rule === null) return undefined;
  if (expected !== '') return EXPECTED.get(expected) ?? expected.replace(/^Word_/, '');
  return EXPECTED_IN.get(rule);
}

function unexpectedWord(failure: Failure, found: IToken, hint: string | undefined): Diagnostic {
  const { tokens, at, source, rule } = failure;
  const word = found.image;
  const unknown = isName(found);
  const first = tokens[failure.statement]?.image ?? '';
  const clause = unknown ? nearest(word, [...(CLAUSES_OF.get(first === 'export' ? 'def' : first) ?? []), ...EXPRESSION_WORDS]) : null;
  const statement = unknown ? nearest(word, failure.statements) : null;
  const unit = tokens[at - 1]?.tokenType === T.NumberToken && found.tokenType === T.Identifier ? nearest(word, UNIT_WORDS) : null;
  const clauseAt = clause?.distance ?? Infinity;
  const statementAt = statement?.distance ?? Infinity;
  const startsLine = /(?:^|[\r\n])[ \t]*$/.test(source.slice(Math.max(0, found.startOffset - 200), found.startOffset));

  // a misspelt unit, or none that is known: behind a bare number on its line
  if (tokens[at - 1]?.tokenType === T.NumberToken && found.tokenType === T.Identifier && !startsLine) {
    if ((unit?.distance ?? 3) <= Math.min(clauseAt, statementAt)) {
      return diagnostic(
        'E0105',
        spanOf(found),
        `${quoted(found)} is not a unit`,
        unit === null ? `units are ${UNIT_WORDS.join(', ')} and currencies` : `did you mean ${unit.word}?`,
      );
    }
  }
  const misplaced = T.isStatementWord(word);
  if (rule === null && misplaced && word !== 'long' && word !== 'short') {
    const where =
      failure.statements.length > 12
        ? word === 'return'
          ? 'return ends a def'
          : 'it stands at the top of the file only'
        : `here stand: ${failure.statements.join(', ')}`;
    return diagnostic('E0107', spanOf(found), `${quoted(found)} cannot stand here`, where);
  }
  if (rule === null || rule === 'heading') {
    const startable = isWord(found) && (unknown || !T.isReserved(word));
    if (startable && (startsLine ? statementAt <= clauseAt || clause === null : statement !== null && statementAt <= clauseAt)) {
      const help = statement !== null ? `did you mean ${statement.word}?` : startHint(failure, found);
      return diagnostic('E0107', spanOf(found), `${quoted(found)} does not start a statement`, help);
    }
  }
  const help = clause !== null ? `did you mean ${clause.word}?` : (hint ?? signHint(failure, found));
  return diagnostic('E0103', spanOf(found), `${quoted(found)} is not expected here`, help);
}

function startHint({ tokens, at, statements }: Failure, found: IToken): string {
  const next = tokens[at + 1]?.tokenType;
  if (next === T.Equals && statements.includes('let')) return `write: let ${found.image.slice(0, 30)} = ...`;
  const shown = statements.length > 12 ? 'let, enter, exit, size, stop, take or another statement word' : statements.join(', ');
  return `a statement starts with ${shown}`;
}

/** Help with signs of other languages. */
function signHint({ tokens, at }: Failure, found: IToken): string | undefined {
  const before = tokens[at - 1];
  const pair =
    before !== undefined && before.startOffset + before.image.length === found.startOffset ? before.image + found.image : found.image;
  switch (pair) {
    case '=>':
      return 'did you mean >=?';
    case '=<':
      return 'did you mean <=?';
    case '<>':
      return 'did you mean !=?';
    case '===':
    case '!==':
      return 'write == or !=';
    case '**':
      return 'write: pow(x, y)';
    case '//':
      return 'a comment starts with #';
    default:
      return found.image === '}' ? 'there is no { for it' : didYouMean(found.image, STATEMENT_WORDS);
  }
}
