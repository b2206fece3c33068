import { describe, expect, it } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';

/** Programs of `threats.md` B as far as the checker answers them; the parser has its own. */
const compiler = createCompiler();
const HEAD = 'strat 1\nstrategy "threats"\ntrade BTC/USDT on 1h\n';
const RULES = '\nenter long when close > open\nsize 1 BTC\nstop 5%\n';

const codes = (lines: string): readonly string[] => compiler.compile(`${HEAD}${lines}${RULES}`).diagnostics.map(({ code }) => code);
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

describe('programs that grow when they are written out', () => {
  it('40 functions that call the last one twice are refused at the first one beyond the limit, once', () => {
    const lines = numbers(40).map((i) => (i === 0 ? 'def f0(x) = x + 1' : `def f${i}(x) = f${i - 1}(x) + f${i - 1}(x + ${i})`));
    const { diagnostics } = compiler.compile(`${HEAD}${lines.join('\n')}${RULES}`);
    expect(diagnostics.map(({ code, message }) => [code, /f\d+/.exec(message)?.[0]])).toEqual([['E0108', 'f12']]);
  });

  it('thousands of functions that each call the last one once are refused, not overflowed', () => {
    const lines = numbers(3000).map((i) => (i === 0 ? 'def f0() = 1' : `def f${i}() = f${i - 1}()`));
    expect(codes(lines.join('\n'))).toEqual(['E0108']);
  });

  it('many calls of a function near the limit are refused together', () => {
    const body = numbers(9).map((i) => (i === 0 ? 'def f0(x) = x + 1' : `def f${i}(x) = f${i - 1}(x) + f${i - 1}(x + ${i})`));
    const calls = numbers(2000).map((i) => `plot f8(close + ${i})`);
    expect(codes([...body, ...calls].join('\n'))).toEqual(['E0108']);
  });

  it('a size that every entry has its own form of counts once for each', () => {
    const body = numbers(9).map((i) => (i === 0 ? 'def f0(x) = x + 1' : `def f${i}(x) = f${i - 1}(x) + f${i - 1}(x + ${i})`));
    const entries = numbers(500).map((i) => `enter long when close > ${i} with confidence 1 / ${i + 2}`);
    const { diagnostics } = compiler.compile(`${HEAD}${[...body, 'size f8(confidence) * 1% of equity', 'stop 5%', ...entries].join('\n')}`);
    expect(diagnostics.map(({ code }) => code)).toEqual(['E0108']);
  });

  it('functions that are defined beside each other and never called cost their own text only', () => {
    const body = numbers(12).map((i) => (i === 0 ? 'def f0(x) = x + 1' : `def f${i}(x) = f${i - 1}(x) + f${i - 1}(x + ${i})`));
    const idle = numbers(2000).map((i) => `def g${i}(x) = f11(x)`);
    expect(new Set(codes([...body, ...idle].join('\n')))).toEqual(new Set(['W0902']));
  });

  it.each<[name: string, line: string]>([
    ['not', `enter short when ${'not '.repeat(990)}close > open`],
    ['minus', `plot ${'- '.repeat(990)}close`],
    ['plus', `plot close${' + close'.repeat(490)}`],
    ['past', `plot close${'[1]'.repeat(300)}`],
    ['else if', `plot ${'if close > open then close else '.repeat(110)}open`],
    ['brackets', `plot ${'('.repeat(60)}close${')'.repeat(60)}`],
  ])('a statement as deep as the limits allow is checked: %s', (_, line) => {
    expect(codes(line).filter((code) => code !== 'W0905')).toEqual([]);
  });

  it('deep functions inside deep functions are refused before they are written out', () => {
    const deep = (inner: string): string => `${'- '.repeat(900)}${inner}`;
    expect(codes(`def a(x) = ${deep('x')}\ndef b(x) = ${deep('a(x)')}\nplot b(close)`)).toEqual(['E0108']);
  });

  it('a chain of lets as long as the file allows is built', () => {
    const lines = numbers(3000).map((i) => (i === 0 ? 'let a0 = close' : `let a${i} = a${i - 1} + ${i}`));
    expect(codes([...lines, 'plot a2999'].join('\n'))).toEqual([]);
  });
});

