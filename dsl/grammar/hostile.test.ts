import { describe, expect, test } from 'vitest';
import { parse } from './parse.ts';

const HEAD = 'strat 1\nstrategy "x"\n';

function codes(body: string): string[] {
  return parse(HEAD + body).diagnostics.map((finding) => finding.code);
}

const times = (count: number, text: string): string => text.repeat(count);

describe('deep and long programs (threats 21, 22)', () => {
  test.for([
    { name: '100,000 brackets', body: `let x = ${times(100_000, '(')}` },
    { name: '65 brackets', body: `let x = ${times(65, '(')}1${times(65, ')')}` },
    { name: '65 calls', body: `let x = ${times(65, 'f(')}1${times(65, ')')}` },
    { name: '65 lists', body: `let x = ${times(65, '[')}${times(65, ']')}` },
    { name: '65 if inside if', body: `let x = ${times(65, 'if a then ')}1${times(65, ' else 2')}` },
    { name: '65 if behind +', body: `let x = ${times(65, 'if a then 1 else 1 + ')}2` },
    { name: '30,000 not', body: `let x = ${times(30_000, 'not ')}a` },
    { name: '30,000 minus', body: `let x = ${times(30_000, '-')}a` },
    { name: '20,000 + close', body: `let x = a${times(20_000, ' + close')}` },
    { name: '16,000 [1]', body: `let x = a${times(16_000, '[1]')}` },
    { name: '6,000 else if', body: `let x = if a then 1${times(6000, ' else if a then 1')} else 2` },
    { name: '60,000 words', body: times(12_001, 'let x = a\n') + times(2000, 'size 1 BTC\n') },
    { name: '300 KB', body: `#${times(300_000, 'x')}` },
    { name: '300 KB in UTF-8', body: `#${times(100_000, '日')}` },
  ])('$name are E0108', ({ body }) => expect(codes(body)).toEqual(['E0108']));

  test.for([
    { name: '64 brackets', body: `let x = ${times(64, '(')}1${times(64, ')')}` },
    { name: '64 if inside if', body: `let x = ${times(64, 'if a then ')}1${times(64, ' else 2')}` },
    { name: '990 not', body: `let x = ${times(990, 'not ')}a` },
    { name: '990 minus', body: `let x = ${times(990, '-')}a` },
    { name: '497 + close', body: `let x = a${times(497, ' + close')}` },
    { name: '300 [1]', body: `let x = a${times(300, '[1]')}` },
    { name: '150 else if', body: `let x = if a then 1${times(150, ' else if a then 1')} else 2` },
    { name: 'many brackets side by side', body: `let x = f(${times(200, '(1), ')}2)` },
    { name: 'many statements', body: times(9000, 'let x = a\n') },
    { name: '255 KB', body: `#${times(255 * 1024, 'x')}` },
  ])('$name are fine', ({ body }) => expect(codes(body)).toEqual([]));

  test('a statement that is too long does not swallow its block or the next statements', () => {
    const { file, diagnostics } = parse(`${HEAD}long {\n enter when ${times(1000, 'not ')}a\n size 1 BTC\n}\nplot close\nlet y = )`);
    expect(diagnostics.map((finding) => finding.code)).toEqual(['E0108', 'E0103']);
    expect(file?.statements.map((statement) => statement.kind)).toEqual(['Side', 'Plot']);
  });
});

test('20,000 broken statements are 100 findings (threat 24)', () => {
  for (const body of [
    times(20_000, 'let x\n'),
    times(9000, 'foo 5 )\n'),
    times(20_000, 'plot ;\n'),
    times(9000, 'long {\n'),
    times(20_000, '}\n'),
  ]) {
    expect(codes(body).length).toBeLessThanOrEqual(100);
  }
  expect(codes(times(20_000, 'let x\n'))).toHaveLength(100);
});

test.for(['1e999', '9'.repeat(400), '1000000000000y', '1e-999', '1'.repeat(19)])('%s is E0105 (threat 25)', (text) => {
  expect(codes(`let x = ${text}`)).toEqual(['E0105']);
});

describe('characters that lie (threat 26)', () => {
  test.for([
    { name: 'a Cyrillic letter in close', body: 'let x = \u0441lose', shown: 'U+0441' },
    { name: 'a full-width digit', body: 'let x = \uff12', shown: 'U+FF12' },
    { name: 'a zero-width space in a name', body: 'let x = clo\u200bse', shown: 'U+200B' },
    { name: 'a right-to-left override in a text', body: 'notify "a\u202eb"', shown: 'U+202E' },
    { name: 'a right-to-left override in a comment', body: 'let x = 1 # a\u202eb', shown: 'U+202E' },
    { name: 'an isolate in a comment', body: '# a\u2066b', shown: 'U+2066' },
    { name: 'NUL', body: 'let x = 1\u0000', shown: 'U+0000' },
    { name: 'an escape character', body: 'let x = "\u001b[31m"', shown: 'U+001B' },
    { name: 'a lone surrogate', body: 'notify "\ud800"', shown: 'U+D800' },
    { name: 'a lone surrogate outside of texts', body: 'let \udc00 = 1', shown: 'U+DC00' },
    { name: 'a line separator in a text', body: 'notify "a\u2028b"', shown: 'U+2028' },
    { name: 'a next-line character', body: 'let x = 1\u0085', shown: 'U+0085' },
    { name: 'a byte order mark', body: '\ufefflet x = 1', shown: 'U+FEFF' },
    { name: 'a soft hyphen', body: '# a\u00adb', shown: 'U+00AD' },
    { name: 'a tag character', body: '# a\u{e0041}b', shown: 'U+E0041' },
    { name: 'a variation selector that hides data', body: '# a\u{e0101}b', shown: 'U+E0101' },
    { name: 'a Hangul filler as a name', body: 'let \u3164 = 1', shown: 'U+3164' },
    { name: 'a no-break space', body: 'let x\u00a0= 1', shown: 'U+00A0' },
  ])('$name is E0101 with its code point', ({ body, shown }) => {
    const { diagnostics } = parse(HEAD + body);
    expect(diagnostics.map((finding) => finding.code)).toEqual(['E0101']);
    expect(diagnostics[0]?.message).toContain(shown);
  });
});

describe('texts that want out (threat 28)', () => {
  test.for([
    { body: 'notify "\\"); process.exit(1); (\\""', found: [] },
    { body: 'notify "$" when a', found: [] },
    { body: 'notify "${process.env.KEY} `id`"', found: ['E0211'] },
    { body: 'notify "{constructor.constructor(1)()}"', found: ['E0211'] },
    { body: 'notify "{a}{b.c}"', found: ['E0211'] },
  ])('$body', ({ body, found }) => expect(codes(body)).toEqual(found));
});

test('names of prototypes are words like others where nothing is defined (threat 27)', () => {
  for (const body of [
    'let x = bbands(close).constructor',
    'let x = position.toString',
    'let x = hasOwnProperty(close)',
    'let x = f(constructor: 5)',
    'account { constructor 1 toString 2 }',
  ]) {
    expect(codes(body)).toEqual([]);
  }
  expect(codes('let __proto__ = 1')).toEqual(['E0101']);
});
