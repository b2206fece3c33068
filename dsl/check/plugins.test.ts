import { describe, expect, it } from 'vitest';
import { type Compilation, createCompiler } from '#dsl/compile.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import { FISHER_CODE, FISHER_MANIFEST, scriptPlugin } from '../plugin/testing/script-plugin.ts';
import type { PluginSource } from './plugin-source.ts';

const compiler = createCompiler();
const fisher = scriptPlugin(FISHER_MANIFEST, FISHER_CODE);
/** Inputs without a default, params of other kinds, outputs of other kinds. */
const mixed = scriptPlugin(
  {
    ...FISHER_MANIFEST,
    name: '@acme/all-kinds',
    inputs: { signal: 'number', up: 'condition' },
    params: {
      share: { kind: 'percent', default: 0.02, min: 0, max: 0.5 },
      factor: { kind: 'number', default: 1, min: 1, max: 3 },
      hold: { kind: 'duration', default: 3_600_000, min: 0, max: 86_400_000 },
    },
    outputs: { level: { kind: 'price' }, on: { kind: 'condition' }, osc: { kind: 'number', min: 0, max: 100 } },
    state: 0,
    lookback: 0,
  },
  'export function init(p, s) {} export function step(p, s, i, o) { o[0] = i[0]; }',
);
const source = scriptPlugin(
  { ...FISHER_MANIFEST, name: '@acme/smooth', inputs: { source: 'price' } },
  'export function init(p, s) {} export function step(p, s, i, o) { o[0] = i[0]; }',
);
const MODULE =
  'strat 1\nmodule "m"\ndef gap(x, y) = x - y\nexport def twice(x) = x + x\nexport def power(length: length = 13) = gap(high, ema(close, length))\n';

const plugins: PluginSource = (name) => {
  const script = [fisher, mixed, source].find(({ manifest }) => manifest.name === name);
  if (script !== undefined) return { ok: true, plugin: script };
  if (name === '@acme/tools')
    return {
      ok: true,
      plugin: {
        form: 'module',
        manifest: { form: 'module', name, version: '1.0.0', entry: 'm.strat', summary: null, license: null },
        text: MODULE,
      },
    };
  if (name === '@acme/changed')
    return { ok: false, code: 'E0704', reason: 'its code is not the one in strat.lock', hint: 'see what changed' };
  return { ok: false, code: 'E0703', reason: 'it is not in strat.lock', hint: 'did you mean plugin:@acme/fisher?' };
};

const HEAD = 'strat 1\nstrategy "p"\ntrade BTC/USDT on 1h\n';
const TAIL = '\nenter long when close > open\nsize 1 BTC\nstop 5%\n';
const FISHER = 'use indicator fisher from "plugin:@acme/fisher"\n';
const MIXED = 'use indicator all_kinds from "plugin:@acme/all-kinds"\n';

const compile = (lines: string): Compilation => compiler.compile(HEAD + lines + TAIL, { plugins });

/** `E0703 4:12 ...` for each finding. */
function findings(lines: string): readonly string[] {
  const map = new LineMap(HEAD + lines + TAIL);
  return compile(lines).diagnostics.map(({ code, span, message, hint }) => {
    const { line, column } = map.position(span.start);
    return `${code} ${line}:${column} ${message}${hint === undefined ? '' : ` (${hint})`}`;
  });
}

/** A node of the first plot written out. */
function shape(lines: string, plot = 0): string {
  const { program, diagnostics } = compile(lines);
  if (program === null) throw new Error(JSON.stringify(diagnostics));
  const { nodes, charts } = program.graph;
  const text = (id: number): string => {
    const node = nodes[id]!;
    if (node.op === 'const') return String(node.value);
    if (node.op === 'column') return 'name' in node.column ? node.column.name : node.column.kind;
    const which = node.op === 'plugin' ? program.plugins[node.plugin]!.manifest.name : node.op === 'pluginOutput' ? `${node.output}` : '';
    return `${node.op}${which === '' ? '' : ` ${which}`}${node.rate === 'series' && node.chart > 0 ? `@${charts[node.chart]!.timeframe}` : ''}(${node.args.map(text).join(' ')})`;
  };
  return text(program.plots[plot]!.value);
}

