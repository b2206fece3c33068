import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CODES } from '#dsl/diagnostics/codes.ts';
import { frame } from '#dsl/diagnostics/frame.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import { parse } from './parse.ts';
import { scan } from './scan.ts';
import { CLAUSE_WORDS, SOFT_WORDS, STATEMENT_WORDS } from './words.ts';

const SOURCE = readFileSync(join(import.meta.dirname, 'fixtures/every-statement.strat'), 'utf8');
const WORDS = scan(SOURCE).tokens.map((token) => token.image);
const SPICE = [
  ...STATEMENT_WORDS,
  ...CLAUSE_WORDS,
  ...SOFT_WORDS,
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  ':',
  '.',
  '..',
  '->',
  '=',
  '==',
  '<',
  '-',
  '5',
  '2%',
  '1h',
  '"t"',
  'x',
  'USDT',
  'BTC/USDT',
  '%',
  ';',
  '"',
  '#',
];

/** What does not hold of the answer to a text, though it must for any text at all. */
function violations(source: string): string[] {
  const { file, diagnostics } = parse(source);
  const found: string[] = [];
  const must = (holds: boolean, what: string): void => {
    if (!holds) found.push(what);
  };
  must(file !== null || diagnostics.length > 0, 'neither a file nor a finding');
  must(diagnostics.length <= 100, 'more than 100 findings');
  const map = new LineMap(source);
  let last = 0;
  for (const finding of diagnostics) {
    must(Object.hasOwn(CODES, finding.code), 'an unknown code');
    must(finding.span.start >= last, 'findings out of order');
    must(finding.span.end >= finding.span.start && finding.span.end <= source.length, 'a place outside of the text');
    last = finding.span.start;
    const said = `${finding.message} ${finding.hint ?? ''}`.replace(/"[^"]*"/g, '');
    must(!/cannot be read|undefined|\bNaN\b|\[object|\btoken|\bparser\b|\brule\b|Word_/i.test(said), said);
    must(frame(map, finding).startsWith(finding.code), 'no frame');
  }
  for (const { span } of file?.statements ?? [])
    must(span.end > span.start && span.end <= source.length, 'a statement outside of the text');
  return found;
}

const change = fc.record({
  kind: fc.constantFrom('drop', 'double', 'swap', 'replace', 'insert'),
  at: fc.nat(WORDS.length - 2),
  word: fc.constantFrom(...SPICE),
});

function mutate(words: readonly string[], changes: readonly { kind: string; at: number; word: string }[]): string[] {
  const result = [...words];
  for (const { kind, at, word } of changes) {
    const here = result[at] ?? '';
    const next = result[at + 1] ?? '';
    if (kind === 'drop') result.splice(at, 1);
    else if (kind === 'double') result.splice(at, 0, here);
    else if (kind === 'swap') result.splice(at, 2, next, here);
    else if (kind === 'replace') result.splice(at, 1, word);
    else result.splice(at, 0, word);
  }
  return result;
}

test('mutants of a program that has every statement get an answer (threat 35)', () => {
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), fc.constantFrom(' ', '\n'), (changes, gap) => {
      expect(violations(mutate(WORDS, changes).join(gap))).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

test('words thrown together get an answer', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...SPICE), { maxLength: 60 }), fc.constantFrom(' ', '\n'), (words, gap) => {
      expect(violations(`strat 1 strategy "x" ${words.join(gap)}`)).toEqual([]);
    }),
    { numRuns: 1500 },
  );
});

test('any text at all gets an answer', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.string({ maxLength: 200 })), (text) => {
      expect(violations(text)).toEqual([]);
    }),
    { numRuns: 1500 },
  );
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 }), (units) => {
      expect(violations(String.fromCharCode(...units))).toEqual([]);
    }),
  );
});

test('a program cut anywhere gets an answer', () => {
  fc.assert(
    fc.property(fc.nat(SOURCE.length), (end) => {
      expect(violations(SOURCE.slice(0, end))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('one wrong statement costs only itself', () => {
  const lines = [
    'let a = 1',
    'enter long when close > a',
    'size 1 BTC',
    'long { stop 2 atr }',
    'plot close',
    'risk { max loss 3% per day }',
  ];
  fc.assert(
    fc.property(
      fc.nat(lines.length),
      fc.constantFrom('let x = )', 'stop', 'plot close close', 'foo bar', 'size 5 % of', 'chart {', 'enter when = 3', '}'),
      (at, bad) => {
        const { file, diagnostics } = parse(`strat 1 strategy "x"\n${[...lines.slice(0, at), bad, ...lines.slice(at)].join('\n')}`);
        const kinds = file?.statements.map((statement) => statement.kind) ?? [];
        for (const kind of ['Let', 'Enter', 'Size', 'Side', 'Risk']) expect(kinds).toContain(kind);
        expect(diagnostics.length).toBeGreaterThanOrEqual(1);
        expect(diagnostics.length).toBeLessThanOrEqual(2);
      },
    ),
  );
});