describe('names that mean something to JavaScript', () => {
  it.each<[line: string, code: string]>([
    ['let constructor = close', 'E0209'],
    ['param toString = 5', 'E0209'],
    ['def valueOf(x) = x', 'E0209'],
    ['plot bbands(close).constructor', 'E0206'],
    ['plot bbands(close).hasOwnProperty', 'E0206'],
    ['plot position.toString', 'E0206'],
    ['plot trades.valueOf', 'E0206'],
    ['plot hasOwnProperty(close)', 'E0201'],
    ['plot sma(close, constructor: 5)', 'E0205'],
    ['account { constructor 5 }', 'E0206'],
    ['plot window_sum(close, 5)', 'E0201'],
    ['plot group(a: close).a', 'E0201'],
  ])('%s', (line, code) => {
    expect(codes(line)).toEqual([code]);
  });

  it('names of emitted code are ordinary names', () => {
    expect(codes('let v0 = close let run = v0 let s = run let window_sum = s plot window_sum')).toEqual([]);
  });

  it('nothing of the text is part of the graph', () => {
    const { program } = compiler.compile(
      `${HEAD}let secret_name = close * 2\nplot secret_name as "a secret text"\nenter long when secret_name > 5\nsize 1 BTC\nstop 5%`,
    );
    expect(JSON.stringify(program?.graph)).not.toMatch(/secret/);
  });
});

describe('storms of errors', () => {
  it('20,000 unknown names among thousands of known ones give 100 errors', () => {
    const known = numbers(2500).map((i) => `let name${i} = close`);
    const unknown = numbers(80).map(
      (i) =>
        `plot ${numbers(240)
          .map((j) => `nane${i}x${j}`)
          .join(' + ')}`,
    );
    const more = numbers(150).map((i) => `plot nope${i}`);
    expect(codes([...known, ...unknown, ...more].join('\n')).length).toBeLessThanOrEqual(100);
  });
});

describe('many rules', () => {
  it('entries and exits are compared only so far, however many they are', () => {
    const rules = numbers(1200).map((i) => `enter long when close > ${i + 2}\nexit long when close < ${i + 1}`);
    expect(codes(rules.join('\n'))).toEqual([]);
    expect(codes('exit long when close > open')).toEqual(['W0909']);
  });

  it('a condition of thousands of parts is looked at without overflowing', () => {
    const all = (count: number, part: (i: number) => string): string => numbers(count).map(part).join(' and ');
    const lines = [
      `def few(k: bars) = ${all(36, (i) => `close[k] > ${i + 1}`)}`,
      `def many(k: bars) = ${all(20, (i) => `few(k + ${i})`)}`,
      `enter long when ${all(4, (i) => `many(${20 * i + 1})`)}`,
    ];
    expect(codes(lines.join('\n'))).toEqual([]);
  });

  it('entries of one place hold one block in common', () => {
    const entries = numbers(20).map((i) => `enter long when close > ${i + 1}`);
    const { program } = compiler.compile(`${HEAD}${entries.join('\n')}${RULES}`);
    expect(new Set(program?.entries.map(({ block }) => block)).size).toBe(1);
  });

  it('a place with more rules of a kind than it may have is refused, however many entries would take them', () => {
    const adds = numbers(2500).map(() => 'add every 1% against max 1 times');
    const entries = numbers(3000).map((i) => `enter long when close > ${i}`);
    expect(new Set(codes([...adds, ...entries].join('\n')))).toEqual(new Set(['E0108']));
    expect(codes(adds.slice(0, 16).join('\n'))).toEqual([]);
    expect(codes(adds.slice(0, 17).join('\n'))).toEqual(['E0108']);
  });
});