describe('an indicator of a plugin', () => {
  it('is a node with its inputs, params, state and lookback', () => {
    expect(shape(`${FISHER}plot fisher(length: 20).value`)).toBe('pluginOutput 0(plugin @acme/fisher(high low 20 44 20))');
  });

  it.each([
    ['fisher(length: 10).value'],
    ['fisher(10).value'],
    ['fisher().value'],
    ['fisher(high, low, 10).value'],
    ['fisher(length: 10, low: low).value'],
    ['fisher(high: high).value'],
  ])('%s is the same one', (call) => {
    expect(shape(`${FISHER}plot ${call}`)).toBe('pluginOutput 0(plugin @acme/fisher(high low 10 24 10))');
  });

  it('has one instance for equal calls, and others for other params, inputs and charts', () => {
    const { program } = compile(
      `${FISHER}let a = fisher(10)\nlet b = fisher(length: 10)\nplot a.value\nplot b.trigger\nplot fisher(11).value\nplot fisher(high[1], low[1]).value\nplot fisher(10).value on 4h`,
    );
    expect(program?.graph.nodes.filter(({ op }) => op === 'plugin')).toHaveLength(4);
    expect(program?.plugins).toEqual([fisher]);
  });

  it('runs on the chart that it is read from', () => {
    expect(shape(`${FISHER}plot fisher(10).value on 4h`)).toBe('sample(pluginOutput 0@4h(plugin @acme/fisher@4h(high low 10 24 10)))');
  });

  it('takes params of the strategy, and the sizes follow them', () => {
    expect(shape(`param n = 10 in 5..50\n${FISHER}plot fisher(n).value`)).toBe(
      'pluginOutput 0(plugin @acme/fisher(high low param() add(4 mul(2 param())) param()))',
    );
    expect(compile(`param n = 10 in 5..50\n${FISHER}plot fisher(n).value`).program?.params[0]).toMatchObject({ step: 1 });
  });

  it('may go by another name, and be used in functions', () => {
    expect(shape('use indicator fisher as fish from "plugin:@acme/fisher"\ndef f(n: length) = fish(n).value + 1\nplot f(10)')).toBe(
      'add(pluginOutput 0(plugin @acme/fisher(high low 10 24 10)) 1)',
    );
  });

  it('reads the close where its source is left out', () => {
    const use = 'use indicator smooth from "plugin:@acme/smooth"\n';
    expect(shape(`${use}plot smooth(7).value`)).toBe('pluginOutput 0(plugin @acme/smooth(close 7 18 7))');
    expect(shape(`${use}plot smooth(hl2, 7).value`)).toContain('(div(add(high low) 2) 7 18 7)');
  });

  it('gives values of the kinds of its manifest', () => {
    const call = 'all_kinds(close / open, close > open)';
    expect(findings(`${MIXED}let a = ${call}\nplot a.level + 2 atr\nlet b = a.level > close and a.on\nplot b`)).toEqual([]);
    expect(findings(`${MIXED}plot ${call}.level + 2%`)).toEqual([]);
    expect(findings(`${MIXED}plot ${call}.osc + close`)).toMatchObject([expect.stringContaining('E0309 5:')]);
    expect(findings(`${MIXED}let a = ${call}.osc < 130\nplot a`)).toEqual(['W0901 5:9 this is always true (it stays between 0 and 100)']);
    expect(shape(`${MIXED}plot ${call}.on`)).toContain('ne(pluginOutput 1(');
  });
});

describe('functions of a plugin that is a module', () => {
  it('mean what the same functions mean in the strategy', () => {
    expect(shape('use indicator twice, power as p from "plugin:@acme/tools"\nplot twice(p(9))')).toBe(
      shape('def own() = high - ema(close, 9)\nplot own() + own()'),
    );
    expect(compile('use indicator power from "plugin:@acme/tools"\nplot power()').program?.plugins).toEqual([]);
  });
});

