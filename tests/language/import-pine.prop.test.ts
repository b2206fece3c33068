import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMarket } from '#core/model/market.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { createCompiler } from '#dsl/compile.ts';
import { format } from '#dsl/tools/format/format.ts';
import { importPine, type PineImport } from '#dsl/tools/pine/import-pine.ts';
import { drawer } from './mutants.ts';
import { PINE_SCRIPTS } from './pine-scripts.ts';

const compiler = createCompiler();
const options = { market: parseMarket('BTC/USDT')!, timeframe: parseTimeframe('1h')! };
const imported = (source: string): PineImport => importPine(source, options, compiler);

/** Words, signs, blanks and line breaks: together they are the script again. */
const WORD = /"[^"\n]*"|\/\/[^\n]*|[A-Za-z_][\w.]*|\d[\d.]*|\n[ \t]*|[ \t]+|[^\s\w]/g;
const WORDS = PINE_SCRIPTS.map(({ source }) => source.match(WORD) ?? []);
/** Further words, to be put anywhere. */
const STRANGE = [
  '\n    ',
  '\n        ',
  'var ',
  'na',
  '[1]',
  ' := ',
  '=>',
  'for i = 0 to 9',
  'while true',
  'switch',
  '?',
  ':',
  '(',
  ')',
  '[',
  ']',
  ',',
  '0',
  '-',
  'strategy.position_size',
  'array.new<float>(0)',
  'request.security("", "D", close)',
  'not ',
  'x',
];

/** A script with a few words dropped, doubled, exchanged, or taken from another one. */
function mutant(seed: number): string {
  const below = drawer(seed);
  const text = [...WORDS[below(WORDS.length)]!];
  for (let edits = 1 + below(5); edits > 0; edits--) {
    const [at, other] = [below(text.length), below(text.length)];
    const donor = WORDS[below(WORDS.length)]!;
    const kind = below(6);
    if (kind === 0) text.splice(at, 1 + below(3));
    else if (kind === 1) text.splice(at, 0, ...text.slice(other, other + 1 + below(30)));
    else if (kind === 2) [text[at], text[other]] = [text[other]!, text[at]!];
    else if (kind === 3) text.splice(at, 1, STRANGE[below(STRANGE.length)]!);
    else text.splice(at, kind - 4, ...donor.slice(below(donor.length)).slice(0, 1 + below(12)));
  }
  return text.join('');
}

/** What is wrong with an import: a program compiles, or the remarks say that it needs a hand; where there is none, something is told. */
function faults(source: string): readonly string[] {
  const { program, compiles, remarks, errors } = imported(source);
  if (program === null) return errors.length + remarks.length > 0 ? [] : ['nothing is told'];
  const formatted = format(program);
  const isNeat = formatted.ok && formatted.text === program;
  const isRight = compiler.compile(program).diagnostics.every(({ severity }) => severity !== 'error');
  const asksForHand = remarks.some(({ kind }) => kind === 'hand');
  return [
    ...(isNeat ? [] : ['it is not in the style']),
    ...(compiles === isRight && asksForHand !== isRight ? [] : ['it does not say whether it compiles']),
  ];
}

test('scripts with mistakes anywhere are imported or told about, and nothing is thrown', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
      expect(faults(mutant(seed))).toEqual([]);
    }),
    { endOnFailure: true, numRuns: runs(100) },
  );
});

test('text of any kind is told about, and nothing is thrown', () => {
  const words = fc
    .array(fc.constantFrom(...STRANGE, ...new Set(WORDS.flat())), { maxLength: 60 })
    .map((parts) => `strategy("x")\n${parts.join('')}`);
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), words), (source) => {
      expect(faults(source)).toEqual([]);
    }),
    { endOnFailure: true, numRuns: runs(100) },
  );
});

test.for([
  ['brackets', `strategy("x")\nx = ${'('.repeat(5000)}`],
  ['signs', `strategy("x")\nx = ${'-'.repeat(20_000)}1`],
  ['choices', `strategy("x")\nx = ${'true ? 1 : '.repeat(5000)}1`],
  ['blocks', `strategy("x")\n${Array.from({ length: 500 }, (_, depth) => `${'    '.repeat(depth)}if close > open`).join('\n')}`],
  ['else if', `strategy("x")\nif close > open\n    a = 1\n${'else if close > open\n    a = 1\n'.repeat(3000)}`],
  ['sums', `strategy("x")\nx = ${'close + '.repeat(20_000)}1\nstrategy.entry("L", strategy.long, when = x > 1)`],
  [
    'doubling',
    `strategy("x")\nx0 = close\n${Array.from({ length: 60 }, (_, at) => `x${at + 1} = x${at} * x${at} + high`).join('\n')}\nif x60 > 1\n    strategy.entry("L", strategy.long)`,
  ],
  [
    'doubling by functions',
    `strategy("x")\nf0(a) => a + 1\n${Array.from({ length: 40 }, (_, at) => `f${at + 1}(a) => f${at}(a) * f${at}(a + 1)`).join('\n')}\nif f40(close) > 1\n    strategy.entry("L", strategy.long)`,
  ],
  ['recursion', 'strategy("x")\nf(a) => f(a) + 1\nif f(close) > 1\n    strategy.entry("L", strategy.long)'],
  [
    'loops',
    `strategy("x")\ns = 0.0\n${'for i = 0 to 99\n    s := s + close[i]\n'.repeat(40)}if s > 1\n    strategy.entry("L", strategy.long)`,
  ],
  [
    'nested loops',
    `strategy("x")\ns = 0.0\nfor i = 0 to 99\n    for j = 0 to 99\n        for k = 0 to 99\n            s := s * s + close\nif s > 1\n    strategy.entry("L", strategy.long)`,
  ],
  [
    'variables that remember',
    `strategy("x")\n${Array.from({ length: 600 }, (_, at) => `var v${at} = 0.0\nv${at} := v${at}[1] + ${at === 0 ? 'close' : `v${at - 1}`}`).join('\n')}\nif v599 > 1\n    strategy.entry("L", strategy.long)`,
  ],
  [
    'branches',
    `strategy("x")\nvar a = 0.0\n${Array.from({ length: 400 }, (_, at) => `if close > ${at}\n    a := a + ${at}`).join('\n')}\nif a > 1\n    strategy.entry("L", strategy.long)`,
  ],
  ['a large file', `strategy("x")\n${'// x\n'.repeat(60_000)}`],
  ['many words', `strategy("x")\n${'a = 1\n'.repeat(30_000)}`],
])('hostile: %s', ([, source]) => {
  expect(faults(source!)).toEqual([]);
});

function runs(few: number): number {
  return Number(process.env['STRAT_FC_RUNS'] ?? few);
}
