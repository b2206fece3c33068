import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readStepCode } from './read-step-code.ts';
import { OutOfFuel, StepMachine } from './step-machine.ts';
import { loadPrinted } from './testing/printed-step.ts';

/** Texts of random plugins: every form of the subset, values that meet its edges. */
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(
      'a',
      'b',
      'i',
      'K',
      'params.n',
      'params[1]',
      'input[0]',
      'state[i]',
      'state.length',
      '0',
      '-0',
      '1',
      '2.5',
      '1e300',
      'NaN',
      'Infinity',
      'true',
    ),
    fc
      .tuple(
        tie('value'),
        fc.constantFrom('+', '-', '*', '/', '%', '<', '<=', '>', '>=', '===', '!==', '&', '|', '^', '<<', '>>', '>>>', '&&', '||'),
        tie('value'),
      )
      .map(([x, op, y]) => `(${x} ${op} ${y})`),
    fc.tuple(fc.constantFrom('-', '+', '!', '~'), tie('value')).map(([op, x]) => `(${op} ${x})`),
    fc.tuple(tie('value'), tie('value'), tie('value')).map(([test, x, y]) => `(${test} ? ${x} : ${y})`),
    fc
      .tuple(fc.constantFrom('Math.abs', 'Math.sqrt', 'Math.floor', 'Math.round', 'isNaN', 'isFinite', 'twice'), tie('value'))
      .map(([f, x]) => `${f}(${x})`),
    fc
      .tuple(fc.constantFrom('Math.max', 'Math.min', 'Math.pow', 'Math.atan2'), tie('value'), tie('value'))
      .map(([f, x, y]) => `${f}(${x}, ${y})`),
    fc.tuple(fc.constantFrom('state', 'out', 'input'), tie('value')).map(([w, x]) => `${w}[${x}]`),
    tie('value').map((x) => `at(state, ${x})`),
  ),
}));

const { statement } = fc.letrec<{ statement: string }>((tie) => {
  const block = fc.array(tie('statement'), { maxLength: 3 }).map((all) => `{ ${all.join(' ')} }`);
  return {
    statement: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc
        .tuple(fc.constantFrom('a', 'b'), fc.constantFrom('=', '+=', '-=', '*=', '/=', '%=', '**='), value)
        .map(([n, op, x]) => `${n} ${op} ${x};`),
      fc
        .tuple(fc.constantFrom('state', 'out'), value, fc.constantFrom('=', '+=', '*='), value)
        .map(([w, at, op, x]) => `${w}[${at}] ${op} ${x};`),
      fc.constantFrom('a++;', 'b--;', 'state[0]++;', 'note(state, a);'),
      fc.tuple(value, block, block).map(([test, yes, no]) => `if (${test}) ${yes} else ${no}`),
      fc
        .tuple(fc.constantFrom('k', 'm'), fc.constantFrom('5', 'params.n', 'K'), block)
        .map(([name, bound, body]) => `{ let i = 1; for (let ${name} = 0; ${name} < ${bound}; ${name}++) { i += ${name}; ${body} } }`),
      fc
        .tuple(value, fc.constantFrom('break', 'continue'))
        .map(([test, how]) => `for (let q = 0; q < 4; q++) { if (${test}) ${how}; b += q; }`),
      value.map((x) => `if (${x}) return;`),
    ),
  };
});

const plugin = fc.tuple(fc.array(statement, { minLength: 1, maxLength: 6 }), value).map(
  ([statements, result]) => `const K = 3;
function twice(x) { return x * 2; }
function at(list, x) { if (x > 1) return list[x]; }
function note(list, x) { list[1] = x; twice(x); }
function used(list, x) { note(list, at(list, x)); }
export function init(params, state) { for (let i = 0; i < state.length; i++) state[i] = params.n + i; used(state, 1); }
export function step(params, state, input, out) { let a = input[1], b, i = 2; ${statements.join('\n')} out[0] = ${result}; }`,
);

const double = fc.oneof(fc.double(), fc.integer({ min: -5, max: 5 }));
const bars = fc.array(fc.tuple(double, double), { minLength: 1, maxLength: 8 });

interface Machine {
  readonly init: StepMachine['init'];
  readonly step: StepMachine['step'];
}

/** Every double that a plugin leaves behind, bar by bar; 'out of fuel' where it ends. */
function played(machine: Machine, all: readonly (readonly number[])[]): readonly (number | string)[] {
  const params = Float64Array.of(4, -1.5);
  const state = new Float64Array(3);
  const out = new Float64Array(2);
  const seen: (number | string)[] = [];
  try {
    machine.init(params, state);
    for (const bar of all) {
      out.fill(Number.NaN);
      machine.step(params, state, Float64Array.from(bar), out);
      seen.push(...state, ...out);
    }
  } catch (error) {
    if (!(error instanceof OutOfFuel)) throw error;
    seen.push('out of fuel');
  }
  return seen;
}

test('printed code does what the machine does, to the last bit', () => {
  let numbers = 0;
  fc.assert(
    fc.property(plugin, bars, (source, all) => {
      const read = readStepCode(source, ['n', 'factor']);
      if (!read.ok) throw new Error(`${read.error.line}:${read.error.column} ${read.error.message}\n${source}`);
      const oracle = played(new StepMachine(read.value), all);
      expect(played(loadPrinted(read.value), all)).toEqual(oracle);
      numbers += oracle.filter((x) => typeof x === 'number' && !Number.isNaN(x)).length;
    }),
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 300) },
  );
  expect(numbers).toBeGreaterThan(1000);
});

test('a random text is read or refused, and never throws', () => {
  const pieces = fc.constantFrom(
    'export function init(p, s) {',
    'export function step(p, s, i, o) {',
    '}',
    'for (let k = 0; k < 5; k++)',
    'let',
    'const',
    'a',
    '=',
    '1',
    ';',
    '(',
    ')',
    '[',
    ']',
    's[0]',
    'o',
    'eval',
    'new',
    '=>',
    'function',
    'class',
    '`',
    '"',
    '/',
    '\n',
    '\u2028',
    '5n',
    'this',
    '...',
    'async',
    'import',
    '{',
    'if',
    'return',
    '#x',
    '@',
    '\\u0061',
    '?.',
    '**',
    '--',
    '<!--',
    '\u0000',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (words) => {
      expect(typeof readStepCode(words.join(' '), ['n']).ok).toBe('boolean');
    }),
    { numRuns: 1000 },
  );
});
