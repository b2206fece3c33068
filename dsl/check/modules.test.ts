import { describe, expect, it } from 'vitest';
import { type Compilation, createCompiler } from '#dsl/compile.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import type { ModuleSource } from './module-source.ts';

const compiler = createCompiler();
const HEAD = 'strat 1\nstrategy "m"\ntrade BTC/USDT on 1h\n';
const RULES = '\nenter long when close > open\nsize 1 BTC\nstop 5%\n';
const module = (lines: string): string => `strat 1\nmodule "m"\n${lines}\n`;

/** A folder of files, by path from the strategy; what was asked for is written down. */
function folder(files: Readonly<Record<string, string>>, asked: string[] = []): ModuleSource {
  return (path, from) => {
    const id = new URL(path, new URL(from ?? './strategy.strat', 'files:///')).pathname.slice(1);
    asked.push(id);
    const text = files[id];
    return text === undefined ? { ok: false, code: 'E0702', reason: 'there is no such file' } : { ok: true, id, text };
  };
}

const compile = (lines: string, files: Readonly<Record<string, string>>): Compilation =>
  compiler.compile(`${HEAD}${lines}${RULES}`, { modules: folder(files) });

/** `E0702 4:12 ...` for each finding. */
function findings(lines: string, files: Readonly<Record<string, string>>): readonly string[] {
  const map = new LineMap(`${HEAD}${lines}${RULES}`);
  return compile(lines, files).diagnostics.map(({ code, span, message }) => {
    const { line, column } = map.position(span.start);
    return `${code} ${line}:${column} ${message}`;
  });
}

/** What the first plot computes, as one text: equal when the value is, whatever order its parts were made in. */
function plotted({ program }: Compilation): unknown {
  if (program === null) throw new Error('no program');
  const { graph, plots } = program;
  const written = (id: number): unknown => {
    const { args, ...node } = graph.nodes[id]!;
    return { ...node, args: args.map(written) };
  };
  return written(plots[0]!.value);
}

const LIB = module('export def twice(x) = x + x\ndef hidden(x) = x\nexport def third(x) = hidden(x) / 3');

describe('functions of a module', () => {
  it('mean what the same functions mean in the strategy', () => {
    const imported = compile('use twice, third as part from "./lib.strat"\nplot twice(part(close))', { 'lib.strat': LIB });
    const own = compile('plot close / 3 + close / 3', {});
    expect(imported.diagnostics).toEqual([]);
    expect(plotted(imported)).toEqual(plotted(own));
  });

  it('may use functions of other modules, found from the folder of their own file', () => {
    const files = {
      'lib/a.strat': module('use deep from "./b/b.strat"\nexport def f(x) = deep(x) + 1'),
      'lib/b/b.strat': module('export def deep(x) = x * 2'),
    };
    const own = compile('plot volume / volume * 2 + 1', {});
    const imported = compile('use f from "./lib/a.strat"\nplot f(volume / volume)', files);
    expect(imported.diagnostics).toEqual([]);
    expect(plotted(imported)).toEqual(plotted(own));
  });

  it('do not see the names of the strategy, and private names of two modules do not meet', () => {
    const files = {
      'a.strat': module('def own(x) = x\nexport def f(x) = own(x)'),
      'b.strat': module('def own(x) = x * 2\nexport def g(x) = own(x)'),
    };
    const imported = compile('use f from "./a.strat"\nuse g from "./b.strat"\nlet own = 5\nplot f(close) + g(close)\nplot own', files);
    expect(imported.diagnostics).toEqual([]);
    expect(plotted(imported)).toEqual(plotted(compile('plot close + close * 2', {})));
    expect(
      findings('let secret = 5\nplot secret\nuse f from "./a.strat"\nplot f(close)', { 'a.strat': module('export def f(x) = secret') }),
    ).toEqual(['E0201 6:12 ./a.strat:3:19: I do not know "secret"']);
  });

  it('are read once, whoever imports them', () => {
    const asked: string[] = [];
    const files = {
      'a.strat': module('use c from "./c.strat"\nexport def a(x) = c(x)'),
      'b.strat': module('use c from "./c.strat"\nexport def b(x) = c(x)'),
      'c.strat': module('export def c(x) = x'),
    };
    const source = `${HEAD}use a from "./a.strat"\nuse b from "./b.strat"\nuse a as again from "./a.strat"\nplot a(b(again(close)))${RULES}`;
    expect(compiler.compile(source, { modules: folder(files, asked) }).diagnostics).toEqual([]);
    expect(asked).toEqual(['a.strat', 'c.strat', 'b.strat', 'c.strat']);
  });

  it('that are imported for nothing are warned about', () => {
    expect(findings('use twice, third from "./lib.strat"\nplot twice(close)', { 'lib.strat': LIB })).toEqual([
      'W0902 4:12 the imported third is not used',
    ]);
  });
});

