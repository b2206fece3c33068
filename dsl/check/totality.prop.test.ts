import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';

const compiler = createCompiler();
const CORPUS = '../shared/corpus';

const sources = [
  ...readdirSync('strategies', { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [`strategies/${entry.name}/${entry.name}.strat`] : [],
  ),
  ...(existsSync(CORPUS)
    ? readdirSync(CORPUS)
        .filter((name) => name.endsWith('.strat'))
        .map((name) => `${CORPUS}/${name}`)
    : []),
].map((path) => readFileSync(path, 'utf8').match(/"[^"\n]*"|#[^\n]*|[A-Za-z_][\w]*|[\d.]+[A-Za-z%]*|\s+|[^\s\w]/g) ?? []);

const words = [...new Set(sources.flat().filter((word) => word.trim() !== ''))];

interface Mutation {
  readonly how: 'drop' | 'double' | 'swap' | 'replace';
  readonly at: number;
  readonly other: number;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  how: fc.constantFrom('drop', 'double', 'swap', 'replace'),
  at: fc.nat(100_000),
  other: fc.nat(100_000),
});

function mutated(tokens: readonly string[], mutations: readonly Mutation[]): string {
  const result = [...tokens];
  for (const { how, at, other } of mutations) {
    const [i, j] = [at % result.length, other % result.length];
    if (how === 'drop') result[i] = ' ';
    else if (how === 'double') result[i] = `${result[i]} ${result[i]}`;
    else if (how === 'replace') result[i] = words[other % words.length]!;
    else [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result.join('');
}

describe('the compiler is total', () => {
  it('answers every mutant of a program with a program or an error, inside the text', () => {
    fc.assert(
      fc.property(fc.nat(sources.length - 1), fc.array(mutation, { minLength: 1, maxLength: 4 }), (index, mutations) => {
        const source = mutated(sources[index]!, mutations);
        const { program, diagnostics } = compiler.compile(source);
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
