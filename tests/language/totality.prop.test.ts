import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';
import { corpusInputs } from './corpus.ts';
import { mutantMaker } from './mutants.ts';

const compiler = createCompiler();
const mutantOf = mutantMaker();

describe('the compiler is total', () => {
  it('threat 35: answers every mutant of a program with a program or an error, inside the text', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31 - 1), (seed) => {
        const source = mutantOf(seed);
        const { program, diagnostics } = compiler.compile(source, corpusInputs);
        const hasErrors = diagnostics.some(({ severity }) => severity === 'error');
        expect(hasErrors).toBe(program === null);
        for (const { span, message, hint } of diagnostics) {
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeLessThanOrEqual(source.length);
          expect(`${message}${hint ?? ''}`).not.toMatch(/undefined|NaN|\[object|\n|token/);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('takes every text as the value of a param', () => {
    const source = 'strat 1\nstrategy "x"\ntrade BTC/USDT on 1h\nparam a = 3 in 1..9\nenter long when rsi(14) > a\nsize 1 BTC\nstop 5%';
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.double().map(String), fc.constantFrom('constructor', '1e-400', '-0', '0x10', '٣', '5 5', '1_', '_1')),
        (text) => {
          const { program, overrideErrors } = compiler.compile(source, { set: new Map([['a', text]]) });
          expect(overrideErrors.length).toBe(program === null ? 1 : 0);
          const value = program?.params[0]?.value ?? 1;
          expect(value >= 1 && value <= 9).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