describe('what is wrong is told at its place', () => {
  it.each<[lines: string, expected: readonly string[]]>([
    [
      'use indicator fisherr from "plugin:@acme/fisherr"\nplot fisherr(3).value',
      ['E0703 4:28 plugin:@acme/fisherr cannot be used: it is not in strat.lock (did you mean plugin:@acme/fisher?)'],
    ],
    [
      'use indicator x from "plugin:@acme/changed"\nplot x(3)',
      ['E0704 4:22 plugin:@acme/changed cannot be used: its code is not the one in strat.lock (see what changed)'],
    ],
    [
      'use indicator fish from "plugin:@acme/fisher"\nplot fish(3)',
      ['E0206 4:15 plugin:@acme/fisher has no indicator "fish" (it is called fisher)'],
    ],
    [
      'use indicator gap from "plugin:@acme/tools"\nplot gap(1, 2)',
      ['E0206 4:15 plugin:@acme/tools keeps "gap" to itself (write in the module: export def gap)'],
    ],
    ['use indicator fisher from "./fisher.js"', ['E0701 4:27 an indicator comes from a plugin (write its name: "plugin:@acme/fisher")']],
    ['use indicator fisher from "plugin:../../x"', ['E0701 4:27 an indicator comes from a plugin (write its name: "plugin:@acme/fisher")']],
    [
      'use indicator fisher from "plugin:__proto__"',
      ['E0701 4:27 an indicator comes from a plugin (write its name: "plugin:@acme/fisher")'],
    ],
    [
      'use indicator fisher from "plugin:@acme/fisher" with { length = 5 }\nplot fisher().value',
      ['E0205 4:56 an indicator takes no values here (give them where you call it)'],
    ],
    [FISHER, ['W0902 4:15 the imported fisher is not used (remove it from the use line)']],
    [`${FISHER}plot fisher`, ['E0207 5:6 fisher is a function (write its arguments in brackets: fisher(...))']],
    [`${FISHER}plot fisher(10)`, ['E0301 5:6 a plot draws one value, found a group of values (pick one value: .value, .trigger)']],
    [`${FISHER}plot fisher(10).valeu`, ['E0206 5:17 this group has no member "valeu" (did you mean value?)']],
    [`${FISHER}plot fisher(10).constructor`, ['E0206 5:17 this group has no member "constructor" (it has: value, trigger)']],
    [`${FISHER}plot fisher(lenght: 10).value`, ['E0205 5:13 fisher has no argument "lenght" (did you mean length?)']],
    [`${FISHER}plot fisher(constructor: 10).value`, ['E0205 5:13 fisher has no argument "constructor" (fisher(high, low, length))']],
    [`${FISHER}plot fisher(high, low, 10, 11).value`, ['E0205 5:28 fisher takes 3 arguments (fisher(high, low, length))']],
    [`${FISHER}plot fisher(length: 1).value`, ['E0308 5:21 length of fisher is from 2 to 500, found 1']],
    [`${FISHER}plot fisher(length: 501).value`, ['E0308 5:21 length of fisher is from 2 to 500, found 501']],
    [
      `${FISHER}plot fisher(length: 2.5).value`,
      ['E0308 5:21 a length is a whole number (a param with a fraction can be rounded: round(...))'],
    ],
    [`param n = 10 in 1..20\n${FISHER}plot fisher(n).value`, ['E0308 6:13 length of fisher is from 2 to 500, found 1 to 20']],
    [
      `${FISHER}plot fisher(length: close).value`,
      ['E0303 5:21 a length is fixed before the run, found a series (use a number or a param)'],
    ],
    [
      `${FISHER}plot fisher(length: bar_index).value`,
      ['E0303 5:21 a length is fixed before the run, found a series (use a number or a param)'],
    ],
    [`${FISHER}plot fisher(high: volume).value`, ['E0307 5:19 a price is needed here, found a quantity']],
    [`${FISHER}plot fisher(close > open, low).value`, ['E0307 5:13 a price is needed here, found a condition']],
    [`${MIXED}plot all_kinds().osc`, ['E0205 5:6 all_kinds needs signal (write all_kinds(signal: ...))']],
    [
      `${MIXED}plot all_kinds(rsi(14), close > open, share: 3).osc`,
      ['E0307 5:46 a percent is needed here, found a number (write the percent sign: 5%)'],
    ],
    [`${MIXED}plot all_kinds(rsi(14), close > open, share: 60%).osc`, ['E0308 5:46 share of all_kinds is from 0% to 50%, found 60%']],
    [
      `${MIXED}plot all_kinds(rsi(14), close > open, factor: rsi(14)).osc`,
      ['E0303 5:47 factor is fixed before the run, found a series (use a number or a param)'],
    ],
    [`${MIXED}plot all_kinds(rsi(14), close > open, hold: 2d).osc`, ['E0308 5:45 hold of all_kinds is from 0 to 1d, found 2d']],
    [`${FISHER}let fisher = 2`, ['E0202 5:5 fisher has been defined before (choose another name)']],
    [
      'use indicator fisher as close from "plugin:@acme/fisher"',
      ['E0204 4:25 close is a built-in name (choose another name, for example my_close)'],
    ],
  ])('%s', (lines, expected) => expect(findings(lines)).toEqual(expected));

  it('without a host for plugins', () => {
    const { diagnostics } = compiler.compile(`${HEAD}${FISHER}plot fisher(10).value${TAIL}`);
    expect(diagnostics).toMatchObject([{ code: 'E0703', message: 'plugin:@acme/fisher cannot be used: there is no lock file' }]);
  });

  it('instances of one program are counted', () => {
    const plots = Array.from({ length: 33 }, (_, k) => `plot fisher(${k + 2}).value`).join('\n');
    expect(findings(`${FISHER}${plots}`)).toEqual(['E0108 37:6 a program uses plugins in at most 32 places (equal calls count once)']);
  });

  it('a module that is a plugin imports nothing', () => {
    const importing: PluginSource = () => ({
      ok: true,
      plugin: {
        form: 'module',
        manifest: { form: 'module', name: '@a/b', version: '1.0.0', entry: 'm.strat', summary: null, license: null },
        text: 'strat 1\nmodule "m"\nuse x from "./lib.strat"\nexport def f(y) = x(y)\n',
      },
    });
    const { diagnostics } = compiler.compile(`${HEAD}use indicator f from "plugin:@a/b"\nplot f(close)${TAIL}`, {
      plugins: importing,
      modules: () => ({ ok: true, id: 'x', text: 'strat 1 module "x" export def x(y) = y' }),
    });
    expect(diagnostics.map(({ code }) => code)).toEqual(['E0702']);
  });
});
