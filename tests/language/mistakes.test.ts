import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';
import { parse } from '#dsl/grammar/parse.ts';
import { type Mistake, mistakesOf } from './mistakes.ts';

const CORPUS = '../shared/corpus';
const compiler = createCompiler();
const options = {
  modules: (path: string) => ({ ok: true, id: path, text: readFileSync(`${CORPUS}/${path}`, 'utf8') }) as const,
  models: () => ({ ok: true, outputs: ['up', 'down'] }) as const,
};

/** Anything said at all: an error, or a warning. */
const isTold = (source: string): boolean => {
  const { program, diagnostics } = compiler.compile(source, options);
  return program === null || diagnostics.length > 0;
};

describe.skipIf(!existsSync(CORPUS))('mistakes in the programs of the corpus', () => {
  const all = readdirSync(CORPUS)
    .filter((name) => name.endsWith('.strat'))
    .flatMap((name): (Mistake & { readonly name: string })[] => {
      const source = readFileSync(`${CORPUS}/${name}`, 'utf8');
      const { file } = parse(source);
      return file === null || isTold(source) ? [] : mistakesOf(source, file).map((mistake) => ({ ...mistake, name }));
    });

  it('lists them', () => {
    const kinds = new Map<string, { told: number; all: number; silent: string[] }>();
    for (const { kind, name, line, what, source } of all) {
      const row = kinds.get(kind) ?? { told: 0, all: 0, silent: [] };
      kinds.set(kind, row);
      row.all += 1;
      if (isTold(source)) row.told += 1;
      else row.silent.push(`${name}:${line} ${what}`);
    }
    expect(all.length).toBeGreaterThan(0);
  });
});
