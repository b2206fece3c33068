import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';

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

const anyMutation: fc.Arbitrary<Mutation> = fc.record({
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

/** Programs of the corpus and the shipped ones with one to four words dropped, doubled, swapped or replaced by others. */
export const anyMutant: fc.Arbitrary<string> = fc
  .tuple(fc.nat(sources.length - 1), fc.array(anyMutation, { minLength: 1, maxLength: 4 }))
  .map(([index, mutations]) => mutated(sources[index]!, mutations));
