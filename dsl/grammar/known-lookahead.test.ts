import { readFileSync } from 'node:fs';
import type { IToken } from 'chevrotain';
import { expect, test } from 'vitest';
import { LOOKAHEAD_FILE, lookaheadText } from '../../scripts/gen-lookahead.ts';
import type { AnalysedParser } from './known-lookahead.ts';
import { useKnownLookahead } from './known-lookahead.ts';
import { LOOKAHEAD } from './lookahead-table.ts';
import { StratParser } from './parser.ts';

const innards = (parser: StratParser): AnalysedParser => parser as unknown as AnalysedParser;

/** Where two parsers would go on otherwise: rule, key of the choice and word. */
function differences(one: AnalysedParser, other: AnalysedParser): readonly string[] {
  const found: string[] = [];
  const goesOn = (parser: AnalysedParser, rule: string, key: number, tokenTypeIdx: number): unknown => {
    const reading = { LA_FAST: () => ({ tokenTypeIdx }) as IToken };
    const way = parser.lookAheadFuncsCache[parser.fullRuleNameToShort[rule]!]?.[key]?.call(reading);
    return way === false ? undefined : way;
  };
  for (const rule of other.definedRulesNames) {
    const keysOf = (parser: AnalysedParser): string[] =>
      Object.keys(parser.lookAheadFuncsCache[parser.fullRuleNameToShort[rule]!] ?? []).toSorted();
    const [ours, theirs] = [keysOf(one).join(), keysOf(other).join()];
    if (ours !== theirs) found.push(`${rule}: ${ours} / ${theirs}`);
    for (const key of keysOf(other))
      for (const { name, tokenTypeIdx } of Object.values(other.tokensMap)) {
        const [a, b] = [one, other].map((parser) => goesOn(parser, rule, Number(key), tokenTypeIdx!));
        if (a !== b) found.push(`${rule} ${key} ${name}: ${String(a)} / ${String(b)}`);
      }
  }
  return found;
}

test('the table is what the grammar gives: npx node scripts/gen-lookahead.ts', () => {
  expect(readFileSync(LOOKAHEAD_FILE, 'utf8')).toBe(lookaheadText());
});

test('each word leads where the analysis of Chevrotain leads it, at each choice of each rule', () => {
  const [known, recorded] = [innards(new StratParser()), innards(new StratParser('recorded'))];
  expect(recorded.lookAheadFuncsCache.flatMap((functions) => Object.keys(functions)).length).toBeGreaterThan(100);
  expect(differences(known, recorded)).toEqual([]);
});

test.for([
  [
    'a word is missing',
    { ...LOOKAHEAD, path: 'Repetition 0: Comma' },
    ['path 768 Dot: undefined / true', 'path 768 Comma: true / undefined'],
  ],
  [
    'two ways are exchanged',
    { ...LOOKAHEAD, market: 'Alternation 0: Upper | MarketToken' },
    ['market 256 Upper: 0 / 1', 'market 256 MarketToken: 1 / 0'],
  ],
  ['a rule is missing', { ...LOOKAHEAD, timeframe: '' }, ['timeframe:  / 256']],
] as const)('a table in which %s is found', ([, table, expected]) => {
  const broken = new StratParser();
  const entries = Object.entries(table).filter(([, choices]) => choices !== '');
  useKnownLookahead(broken, Object.fromEntries(entries));
  expect(differences(innards(broken), innards(new StratParser('recorded')))).toEqual(expect.arrayContaining([...expected]));
});

test('the productions of the grammar are there for who asks', () => {
  const parser = new StratParser();
  expect(Object.keys(parser.getGAstProductions())).toEqual(Object.keys(new StratParser('recorded').getGAstProductions()));
  expect(parser.getGAstProductions()).toBe(parser.getGAstProductions());
});
