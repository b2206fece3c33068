import { expect, test } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';
import { corpusInputs, corpusPrograms, shippedPrograms } from './corpus.ts';
import { WORD } from './mutants.ts';

/** One word in so many of each program. */
const EVERY = 11;
const compiler = createCompiler();

const CHANGES: Readonly<Record<string, (word: string) => string>> = {
  dropped: () => ' ',
  doubled: (word) => `${word} ${word}`,
  'another word': () => 'xyzzy',
};

test.each(Object.entries(CHANGES))('one mistake is one error: a word %s', (_, change) => {
  let broken = 0;
  const many: string[] = [];
  for (const { name, source } of [...corpusPrograms(), ...shippedPrograms()]) {
    const words: readonly string[] = source.match(WORD) ?? [];
    const places = words.flatMap((word, place) => (/^\s|^#/.test(word) ? [] : [place])).filter((__, at) => at % EVERY === 0);
    for (const place of places) {
      const { diagnostics } = compiler.compile(words.with(place, change(words[place]!)).join(''), corpusInputs);
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      if (errors.length > 0) broken += 1;
      if (errors.length > 1) many.push(`${name}: ${words[place]}: ${errors.map(({ message }) => message).join('; ')}`);
    }
  }
  expect(broken).toBeGreaterThan(30);
  // A wrong value that is used at two places may be two errors.
  expect(many.slice(Math.ceil(broken / 100))).toEqual([]);
});
