import { describe, expect, test } from 'vitest';
import { parse } from './parse.ts';
import { ANY_NAME } from './words.ts';
import { StratParser } from './parser.ts';

/** Findings of the lines behind a heading, each as `code|the text of its span`; a place without width shows what stands before it, then `<`. */
function findings(body: string): string[] {
  const source = `strat 1\nstrategy "x"\n${body}`;
  return parse(source).diagnostics.map(({ code, span }) =>
    span.end > span.start ? `${code}|${source.slice(span.start, span.end)}` : `${code}|${source.slice(span.start - 5, span.start)}<`,
  );
}

function hint(body: string): string | undefined {
  return parse(`strat 1\nstrategy "x"\n${body}`).diagnostics[0]?.hint;
}

test('the grammar is free of ambiguities that Chevrotain knows of', () => {
  expect(() => new StratParser('validated')).not.toThrow();
});

describe('one finding a statement, then on with the next', () => {
  test.for<{ name: string; body: string; found: string[] }>([
    { name: 'a misspelt statement word', body: 'entr long when a\nplot a', found: ['E0107|entr'] },
    { name: 'a misspelt statement word in the middle of a line', body: 'size 10% of equity stpo 5%', found: ['E0107|stpo'] },
    { name: 'a misspelt clause word', body: 'size 10% of equity mx 30% of equity', found: ['E0103|mx'] },
    { name: 'a word that leads its line', body: 'size 10% of equity\nbanana 5', found: ['E0107|banana'] },
    { name: 'a definition without let', body: 'x = 5', found: ['E0107|x'] },
    { name: 'a statement that is not finished', body: 'let x =\nplot close', found: ['E0103|plot'] },
    { name: 'a program that is not finished', body: 'enter long when close >', found: ['E0103|ose ><'] },
    { name: 'a missing when', body: 'enter long close > open', found: ['E0103|>'] },
    { name: 'a doubled word', body: 'enter long when a and and b', found: ['E0103|and'] },
    { name: 'an = in a condition', body: 'enter long when a = b', found: ['E0111|='] },
    { name: 'an = inside brackets', body: 'enter long when (a = b)', found: ['E0111|='] },
    { name: '=> for >=', body: 'enter long when a => b', found: ['E0103|='] },
    { name: 'a chained comparison inside brackets', body: 'enter long when (1 < a <= 2)', found: ['E0110|<='] },
    { name: 'a chained cross', body: 'enter long when a > b crosses c', found: ['E0110|crosses'] },
    { name: 'a statement word as a value', body: 'let x = stop + 1\nplot close', found: ['E0103|stop'] },
    {
      name: 'a reserved word as a name, and its uses',
      body: 'let stop = close\nenter long when close > stop\nplot close',
      found: ['E0203|stop'],
    },
    { name: 'a reserved word as a parameter', body: 'def f(stop) = 3', found: ['E0203|stop'] },
    { name: 'a reserved word as the name of a state', body: 'regime r start a { size -> b when c }', found: ['E0203|size'] },
    { name: 'a reserved clause word as a name', body: 'param above = 3', found: ['E0203|above'] },
    {
      name: 'names of prototypes where names are defined',
      body: 'use a as constructor from "./a"\ndef toString(valueOf) = 1',
      found: ['E0209|constructor', 'E0209|toString'],
    },
    {
      name: 'states of prototypes',
      body: 'regime r start constructor { any -> constructor when a }',
      found: ['E0209|constructor'],
    },
    { name: 'a name with a capital', body: 'let Fast = 3', found: ['E0103|Fast'] },
    { name: 'two errors in two statements', body: 'let x = )\nplot close\nlet y = ]', found: ['E0103|)', 'E0103|]'] },
    { name: 'two bad characters in one statement', body: 'let x = a & b & c', found: ['E0101|&'] },
    { name: 'bad characters in two statements', body: 'let x = a;\nlet y = b;', found: ['E0101|;', 'E0101|;'] },
    { name: 'a statement of the first lines further down', body: 'strategy "again"', found: ['E0107|strategy'] },
    { name: 'return outside of a def', body: 'return 5', found: ['E0107|return'] },
    { name: 'a brace without a partner', body: 'let x = 1 }\nplot x', found: ['E0103|}'] },
    { name: 'a broken line inside a block', body: 'long {\n enter when )\n size 5%\n}\nplot close', found: ['E0103|)'] },
    { name: 'a broken first line of a block', body: 'long foo {\n enter when a\n}\nplot close', found: ['E0103|foo'] },
    { name: 'a broken let inside a def', body: 'def f(x) {\n let a = )\n return a\n}\nplot close', found: ['E0103|)'] },
    { name: 'a statement that a block cannot hold', body: 'long { plot close }\nplot close', found: ['E0107|plot'] },
    { name: 'an exit in oco', body: 'oco { exit long when a }\nplot close', found: ['E0107|exit'] },
    { name: 'a trade rule in chart', body: 'chart 4h { let a = 1 enter long when a }\nplot close', found: ['E0107|enter'] },
    { name: 'no market at all', body: 'trade btc on 1h', found: ['E0103|btc'] },
  ])('$name', ({ body, found }) => expect(findings(body)).toEqual(found));

  test('an edition other than 1 is refused at its number', () => {
    expect(parse('strat 2 strategy "x"').diagnostics).toMatchObject([{ code: 'E0103', span: { start: 6, end: 7 } }]);
  });

  test('a file without its first lines says so once and is still read', () => {
    const { file, diagnostics } = parse('trade BTC/USDT on 1h\nenter long when )');
    expect(file).toBeNull();
    expect(diagnostics.map(({ code, span }) => `${code} ${span.start}`)).toEqual(['E0103 0', 'E0103 37']);
  });

  test('an empty file is one finding', () => expect(parse('').diagnostics).toMatchObject([{ code: 'E0103', span: { start: 0, end: 0 } }]));
});

