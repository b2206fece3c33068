import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';
import { parse } from '#dsl/grammar/parse.ts';
import { CORPUS, corpusPrograms, HAS_CORPUS } from './corpus.ts';
import { type Mistake, type MistakeKind, mistakesOf } from './mistakes.ts';
import { drawer } from './mutants.ts';

/**
 * How many of the mistakes that traders make the compiler tells of. Some edits make another strategy that is as valid as the first (a comparison the other
 * way round, `or` for `and`, the other side): no compiler knows which one was meant, so only those that contradict something are told. All others must be,
 * but for a few that are listed with the reason.
 */
const compiler = createCompiler();
const options = {
  modules: (path: string) => ({ ok: true, id: path, text: readFileSync(`${CORPUS}/${path}`, 'utf8') }) as const,
  models: () => ({ ok: true, outputs: ['up', 'down'] }) as const,
};

/** Kinds that give another valid strategy unless they contradict the rest of it. */
const ANOTHER_STRATEGY: ReadonlySet<MistakeKind> = new Set(['inverted comparison', 'and/or swapped', 'wrong side']);

/** Why a mistake that is not told is none that can be known. `null`: it should have been told. */
function reasonOf({ kind, what }: Mistake): string | null {
  if (ANOTHER_STRATEGY.has(kind)) return 'another strategy that is as valid';
  if (kind === 'sign of a distance' && /^[-+] -> [-+]$/.test(what)) return 'a level a little nearer, still on the right side';
  if (kind === 'unit dropped' && /^\d+M USDT -> /.test(what))
    return 'a bare number takes the unit of the other side (language.md section 4)';
  if (kind === 'unit dropped' && /^\d+% -> \d+$/.test(what))
    return 'a ratio may be compared with, and made of, plain numbers (language.md section 4)';
  if (kind === 'percent for price' && /^(?:open|low|high|close) -> 2%$/.test(what))
    return 'price - 2% is a price 2% lower (language.md section 4)';
  if (kind === 'price for percent' && what === '1% -> close') return 'a number times a price is a price, and a target may be one';
  if (kind === 'base and quote swapped') return 'an amount of either currency of the market is an amount';
  if (kind === 'sign of a distance' && what.startsWith('50% * (box_high')) return 'which of two series is larger is not known';
  return null;
}

/** Anything said at all: an error, or a warning. */
const isTold = (source: string): boolean => {
  const { program, diagnostics } = compiler.compile(source, options);
  return program === null || diagnostics.length > 0;
};

describe.skipIf(!HAS_CORPUS)('mistakes in the programs of the corpus', () => {
  const programs = corpusPrograms().filter(({ name }) => !name.startsWith('28_'));
  const all = programs.flatMap(({ name, source }): (Mistake & { readonly name: string })[] => {
    const { file } = parse(source);
    return file === null ? [] : mistakesOf(source, file).map((mistake) => ({ ...mistake, name }));
  });
  const drawn = ((): readonly (Mistake & { readonly name: string })[] => {
    const below = drawer(20_261_128);
    const pool = [...all];
    return Array.from({ length: 200 }, () => pool.splice(below(pool.length), 1)[0]!);
  })();

  it('every kind has places', () => {
    expect(new Set(all.map(({ kind }) => kind)).size).toBe(11);
    expect(all.length).toBeGreaterThan(700);
  });

  it('the programs themselves are told nothing', () => {
    expect(programs.filter(({ source }) => isTold(source)).map(({ name }) => name)).toEqual([]);
  });

  it('of 200 drawn ones, at least 95% of those that are wrong are told', () => {
    const silent = drawn.filter(({ source }) => !isTold(source));
    const missed = silent.filter((mistake) => reasonOf(mistake) === null);
    const wrong = drawn.length - (silent.length - missed.length);
    expect(missed.length / wrong, missed.map(({ name, line, what }) => `${name}:${line} ${what}`).join('\n')).toBeLessThanOrEqual(0.05);
  });

  it('of all of them too', () => {
    const silent = all.filter(({ source }) => !isTold(source));
    const missed = silent.filter((mistake) => reasonOf(mistake) === null);
    expect(missed.map(({ name, line, what }) => `${name}:${line} ${what}`)).toEqual([]);
  });

  it('the kinds that a compiler can know are told nearly always', () => {
    const known = all.filter(({ kind }) => !ANOTHER_STRATEGY.has(kind));
    const told = known.filter(({ source }) => isTold(source)).length;
    expect(told / known.length).toBeGreaterThan(0.95);
  });
});
