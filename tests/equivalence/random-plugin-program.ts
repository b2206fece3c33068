import fc from 'fast-check';
import type { PluginSource } from '#dsl/check/plugin-source.ts';
import { createCompiler } from '#dsl/compile.ts';
import { anyScript } from './random-script.ts';
import { Choices } from './choices.ts';
import { withTrading } from './random-trading.ts';
import { scriptPlugin } from '#dsl/plugin/testing/script-plugin.ts';
import type { Program } from '#dsl/program.ts';

/** A manifest for the texts of `anyScript`. */
const MANIFEST = {
  strat: 1,
  kind: 'indicator',
  version: '1.0.0',
  entry: 'p.js',
  inputs: { source: 'price', other: 'number' },
  params: { n: { kind: 'length', default: 4, min: 1, max: 9 }, factor: { kind: 'number', default: -1.5, min: -5, max: 5 } },
  outputs: { value: { kind: 'number' }, level: { kind: 'price' } },
  state: 'n',
  lookback: 'n',
};
const compiler = createCompiler();
const NAMES = ['one', 'two', 'three'] as const;

const amount = fc
  .tuple(
    fc.constantFrom(...NAMES),
    fc.constantFrom('close', 'low', 'hl2', 'sma(close, 3)', 'one(close, 1, 2, 1).level'),
    fc.constantFrom('rsi(3)', 'close / open', 'volume / sma(volume, 3)'),
    fc.constantFrom('n', '2', 'n + 1'),
    fc.constantFrom('x', '-2'),
    fc.constantFrom('.value', '.value', '.level / close'),
  )
  .map(([name, source, other, n, x, member]) => `${name}(${source}, ${other} * 1, ${n}, ${x})${member}`);
/** @param charts endings that move an expression to another chart; '' = none */
const ruleOn = (charts: readonly string[]): fc.Arbitrary<string> => {
  const chart = fc.constantFrom(...charts);
  const condition = fc.oneof(
    fc
      .tuple(amount, fc.constantFrom('>', '<', 'crosses above', 'crosses below'), amount, chart)
      .map(([a, op, b, on]) => `(${a} ${op} ${b})${on}`),
    fc.tuple(amount, fc.constantFrom('>', '<'), fc.constantFrom('0', '1', '-3'), chart).map(([a, op, b, on]) => `(${a} ${op} ${b})${on}`),
    amount.map((x) => `${x} is na`),
    fc.constantFrom('close > open', 'close crosses above sma(close, n)'),
  );
  return fc.tuple(condition, fc.constantFrom('and', 'or'), condition).map(([a, op, b]) => `(${a}) ${op} (${b})`);
};

/** Programs whose rules and orders depend on three random plugins; a text that the checker warns about is as good. */
function programsOn(charts: readonly string[]): fc.Arbitrary<Program> {
  const scripts = fc.tuple(anyScript, anyScript, anyScript);
  const rules = fc.array(ruleOn(charts), { minLength: 4, maxLength: 4 });
  return fc.tuple(scripts, rules, amount, fc.constantFrom(...charts)).map(([texts, [a, b, c, d], confidence, chart]) => {
    const plugins = new Map(NAMES.map((name, place) => [`@r/${name}`, scriptPlugin({ ...MANIFEST, name: `@r/${name}` }, texts[place]!)]));
    const source: PluginSource = (name) => ({ ok: true, plugin: plugins.get(name)! });
    const { program, diagnostics } = compiler.compile(
      `strat 1
strategy "random"
trade BTC/USDT on 1h side both
param n = 3 in 1..8 step 1
param x = 1.5 in 0.5..2.5
${NAMES.map((name) => `use indicator ${name} from "plugin:@r/${name}"`).join('\n')}
let sure = (${confidence})${chart}
long { enter when ${a} with confidence sure / 2 exit when ${b} }
short { enter when ${c} exit when ${d} }
size 50% of equity
stop 3%
`,
      { plugins: source },
    );
    if (program === null) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
    return program;
  });
}

export const anyPluginProgram: fc.Arbitrary<Program> = programsOn(['', '', ' on 4h', ' on 2h']);

/** With random trading statements of every kind that the engine runs. */
export const anyPlannedPluginProgram: fc.Arbitrary<Program> = fc
  .tuple(anyPluginProgram, fc.noBias(fc.array(fc.nat(1_000_000), { minLength: 40, maxLength: 80, size: 'max' })))
  .map(([program, numbers]) => withTrading(program, new Choices(numbers)));

/** On the traded chart only. */
export const anyPlainPluginProgram: fc.Arbitrary<Program> = programsOn(['']);
