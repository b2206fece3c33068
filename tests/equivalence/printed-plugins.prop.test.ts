import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readStepCode } from '#dsl/plugin/read-step-code.ts';
import { OutOfFuel, StepMachine } from '#dsl/plugin/step-machine.ts';
import { loadPrinted } from '#dsl/plugin/testing/printed-step.ts';
import { anyScript } from './random-script.ts';

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
    fc.property(anyScript, bars, (source, all) => {
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
