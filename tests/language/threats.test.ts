import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#core/engine/simulation-settings.ts';
import { type CompileOptions, createCompiler } from '#dsl/compile.ts';
import { emit } from '#dsl/emit/emit.ts';

/** Hostile programs of the design's threats.md, B and C, by the numbers of their rows: each through the whole compiler. */
const THREATS = '../shared/design/threats.md';
const HEAD = 'strat 1\nstrategy "threats"\ntrade BTC/USDT on 1h\n';
const RULES = '\nenter long when close > open\nsize 1 BTC\nstop 5%\n';
const compiler = createCompiler();

type Attack = readonly [input: string, codes: readonly string[]];

const times = (count: number, text: string): string => text.repeat(count);
const imports = (path: string): Attack => [`use f from ${JSON.stringify(path)}`, ['E0701']];
const doubling = (count: number): string =>
  Array.from({ length: count }, (_, i) => (i === 0 ? 'def f0(x) = x + 1' : `def f${i}(x) = f${i - 1}(x) + f${i - 1}(x + ${i})`)).join('\n');

/** Lines that stand before the rules of a program that is otherwise right. */
const ATTACKS: Readonly<Record<number, readonly Attack[]>> = {
  21: [
    [`let x = ${times(100_000, '(')}`, ['E0108']],
    [`let x = ${times(500, '(')}close${times(500, ')')}`, ['E0108']],
  ],
  22: [
    [`let x = ${times(30_000, 'not ')}true`, ['E0108']],
    [`let x = ${times(30_000, '-')}close`, ['E0108']],
    [`let x = close${times(20_000, ' + close')}`, ['E0108']],
    [`let x = close${times(16_000, '[1]')}`, ['E0108']],
    [`let x = if true then 1${times(6000, ' else if true then 1')} else 2`, ['E0108']],
  ],
  23: [[doubling(40), ['E0108']]],
  24: [
    [`# ${times(300_000, 'x')}`, ['E0108']],
    [times(30_000, 'plot a\n'), ['E0108']],
    [times(20_000, 'let x\n'), Array.from({ length: 100 }, () => 'E0103')],
  ],
  25: [
    ['plot 1e999', ['E0105']],
    [`plot ${times(400, '9')}`, ['E0105']],
    ['plot sma(close, 1000000000)', ['E0308']],
    ['plot close[1000000]', ['E0406']],
    ['let x = close > open within 1000000000000y', ['E0105']],
  ],
  26: [
    ['plot \u0441lose', ['E0101']],
    ['plot \uff12', ['E0101']],
    ['plot clo\u200bse', ['E0101']],
    ['notify "\u202e"', ['E0101']],
    ['# \u202e', ['E0101']],
    ['plot close\u0000', ['E0101']],
    ['notify "\ud800"', ['E0101']],
  ],
  27: [
    ['let __proto__ = close', ['E0101']],
    ['let constructor = close', ['E0209']],
    ['regime m start constructor { constructor -> calm when close > open }', ['E0209']],
    ['regime m start calm { calm -> constructor when close > open }', ['E0209']],
    ['param constructor = 5', ['E0209']],
    ['use f as constructor from "./lib.strat"', ['E0209']],
    ['plot bbands(close).constructor', ['E0206']],
    ['plot position.toString', ['E0206']],
    ['plot hasOwnProperty(close)', ['E0201']],
    ['plot sma(close, constructor: 5)', ['E0205']],
  ],
  28: [
    ['notify "\\"); process.exit(1); (\\""', []],
    ['notify "${process.env.KEY} `id`"', ['E0211']],
    ['notify "{constructor.constructor(1)()}"', ['E0211']],
    ['notify "a\u2028b"', ['E0101']],
  ],
  29: [
    ['let v0 = close let c1 = v0 let s = c1 let run = s let decide = run plot decide', []],
    ['let Infinity = close', ['E0103']],
    ['let S = close', ['E0103']],
  ],
  30: [
    ['plot close[-1]', ['E0401']],
    ['param k = 0 in -3..3 plot close[k]', ['E0401']],
    ['plot close on 5m', ['E0402']],
    ['plot 30 on 4h', ['E0312']],
    ['use model m from "./m" with { x = position.profit } plot m.up', ['E0405']],
  ],
  31: [
    ['size -1 BTC', ['E0511']],
    ['stop -5%', ['E0511']],
    ['stop 100%', ['E0511']],
    ['take 60% at 5%, 50% at 6%', ['E0502']],
    ['add 50% when close > open', ['E0510']],
    ['plot close / 0', ['E0314']],
  ],
  32: [
    // Whether there is an order only a bar can tell (E1001): the program is right.
    ['enter long when close < open at limit close * (close / (high - high))', []],
    ['add 1 BTC * (close / (high - high)) when close > open max 1 times', []],
    ['stop at na', []],
  ],
  36: [
    imports('./../../etc/passwd'),
    imports('/etc/passwd'),
    imports('./a/../../b'),
    imports('.\\..\\b'),
    imports('./%2e%2e/b'),
    imports('file:///etc/passwd'),
    imports('http://example.org/x'),
    imports('node:fs'),
    ['use strategy f from "./../x.strat"', ['E0701']],
    ['use model f from "/etc/passwd"', ['E0701']],
    ['use indicator f from "./../../x.js"', ['E0701']],
  ],
};