describe('imports that are refused', () => {
  it.each<[name: string, lines: string, files: Readonly<Record<string, string>>, expected: string]>([
    ['a file that is not there', 'use f from "./no.strat"', {}, 'E0702 4:12 ./no.strat cannot be imported: there is no such file'],
    [
      'a strategy',
      'use f from "./s.strat"',
      { 's.strat': `${HEAD}${RULES}` },
      'E0207 4:12 ./s.strat is a strategy; functions come from a module',
    ],
    ['a name with a slip', 'use twise from "./lib.strat"', { 'lib.strat': LIB }, 'E0206 4:5 ./lib.strat has no function "twise"'],
    ['a private name', 'use hidden from "./lib.strat"', { 'lib.strat': LIB }, 'E0206 4:5 ./lib.strat keeps "hidden" to itself'],
    ['a name of JavaScript', 'use valueOf from "./lib.strat"', { 'lib.strat': LIB }, 'E0209 4:5 "valueOf" cannot be a name'],
    ['a built-in name', 'use twice as sma from "./lib.strat"', { 'lib.strat': LIB }, 'E0204 4:14 sma is a built-in name'],
    [
      'a name that is taken',
      'let a = close plot a use twice as a from "./lib.strat"',
      { 'lib.strat': LIB },
      'E0202 4:35 a has been defined before',
    ],
    [
      'values for a module',
      'use twice from "./lib.strat" with { a = 1 } plot twice(1)',
      { 'lib.strat': LIB },
      'E0205 4:37 functions of a module take no values here',
    ],
    [
      'a module that trades',
      'use f from "./m.strat"',
      { 'm.strat': module('size 1 BTC') },
      'E0505 4:12 ./m.strat:3:1: a module cannot trade',
    ],
    [
      'a module with a let',
      'use f from "./m.strat"',
      { 'm.strat': module('let a = close') },
      'E0505 4:12 ./m.strat:3:1: a module has only use and def',
    ],
    [
      'a module with an error',
      'use f from "./m.strat"',
      { 'm.strat': module('export def f(x) = clos + x') },
      'E0201 4:12 ./m.strat:3:19: I do not know "clos"',
    ],
    [
      'a file that imports itself',
      'use f from "./m.strat"',
      { 'm.strat': module('use f from "./m.strat"') },
      'E0208 4:12 ./m.strat:3:12: these files import each other: ./m.strat -> ./m.strat',
    ],
  ])('%s', (_, lines, files, expected) => {
    expect(findings(lines, files)).toEqual([expected]);
  });

  it('text that is no file of the language is told with its first mistake', () => {
    const [found, ...more] = findings('use f from "./notes.txt"', { 'notes.txt': 'dear diary\n' });
    expect(found).toMatch(/^E0702 4:12 \.\/notes\.txt is not a module: \.\/notes\.txt:1:1: /);
    expect(more).toEqual([]);
  });

  it('a circle through three files is named whole, and a mistake further in by the place where it is', () => {
    const files = {
      'a.strat': module('use b from "./x/b.strat"\nexport def a(x) = b(x)'),
      'x/b.strat': module('use c from "./c.strat"\nexport def b(x) = c(x)'),
      'x/c.strat': module('export def c(x) = oops'),
    };
    expect(findings('use a from "./a.strat"\nplot a(1)', files)).toEqual(['E0201 4:12 ./x/c.strat:3:19: I do not know "oops"']);
    const circle = { ...files, 'x/c.strat': module('use b from "./b.strat"\nexport def c(x) = x') };
    expect(findings('use a from "./a.strat"\nplot a(1)', circle)).toEqual([
      'E0208 4:12 ./x/c.strat:3:12: these files import each other: ./x/b.strat -> ./x/c.strat -> ./x/b.strat',
    ]);
  });

  it('what a call makes of a function is told at the call, with the place in the module', () => {
    const files = { 'lib.strat': module('export def part(x) = x > 5%\nexport def more(x) =\n  part(x)') };
    expect(findings('use more from "./lib.strat"\nlet a = more(close)', files)).toEqual([
      expect.stringMatching(/^E0304 5:9 \.\/lib\.strat:3:2\d: /),
    ]);
  });

  it('does not ask the host for a path that is not allowed', () => {
    const paths = [
      './../../etc/passwd',
      '/etc/passwd',
      './a/../../b',
      '.\\\\..\\\\b',
      './%2e%2e/b',
      'file:///etc/passwd',
      'http://a/b',
      'node:fs',
      'strategy:a',
      './',
      './a//b',
      'lib.strat',
      './.env',
      './a b',
      './a\\nb',
      '',
    ];
    const asked: string[] = [];
    for (const path of paths) {
      const source = `${HEAD}use f from "${path}"${RULES}`;
      const { diagnostics } = compiler.compile(source, { modules: folder({}, asked) });
      expect([path, diagnostics.map(({ code }) => code)]).toEqual([path, ['E0701']]);
    }
    expect(asked).toEqual([]);
  });
});