describe('a missing } is found just behind the last word', () => {
  test.for([
    { name: 'at the end of the file', body: 'long {\n enter when a\n size 10% of equity\n' },
    { name: 'before a statement that the block cannot hold', body: 'long {\n enter when a\n size 10% of equity\nplot a' },
    { name: 'before another block', body: 'long {\n enter when a\n size 10% of equity\nshort { enter when a }' },
    { name: 'of settings', body: 'risk {\n max loss 10% of equity\nplot a' },
    { name: 'of a function', body: 'def f(x) {\n return 10% of equity\n' },
  ])('$name', ({ body }) => expect(findings(body)).toEqual(['E0104|quity<']));

  test('a comment and blank lines behind it do not move the place', () => {
    expect(findings('long {\n enter when equity # why\n\n\nplot a')).toEqual(['E0104|quity<']);
  });
});

describe('clauses stand once', () => {
  test.for([
    { body: 'stop 5% moving moving', word: 'moving' },
    { body: 'enter long when a reason "x" reason "y"', word: 'reason' },
    { body: 'enter long when a at market at limit b', word: 'at' },
    { body: 'enter long when a at limit b good for 2 bars good until 10:00', word: 'good' },
    { body: 'size 1 BTC max 2 BTC max 3 BTC', word: 'max' },
    { body: 'trail 2 atr after 1R after 2R', word: 'after' },
    { body: 'param a = 1 step 1 step 2', word: 'step' },
    { body: 'universe { quote USDT quote BTC }', word: 'quote' },
    { body: 'account { capital 1 USDT capital 2 USDT }', word: 'capital' },
    { body: 'plot a color red color blue', word: 'color' },
    { body: 'notify "x" via a via b', word: 'via' },
  ])('$body', ({ body, word }) => expect(findings(body)).toEqual([`E0109|${word}`]));

  test('filters add up', () => expect(findings('universe { filter a filter b }')).toEqual([]));
});

