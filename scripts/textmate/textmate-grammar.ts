import { createCompiler } from '#dsl/compile.ts';
import { LITERALS } from '#dsl/grammar/scan.ts';
import { DURATION_UNITS } from '#dsl/grammar/literals.ts';
import { SIGNS } from '#dsl/grammar/tokens.ts';
import { CLAUSE_WORDS, SOFT_WORDS, STATEMENT_WORDS, TYPE_WORDS, UNIT_WORDS } from '#dsl/grammar/words.ts';

/**
 * The TextMate grammar of the language, from the tables of its lexer: the same patterns of literals, the same words and signs. A word behind a dot is a member,
 * one before `(` a function, as for the parser; where a soft word is a clause and where a name, only the language server knows.
 */
export interface TextMateRule {
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly captures?: Readonly<Record<string, { readonly name: string }>>;
  readonly patterns?: readonly TextMateRule[];
}

const anyOf = (words: readonly string[]): string => [...words].toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1)).join('|');
/** A whole word, not behind a dot. The dots of a range are none. */
const word = (words: readonly string[]): string => `(?<![A-Za-z0-9_])(?:${anyOf(words)})(?![A-Za-z0-9_])`;
const rule = (scope: string, match: string): TextMateRule => ({ name: `${scope}.strat`, match });

const CONSTANTS = ['na', 'true', 'false'];
const DIGITS = '\\d[\\d_]*(?:\\.\\d[\\d_]*)?(?:[eE][+-]?\\d+)?';
const END = '(?![A-Za-z0-9_])';
/** No number begins inside of a word. */
const BEGIN = '(?<![A-Za-z0-9_])';

const SIGN_SCOPES: Readonly<Record<string, string>> = {
  Comparison: 'keyword.operator.comparison',
  Plus: 'keyword.operator.arithmetic',
  Minus: 'keyword.operator.arithmetic',
  Star: 'keyword.operator.arithmetic',
  Slash: 'keyword.operator.arithmetic',
  Equals: 'keyword.operator.assignment',
  Arrow: 'keyword.operator.arrow',
  DotDot: 'keyword.operator.range',
  LParen: 'punctuation.section.parens',
  RParen: 'punctuation.section.parens',
  LBracket: 'punctuation.section.brackets',
  RBracket: 'punctuation.section.brackets',
  LCurly: 'punctuation.section.block',
  RCurly: 'punctuation.section.block',
  Comma: 'punctuation.separator',
  Colon: 'punctuation.separator',
  Dot: 'punctuation.accessor',
};

const escaped = (sign: string): string => sign.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

function signRules(): readonly TextMateRule[] {
  return [...SIGNS]
    .toSorted(([a], [b]) => b.length - a.length)
    .map(([sign, { name, CATEGORIES = [] }]) => rule(SIGN_SCOPES[CATEGORIES[0]?.name ?? name]!, escaped(sign)));
}

/** Names that every file knows, those written in the language too. */
function builtinNames(): { readonly functions: readonly string[]; readonly values: readonly string[] } {
  const names = [...createCompiler().builtins.names];
  const isFunction = (kind: string): boolean => kind === 'function' || kind === 'definition' || kind === 'form';
  return {
    functions: names.flatMap(([name, { kind }]) => (isFunction(kind) ? [name] : [])),
    values: names.flatMap(([name, { kind }]) => (isFunction(kind) ? [] : [name])),
  };
}

export function textMateGrammar(): object {
  const { functions, values } = builtinNames();
  const name = '[a-z][A-Za-z0-9_]*';
  const patterns: readonly TextMateRule[] = [
    rule('comment.line.documentation', '##[^\\r\\n]*'),
    rule('comment.line.number-sign', '#[^\\r\\n]*'),
    {
      name: 'string.quoted.double.strat',
      begin: '"',
      end: '"|(?=[\\r\\n])|$',
      patterns: [rule('constant.character.escape', '\\\\["\\\\n]'), rule('variable.other.insert', `\\{${name}(?::\\d+)?\\}`)],
    },
    {
      match: `(?<!\\.)(\\.)[ \\t]*(${name})`,
      captures: { 1: { name: 'punctuation.accessor.strat' }, 2: { name: 'variable.other.member.strat' } },
    },
    rule('entity.name.type.market', `${BEGIN}(?=[A-Z0-9.-]*[A-Z][A-Z0-9.-]*/)${LITERALS.market}`),
    rule('constant.other.date', BEGIN + LITERALS.date),
    rule('constant.other.time', BEGIN + LITERALS.time),
    rule('constant.numeric.percent', `${BEGIN}${DIGITS}%`),
    rule('constant.numeric.basis-points', `${BEGIN}${DIGITS}bp${END}`),
    rule('constant.numeric.multiple', `${BEGIN}${DIGITS}R${END}`),
    rule('constant.numeric.duration', `${BEGIN}${DIGITS}(?:${anyOf(DURATION_UNITS)})${END}`),
    rule('constant.numeric', `${BEGIN}${DIGITS}[kMB]?${END}`),
    rule('entity.name.type.currency', BEGIN + LITERALS.upper),
    ...['let', 'param', 'def', 'session', 'regime', 'basket', 'setup'].map((statement) => ({
      match: `(?<![A-Za-z0-9_])(${statement})\\s+(?!(?:${anyOf([...STATEMENT_WORDS, ...CLAUSE_WORDS])})(?![A-Za-z0-9_]))(${name})`,
      captures: {
        1: { name: 'keyword.control.strat' },
        2: { name: statement === 'def' ? 'entity.name.function.strat' : 'variable.other.definition.strat' },
      },
    })),
    rule('keyword.control', word(STATEMENT_WORDS)),
    rule('constant.language', word(CONSTANTS)),
    rule('keyword.operator.word', word(CLAUSE_WORDS.filter((clause) => !CONSTANTS.includes(clause)))),
    rule('support.function', `${word(functions)}(?=\\s*\\()`),
    rule('entity.name.function', `(?<![A-Za-z0-9_])${name}(?=\\s*\\()`),
    rule('keyword.other.unit', word(UNIT_WORDS)),
    rule('keyword.other.clause', word(SOFT_WORDS)),
    rule('support.type', word(TYPE_WORDS)),
    rule('support.variable', word([...values, ...functions])),
    rule('variable.other', `(?<![A-Za-z0-9_])${name}`),
    rule('invalid.illegal', LITERALS.odd),
    ...signRules(),
  ];
  return { name: 'strat', scopeName: 'source.strat', fileTypes: ['strat'], patterns };
}