describe('storms of imports', () => {
  const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

  it.each([
    ['beside each other', 100, []],
    ['beside each other', 101, ['E0108']],
  ])('%s: %i modules', (_, count, expected) => {
    const files = Object.fromEntries(numbers(count).map((i) => [`m${i}.strat`, module(`export def f${i}(x) = x`)]));
    const lines = numbers(count).map((i) => `use f${i} from "./m${i}.strat"\nplot f${i}(close)`);
    expect(compile(lines.join('\n'), files).diagnostics.map(({ code }) => code)).toEqual(expected);
  });

  it('a chain of 10,000 modules and as many missing ones end at the limit', () => {
    const asked: string[] = [];
    const chain: ModuleSource = (path) => {
      asked.push(path);
      const i = Number(/\d+/.exec(path)?.[0]);
      return { ok: true, id: path, text: module(`use f from "./m${i + 1}.strat"\nexport def f(x) = x`) };
    };
    const { diagnostics } = compiler.compile(`${HEAD}use f from "./m0.strat"\nplot f(close)${RULES}`, { modules: chain });
    expect(diagnostics.map(({ code, message }) => [code, /^\S+:3:12/.exec(message)?.[0]])).toEqual([['E0108', './m99.strat:3:12']]);
    expect(asked).toHaveLength(100);
    asked.length = 0;
    const missing = numbers(5000).map((i) => `use f${i} from "./n${i}.strat"`);
    compiler.compile(`${HEAD}${missing.join('\n')}${RULES}`, { modules: folder({}, asked) });
    expect(asked).toHaveLength(100);
  });

  it('2 MB are the limit for all together', () => {
    const big = (i: number): string => module(`# ${'x'.repeat(250_000)}\nexport def f${i}(x) = x`);
    const codes = (count: number): readonly string[] => {
      const files = Object.fromEntries(numbers(count).map((i) => [`m${i}.strat`, big(i)]));
      const lines = numbers(count).map((i) => `use f${i} from "./m${i}.strat"\nplot f${i}(close)`);
      return compile(lines.join('\n'), files).diagnostics.map(({ code }) => code);
    };
    expect([codes(8), codes(9)]).toEqual([[], ['E0108']]);
  });

  it('functions that double each other through modules are refused before they are written out', () => {
    const files = Object.fromEntries(
      numbers(40).map((i) => [
        `m${i}.strat`,
        module(i === 0 ? 'export def f(x) = x + 1' : `use f as g from "./m${i - 1}.strat"\nexport def f(x) = g(x) + g(x + ${i})`),
      ]),
    );
    expect(findings('use f from "./m39.strat"\nplot f(close)', files)).toEqual([
      expect.stringMatching(/^E0108 4:12 \.\/m12\.strat:4:12: with its functions written out f has more than 20,000 parts$/),
    ]);
  });
});