describe('numbers, units and texts', () => {
  test.for([
    { body: 'let x = 5min', found: ['E0105|5min'], help: 'did you mean 5m?' },
    { body: 'let x = 4H', found: ['E0105|4H'], help: 'did you mean 4h?' },
    { body: 'stop 5bars', found: ['E0105|5bars'], help: 'write 5 bars' },
    { body: 'let x = 3 atrs', found: ['E0105|atrs'], help: 'did you mean atr?' },
    { body: 'let x = 3 foo', found: ['E0105|foo'], help: undefined },
    { body: 'exit long whne close < open', found: ['E0103|close'], help: 'write when instead of whne' },
    { body: 'size kely fraction 0.2', found: ['E0103|fraction'], help: 'write kelly instead of kely' },
    { body: 'use clendar x from "./y"', found: ['E0103|x'], help: 'write calendar instead of clendar' },
    { body: 'let x = 1e999', found: ['E0105|1e999'], help: undefined },
    { body: 'let x = 1000000000000y', found: ['E0105|1000000000000y'], help: undefined },
    { body: 'let x = 1234567890123456789', found: ['E0105|1234567890123456789'], help: undefined },
    { body: 'let x = 2000000000000000', found: ['E0105|2000000000000000'], help: undefined },
    { body: 'let x = 5000000B', found: ['E0105|5000000B'], help: undefined },
    { body: 'let x = 1__0', found: ['E0105|1__0'], help: 'write 1_000' },
    { body: 'let x = .5', found: ['E0105|.5'], help: 'write 0.5' },
    { body: 'let x = 2024-02-30', found: ['E0105|2024-02-30'], help: undefined },
    { body: 'let x = 2024-2-3', found: ['E0105|2024-2-3'], help: undefined },
    { body: 'let x = 24:01', found: ['E0105|24:01'], help: undefined },
    { body: 'stop 2 % moving', found: ['E0106|%'], help: 'write 2%' },
    { body: 'let x = close % 2', found: ['E0101|%'], help: undefined },
    { body: 'notify "abc', found: ['E0102|"abc'], help: undefined },
    { body: 'notify "a\\x"', found: ['E0101|\\x'], help: undefined },
    { body: 'notify "a\tb"', found: ['E0101|\t'], help: undefined },
    { body: `notify "${'a'.repeat(501)}"`, found: [`E0108|"${'a'.repeat(501)}"`], help: undefined },
    { body: `let ${'a'.repeat(65)} = 1`, found: [`E0108|${'a'.repeat(65)}`], help: undefined },
    { body: 'notify "{close + 1}"', found: ['E0211|close + 1'], help: undefined },
    { body: 'notify "{position.size}"', found: ['E0211|position.size'], help: undefined },
    { body: 'notify "{close:x}"', found: ['E0211|close:x'], help: undefined },
    { body: 'exit long when a reason "{"', found: ['E0211|on "{<'], help: undefined },
  ])('$body', ({ body, found, help }) => {
    expect(findings(body)).toEqual(found);
    expect(help ?? hint(body)).toBe(hint(body));
  });

  test.for([
    'let x = 1e15',
    'let x = 999999999999999',
    'let x = 1_000.5e-3',
    'let x = 24:00',
    'let x = 2024-02-29',
    `notify "${'a'.repeat(500)}"`,
    `let ${'a'.repeat(64)} = 1`,
    'notify "{close} {close:2} \\"quoted\\" \\\\ \\n # no comment ⚠️ é 日本"',
    'let x = 1\r\nlet y = 2\rlet z = 3\tplot z',
  ])('%s is fine', (body) => expect(findings(body)).toEqual([]));
});

test('names of definitions that failed are handed on', () => {
  const { file } = parse('strat 1 strategy "x"\nlet good = 1\nlet bad = )\nchart on { let up = 1 }\nuse a, b as c from 5');
  expect([...(file?.brokenNames ?? [])].toSorted()).toEqual([ANY_NAME, 'a', 'b', 'bad', 'c', 'up']);
});

test('soft words stay usable as names', () => {
  const soft = [
    'limit',
    'max',
    'times',
    'good',
    'market',
    'model',
    'start',
    'step',
    'after',
    'rest',
    'text',
    'bars',
    'atr',
    'price',
    'target',
    'level',
    'unit',
  ];
  const body = soft.map((word) => `let ${word} = 1 plot ${word} as "${word}"`).join(' ');
  expect(
    findings(`${body}\nuse model, calendar as c from "./x"\nsize max(limit, 3) max max(1, 2)\nstop at limit limit step moving`),
  ).toEqual([]);
});