/** Rows that other tests hold, and by what. */
const ELSEWHERE: Readonly<Record<number, string>> = {
  35: 'tests/language/totality.prop.test.ts',
  37: 'core/runtime/module-source.test.ts',
  38: 'dsl/check/modules.test.ts',
  39: 'dsl/plugin/read-manifest.test.ts',
  40: 'core/indicators/indicator-shelf.test.ts',
  44: 'core/data/candle-file.test.ts',
  46: 'core/cli/error-text.test.ts',
};

/** Rows that are not the front end's. */
const OUTSIDE: Readonly<Record<number, string>> = {
  33: 'a flood of orders is limited by the host, whatever the program says',
  34: 'a flood of messages is limited, and their text escaped, by whoever sends them',
  41: 'plugins are copied as data: nothing of them is installed',
  42: 'models are files of predictions: nothing is loaded that runs',
  43: 'no form of executable payload is read at all',
  47: 'there is no language server yet',
  48: 'nothing is cached between programs',
};

/** Rules that the line replaces are left out. */
function programWith(line: string): string {
  const left = RULES.split('\n').filter((rule) => !['size', 'stop'].some((word) => line.startsWith(word) && rule.startsWith(word)));
  return `${HEAD}${line}${left.join('\n')}`;
}

const UNREAD: CompileOptions = {
  modules: () => {
    throw new Error('a file was looked at');
  },
  models: () => ({ ok: true, outputs: ['up'] }),
};

for (const [row, attacks] of Object.entries(ATTACKS)) {
  describe(`threat ${row}`, () => {
    it.each(attacks.map(([input, codes]) => [input.slice(0, 80), input, codes] as const))('%s', (_, line, codes) => {
      const source = programWith(line);
      const inputs = line.startsWith('use f as') ? { modules: () => ({ ok: true, id: 'lib', text: LIB }) as const } : UNREAD;
      const { diagnostics, program } = compiler.compile(source, inputs);
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      expect(errors.map(({ code }) => code)).toEqual(codes);
      expect(program === null).toBe(codes.length > 0);
      for (const { message, hint = '' } of diagnostics) expect((message + hint).length).toBeLessThan(500);
    });
  });
}

const LIB = 'strat 1 module "lib" export def f(x) = x';

describe('threat 28, 29: nothing of a program is in the code that runs', () => {
  const names = ['zebra', 'yonder', 'xylo', 'wombat', 'vulture'];
  const source = `strat 1 strategy "zebra" trade BTC/USDT on 1h param yonder = 5 in 1..9 let xylo = ema(close, yonder)
    def wombat(vulture) = vulture * 2 enter long when wombat(xylo) > close reason "zebra \\"); process.exit(1); (\\"" size 10% of equity stop 5%
    plot xylo as "vulture"`;

  it('neither its names nor its texts', () => {
    const { program, diagnostics } = compiler.compile(source);
    expect(diagnostics).toEqual([]);
    const { text } = emit(program!, DEFAULT_SETTINGS.conventions);
    expect([...names, 'process', 'exit'].filter((name) => text.includes(name))).toEqual([]);
    expect(text).toMatch(/^[\x20-\x7e\n]+$/);
  });
});

describe('threat 45: values of params from outside', () => {
  const source = `${HEAD}param n = 20 in 5..50 step 5 param q = 2% in 1%..5% enter long when close > sma(close, n) + q size 1 BTC stop 5%`;

  it.each([
    ['n', '1e999'],
    ['n', '55'],
    ['n', '7'],
    ['n', 'NaN'],
    ['n', 'Infinity'],
    ['n', '{"toString": 1}'],
    ['n', '20; process.exit()'],
    ['n', 'close'],
    ['n', ''],
    ['n', '9'.repeat(100_000)],
    ['q', '3'],
    ['q', '500%'],
    ['__proto__', '20'],
    ['constructor', '20'],
    ['toString', '20'],
  ])('%s = %.20s is refused, and is no finding about the source', (name, value) => {
    const { program, diagnostics, overrideErrors } = compiler.compile(source, { set: new Map([[name, value]]) });
    expect([program, diagnostics, overrideErrors.length]).toEqual([null, [], 1]);
    expect(overrideErrors[0]!.message.length).toBeLessThan(300);
  });
});

test.skipIf(!existsSync(THREATS))('every row of B and C has its test, or is said to be no matter of the front end', () => {
  const [, rest = ''] = readFileSync(THREATS, 'utf8').split(/^## B\./m);
  const rows = Array.from(rest.split(/^## D\./m)[0]!.matchAll(/^\| (\d+) \|/gm), ([, row]) => Number(row));
  expect(rows.length).toBeGreaterThan(25);
  const here = new Set([...Object.keys(ATTACKS), ...Object.keys(ELSEWHERE), ...Object.keys(OUTSIDE), 45].map(Number));
  expect(rows.filter((row) => !here.has(row))).toEqual([]);
  expect(Object.values(ELSEWHERE).filter((file) => !existsSync(file))).toEqual([]);
});
