import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';
import type { IGrammar } from 'vscode-textmate';
import { beforeAll, describe, expect, it } from 'vitest';
import type { IToken } from '#dsl/grammar/cst.ts';
import { scan } from '#dsl/grammar/scan.ts';
import * as T from '#dsl/grammar/tokens.ts';
import { CLAUSE_WORDS, STATEMENT_WORDS } from '#dsl/grammar/words.ts';
import { GRAMMAR_FILE, grammarText } from '../../scripts/gen-textmate.ts';
import { corpusPrograms, shippedPrograms } from './corpus.ts';

/** The committed grammar, read by the library that editors read it with, on every word of real programs. */
const committed = readFileSync(GRAMMAR_FILE, 'utf8');
let grammar: IGrammar;

beforeAll(async () => {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (sources) => new oniguruma.OnigScanner(sources),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: (scope) => Promise.resolve(scope === 'source.strat' ? textmate.parseRawGrammar(committed, 'strat.json') : null),
  });
  grammar = (await registry.loadGrammar('source.strat'))!;
});

/** The innermost scope of each character; '' where there is only the file's. */
function scopesOf(source: string): string[] {
  const scopes: string[] = [];
  let stack = textmate.INITIAL;
  for (const { 0: text, 1: line = '' } of source.matchAll(/([^\r\n]*)(?:\r\n|\r|\n|$)/g)) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    for (const { startIndex, endIndex, scopes: all } of tokens)
      for (let at = startIndex; at < Math.min(endIndex, line.length); at++) scopes.push(all.length > 1 ? all.slice(1).join(' ') : '');
    for (let at = line.length; at < text.length; at++) scopes.push('');
  }
  return scopes;
}

const LITERAL_SCOPES: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [T.NumberToken, 'constant.numeric.strat'],
  [T.PercentToken, 'constant.numeric.percent.strat'],
  [T.BasisPoints, 'constant.numeric.basis-points.strat'],
  [T.RMultiple, 'constant.numeric.multiple.strat'],
  [T.DurationToken, 'constant.numeric.duration.strat'],
  [T.DateToken, 'constant.other.date.strat'],
  [T.TimeToken, 'constant.other.time.strat'],
  [T.MarketToken, 'entity.name.type.market.strat'],
  [T.Upper, 'entity.name.type.currency.strat'],
  [T.Plus, 'keyword.operator.arithmetic.strat'],
  [T.Minus, 'keyword.operator.arithmetic.strat'],
  [T.Star, 'keyword.operator.arithmetic.strat'],
  [T.Slash, 'keyword.operator.arithmetic.strat'],
  [T.Equals, 'keyword.operator.assignment.strat'],
  [T.Arrow, 'keyword.operator.arrow.strat'],
  [T.DotDot, 'keyword.operator.range.strat'],
  [T.Dot, 'punctuation.accessor.strat'],
  [T.Comma, 'punctuation.separator.strat'],
  [T.Colon, 'punctuation.separator.strat'],
]);

const NAMES = /^(?:variable\.other|support\.(?:function|variable|type)|entity\.name\.function|keyword\.other\.(?:unit|clause))/;

/** What the kind of a word asks for. */
function wanted(tokens: readonly IToken[], index: number): string | RegExp {
  const { tokenType, image } = tokens[index]!;
  const literal = LITERAL_SCOPES.get(tokenType);
  if (literal !== undefined) return literal;
  if (tokenType === T.TextToken) return /^string\.quoted\.double\.strat/;
  if (tokenType.CATEGORIES?.includes(T.Comparison) === true) return 'keyword.operator.comparison.strat';
  if (/^[()[\]{}]$/.test(image)) return /^punctuation\.section/;
  if (tokens[index - 1]?.tokenType === T.Dot) return 'variable.other.member.strat';
  if (['na', 'true', 'false'].includes(image)) return 'constant.language.strat';
  if (STATEMENT_WORDS.some((word) => word === image)) return 'keyword.control.strat';
  if (CLAUSE_WORDS.some((word) => word === image)) return 'keyword.operator.word.strat';
  return NAMES;
}

describe('the TextMate grammar', () => {
  it('is what the tables of the lexer give: npx node scripts/gen-textmate.ts', () => {
    expect(committed).toBe(grammarText());
  });

  const programs = [...corpusPrograms(), ...corpusPrograms('bad'), ...shippedPrograms()];

  it.each(programs)('gives each word of $name the scope of its kind', ({ source }) => {
    const { tokens, comments, diagnostics } = scan(source);
    const scopes = scopesOf(source);
    expect(scopes).toHaveLength(source.length);
    for (const { span, doc } of comments)
      for (let at = span.start; at < span.end; at++) expect(scopes[at]).toBe(`comment.line.${doc ? 'documentation' : 'number-sign'}.strat`);
    // Where the lexer has a complaint, the words around it are guesses.
    if (diagnostics.length > 0) return;
    for (const [index, { startOffset, image }] of tokens.entries()) {
      const scope = wanted(tokens, index);
      for (let at = startOffset; at < startOffset + image.length; at++)
        expect([image, at, scopes[at]]).toEqual([
          image,
          at,
          typeof scope === 'string' ? scope : scope.test(scopes[at]!) ? scopes[at] : scope,
        ]);
    }
  });

  it('knows escapes and inserts in texts, and ends an open text with its line', () => {
    const scopes = scopesOf('notify "a \\" {low:2}" # x\nplot "open\nlet x = 1');
    expect(scopes[11]).toContain('constant.character.escape.strat');
    expect(scopes[14]).toContain('variable.other.insert.strat');
    expect(scopes[22]).toBe('comment.line.number-sign.strat');
    expect(scopes.at(-1)).toBe('constant.numeric.strat');
  });
});
