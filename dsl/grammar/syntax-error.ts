import type { IToken } from 'chevrotain';
import { diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import type { Diagnostic, Span } from '#dsl/diagnostics/diagnostic.ts';
import { startsStatement } from './statement-start.ts';
import * as T from './tokens.ts';
import { isName, quoted, spanOf, unexpectedWord } from './unexpected-word.ts';
import type { Failure } from './unexpected-word.ts';
import { TYPE_WORDS } from './words.ts';

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
  if (tokens.length === 0)
    return diagnostic('E0103', behind(before), 'there is no program here', 'the first lines are: strat 1, and: strategy "its name"');
  if (found === undefined) return diagnostic('E0103', behind(before), 'the program ends in the middle of a statement', hint);
  if (failure.behindComparison && (found.tokenType.CATEGORIES?.includes(T.Comparison) === true || RELATIONS.has(found.image))) {
    return diagnostic('E0110', spanOf(found), 'comparisons cannot be chained', 'write: a < b and b < c, or: b between a and c');
  }
  const arrow = tokens[at + 1]?.image === '>' || tokens[at + 1]?.image === '<';
  if (found.tokenType === T.Equals && endsValue(before) && failure.expected !== 'Equals' && !arrow) {
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
  if (expected !== '') return EXPECTED.get(expected) ?? `"${expected.replace(/^Word_/, '')}"`;
  return EXPECTED_IN.get(rule);
}
