import { describe, expect, it } from 'vitest';
import { MAX_WIDTH } from './fill-line.ts';
import { format } from './format.ts';

const HEAD = 'strat 1\nstrategy "x"\ntrade BTC/USDT on 1h\n';
const formatted = (source: string): string => {
  const result = format(source);
  return result.ok ? result.text : expect.fail(JSON.stringify(result.diagnostics));
};
const body = (source: string): string => formatted(HEAD + source).slice(HEAD.length);

describe('the style of the language', () => {
  it.each([
    ['spaces', 'let  a=close-open*2', 'let a = close - open * 2\n'],
    ['signs', 'let a = - close + -( open )', 'let a = -close + -(open)\n'],
    ['calls, members, history', 'let a = macd ( close , fast : 3 ) . line [ 1 ]', 'let a = macd(close, fast: 3).line[1]\n'],
    ['units with and without brackets', 'stop 2 atr ( 14 )\nstop 3  atr', 'stop 2 atr(14)\nstop 3 atr\n'],
    ['a bracket behind a word that is no call', 'stop at(low+1%)', 'stop at (low + 1%)\n'],
    ['lists and ranges', 'param n=3 in[ 1 , 2 ]\nparam m=3 in 1 .. - 9', 'param n = 3 in [1, 2]\nparam m = 3 in 1..-9\n'],
    ['kinds', 'def f( a:price , n : length=2 ):price = a[ n ]', 'def f(a: price, n: length = 2): price = a[n]\n'],
    ['statements on one line', 'stop 2% size 1000 USDT', 'stop 2%\nsize 1000 USDT\n'],
    ['a statement over lines', 'enter long\n  when close\n  > open', 'enter long when close > open\n'],
    ['blocks', 'long{\nstop 2% size 1000 USDT}', 'long {\n  stop 2%\n  size 1000 USDT\n}\n'],
    ['a block on one line stays there', 'risk {max trades 2 per day}', 'risk { max trades 2 per day }\n'],
    ['but not one with a block inside', 'long { let a = close stop 2% }', 'long { let a = close stop 2% }\n'],
    ['definitions in blocks', 'def f(x) {\nlet y=x return y*2 }', 'def f(x) {\n  let y = x\n  return y * 2\n}\n'],
    [
      'arrows',
      'regime r start a {\na->b when close>open b -> a when close<open }',
      'regime r start a {\n  a -> b when close > open\n  b -> a when close < open\n}\n',
    ],
    [
      'with lists',
      'use strategy s from "./s.strat" with {\na=1 , b = 2 }',
      'use strategy s from "./s.strat" with {\n  a = 1,\n  b = 2\n}\n',
    ],
    [
      'empty lines: one at most, none at the edges of blocks',
      'stop 2%\n\n\n\nlong {\n\nsize 1000 USDT\n\n\nstop 1%\n\n}',
      'stop 2%\n\nlong {\n  size 1000 USDT\n\n  stop 1%\n}\n',
    ],
    ['line ends', 'stop 2%\r\n\r\nsize 1000 USDT\r', 'stop 2%\n\nsize 1000 USDT\n'],
  ])('%s', (_, source, expected) => {
    expect(body(source)).toBe(expected);
    expect(body(expected)).toBe(expected);
  });

  it.each([
    ['behind a line', 'stop 2%    # two  ', 'stop 2% # two\n'],
    ['alone', '# one\n\n\n  # two\nstop 2%', '# one\n\n# two\nstop 2%\n'],
    ['in blocks', 'long { # a\n# b\nstop 2%\n# c\n}\n# d', 'long { # a\n  # b\n  stop 2%\n  # c\n}\n# d\n'],
    [
      'within a statement',
      'enter long when # why\nclose > open\n# and\nand close > 1',
      'enter long when # why\n  close > open\n  # and\n  and close > 1\n',
    ],
    ['of a definition', '## what it is\ndef f(x) = x', '## what it is\ndef f(x) = x\n'],
  ])('comments %s', (_, source, expected) => {
    expect(body(source)).toBe(expected);
    expect(body(expected)).toBe(expected);
  });

  it('a comment before the first word', () => {
    expect(formatted('\n\n# first\n\nstrat 1 strategy "x"')).toBe('# first\n\nstrat 1\nstrategy "x"\n');
  });

  it('breaks long lines before clauses, then before or and and, behind commas, before signs', () => {
    const part = 'close crosses above sma(close, 20)';
    const lines = (source: string): readonly string[] => {
      const text = body(source);
      expect(body(text)).toBe(text);
      expect(text.split('\n').filter((line) => line.length > MAX_WIDTH)).toEqual([]);
      return text.trimEnd().split('\n');
    };
    expect(lines(`enter long when ${part} and ${part} with confidence 0.5 at limit close - 2%`)).toEqual([
      `enter long when ${part} and ${part} with confidence 0.5`,
      '  at limit close - 2%',
    ]);
    expect(lines(`let a = ${part} and ${part} or ${part} and ${part}`)).toEqual([
      `let a = ${part} and ${part}`,
      `  or ${part} and ${part}`,
    ]);
    expect(lines(`let a = max(${Array.from({ length: 30 }, (_, at) => `close[${at}]`).join(', ')})`)[1]).toMatch(/^ {2}close\[\d+\],/);
    expect(lines(`let a = ${Array.from({ length: 20 }, () => 'close').join(' + ')}`)[1]).toMatch(/^ {2}\+ close/);
  });

  it('leaves a text that cannot be broken as long as it is', () => {
    const text = `plot close as "${'x'.repeat(150)}"`;
    expect(body(text)).toBe(`${text}\n`);
  });

  it('answers a mistake with its findings', () => {
    const result = format('strat 1\nstrategy "x"\nenter wen');
    expect(result.ok ? [] : result.diagnostics.map(({ code }) => code)).toEqual(['E0103']);
  });
});
